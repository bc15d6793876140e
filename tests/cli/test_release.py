"""peatmoss release and serve, as commands."""

import json
import sqlite3
from pathlib import Path

import typer
from typer.testing import CliRunner

from peatmoss import migrate
from peatmoss import release as stage
from peatmoss.cli.release import release
from peatmoss.cli.serve import serve
from peatmoss.errors import PeatmossError, SourceError
from tests.cli.test_main import run

app = typer.Typer()
app.command()(release)
app.command()(serve)


def test_release_prints_a_summary_on_stdout(demo: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["release", "--dist", str(tmp_path / "dist")], env={"PEATMOSS_DB": demo})
    assert result.exit_code == 0, result.output
    assert "Browse them:  make serve DIST=" in result.stdout
    assert len(result.stdout.splitlines()) <= 20


def test_release_json_is_one_object_on_stdout_and_the_summary_on_stderr(demo: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["release", "--db", demo, "--dist", str(tmp_path / "dist"), "--json"])
    assert result.stdout.count("\n") == 1
    found = json.loads(result.stdout)
    assert found["files"]["peatmoss.db"] == (tmp_path / "dist" / "peatmoss.db").stat().st_size
    assert found["tables"]["model"] > 0
    assert "Browse them:" in result.stderr


def test_release_without_a_database_says_what_to_give() -> None:
    result = CliRunner().invoke(app, ["release"], env={"PEATMOSS_DB": ""})
    assert isinstance(result.exception, PeatmossError)
    assert "PEATMOSS_DB" in str(result.exception)


def test_commands_that_only_read_take_a_release_and_the_others_say_what_it_is(demo: str, tmp_path: Path) -> None:
    path = stage.run(demo, tmp_path / "dist").dist / "peatmoss.db"
    before = path.read_bytes()
    model = "deepset/roberta-base-squad2"
    for args in (
        ["sync", "explain", "basel-a/SMET"], ["cards", "explain", model], ["names", "explain", model],
        ["names", "suggest", "deepset"], ["licenses", "explain", "mit", "gpl-3.0"], ["licenses", "audit", model],
        ["plan"], ["worklist", "commit"],
    ):  # fmt: skip
        done = run(*args, db=f"sqlite:///{path}")
        assert (done.returncode, done.stderr) == (0, ""), args
    refused = "error: this is a release, which never changes: give --db the database that it was made from\n"
    for args in (["migrate"], ["load", "--demo"], ["link"], ["analyze"], ["status"], ["release"]):
        done = run(*args, db=f"sqlite:///{path}")
        assert (done.returncode, done.stderr) == (2, refused), args
    assert path.read_bytes() == before
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (int(migrate.head()),)
        connection.execute("PRAGMA user_version = 1")
    older = run("plan", db=f"sqlite:///{path}")
    assert older.returncode == 2
    assert "schema revision 0001" in older.stderr
    assert "run `peatmoss migrate`" not in older.stderr


def test_serve_without_a_release_says_how_to_make_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["serve", "--dist", str(tmp_path)])
    assert isinstance(result.exception, SourceError)
    assert "make build-db" in str(result.exception)
