"""Model cards: facts with their evidence, how well they document, which software-engineering work they serve.

Cards are read in batches of ids, so memory is bounded; with many of them, on all cores.
"""
# ruff: noqa: S608 - the numbers put into the SQL are ids and limits of our own

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from typing import Any, NamedTuple

import orjson
import polars as pl
from adbc_driver_manager.dbapi import Connection
from sqlalchemy import Table

from peatmoss.parse.card import VERSION as VERSION
from peatmoss.parse.card import Extraction, Value, card
from peatmoss.parse.card.activity import Activity, activities
from peatmoss.parse.card.document import document
from peatmoss.parse.card.extract import facts
from peatmoss.parse.card.quality import Documentation, documentation
from peatmoss.parse.card.question import read
from peatmoss.schema.cards import card_documentation, card_extraction, card_value, model_to_se_activity

WRITES: tuple[Table, ...] = (card_extraction, card_value, card_documentation, model_to_se_activity)

BATCH = 2_000
MANY = 4_000
"""From so many cards on, work goes to all cores."""
SURE = 0.7
"""A value of the rules with this confidence or more is chosen over one of a language model."""
RULES = "rules"


class Card(NamedTuple):
    """A card as it lies in the database, with the answers of language models about it."""

    snapshot_id: int
    model_id: int
    name: str
    front_matter: str
    status: str
    body: str
    body_start: int
    is_newest: bool
    answers: tuple[tuple[str, str, str, str, str], ...] = ()


class Reading(NamedTuple):
    """Everything found in one card, as rows without their keys."""

    extractions: list[tuple[Any, ...]]
    values: list[tuple[Any, ...]]
    documentation: tuple[Any, ...]
    activities: list[tuple[Any, ...]]


class Asked(NamedTuple):
    """The findings about one card that is in no database."""

    extraction: Extraction
    documentation: Documentation
    activities: list[Activity]


def ask(text: str, model_id: str | None = None) -> Asked:
    """Read one card."""
    parsed = card(text)
    front = orjson.loads(parsed.front_matter) if parsed.front_matter else {}
    parts = document(parsed.body)
    found = facts(front, parsed.status, parts, parsed.body, parsed.body_start, model_id)
    judged = documentation(front, parts, found.values)
    return Asked(found, judged, activities(model_id or "", front, parts, found.values))


def rows(conn: Connection) -> Iterator[tuple[Table, pl.DataFrame]]:
    """The findings, card after card."""
    count = int(_query(conn, "SELECT COUNT(*) AS n FROM card")["n"][0])
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    several = count >= MANY and cores > 1
    pool = ProcessPoolExecutor(cores, multiprocessing.get_context("spawn")) if several else nullcontext()
    with pool as executor:
        for batch in _cards(conn):
            yield from _frames(batch, _read_all(executor, batch, cores))


def _read_all(executor: Executor | None, batch: list[Card], cores: int) -> list[Reading]:
    if executor is None:
        return [reading(one) for one in batch]
    return list(executor.map(reading, batch, chunksize=max(1, len(batch) // (cores * 4))))


def _query(conn: Connection, sql: str) -> pl.DataFrame:
    with conn.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetch_polars()


def _cards(conn: Connection) -> Iterator[list[Card]]:
    """The cards in the order of their ids, in batches."""
    last = -1
    while True:
        found = _query(
            conn,
            "SELECT c.snapshot_id, s.model_id, m.context_id, COALESCE(c.front_matter, '') AS front_matter,"
            " c.front_matter_status,"
            " COALESCE(c.body, '') AS body,"
            " COALESCE(c.body_start, 0) AS body_start, c.sha256, NOT EXISTS (SELECT 1 FROM snapshot n"
            " JOIN card d ON d.snapshot_id = n.id WHERE n.model_id = s.model_id AND (n.as_of > s.as_of"
            " OR (n.as_of = s.as_of AND n.id > s.id))) AS is_newest"
            " FROM card c JOIN snapshot s ON s.id = c.snapshot_id JOIN model m ON m.id = s.model_id"
            f" WHERE c.snapshot_id > {last} ORDER BY c.snapshot_id LIMIT {BATCH}",
        )
        if not found.height:
            return
        first, last = last, int(found["snapshot_id"][-1])
        said = _query(
            conn,
            "SELECT a.subject_sha256, a.model, a.prompt_sha256, a.status, COALESCE(a.answer, '') AS answer,"
            " COALESCE(a.reason, '') AS reason FROM llm_answer a"
            " WHERE a.prompt = 'card' AND a.subject_sha256 IN (SELECT sha256 FROM card"
            f" WHERE snapshot_id > {first} AND snapshot_id <= {last}) ORDER BY a.model, a.shard_id, a.answer_key",
        )
        answers: dict[str, dict[str, tuple[str, str, str, str, str]]] = {}
        for sha, model, prompt, status, answer, reason in said.iter_rows():
            answers.setdefault(sha, {})[model] = (model, prompt, status, answer, reason)  # the newest of each model
        yield [
            Card(
                row["snapshot_id"], row["model_id"], row["context_id"], row["front_matter"], row["front_matter_status"],
                row["body"], row["body_start"], bool(row["is_newest"]), tuple(answers.get(row["sha256"], {}).values()),
            )
            for row in found.iter_rows(named=True)
        ]  # fmt: skip


def reading(one: Card) -> Reading:
    """Read one card with the rules, and the answers about it."""
    front = orjson.loads(one.front_matter) if one.front_matter else {}
    parts = document(one.body)
    found = facts(front, one.status, parts, one.body, one.body_start, one.name)
    extractions: list[tuple[Any, ...]] = [
        (RULES, VERSION, "cut" if found.cut else "ok", found.cut, len(found.values), 0)
    ]  # fmt: skip
    readings: list[tuple[str, tuple[Value, ...]]] = [(RULES, found.values)]
    for model, prompt, status, answer, reason in one.answers:
        extractor = f"llm {model}"
        values: tuple[Value, ...] = ()
        rejected = 0
        if status == "ok":
            try:
                values, dropped = _answered(answer, one)
                rejected = dropped
            except ValueError as error:  # of another shape than this version asks for
                status, reason = "invalid", str(error)
        extractions.append((extractor, prompt, status, reason or None, len(values), rejected))
        readings.append((extractor, values))
    judged = documentation(front, parts, found.values)
    return Reading(
        extractions, list(_chosen(readings)),
        (judged.state, judged.score, len(judged.met), len(judged.met) + len(judged.missing), " ".join(judged.met),
         " ".join(judged.missing), judged.placeholders, judged.words),
        [tuple(item) for item in activities(one.name, front, parts, found.values)] if one.is_newest else [],
    )  # fmt: skip


def _answered(answer: str, one: Card) -> tuple[tuple[Value, ...], int]:
    """The values of an answer whose quotes are in the card: in its body, or in its front matter."""
    parsed = orjson.loads(answer)
    body = read(parsed, one.body)
    values = [v._replace(start=(v.start or 0) + one.body_start, end=(v.end or 0) + one.body_start) for v in body.values]
    left = {(field, value) for field, value, reason in body.rejected if "quote" in reason}
    if left and one.front_matter:
        wanted = {"values": [item for item in parsed["values"] if (item["field"], item["value"].strip()) in left]}
        folded = _folded(one.front_matter)
        for item in wanted["values"]:
            words = _folded(item["quote"])
            if words and words in folded:
                for value in read({"values": [item]}, item["quote"]).values:
                    values.append(value._replace(start=None, end=None, path="front matter"))
    return tuple(values), len(parsed["values"]) - len(values)


def _folded(text: str) -> str:
    """Front matter is kept as JSON, cards are YAML: compare without marks."""
    return " ".join(
        "".join(c if c.isalnum() or c in ".:/+-_" else " " for c in text).replace(": ", " ").replace(":", " ").split()
    )


def _chosen(readings: list[tuple[str, tuple[Value, ...]]]) -> Iterator[tuple[Any, ...]]:
    """Rows of values. Of a field (and name) those of the rules are chosen if one of them is sure, else the others'."""
    sure = {
        (v.field, v.name)
        for extractor, values in readings
        for v in values
        if extractor == RULES and v.confidence >= SURE
    }
    others = {(v.field, v.name) for extractor, values in readings for v in values if extractor != RULES}
    for extractor, values in readings:
        for position, v in enumerate(values):
            key = (v.field, v.name)
            is_chosen = (extractor == RULES and (key in sure or key not in others)) or (
                extractor != RULES and key not in sure
            )
            yield (
                extractor, position, v.field, v.name, v.value, v.number, v.unit, v.role, v.dataset, v.split, v.raw,
                v.path, v.start, v.end, v.method, v.confidence, is_chosen,
            )  # fmt: skip


def _frames(batch: list[Card], read_ones: list[Reading]) -> Iterator[tuple[Table, pl.DataFrame]]:
    pairs = list(zip(batch, read_ones, strict=True))
    yield card_extraction, _frame(card_extraction, [(c.snapshot_id, *row) for c, r in pairs for row in r.extractions])
    yield card_value, _frame(card_value, [(c.snapshot_id, *row) for c, r in pairs for row in r.values])
    yield card_documentation, _frame(card_documentation, [(c.snapshot_id, *r.documentation) for c, r in pairs])
    yield (
        model_to_se_activity,
        _frame(model_to_se_activity, [(c.model_id, *row) for c, r in pairs for row in r.activities]),
    )


def _frame(table: Table, data: list[tuple[Any, ...]]) -> pl.DataFrame:
    types = {str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean}
    schema = {column.name: types[column.type.python_type] for column in table.columns}
    return pl.DataFrame(data, schema=schema, orient="row")
