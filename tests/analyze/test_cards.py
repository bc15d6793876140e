"""Cards in a database: values with their evidence, answers of language models beside them, what cards document."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from peatmoss import analyze, load
from peatmoss.analyze import cards, cards_told
from peatmoss.db import connect
from peatmoss.fetch import llm, llm_cards
from peatmoss.fetch.llm import Endpoint
from tests.archives import day, put
from tests.conftest import rows
from tests.servers.llm import serving

WRITTEN = """---
license: mit
datasets:
- squad
tags:
- code-review
---
# My model

This model was trained on 8 V100 GPUs.

## Limitations

It fails on long texts, and says so to nobody.
"""
TEMPLATE = "# Model Card for Model ID\n" + "- **Developed by:** [More Information Needed]\n" * 8
GENERATED = (
    "This model card has been generated automatically according to the information the Trainer had access to.\n\n"
    "## Model description\n\nMore information needed\n\n## Training data\n\nMore information needed\n"
)


def snapshot(name: str, card: str, sha: str = "1" * 40) -> dict[str, Any]:
    return {"modelId": name, "sha": sha, "readme": card}


def built(tmp_path: Path, url: str, *snapshots: dict[str, Any]) -> Path:
    root = tmp_path / "archive"
    put(root, "snapshot", day(1), list(snapshots))
    load.run(root, url)
    return root


def test_values_of_a_card_stand_in_the_database_with_words_and_place(tmp_path: Path, database: str) -> None:
    built(tmp_path, database, snapshot("a/b", WRITTEN))
    analyze.run(database, ["cards"])
    found = rows(
        database,
        "SELECT field, value, number, raw, path, char_start, char_end, method, is_chosen FROM card_value"
        " WHERE field IN ('license', 'hardware', 'dataset') ORDER BY position",
    )
    at = WRITTEN.index("8 V100")
    assert [tuple(row) for row in found] == [
        ("dataset", "squad", None, "squad", "datasets[0]", None, None, "front_matter", True),
        ("license", "mit", None, "mit", "license", None, None, "front_matter", True),
        ("hardware", "NVIDIA V100", 8.0, "8 V100", None, at, at + 6, "sentence", True),
    ]
    [(start, end)] = rows(database, "SELECT char_start, char_end FROM card_value WHERE field = 'limitation'")
    assert WRITTEN[start:end] == "It fails on long texts, and says so to nobody."


def test_a_reading_says_its_version_and_what_was_cut(tmp_path: Path, database: str) -> None:
    built(tmp_path, database, snapshot("a/b", WRITTEN), snapshot("a/long", "# x\n" + "word " * 60_000))
    analyze.run(database, ["cards"])
    found = rows(database, "SELECT extractor, version, status, reason FROM card_extraction ORDER BY snapshot_id")
    assert [tuple(row[:3]) for row in found] == [("rules", cards.VERSION, "ok"), ("rules", cards.VERSION, "cut")]
    assert "not read" in found[1][3]


def test_documentation_is_judged_by_the_rubric(tmp_path: Path, database: str) -> None:
    built(
        tmp_path, database, snapshot("a/written", WRITTEN), snapshot("a/template", TEMPLATE),
        snapshot("a/generated", GENERATED), snapshot("a/front", "---\nlicense: mit\n---\n"), snapshot("a/empty", "\n"),
    )  # fmt: skip
    analyze.run(database, ["cards"])
    found = {
        name: (state, met.split(), points)
        for name, state, met, points in rows(
            database,
            "SELECT m.context_id, d.state, d.met, d.point_count FROM card_documentation d"
            " JOIN snapshot s ON s.id = d.snapshot_id JOIN model m ON m.id = s.model_id",
        )
    }
    assert {name: state for name, (state, _, _) in found.items()} == {
        "a/written": "written", "a/template": "template", "a/generated": "generated", "a/front": "front_matter_only",
        "a/empty": "empty",
    }  # fmt: skip
    assert set(found["a/written"][1]) >= {"license", "limitation", "training_data", "environment"}
    assert found["a/front"][1:] == (["license"], 16)
    assert found["a/empty"][1] == []


def test_activities_come_with_the_words_that_say_so(tmp_path: Path, database: str) -> None:
    built(
        tmp_path, database, snapshot("a/b", WRITTEN), snapshot("a/plain", "# Cats\nThis model was trained on cats.\n")
    )
    analyze.run(database, ["cards"])
    found = rows(database, "SELECT activity, source, evidence FROM model_to_se_activity")
    assert [tuple(row) for row in found] == [("code review", "tag", "code-review")]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("o/codet5-defect-detection", "", {"defect prediction", "code representation"}),
        ("o/m", "This model is designed for vulnerability detection in C code.", {"vulnerability detection"}),
        ("o/m", "---\ndatasets: [code_search_net]\n---\n", {"code search"}),
        ("o/sqlcoder-7b", "", {"database queries"}),
        ("o/m", "# Unit test generation for Java\n", {"testing"}),
        ("o/commit-message-writer", "", {"commit messages"}),
        ("o/m", "## Limitations\nThis model was not trained for code generation.\n", set()),
        ("o/spider-man-lora", "A model of a spider in a web.", set()),
        ("o/morse-code-audio", "This model was trained to hear Morse code.", set()),
        ("o/test-model", "This model was used to test the upload.", set()),
    ],
)  # fmt: skip
def test_which_activities_a_model_is_meant_for(name: str, text: str, expected: set[str]) -> None:
    assert {activity.activity for activity in cards.ask(text, name).activities} == expected


def test_answers_of_a_language_model_stand_beside_the_rules_and_only_with_their_quote(
    tmp_path: Path, database: str
) -> None:
    pytest.importorskip("openai", reason="the extra llm is not installed")
    root = built(tmp_path, database, snapshot("a/b", WRITTEN))
    none = {"name": None, "unit": None, "role": None, "dataset": None, "split": None}
    said = {
        "values": [
            {"field": "license", "value": "apache-2.0", "quote": "license: mit", **none},
            {"field": "hardware", "value": "NVIDIA V100", "quote": "trained on 8 V100 GPUs", **none},
            {"field": "intended_use", "value": "present", "quote": "says so to nobody", **none},
            {"field": "paper", "value": "arxiv:1234.56789", "quote": "see our paper", **none},
            {"field": "parameter_count", "value": "large", "quote": "My model", **none},
        ]
    }
    with serving(lambda _: orjson.dumps(said).decode()) as server:
        llm.run(root, llm_cards.PROMPT, llm_cards.subjects(root), Endpoint(server.url, "tiny"), now=day(2))
    load.run(root, database)
    analyze.run(database, ["cards"])
    assert [
        tuple(row)
        for row in rows(
            database, "SELECT status, value_count, rejected_count FROM card_extraction WHERE extractor = 'llm tiny'"
        )
    ] == [("ok", 3, 2)]
    found = rows(
        database,
        "SELECT field, value, extractor, is_chosen, raw, char_start FROM card_value"
        " WHERE field IN ('license', 'intended_use', 'paper', 'parameter_count') ORDER BY extractor DESC, field",
    )
    at = WRITTEN.index("says so")
    assert [tuple(row) for row in found] == [
        ("license", "mit", "rules", True, "mit", None),
        ("intended_use", "present", "llm tiny", True, "says so to nobody", at),
        ("license", "apache-2.0", "llm tiny", False, "license: mit", None),
    ]


@pytest.mark.parametrize("answer", [{"values": 1}, {"values": [{"field": "license"}]}, []])
def test_an_archived_answer_of_a_wrong_shape_gives_a_status_and_no_value(
    tmp_path: Path, database: str, answer: Any
) -> None:
    root = built(tmp_path, database, snapshot("a/b", WRITTEN))
    [subject] = llm_cards.subjects(root)
    data = {
        "prompt": "card", "prompt_sha256": "p", "subject": "a/b", "subject_sha256": subject.sha256, "model": "tiny",
        "status": "ok", "reason": None, "answer": answer, "text": "",
        "usage": {"tokens_in": 1, "tokens_out": 2}, "cost": 0,
    }  # fmt: skip
    put(root, "llm_answer", day(2), [{"key": "k", "cursor": "k", "data": data}], layout="records", origin="llm")
    load.run(root, database)
    analyze.run(database, ["cards"])
    assert [
        tuple(row)
        for row in rows(database, "SELECT status, value_count FROM card_extraction WHERE extractor = 'llm tiny'")
    ] == [("invalid", 0)]
    assert rows(database, "SELECT 1 FROM card_value WHERE extractor <> 'rules'") == []


def test_answers_that_are_none_become_rejects_and_a_later_answer_replaces_a_failed_one(
    tmp_path: Path, database: str
) -> None:
    good = {"prompt": "card", "prompt_sha256": "p", "subject": "a/b", "subject_sha256": "s", "model": "tiny",
            "answer": None, "usage": None, "reason": "HTTP 500", "status": "failed"}  # fmt: skip
    root = tmp_path / "archive"
    bad = [{"key": "l", "cursor": "l", "data": {**good, "status": "great"}}, {"key": "m", "cursor": "m", "data": [1]}]
    first_day = [{"key": "k", "cursor": "k", "data": good}, *bad]
    put(root, "llm_answer", day(1), first_day, layout="records", origin="llm", fields=set())
    put(
        root,
        "llm_answer",
        day(2),
        [{"key": "k", "cursor": "k", "data": {**good, "status": "ok", "answer": {"values": []}}}],
        layout="records",
        origin="llm",
    )
    [first, second] = load.run(root, database)
    assert (first.rejects, second.rejects) == (2, 0)
    assert [
        tuple(row) for row in rows(database, "SELECT answer_key, status, reason, answer, tokens_in FROM llm_answer")
    ] == [("k", "ok", None, '{"values":[]}', 0)]


def test_many_cards_are_read_on_all_cores_with_the_same_result(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(tmp_path, database, *(snapshot(f"a/{n}", WRITTEN.replace("8 V100", f"{n} V100")) for n in range(1, 8)))
    query = "SELECT * FROM card_value ORDER BY snapshot_id, position"
    analyze.run(database, ["cards"])
    alone = rows(database, query)
    monkeypatch.setattr(cards, "MANY", 1)
    monkeypatch.setattr(cards, "BATCH", 3)
    analyze.run(database, ["cards"])
    assert rows(database, query) == alone
    assert len({row[0] for row in alone}) == 7


def test_the_newest_card_of_a_model_is_explained_whatever_the_case(tmp_path: Path, database: str) -> None:
    root = built(tmp_path, database, snapshot("a/B", "old"))
    put(root, "snapshot", day(3), [snapshot("a/B", WRITTEN, "2" * 40)], label="later")
    load.run(root, database)
    analyze.run(database, ["cards"])
    engine = connect(database)
    with engine.connect() as conn:
        told = cards_told.ask(conn, "A/b")
        assert cards_told.ask(conn, "a/c") is None
    engine.dispose()
    assert told is not None
    assert (told.name, told.revision, told.documentation["state"]) == ("a/B", "2" * 40, "written")
    assert [value["value"] for value in told.values if value["field"] == "license"] == ["mit"]
