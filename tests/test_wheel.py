"""The wheel alone is enough: migrations, corpus and reference tables are inside."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PIP = ("-m", "pip", "--disable-pip-version-check", "-q")


@pytest.mark.slow
def test_the_wheel_builds_a_release_in_an_empty_environment(tmp_path: Path) -> None:
    def call(*command: str | Path) -> str:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PEATMOSS", "PYTHON"))}
        environment = {**clean, "PEATMOSS_DB": f"sqlite:///{tmp_path}/work.sqlite"}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    call(sys.executable, *PIP, "wheel", str(ROOT), "--no-deps", "-w", tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"peatmoss/migrations/env.py", "peatmoss/py.typed", "peatmoss/reference/tasks.csv"} <= names
    assert any(name.startswith("peatmoss/corpus/model/") for name in names)
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]

    call(sys.executable, "-m", "venv", tmp_path / "venv")
    call(tmp_path / "venv" / "bin" / "python", *PIP, "install", "-c", ROOT / "constraints.txt", wheel)
    peatmoss = tmp_path / "venv" / "bin" / "peatmoss"
    call(peatmoss, "migrate")
    assert "loaded" in call(peatmoss, "load", "--demo")
    for verb in ("link", "analyze"):
        call(peatmoss, verb)
    assert "Files in dist: peatmoss.db" in call(peatmoss, "release", "--dist", "dist")
    code = "import peatmoss; print(peatmoss.open().sql('SELECT COUNT(*) AS n FROM model')['n'][0])"
    assert int(call(tmp_path / "venv" / "bin" / "python", "-c", code)) > 300
