"""Flags, references and change types of commits, by rule."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from peatmoss.parse.sync import change, commit, files

AT = datetime(2024, 5, 1, 12, tzinfo=UTC)


def flags(title: str | None, authors: list[str] = [], paths: list[str] | None = None, **more: Any) -> dict[str, Any]:  # noqa: B006
    row = {"id": 1, "title": title, "authored_at": AT, "committed_at": AT, "is_merge": None, **more}
    commits = pl.DataFrame([row], schema_overrides={"is_merge": pl.Boolean, "title": pl.String})
    by = pl.DataFrame({"id": [1] * len(authors), "name": authors}, schema={"id": pl.Int64, "name": pl.String})
    touched = pl.DataFrame(
        {"id": [1] * len(paths or []), "path": paths or []}, schema={"id": pl.Int64, "path": pl.String}
    )
    return commit.facts(commits, by, touched).row(0, named=True)


@pytest.mark.parametrize(
    ("title", "authors", "is_bot"),
    [
        ("Bump requests", ["dependabot[bot]"], True),
        ("x", ["some-bot"], True),
        ("x", ["abbott"], False),
        ("Adding `safetensors` variant of this model (#3)", ["owner"], True),
        ("initial commit", ["system"], True),
        ("Update README.md", ["owner", "SFconvertbot"], True),
        ("Update README.md", ["owner"], False),
        (None, [], False),
    ],
)
def test_a_bot_is_known_by_its_account_or_by_what_it_writes(
    title: str | None, authors: list[str], is_bot: bool
) -> None:
    found = flags(title, authors)
    assert found["is_bot"] == is_bot
    assert (found["bot_rule"] is not None) == is_bot


@pytest.mark.parametrize(
    ("title", "said", "is_merge"),
    [
        ("Merge pull request #12 from a/b", None, True),
        ("Merge branch 'main' of x", None, True),
        ("Merge two vocabularies", None, False),
        ("Merge branch 'main'", False, False),
        ("Squashed", True, True),
    ],
)
def test_parents_say_better_than_a_title_what_is_a_merge(title: str, said: bool | None, is_merge: bool) -> None:
    assert flags(title, is_merge=said)["is_merge"] == is_merge


def test_the_other_flags() -> None:
    assert flags("Initial commit from me")["is_initial"]
    assert not flags("Initialize weights of the head")["is_initial"]
    assert flags("x")["time_precision"] == "second"
    assert flags("x", committed_at=datetime(2024, 5, 1, tzinfo=UTC))["time_precision"] == "day"
    assert flags("x", paths=[".gitattributes"])["is_attributes_only"] is True
    assert flags("x", paths=[".gitattributes", "a.bin"])["is_attributes_only"] is False
    assert flags("x")["is_attributes_only"] is None


def references(text: str) -> list[tuple[str, str]]:
    return commit.references(pl.DataFrame({"id": [1], "text": [text]})).select("kind", "target").rows()


SHA = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Auto Sync from git://github.com/a/b.git/commit/{SHA}", [("autosync", f"a/b@{SHA}")]),
        (f"as in https://github.com/a/b/commit/{SHA[:9]}", [("url", f"a/b@{SHA[:9]}")]),
        ("see https://github.com/a/b.git", [("repository", "a/b")]),
        (f"copy of {SHA}", [("sha", SHA)]),
        ("defaced 1234567 deadbee", []),
        ("Update README.md", []),
    ],
)
def test_a_commit_that_names_github_is_a_reference(text: str, found: list[tuple[str, str]]) -> None:
    assert references(text) == found


def test_a_changelog_gives_a_bounded_number_of_references() -> None:
    text = " ".join(f"https://github.com/a/r{n}" for n in range(100))
    assert len(references(text)) == commit.MAX_REFERENCES


def changed(title: str, *paths: str, is_hub: bool = True, deleted: bool = False, is_merge: bool = False) -> str:
    titles = pl.DataFrame({"id": [1], "title": [title], "is_merge": [is_merge]})
    touched = pl.DataFrame(
        {"id": [1] * len(paths), "path": list(paths), "change": ["deleted" if deleted else "modified"] * len(paths)},
        schema={"id": pl.Int64, "path": pl.String, "change": pl.String},
    )
    kinds = files.kinds(touched if paths else files.named(titles))
    commits = titles.join(kinds, on="id", how="left").with_columns(is_named=pl.lit(not paths))
    return str(change.change(commits, change.HUB_RULES if is_hub else change.GITHUB_RULES)["change_type"][0])


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("initial commit", "project_metadata"),
        ("Upload folder using huggingface_hub", "sharing"),
        ("Upload 12 files", "sharing"),
        ("Auto Sync from git://github.com/a/b.git/commit/0a1b2c3", "sharing"),
        ("Adding Evaluation Results", "validation_infrastructure"),
        ("Delete pytorch_model.bin", "remove_dependency"),
        ("Create LICENSE", "project_metadata"),
        ("Update README.md", "external_documentation"),
        ("Upload tokenizer.json", "preprocessing"),
        ("Update special_tokens_map.json (#4)", "preprocessing"),
        ("fix tokenizer padding", "preprocessing"),
        ("Update config.json", "parameter_tuning"),
        ("Update generation_config.json", "parameter_tuning"),
        ("Upload pytorch_model.bin", "model_structure"),
        ("Adding `safetensors` variant of this model", "model_structure"),
        ("new training version: pytorch_model.bin", "training_infrastructure"),
        ("Upload model.onnx", "output_data"),
        ("Update pytorch_model.bin.index.json", "output_data"),
        ("new data for the labels", "input_data"),
        ("add model", "other"),
        ("the very first public commit", "project_metadata"),
        ("Update .gitattributes", "sharing"),
        ("upload flax model", "model_structure"),
        ("Push model using huggingface_hub.", "sharing"),
        ("Add Core ML conversion", "output_data"),
        ("add files using a large-upload tool", "sharing"),
        ("hmm", "unclear"),
    ],
)
def test_change_types_on_the_hub_by_title(title: str, expected: str) -> None:
    assert changed(title) == expected


@pytest.mark.parametrize(
    ("title", "paths", "expected"),
    [
        ("x", ["docs/index.md", "README.md"], "external_documentation"),
        ("x", ["LICENSE"], "external_documentation"),
        ("x", ["tests/test_a.py"], "validation_infrastructure"),
        ("x", [".github/workflows/ci.yml"], "validation_infrastructure"),
        ("add torch", ["requirements.txt"], "add_dependency"),
        ("remove torch", ["setup.py"], "remove_dependency"),
        ("newer torch", ["setup.py"], "update_dependency"),
        ("x", ["src/modeling_x.py"], "model_structure"),
        ("x", ["scripts/train.py"], "training_infrastructure"),
        ("x", ["data/train.jsonl"], "input_data"),
        ("x", ["configs/base.yaml"], "parameter_tuning"),
        ("x", ["Dockerfile"], "sharing"),
        ("x", ["CHANGELOG.md"], "internal_documentation"),
        ("Fix typo", ["src/a.py"], "external_documentation"),
        ("fix crash", ["src/a.py"], "other"),
        ("speed up decoding", ["src/a.py", "src/b.py"], "pipeline_performance"),
        ("v1.2.0", [], "project_metadata"),
        ("add a dependency", [], "add_dependency"),
        ("drop submodule x", [], "remove_dependency"),
        ("delete eval_scores.png", [], "external_documentation"),
        ("new logo", [], "external_documentation"),
        ("update_readme", [], "external_documentation"),
        ("perf: cache the keys", [], "pipeline_performance"),
        ("chore(deps): torch", [], "update_dependency"),
        ("hmm", ["src/a.py"], "unclear"),
    ],
)
def test_change_types_on_github_by_files_and_words(title: str, paths: list[str], expected: str) -> None:
    assert changed(title, *paths, is_hub=False) == expected


def test_labels_in_a_configuration_are_data_and_metadata_of_a_card_is_metadata() -> None:
    assert changed("correct the labels", "config.json") == "input_data"
    assert changed("new values", "config.json") == "parameter_tuning"
    assert changed("fix metadata", "README.md") == "project_metadata"


def test_files_that_are_known_beat_the_title_and_deleting_weights_removes() -> None:
    assert changed("Update README.md", "config.json") == "parameter_tuning"
    assert changed("cleanup", "model.safetensors", deleted=True) == "remove_dependency"
    assert changed("cleanup", "README.md", deleted=True) == "external_documentation"


def test_a_label_from_a_title_is_less_certain_than_one_from_files() -> None:
    row = {"id": 1, "title": "Update README.md", "is_merge": False, "kinds": "card", "is_deletion": False}
    sure, less = (
        change.change(pl.DataFrame([{**row, "is_named": named}]), change.HUB_RULES)["confidence"][0]
        for named in (False, True)
    )
    assert (sure, less) == (0.9, 0.8)


def test_every_rule_names_a_type_of_the_list() -> None:
    names = {t.name for t in change.change_types()}
    assert len(names) == 17
    assert {rule.change_type for rule in (*change.HUB_RULES, *change.GITHUB_RULES)} <= names
    for rules in (change.HUB_RULES, change.GITHUB_RULES):
        assert len({rule.name for rule in rules}) == len(rules)
