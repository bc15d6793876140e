"""One model record of the Hub, in every shape it comes in."""

from datetime import UTC, datetime
from typing import Any

import pytest

from peatmoss.errors import RecordError
from peatmoss.parse.hub import MAX_NAME, canonical, carried, model, unwrap


def facts(**fields: Any) -> dict[str, Any]:
    parsed, problems = model({"id": "a/b", **fields})
    assert problems == []
    return parsed


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (None, "no model id"),
        ("", "no model id"),
        ("  ", "not a text"),
        (7, "not a text"),
        ("a\nb", "control character"),
        ("x" * (MAX_NAME + 1), "513 characters"),
    ],
)
def test_a_record_without_a_usable_name_is_rejected(name: Any, reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        model({"id": name})


@pytest.mark.parametrize("name", ['o\'brien/"x"', "作者/模型", "a/🦙", "<script>/x", "../../etc/passwd"])
def test_odd_names_are_names(name: str) -> None:
    assert model({"id": name})[0]["context_id"] == name


@pytest.mark.parametrize(
    "written",
    ["2022-01-20T12:13:34.000Z", "2022-01-20 12:13:34+00:00", "2022-01-20T12:13:34", "2022-01-20T13:13:34.0000+01:00"],
)
def test_moments_of_all_eras_are_utc(written: str) -> None:
    assert facts(createdAt=written)["created_at"] == datetime(2022, 1, 20, 12, 13, 34, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("downloads", "many"),
        ("downloads", True),
        ("downloads", -1),
        ("downloads", 2**63),
        ("downloads", 1.5),
        ("likes", []),
        ("tags", "not a list"),
        ("private", "yes"),
        ("gated", "maybe"),
        ("createdAt", "yesterday"),
        ("config", ["x"]),
        ("safetensors", {"total": "x"}),
        ("siblings", [{"no": "name"}]),
    ],
)
def test_a_field_of_a_wrong_type_is_a_problem_of_its_own(field: str, value: Any) -> None:
    parsed, problems = model({"id": "a/b", "sha": "c0ffee", field: value})
    assert parsed["sha"] == "c0ffee"
    assert [name for name, _ in problems] == [field]


def test_a_count_written_as_digits_is_a_count() -> None:
    assert facts(downloads="578464")["downloads"] == 578464


def test_safetensors_without_parameters_is_fine() -> None:
    assert facts(safetensors={"total": 5}) | {"dtypes": []} == facts(safetensors={"total": 5, "parameters": {}})
    assert facts(safetensors={"total": 5, "parameters": {"BF16": 5}})["dtypes"] == [{"dtype": "BF16", "count": 5}]


def test_parameters_come_from_gguf_where_there_are_no_safetensors() -> None:
    assert facts(gguf={"total": 9, "context_length": 4096})["parameter_count"] == 9
    assert facts(gguf={"total": 9}, safetensors={"total": 8})["parameter_count"] == 8


def test_card_data_names_bases_licenses_datasets_and_languages_one_or_many() -> None:
    parsed = facts(
        cardData={
            "base_model": "x/y",
            "base_model_relation": "adapter",
            "license": ["mit", 3],
            "datasets": None,
            "language": "no",
        }
    )
    assert {k: v for k, v in parsed.items() if k.startswith("card_")} == {
        "card_bases": ["x/y"],
        "card_relation": "adapter",
        "card_licenses": ["mit"],
        "card_datasets": [],
        "card_languages": ["no"],
    }


@pytest.mark.parametrize(
    ("item", "path", "size"),
    [
        ({"rfilename": "config.json"}, "config.json", None),
        ({"rfilename": "a.bin", "size": 3, "lfs": {"sha256": "f0"}}, "a.bin", 3),
        ("RepoSibling(rfilename='a b.txt', size=None, blob_id=None, lfs=None)", "a b.txt", None),
        ('RepoSibling(rfilename="it\'s", size=12, blob_id=None, lfs=None)', "it's", 12),
    ],
)
def test_files_are_named_in_every_shape(item: Any, path: str, size: int | None) -> None:
    (file,) = facts(siblings=[item])["files"]
    assert (file["path"], file["size_bytes"]) == (path, size)


def test_a_wrapped_record_is_its_metadata_and_its_card() -> None:
    fields, card = unwrap({"model_id": "a/b", "metadata": {"modelId": "a/b", "last_modified": "x"}, "card": "# hi"})
    assert (fields, card) == ({"id": "a/b", "lastModified": "x"}, "# hi")
    with pytest.raises(RecordError, match="no metadata"):
        unwrap({"model_id": "a/b", "metadata": None, "card": None})


def test_absence_speaks_only_where_the_field_was_asked_for() -> None:
    asked = canonical(["modelId", "sha", "likes", "pipeline_tag", "library_name"])
    assert "library_name" in carried({"id", "sha", "likes"}, asked), "the API omits it when there is none"
    assert "library_name" not in carried({"id", "sha"}, asked), "a record that lacks likes was asked for less"
    assert "library_name" not in carried({"id", "sha"}, {"id", "sha"})
