"""Everything a user can touch is described, and what a machine writes is fresh."""

from __future__ import annotations

import csv
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import peatmoss
from peatmoss import analyze, load
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.fetch import FETCHERS
from peatmoss.schema import metadata
from tests import generated

ROOT = Path(__file__).parent.parent
COMMANDS = dict(generated.commands())


def test_generated_files_are_fresh() -> None:
    assert generated.stale() == ""


def test_the_verbs_of_the_design_are_the_commands() -> None:
    assert {name.split()[0] for name in COMMANDS} >= set(generated.VERBS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does_and_shows_an_example_that_parses(name: str) -> None:
    text = generated.help_text(COMMANDS[name])
    assert len(text.split("\n\n")[0]) > 30
    assert re.search(r"\*\*Examples?\*\*", text)
    found = re.findall(r"peatmoss " + name + r"[^`\n]*", text)
    assert found
    for line in found:
        words = [word for word in shlex.split(re.split(r" [>|] ", line)[0]) if word != "peatmoss"]
        arguments = words[len(name.split()) :]
        COMMANDS[name].make_context(name, arguments, resilient_parsing=True)
        known = {flag for option in COMMANDS[name].params for flag in (*option.opts, *option.secondary_opts)}
        assert {word for word in arguments if word.startswith("--")} <= known, line


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_described(name: str) -> None:
    for option in COMMANDS[name].params:
        assert len(getattr(option, "help", None) or "") > 8, option.name


@pytest.mark.parametrize("table", list(metadata.tables.values()), ids=lambda t: t.name)
def test_every_table_and_column_has_a_comment_that_is_a_sentence(table: Any) -> None:
    for subject in (table, *table.columns):
        comment = subject.comment or ""
        assert comment[:1] == comment[:1].upper() or not comment[:1].isalpha() or subject is not table, comment
        assert comment.endswith("."), f"{subject}: {comment!r}"


def test_every_kind_source_and_analysis_is_told_by_its_dict() -> None:
    for name, module in analyze.ANALYSES.items():
        assert module.__name__ == f"peatmoss.analyze.{name}"
        assert module.WRITES
    assert {kind for kind, _ in FETCHERS} <= set(load.LOADERS)


@pytest.mark.parametrize("path", sorted((ROOT / "peatmoss" / "reference").glob("*.csv")), ids=lambda p: p.name)
def test_every_curated_row_names_its_source(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        assert all(row["source"].strip() for row in csv.DictReader(stream))


@pytest.mark.parametrize("page", ["README.md", "docs/commands.md", "CHANGELOG.md"])
def test_links_and_paths_of_a_page_exist(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), target
    for path in re.findall(r"`((?:peatmoss|tests)/[\w/.-]+)`", text):
        assert (ROOT / path).exists(), path


def test_the_notebook_example_of_the_readme_runs(demo: str) -> None:
    code = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert code
    script = code[1].replace("dist/peatmoss.db", demo.removeprefix("sqlite:///"))
    script = re.sub(r"^(data\..*)$", r"print(\1)", script, flags=re.MULTILINE)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "context_id" in done.stdout


def test_importing_the_package_is_light() -> None:
    code = "import sys, peatmoss; print(sorted({'polars', 'sqlalchemy', 'datasette', 'typer'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_notebook_only_reads_and_takes_any_path(demo: str, tmp_path: Path) -> None:
    path = tmp_path / "a b?%x#.db"
    path.write_bytes(Path(demo.removeprefix("sqlite:///")).read_bytes())
    data = peatmoss.open(path)
    assert data.sql("SELECT '100 % of :x' AS t, COUNT(*) AS n FROM model WHERE id < 3").rows() == [("100 % of :x", 2)]
    assert data.sql("SELECT id FROM model WHERE id = :id", id=2).rows() == [(2,)]
    assert data.sql("SELECT id FROM model WHERE id < 0").columns == ["id"]
    assert ("model", "table") in data.tables().select("name", "kind").rows()
    with pytest.raises(SourceError, match="readonly database"):
        data.sql("DELETE FROM model")
    with pytest.raises(PeatmossError, match=r"no database at /nix\.db: `make build-db` makes one"):
        peatmoss.open("/nix.db")


def test_a_notebook_reads_both_databases(database: str) -> None:
    assert peatmoss.open(database).sql("SELECT COUNT(*) AS n FROM model").rows() == [(0,)]
