"""peatmoss release and serve, as commands."""

import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from peatmoss.cli.release import release
from peatmoss.cli.serve import serve
from peatmoss.errors import PeatmossError, SourceError

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


def test_serve_without_a_release_says_how_to_make_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["serve", "--dist", str(tmp_path)])
    assert isinstance(result.exception, SourceError)
    assert "make build-db" in str(result.exception)
