"""The analysis in a database: names, findings, derivations, look-alikes; corrections; questions about single models."""

from __future__ import annotations

from pathlib import Path

import pytest

from peatmoss import analyze, link, load
from peatmoss.analyze import names
from peatmoss.analyze.names.tables import name_frame
from peatmoss.errors import PeatmossError
from peatmoss.parse.name import parse
from tests.archives import day, put
from tests.conftest import rows

MODELS = [
    {
        "modelId": "uer/roberta-base-ner", "pipeline_tag": "token-classification", "createdAt": "2023-01-01T00:00:00Z",
        "config": {"model_type": "bert", "architectures": ["BertForTokenClassification"]}, "downloads": 5,
    },
    {
        "modelId": "me/bert-german", "tags": ["fr", "base_model:finetune:uer/roberta-base-ner"], "downloads": 3,
        "createdAt": "2022-06-01T00:00:00Z", "config": {"model_type": "bert"},
    },
    {"modelId": "facebook/nllb-200-3.3B", "config": {"model_type": "bert"}, "downloads": 9_000_000},
    {"modelId": "facebo0k/x", "downloads": 1},
]  # fmt: skip


NAMED = "FROM model m JOIN model_name n ON n.model_id = m.id"
FOUND = "FROM name_finding f JOIN model m ON m.id = f.model_id"


@pytest.fixture
def analyzed(database: str, tmp_path: Path) -> str:
    put(tmp_path, "model", day(1), MODELS)
    load.run(tmp_path, database)
    link.run(database)
    analyze.run(database)
    return database


def test_names_are_taken_apart_and_judged_with_all_that_is_known(analyzed: str) -> None:
    assert rows(analyzed, f"SELECT m.context_id, n.convention, n.codes, n.is_cut {NAMED} ORDER BY m.id")[:3] == [
        ("uer/roberta-base-ner", "IAT", "AST", False),
        ("me/bert-german", "I", "AL", False),
        ("facebook/nllb-200-3.3B", "I", "APV", False),
    ]  # fmt: skip
    found = rows(
        analyzed,
        f"SELECT m.context_id, f.kind, f.severity, f.claim {FOUND}"
        " WHERE m.context_id IN ('uer/roberta-base-ner', 'me/bert-german') ORDER BY f.id",
    )
    assert found == [
        ("uer/roberta-base-ner", "I1", "hard", "roberta"),
        ("uer/roberta-base-ner", "I2", "hard", "roberta"),
        ("me/bert-german", "I10", "hard", "base model uer/roberta-base-ner"),
        ("me/bert-german", "I9", "soft", "de"),
    ]


def test_a_name_beyond_the_limit_is_recorded_as_cut() -> None:
    assert name_frame([(1, parse("x" * 600)), (2, parse("x"))])["is_cut"].to_list() == [True, False]


def test_an_accepted_objection_makes_a_finding_info_and_is_shown(analyzed: str) -> None:
    found = rows(
        analyzed,
        f"SELECT DISTINCT f.severity, f.correction LIKE 'NLLB%' {FOUND}"
        " WHERE m.context_id = 'facebook/nllb-200-3.3B' AND f.kind = 'I1'",
    )
    assert found == [("info", True)]


def test_a_base_younger_than_its_child_is_contradicted(analyzed: str) -> None:
    assert rows(analyzed, "SELECT verdict, reason FROM lineage_finding") == [
        ("contradicted", "the base (2023-01-01) is younger than the child (2022-06-01)")
    ]


def test_look_alikes_have_a_table_of_their_own(analyzed: str) -> None:
    assert rows(analyzed, "SELECT subject, name, looks_like, how FROM look_alike") == [
        ("owner", "facebo0k", "facebook", "same_letters")
    ]


def test_single_models_and_owners_can_be_asked_about(analyzed: str) -> None:
    with analyze.reading(analyzed) as connection:
        known = names.known(connection, "uer/roberta-base-ner")
        assert known
        assert known[1:4] == (("BertForTokenClassification",), "bert", "token-classification")
        assert names.known(connection, "uer/roberta") is None
        suggested = [(each["id"], each["kind"], each["line"]) for each in names.suggestions(connection, "me")]
        assert suggested == [("me/bert-german", "I9", "language: [de]")]
        with pytest.raises(PeatmossError, match="no owner is called 'nobody'"):
            list(names.suggestions(connection, "nobody"))
