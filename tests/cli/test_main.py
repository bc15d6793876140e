"""The command line as a user meets it: output, one-line errors, exit codes."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from peatmoss import __version__
from peatmoss.archive import Shard, close, sha256_file
from tests.conftest import CORPUS

PEATMOSS = str(Path(sys.executable).with_name("peatmoss"))


def run(*args: str, db: str = "", archive: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PEATMOSS_DB": db, "PEATMOSS_ARCHIVE": archive, "COLUMNS": "100"}
    if not archive:
        del environment["PEATMOSS_ARCHIVE"]
    return subprocess.run([PEATMOSS, *args], capture_output=True, text=True, env=environment, check=False)


def test_the_version_is_printed() -> None:
    assert run("--version").stdout == f"peatmoss {__version__}\n"


@pytest.mark.parametrize(
    ("args", "db", "line"),
    [
        (["load"], "sqlite:///{}/a.db", "error: no archive given: use --archive or PEATMOSS_ARCHIVE, or --demo"),
        (["load", "--archive", "/nix"], "sqlite:///{}/a.db", "error: no archive at /nix"),
        (["load", "--demo"], "sqlite:///{}/a.db", "error: no database at {}/a.db: `peatmoss migrate --db"),
        (["load", "--demo", "--rebuild"], "sqlite:///{}/a.db", "error: no database at {}/a.db: `peatmoss migrate --db"),
        (["link"], "", "error: no database given: use --db or PEATMOSS_DB, for instance sqlite:////data/work.sqlite"),
        (["status"], "sqlite:///{}/a.db", "error: no database at {}/a.db: `peatmoss migrate --db"),
        (["status"], "sqlite:///{}", "error: {} is a folder: give the file of the database in it"),
        (["status"], "mysql://h/x", "error: mysql is not supported"),
        (["status"], "what?", "error: not a database URL: 'what?'"),
        (["migrate"], "sqlite:///{}/no/a.db", "error: no such folder: {}/no"),
        (["status", "a\x1b[31m"], "sqlite:///{}/a.db", "error: Got unexpected extra argument(s) (a\\x1b[31m)"),
        (["lod"], "", "error: No such command 'lod'. Did you mean 'load'? (`peatmoss --help` shows how)"),
        (["migrate", "--nix"], "", "error: No such option: --nix (`peatmoss migrate --help` shows how)"),
    ],
)
def test_a_mistake_is_one_line_with_its_mend(args: list[str], db: str, line: str, tmp_path: Path) -> None:
    done = run(*args, db=db.replace("{}", str(tmp_path)))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(line.replace("{}", str(tmp_path)))
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_no_server_is_source_trouble() -> None:
    done = run("status", db="postgresql://nobody:secret@127.0.0.1:1/x")
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "secret" not in done.stderr


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("this is not a database, however long one looks at it" * 20)
    for command in ("migrate", "status", "link"):
        done = run(command, db=f"sqlite:///{tmp_path}/a.db")
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
        assert "file is not a database" in done.stderr


def test_the_verbs_in_their_order_build_a_database(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/a.db"
    assert run("migrate", db=db).stdout.startswith("The database has schema revision ")
    loaded = [json.loads(line) for line in run("load", "--json", db=db, archive=str(CORPUS)).stdout.splitlines()]
    assert sum(shard["records"] for shard in loaded) == sum(s["rows"] + s["rejects"] for s in loaded) > 500
    again = run("load", "--demo", db=db)
    assert again.stdout.startswith(f"0 of {len(loaded)} shards were new; the others were loaded already.")
    linked = [json.loads(line) for line in run("link", "--json", db=db).stdout.splitlines()]
    assert linked[0]["table"] == "model_to_base_model"
    assert run("analyze", "statistics", db=db).stdout.startswith("statistics: ")
    status = [json.loads(line) for line in run("status", "--json", db=db, archive=str(CORPUS)).stdout.splitlines()]
    assert {line["subject"] for line in status} >= {"database", "kind", "table", "reject"}
    text = run("status", db=db).stdout
    assert "the newest" in text
    rebuilt = run("load", "--demo", "--rebuild", db=db)
    assert rebuilt.stdout.splitlines()[-1].startswith(f"{len(loaded)} of {len(loaded)} shards were new")
    for command in ("migrate", "load", "link", "analyze"):
        quiet = run(command, "--quiet", db=db, archive=str(CORPUS))
        assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


def test_an_archive_without_shards_is_told(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/a.db"
    run("migrate", db=db)
    (tmp_path / "archive").mkdir()
    done = run("load", db=db, archive=f"{tmp_path}/archive")
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert done.stdout.startswith(f"There are no shards in {tmp_path}/archive: `peatmoss fetch`")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    line = f"{PEATMOSS} migrate --show --dialect postgresql | head -1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("-- PeaTMOSS schema")
    assert done.stderr == ""


def _wait_for_growth(database: Path, size: int) -> None:
    """Until a load has written something, however slow the machine is: its lock lets nobody look in."""
    for _ in range(6000):
        if sum(path.stat().st_size for path in database.parent.glob(f"{database.name}*")) > size:
            return
        time.sleep(0.01)
    pytest.fail("nothing was loaded within a minute")


def test_an_interrupt_is_one_line_and_the_same_command_goes_on(tmp_path: Path) -> None:
    db, count = f"sqlite:///{tmp_path}/a.db", 200_000
    run("migrate", db=db)
    size = (tmp_path / "a.db").stat().st_size + 2**20
    path = tmp_path / "archive" / "model" / "20240101T000000Z.hub_dump.many.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("".join(f'{{"id": "a/{n}", "tags": ["t{n % 9}", "license:mit"]}}\n' for n in range(count)))
    close(
        Shard(
            path, "model", "hub_dump", datetime(2024, 1, 1, tzinfo=UTC), "verbatim", "filter", count,
            sha256_file(path), fields=("id", "tags"),
        )
    )  # fmt: skip
    command = [PEATMOSS, "load", "--db", db, "--archive", str(tmp_path / "archive")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        _wait_for_growth(tmp_path / "a.db", size)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "interrupted: run the same command again to go on"
    assert f"{count:,} records, {count:,} loaded, 0 rejected" in run(*command[1:]).stdout
