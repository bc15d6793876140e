"""peatmoss fetch: data to stdout, messages to stderr, mistakes as PeatmossError."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from peatmoss import archive
from peatmoss.cli.fetch import app
from peatmoss.errors import PeatmossError, SourceError


def fetch_model(*arguments: object, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, ["model", "--from", "hub_dump", *map(str, arguments)], env=env)


@pytest.fixture
def bulk(tmp_path: Path) -> Path:
    path = tmp_path / "m.jsonl"
    path.write_text('{"id": "a/one", "tags": []}\nno\n')
    return path


def test_a_fetch_says_what_came_in_and_what_is_missing(tmp_path: Path, bulk: Path) -> None:
    arguments = ("--path", bulk, "--as-of", "2022-02-15", "--archive", tmp_path / "archive")
    result = fetch_model(*arguments)
    assert (result.exit_code, result.stdout) == (0, "")
    name = "model/20220215T000000Z.hub_dump.m.jsonl"
    said = result.stderr.splitlines()
    assert said[0] == f"{name}: 2 records as of 2022-02-15 00:00 UTC, coverage filter"
    assert said[1].startswith("  1 of 2 are unusable (line 2: invalid JSON")
    assert said[2].startswith("  not in this file: sha, author")
    assert len(said) == 3
    again = fetch_model(*arguments)
    assert again.exit_code == 0
    assert again.stderr.startswith(f"{name} is in the archive already, unchanged: 2 records")


def test_json_is_one_object_a_shard_and_nothing_else_on_stdout(tmp_path: Path, bulk: Path) -> None:
    cards = tmp_path / "cards.jsonl"
    cards.write_text(json.dumps({"modelId": "a/one", "sha": "0" * 40, "readme": "# One"}) + "\n")
    result = fetch_model(
        *("--path", bulk, "--as-of", "2022-02-15", "--readmes", cards, "--coverage", "complete", "--json"),
        env={"PEATMOSS_ARCHIVE": str(tmp_path / "archive")},
    )
    assert result.exit_code == 0
    model, snapshot = map(json.loads, result.stdout.splitlines())
    assert model.pop("missing_columns")[0] == "sha"
    assert model == {
        "shard": "model/20220215T000000Z.hub_dump.m.jsonl",
        "as_of": "2022-02-15T00:00:00+00:00",
        "coverage": "complete",
        "hub": "HuggingFace",
        "records": 2,
        "problems": 1,
        "sha256": archive.sha256_file(bulk),
        "is_new": True,
    }
    assert (snapshot["shard"], snapshot["records"]) == ("snapshot/20220215T000000Z.hub_dump.cards.jsonl", 1)
    assert [shard.kind for shard in archive.shards(tmp_path / "archive")] == ["model", "snapshot"]


def test_columns_and_hub_reach_the_archive(tmp_path: Path) -> None:
    (tmp_path / "top.csv").write_text("name,n\na/one,3\n")
    (tmp_path / "top.toml").write_text('[columns]\nid = "name"\nlikes = "n"\n')
    result = fetch_model(
        *("--path", tmp_path / "top.csv", "--columns", tmp_path / "top.toml", "--as-of", "2024-10-01"),
        *(
            "--coverage",
            "top",
            "--hub",
            "Example",
            "--hub-url",
            "https://hub.example",
            "--archive",
            tmp_path / "archive",
        ),
    )
    assert result.exit_code == 0
    (shard,) = archive.shards(tmp_path / "archive")
    assert (shard.columns, shard.coverage) == ({"id": "name", "likes": "n"}, "top")
    assert (shard.hub, shard.hub_url) == ("Example", "https://hub.example")


def test_mistakes_and_bad_sources_are_told_apart(tmp_path: Path, bulk: Path) -> None:
    options = ("--as-of", "2022-02-15", "--archive", tmp_path / "archive")
    missing = fetch_model("--path", tmp_path / "none.jsonl", *options)
    assert isinstance(missing.exception, PeatmossError)
    assert missing.exception.exit_code == 2
    bulk.write_text("no\n")
    unusable = fetch_model("--path", bulk, *options)
    assert isinstance(unusable.exception, SourceError)
    assert unusable.exception.exit_code == 3
    elsewhere = CliRunner().invoke(app, ["model", "--from", "moon", "--path", str(bulk), *map(str, options)])
    assert str(elsewhere.exception) == "model does not come from 'moon': give --from hub_dump, hub_api, pytorch_hub"


@pytest.mark.parametrize("left_out", ["--path", "--as-of", "--archive"])
def test_an_option_left_out_is_named(tmp_path: Path, bulk: Path, left_out: str) -> None:
    options = {"--path": bulk, "--as-of": "2022-02-15", "--archive": tmp_path / "archive"}
    del options[left_out]
    result = fetch_model(*(x for pair in options.items() for x in pair), env={"PEATMOSS_ARCHIVE": ""})
    assert result.exit_code != 0
    assert f"Missing option '{left_out}'" in (result.stderr or str(result.exception))


def test_help_teaches_with_examples() -> None:
    result = CliRunner().invoke(app, ["model", "--help"], env={"COLUMNS": "120"})
    assert result.exit_code == 0
    assert "peatmoss fetch model --from hub_dump --path models.parquet --as-of 2025-10-01" in result.stdout
    assert "[columns]" in result.stdout
    assert 'tags_separator = " "' in result.stdout
