"""A batch: parsed records with their line numbers and natural keys, and what could not be parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import polars as pl

from peatmoss.archive import Line, Shard, lines
from peatmoss.errors import RecordError

MAX_RECORDS = 20_000
MAX_BYTES = 128 * 2**20

REJECTS = {"line": pl.Int64, "field": pl.String, "key": pl.String, "reason": pl.String}


Reject = tuple[int, str, str | None, str]
"""(line, field, key, reason); field is empty if the record as a whole is rejected."""


class Batch(NamedTuple):
    """What was read of a shard.

    records: how many upstream records
    facts:   columns `line`, `key` and the facts; where a row stands for several records, also their number `records`
    rejects: REJECTS
    """

    records: int
    facts: pl.DataFrame
    rejects: pl.DataFrame


def line_batches(shard: Shard, max_records: int | None = None) -> Iterator[list[Line]]:
    """The lines of a JSONL shard in pieces bounded in number and in bytes."""
    piece: list[Line] = []
    size = 0
    for line in lines(shard):
        piece.append(line)
        size += line.size
        if len(piece) >= (max_records or MAX_RECORDS) or size >= MAX_BYTES:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def json_batch(
    piece: list[Line], schema: dict[str, Any], parse: Callable[[Line, list[Reject]], dict[str, Any]]
) -> Batch:
    """Parse each line to a row; `parse` raises RecordError, or notes the fields it could not use."""
    rows: list[dict[str, Any]] = []
    rejects: list[Reject] = []
    for line in piece:
        try:
            if line.record is None:
                raise RecordError(line.problem or "no record")
            rows.append(parse(line, rejects))
        except RecordError as error:
            rejects.append((line.number, "", error.key or (line.record.key if line.record else None), error.reason))
    return Batch(len(piece), pl.DataFrame(rows, schema=schema), rejects_frame(rejects))


def rejects_frame(rows: list[Reject]) -> pl.DataFrame:
    """(line, field, key, reason) rows as a frame."""
    return pl.DataFrame(rows, schema=REJECTS, orient="row")


def first_of_each(facts: pl.DataFrame, seen: list[pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keep the first record of each key within a shard; the others become rejects that name the first.

    seen: line and key of the batches before; this batch's are added.
    """
    keys = facts.select("line", "key")
    first = keys.unique("key", keep="first", maintain_order=True)
    repeated = [keys.join(earlier, on="key", suffix="_first") for earlier in (*seen, first)]
    again = pl.concat(repeated).filter(pl.col("line") != pl.col("line_first")).unique("line", keep="first").sort("line")
    for earlier in seen:
        first = first.join(earlier, on="key", how="anti", maintain_order="left")
    seen.append(first)
    rejects = again.select(
        "line", field=pl.lit(""), key="key", reason=pl.format("repeats line {} of this shard", "line_first")
    )
    return facts.join(again, on="line", how="anti", maintain_order="left"), rejects
