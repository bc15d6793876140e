"""Answers of language models -> llm_answer. What is in them is checked where it is read, not here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import polars as pl

from peatmoss.archive import Line, Shard
from peatmoss.db import Ingest
from peatmoss.errors import RecordError
from peatmoss.load.batch import Batch, Reject, json_batch, line_batches
from peatmoss.parse.text import clean
from peatmoss.schema.cards import ANSWER_STATUSES, llm_answer

_SCHEMA = {
    "line": pl.Int64, "key": pl.String, "prompt": pl.String, "prompt_sha256": pl.String, "subject": pl.String,
    "subject_sha256": pl.String, "model": pl.String, "status": pl.String, "reason": pl.String, "answer": pl.String,
    "tokens_in": pl.Int64, "tokens_out": pl.Int64, "cost": pl.Float64,
}  # fmt: skip
_NAMES = ("prompt", "prompt_sha256", "subject", "subject_sha256", "model")


def answer_batches(shard: Shard) -> Iterator[Batch]:
    """The answers of a shard of kind llm_answer."""
    for piece in line_batches(shard):
        yield json_batch(piece, _SCHEMA, _row)


def _row(line: Line, _: list[Reject]) -> dict[str, Any]:
    assert line.record is not None  # noqa: S101
    key, data = line.record.key, line.record.data
    if not isinstance(data, dict):
        raise RecordError("data is not an object", key)
    if missing := [name for name in _NAMES if not isinstance(data.get(name), str)]:
        raise RecordError(f"no {missing[0]}", key)
    if data.get("status") not in ANSWER_STATUSES:
        raise RecordError(f"status {data.get('status')!r}", key)
    given = data.get("usage")
    usage = given if isinstance(given, dict) else {}
    counts = {name: usage.get(name) if isinstance(usage.get(name), int) else 0 for name in ("tokens_in", "tokens_out")}
    is_ok = data["status"] == "ok"
    return {
        "line": line.number, "key": key, **{name: clean(data[name]) for name in _NAMES}, "status": data["status"],
        "reason": None if is_ok else clean(str(data.get("reason") or "not said")),
        "answer": orjson.dumps(data.get("answer")).decode().replace("\\u0000", "\ufffd") if is_ok else None,
        "cost": float(data["cost"]) if isinstance(data.get("cost"), int | float) else 0.0, **counts,
    }  # fmt: skip


def write_answers(sink: Ingest, shard: Shard, shard_id: int, facts: pl.DataFrame) -> None:  # noqa: ARG001
    """One batch of answers; a later answer to the same question replaces an earlier one (which had failed)."""
    frame = facts.drop("line").rename({"key": "answer_key"}).with_columns(shard_id=pl.lit(shard_id, pl.Int64))
    sink.upsert(llm_answer, frame, ("answer_key",))
