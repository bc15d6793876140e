"""SIGKILL at ten random moments: resumed, the database and the release are what an undisturbed run gives."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.bulk_load import make
from peatmoss import analyze, link, load
from peatmoss.fetch import hub_dump
from peatmoss.release import run as release
from tests.conftest import migrated
from tests.load.test_load import everything

REAL = Path(os.environ.get("PEATMOSS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data")) / "hub"

pytestmark = pytest.mark.slow


def real_archive(root: Path) -> None:
    """The whole Hub of February 2022 with its cards, then two later, partial listings."""
    columns = root / "top.toml"
    columns.parent.mkdir(parents=True)
    columns.write_text(
        '[columns]\nid = "model_id"\nsha = "sha"\nlastModified = "last_modified"\ndownloads = "downloads"\n'
        'pipeline_tag = "pipeline_tag"\ntags = "tags"\n'
    )
    dumps = [
        (
            "hub_2022-02_models.jsonl.gz",
            "2022-02-15",
            {"coverage": "complete", "readmes": REAL / "hub_2022-02_readmes.jsonl.gz"},
        ),
        ("hub_2024-10_top_models.csv.gz", "2024-10-15", {"coverage": "top", "columns": columns}),
        ("hub_2025-04_models_with_cards.jsonl.gz", "2025-04-22", {}),
    ]
    for name, as_of, more in dumps:
        hub_dump.run(root, [REAL / name], as_of=as_of, **more)  # type: ignore[arg-type]


def made_archive(root: Path) -> None:
    """500,000 made-up models, and the same a month later with changes."""
    for number, changed in ((1, False), (2, True)):
        dump = root / f"models{number}.parquet"
        dump.parent.mkdir(parents=True, exist_ok=True)
        make(dump, 500_000, changed)
        hub_dump.run(root, [dump], as_of=f"2026-0{number}-01")
        dump.unlink()


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(
            real_archive,
            marks=pytest.mark.skipif(not REAL.is_dir(), reason=f"no real data at {REAL} (PEATMOSS_REAL_DATA)"),
        ),
        made_archive,
    ],
)
def test_killed_ten_times_and_resumed(build: object, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    build(root)  # type: ignore[operator]
    whole, killed = (f"sqlite:///{tmp_path}/{name}.db" for name in ("whole", "killed"))
    started = time.monotonic()
    load.run(root, migrated(whole))
    seconds = time.monotonic() - started

    migrated(killed)
    code = f"from pathlib import Path; from peatmoss import load; load.run(Path({str(root)!r}), {killed!r})"
    moments = random.Random(7)  # noqa: S311
    kills = 0
    while kills < 10:
        process = subprocess.Popen([sys.executable, "-c", code])
        time.sleep(0.7 + moments.uniform(0, seconds * 0.6))
        process.send_signal(signal.SIGKILL)
        if process.wait() < 0:
            kills += 1
        else:  # it was done before the signal: start over
            (tmp_path / "killed.db").unlink()
            (tmp_path / "killed.db-journal").unlink(missing_ok=True)
            migrated(killed)
    load.run(root, killed)
    assert everything(killed) == everything(whole)
    for url, name in ((whole, "whole"), (killed, "killed")):
        link.run(url)
        analyze.run(url)
        release(url, tmp_path / name)
    sums = [(tmp_path / name / "SHA256SUMS").read_text() for name in ("whole", "killed")]
    assert sums[0] == sums[1]
    assert "peatmoss.db" in sums[0]
