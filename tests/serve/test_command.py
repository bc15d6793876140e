"""`peatmoss serve` as typed: a mistake is one clear line and an exit code, never a traceback."""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from peatmoss import release
from tests.conftest import fill
from tests.release.test_run import story

PROGRAM = Path(sys.executable).with_name("peatmoss")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    folder = tmp_path_factory.mktemp("small")
    url = f"sqlite:///{shutil.copyfile(sqlite_template, folder / 'a.db')}"
    fill(url, story())
    return release.run(url, folder / "dist").dist


def said(dist: Path, port: int = 0) -> tuple[int, str]:
    """Exit code and the one line on stderr after the announcement."""
    command = [str(PROGRAM), "serve", "--dist", str(dist), "--port", str(port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env={**os.environ, "COLUMNS": "80"})
    first, *others = done.stderr.splitlines()
    assert first == f"Checking the release in {dist} ..."
    assert len(others) == 1, done.stderr
    assert done.stdout == ""
    return done.returncode, others[0]


def resigned(dist: Path) -> None:
    """Make the checksums fit again: what follows is not noticed by them."""
    names = ("DICTIONARY.md", "MANIFEST.json", "peatmoss.db")
    sums = [f"{hashlib.sha256((dist / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (dist / "SHA256SUMS").write_text("".join(sums))


def test_a_port_in_use_names_the_port_and_the_mend(small: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, line = said(small, port)
    assert code == 2
    assert line == (
        f"error: cannot listen on 127.0.0.1 port {port} (Address already in use): give another one with --port"
    )


def test_no_release_says_how_to_make_one(tmp_path: Path) -> None:
    code, line = said(tmp_path / "none")
    assert (code, line) == (
        3,
        f"error: no release in {tmp_path / 'none'}: make one with `make build-db` or `peatmoss release`",
    )


def test_a_damaged_or_missing_file_is_named(small: Path, tmp_path: Path) -> None:
    dist = Path(shutil.copytree(small, tmp_path / "dist"))
    with (dist / "peatmoss.db").open("r+b") as stream:
        stream.seek(5000)
        stream.write(b"\xff" * 64)
    code, line = said(dist)
    assert code == 3
    assert line.startswith(f"error: {dist / 'peatmoss.db'} is damaged")
    (dist / "peatmoss.db").unlink()
    code, line = said(dist)
    assert code == 3
    assert line == f"error: {dist / 'peatmoss.db'} is missing or unreadable: release it again"


@pytest.mark.parametrize(
    ("name", "content"),
    [("peatmoss.db", b"no database at all" * 100), ("MANIFEST.json", b"{"), ("MANIFEST.json", b"[]")],
)
def test_a_release_that_fits_its_checksums_but_cannot_be_read_is_one_line(
    name: str, content: bytes, small: Path, tmp_path: Path
) -> None:
    dist = Path(shutil.copytree(small, tmp_path / "dist"))
    (dist / name).write_bytes(content)
    resigned(dist)
    assert said(dist) == (
        3,
        f"error: the release in {dist} was made by another version of peatmoss: release it again",
    )
