"""peatmoss licenses audit with --fetch-missing: from a checkout through the Hub and the database to the verdict."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from peatmoss.cli import app
from peatmoss.errors import PeatmossError
from tests.parse.license.test_names import MIT
from tests.servers.hub import Content, Server, serving

CODE = """from transformers import AutoModel
free = AutoModel.from_pretrained("o/free")
restricted = AutoModel.from_pretrained("o/restricted")
"""
AS_OF = {"createdAt": "2024-01-01T00:00:00.000Z", "lastModified": "2024-01-02T00:00:00.000Z"}


def hosted(name: str, license_: str) -> dict[str, Any]:
    tags = ["transformers", f"license:{license_}"]
    return {"id": name, "sha": "a" * 40, "tags": tags, "cardData": {"license": license_}, "siblings": []} | AS_OF


MODELS = [hosted("o/free", "apache-2.0"), hosted("o/restricted", "cc-by-nc-4.0")]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    with serving(Content(models=MODELS)) as server:
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.url)
        yield server


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "LICENSE").write_text(MIT)
    (folder / "main.py").write_text(CODE)
    return folder


def audited(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["licenses", "audit", *map(str, arguments)])


def test_models_that_the_database_does_not_know_are_fetched_and_then_judged(
    server: Server, checkout: Path, database: str, tmp_path: Path
) -> None:
    before = audited(checkout, "--db", database)
    assert before.exit_code == 3
    assert "not judged: 2, not collected in the database" in before.stdout
    assert server.requests == []
    given = (checkout, "--db", database, "--fetch-missing", "--archive", tmp_path / "archive", "--format", "json")
    fetched = audited(*given)
    found = json.loads(fetched.stdout)
    assert (fetched.exit_code, found["not_judged"]) == (1, [])
    assert [(m["name"], m["expression"]) for m in found["models"]] == [
        ("o/free", "Apache-2.0"),
        ("o/restricted", "CC-BY-NC-4.0"),
    ]
    assert [(f["model"], f["line"], f["tier"], f["lost_clauses"]) for f in found["findings"]] == [
        ("o/restricted", 3, "C", ["L1"])
    ]
    asked = len(server.requests)
    assert audited(*given).stdout == fetched.stdout
    assert len(server.requests) == asked, "what the database knows is not fetched again"


def test_a_model_that_the_hub_does_not_have_stays_not_judged_with_its_own_exit_code(
    server: Server, checkout: Path, database: str, tmp_path: Path
) -> None:
    (checkout / "main.py").write_text(CODE.replace("o/restricted", "o/vanished"))
    found = audited(checkout, "--db", database, "--fetch-missing", "--archive", tmp_path / "archive")
    assert found.exit_code == 3
    assert "o/free  Apache-2.0" in found.stdout
    assert "not judged: 1, not collected in the database" in found.stdout
    assert server.asked("o/vanished") > 0


def test_fetching_needs_an_archive_and_a_database(checkout: Path, sqlite_template: Path) -> None:
    url = f"sqlite:///{sqlite_template}"
    for given, said in ((("--db", url), "--archive"), (("--archive", checkout), "--db")):
        refused = audited(checkout, "--fetch-missing", *given)
        assert isinstance(refused.exception, PeatmossError)
        assert said in str(refused.exception)
