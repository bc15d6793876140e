"""Language models: answers are archived with their status; nothing is asked twice; a budget is never passed."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from peatmoss import archive
from peatmoss.errors import PeatmossError, SourceError, Unauthorized
from peatmoss.fetch import llm, llm_cards
from peatmoss.fetch.llm import Endpoint, Prompt, Spent, Subject, run
from peatmoss.parse.card import card
from tests.archives import day, put
from tests.servers.llm import Answer, Served, serving

pytest.importorskip("openai", reason="the extra llm is not installed")

PROMPT = Prompt(
    "commit",
    "Say what kind of change this is.",
    {"type": "object", "properties": {"label": {"type": "string", "enum": ["fix", "docs"]}}, "required": ["label"],
     "additionalProperties": False},
)  # fmt: skip
RIGHT = '{"label": "fix"}'


def subjects(count: int) -> list[Subject]:
    return [Subject(f"commit {n}", f"{n:064x}", f"message {n}") for n in range(count)]


def endpoint(server: Served, **more: Any) -> Endpoint:
    return Endpoint(server.url, "tiny", "secret-key", retries=more.pop("retries", 0), **more)


def records(root: Path) -> list[dict[str, Any]]:
    return [
        line.record.data for shard in archive.shards(root, "llm_answer") for line in archive.lines(shard) if line.record
    ]


def ask(
    root: Path, answer: Callable[[dict[str, Any]], str | Answer], count: int = 1, **more: Any
) -> tuple[Spent, Served]:
    options = {name: more.pop(name) for name in ("max_cost", "max_tokens", "limit", "workers", "now") if name in more}
    with serving(answer) as server:
        return run(root, PROMPT, subjects(count), endpoint(server, **more), **options), server


def test_an_answer_is_kept_verbatim_with_its_prompt_its_model_and_what_it_cost(tmp_path: Path) -> None:
    spent, server = ask(tmp_path, lambda _: Answer(RIGHT, tokens=(1_000, 500)), price_in=2, price_out=8)
    [record] = records(tmp_path)
    assert record == {
        "prompt": "commit", "prompt_sha256": PROMPT.sha256, "subject": "commit 0", "subject_sha256": f"{0:064x}",
        "model": "tiny", "status": "ok", "reason": None, "answer": {"label": "fix"}, "text": RIGHT,
        "usage": {"tokens_in": 1_000, "tokens_out": 500}, "cost": 0.006,
    }  # fmt: skip
    assert (spent.asked, spent.tokens_in, spent.tokens_out, spent.cost) == (1, 1_000, 500, 0.006)
    [request] = server.requests
    assert request["messages"] == [
        {"role": "system", "content": PROMPT.system},
        {"role": "user", "content": "message 0"},
    ]
    assert request["response_format"]["json_schema"]["schema"] == PROMPT.schema
    assert request["temperature"] == 0


def test_the_key_goes_to_the_endpoint_and_nowhere_else(tmp_path: Path) -> None:
    with serving(lambda _: RIGHT) as server:
        run(tmp_path, PROMPT, subjects(1), endpoint(server))
    assert server.keys == ["Bearer secret-key"]
    written = b"".join(
        path.read_bytes() if path.suffix == ".json" else b"".join(raw or b"" for _, raw in archive.raw_lines(path))
        for path in tmp_path.rglob("*.*") if path.is_file()
    )  # fmt: skip
    assert b"secret-key" not in written
    assert "secret-key" not in repr(Endpoint(server.url, "tiny", "secret-key"))
    assert Endpoint("https://me:secret@host:1/v1?key=x", "tiny").shown_url == "https://host:1/v1"


@pytest.mark.parametrize(
    ("said", "status", "reason"),
    [
        (Answer(RIGHT), "ok", None),
        (Answer(f"```json\n{RIGHT}\n```"), "ok", None),
        (Answer("It is a fix."), "invalid", "no JSON"),
        (Answer('{"label": "feature"}'), "invalid", "none of fix, docs"),
        (Answer('{"label": "fix", "sure": true}'), "invalid", "has sure"),
        (Answer("{}"), "invalid", "has no label"),
        (Answer("[]"), "invalid", "no object"),
        (Answer('{"label"', finish="length"), "truncated", "limit of output"),
        (Answer(refusal="I cannot"), "refused", "I cannot"),
        (Answer(RIGHT, finish="content_filter"), "refused", "content filter"),
        (Answer(status=500), "failed", "HTTP 500"),
        (Answer(status=404), "failed", "HTTP 404"),
        (Answer(body=b"<html>busy</html>"), "failed", ""),
    ],
)  # fmt: skip
def test_what_is_not_an_answer_is_a_status_and_never_a_value(
    tmp_path: Path, said: Answer, status: str, reason: str | None
) -> None:
    ask(tmp_path, lambda _: said)
    [record] = records(tmp_path)
    assert record["status"] == status
    assert (record["answer"] is not None) == (status == "ok")
    assert (record["reason"] is None) == (reason is None)
    assert (reason or "") in (record["reason"] or "")


def test_nothing_is_asked_twice(tmp_path: Path) -> None:
    ask(tmp_path, lambda _: RIGHT, 3, now=day(1))
    spent, server = ask(tmp_path, lambda _: RIGHT, 5, now=day(2))
    assert (spent.asked, spent.known, len(server.requests)) == (2, 3, 2)
    spent, server = ask(tmp_path, lambda _: RIGHT, 5, now=day(3))
    assert (spent.asked, len(server.requests), len(archive.shards(tmp_path, "llm_answer"))) == (0, 0, 2)


def test_another_model_or_another_prompt_is_another_question(tmp_path: Path) -> None:
    ask(tmp_path, lambda _: RIGHT)
    other = PROMPT._replace(system="Say it otherwise.")
    with serving(lambda _: RIGHT) as server:
        assert run(tmp_path, other, subjects(1), endpoint(server)).asked == 1
        assert run(tmp_path, PROMPT, subjects(1), Endpoint(server.url, "large")).asked == 1


def test_a_failed_question_is_asked_again_by_the_next_run(tmp_path: Path) -> None:
    ask(tmp_path, lambda _: Answer(status=500), now=day(1))
    spent, _ = ask(tmp_path, lambda _: RIGHT, now=day(2))
    assert spent.statuses == {"ok": 1}


def test_a_busy_endpoint_is_asked_again_after_the_time_it_names(tmp_path: Path) -> None:
    calls: list[int] = []

    def busy(_: dict[str, Any]) -> str | Answer:
        calls.append(1)
        return Answer(status=429, headers={"Retry-After": "0"}) if len(calls) < 3 else RIGHT

    spent, _ = ask(tmp_path, busy, retries=3)
    assert (spent.statuses, len(calls)) == ({"ok": 1}, 3)


def test_an_endpoint_that_is_down_ends_the_run_and_the_next_run_goes_on(tmp_path: Path) -> None:
    def down_after_two(request: dict[str, Any]) -> str | Answer:
        return RIGHT if request["messages"][1]["content"] in ("message 0", "message 1") else Answer(status=503)

    with pytest.raises(SourceError, match="5 times in a row, last: HTTP 503"):
        ask(tmp_path, down_after_two, 50, workers=1, now=day(1))
    assert archive.shards(tmp_path, "llm_answer") == []
    spent, _ = ask(tmp_path, lambda _: RIGHT, 50, now=day(2))
    assert (spent.known, spent.statuses) == (2, {"ok": 48})
    assert len(archive.shards(tmp_path, "llm_answer")) == 1
    assert sum(record["status"] == "ok" for record in records(tmp_path)) == 50


def test_a_refused_key_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(Unauthorized, match="set PEATMOSS_LLM_KEY"):
        ask(tmp_path, lambda _: Answer(status=401))


@pytest.mark.parametrize("budget", [{"max_tokens": 6_000}, {"max_cost": 0.006}])
def test_a_budget_is_never_passed_however_many_ask_at_once(tmp_path: Path, budget: dict[str, Any]) -> None:
    def costly(_: dict[str, Any]) -> Answer:
        return Answer(RIGHT, tokens=(200, 1_000))

    spent, _ = ask(tmp_path, costly, 100, workers=8, max_output_tokens=1_000, price_in=1, price_out=1, **budget)
    assert spent.tokens_in + spent.tokens_out <= 6_000
    assert 3 <= spent.asked < 6
    assert spent.stopped
    assert spent.stopped.startswith("budget of")
    again, _ = ask(tmp_path, costly, 100, workers=8, limit=2)
    assert (again.asked, again.known) == (2, spent.asked)


def test_answers_lie_in_the_order_of_the_questions(tmp_path: Path) -> None:
    ask(tmp_path, lambda _: RIGHT, 30, workers=8)
    assert [record["subject"] for record in records(tmp_path)] == [f"commit {n}" for n in range(30)]


def test_without_the_client_nothing_is_left_in_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(PeatmossError, match="the client is not installed"):
        ask(tmp_path, lambda _: RIGHT)
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_none_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(PeatmossError, match="is no address"):
        run(tmp_path, PROMPT, subjects(1), Endpoint("localhost:1", "tiny"))


def test_the_newest_card_of_each_model_is_asked_about_with_what_the_rules_found(tmp_path: Path) -> None:
    new = "---\nlicense: mit\n---\n# New\n"
    put(
        tmp_path,
        "snapshot",
        day(1),
        [{"modelId": "a/b", "sha": "1" * 40, "readme": "old"}, {"modelId": "a/c", "sha": "1" * 40, "readme": None}],
        label="x",
    )
    put(tmp_path, "snapshot", day(2), [{"modelId": "a/b", "sha": "2" * 40, "readme": new}], label="y")
    [subject] = llm_cards.subjects(tmp_path)
    assert (subject.name, subject.sha256) == ("a/b", card(new).sha256)
    assert json.loads(subject.text.split("\n")[1].removeprefix("found: ")) == [
        {"field": "license", "value": "mit", "name": None}
    ]
    assert subject.text.endswith(new)
    assert list(llm_cards.subjects(tmp_path, {"other/model"})) == []


def test_the_schema_of_the_card_prompt_is_one_that_strict_endpoints_accept() -> None:
    def check(schema: dict[str, Any]) -> None:
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
            assert set(schema["required"]) == set(schema["properties"])
        for inner in [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]:
            check(inner)

    check(llm_cards.PROMPT.schema)


def test_an_answer_has_the_same_key_wherever_it_is_asked() -> None:
    [subject] = subjects(1)
    assert llm.answer_key(subject, PROMPT, "tiny") == llm.answer_key(subject, PROMPT, "tiny")
    assert llm.answer_key(subject, PROMPT, "tiny") != llm.answer_key(subject, PROMPT, "other")
