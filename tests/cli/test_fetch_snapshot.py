"""peatmoss fetch snapshot, and fetch model --from pytorch_hub: what a user sees."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from peatmoss.cli.fetch import app
from peatmoss.errors import PeatmossError
from tests.fetch.test_hub_snapshot import CONTENT
from tests.fetch.test_pytorch_hub import PAGE
from tests.servers.hub import Server, serving


def fetch(*arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    with serving(CONTENT) as server:
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.url)
        yield server


@pytest.mark.usefixtures("server")
def test_a_snapshot_says_what_was_collected(tmp_path: Path) -> None:
    first = fetch("snapshot", "--archive", tmp_path, "--downloads-over", 150, "--json")
    facts = json.loads(first.stdout)
    assert (facts["records"], facts["keys"], facts["gone"], facts["moved"]) == (3, 3, 0, 0)
    assert facts["shard"].startswith("snapshot/")
    assert "names: 3 there, 0 not there, 0 moved" in first.stderr
    (tmp_path / "names").write_text("o/text\n\nold/name\n")
    named = fetch("snapshot", "--archive", tmp_path, "--keys", tmp_path / "names", "--quiet")
    assert (named.exit_code, named.output) == (0, "")


def test_whole_repositories_need_a_place(server: Server, tmp_path: Path) -> None:
    for options in (("--contents", "all"), ("--store", tmp_path / "store")):
        refused = fetch("snapshot", "--archive", tmp_path, *options)
        assert isinstance(refused.exception, PeatmossError)
        assert "--store DIR" in str(refused.exception)
    assert server.requests == []


def test_sources_of_pytorch_hub_are_named_and_options_of_others_refused(tmp_path: Path) -> None:
    folder = tmp_path / "hub"
    folder.mkdir()
    (folder / "net.md").write_text(PAGE)
    given = ("model", "--from", "pytorch_hub", "--archive", tmp_path / "archive", "--path", folder)
    done = fetch(*given, "--as-of", "2026-01-05", "--json")
    assert json.loads(done.stdout)["hub"] == "PyTorch"
    assert "1 records as of 2026-01-05" in done.stderr
    again = fetch(*given, "--as-of", "2026-01-05")
    assert "is in the archive already, unchanged" in again.stderr
    for options, said in (
        (("--coverage", "top"), "--coverage is not for --from pytorch_hub"),
        (("--limit", "3"), "--limit is not for --from pytorch_hub"),
        ((), "give --as-of DATE"),
    ):
        refused = fetch(*given, *options)
        assert isinstance(refused.exception, PeatmossError)
        assert said in str(refused.exception)
