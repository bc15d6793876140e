"""Reading model shards: JSON records, Parquet and CSV dumps -> batches of facts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import polars as pl

from peatmoss.archive import Line, Shard, csv_rows
from peatmoss.errors import RecordError, SourceError
from peatmoss.load.batch import Batch, Reject, json_batch, line_batches, rejects_frame
from peatmoss.parse import hub as parse
from peatmoss.parse.hub_columns import model_frame

BATCH_ROWS = 200_000
_SCHEMA = {
    "line": pl.Int64,
    "key": pl.String,
    "carried": pl.String,
    "status": pl.Int64,
    "moved_to": pl.String,
    "card": pl.String,
}
_COLUMNAR = {"id", *parse.FIELDS} - {"siblings", "cardData", "securityRepoStatus", "model-index", "evalResults"}
"""What Parquet is read for: a file list without a revision belongs to no snapshot, card data repeats the tags."""
_GONE = {301, 307, 308, 401, 403, 404, 410, 451}
"""Answers that speak of the model; others speak of the hub."""


def model_batches(shard: Shard) -> Iterator[Batch]:
    """The models of a shard, whatever its format."""
    if shard.format == "parquet":
        yield from _parquet_batches(shard)
    elif shard.format == "csv":
        yield from _csv_batches(shard)
    else:
        asked = parse.canonical(shard.fields)
        for piece in line_batches(shard):
            yield json_batch(piece, _SCHEMA | parse.FACTS, partial(_json_row, asked=asked))


def _json_row(line: Line, rejects: list[Reject], asked: set[str]) -> dict[str, Any]:
    record = line.record
    assert record is not None  # noqa: S101
    if record.gone is not None:
        return gone_row(line.number, record.key, record.gone)
    if not isinstance(record.data, dict):
        raise RecordError("data is not an object", record.key)
    fields, card = parse.unwrap(record.data)
    facts, problems = parse.model(fields)
    name = facts["context_id"]
    rejects.extend((line.number, field, name, reason) for field, reason in problems)
    carried = set(parse.carried(set(fields), asked)) - {field for field, _ in problems}
    return {"line": line.number, "key": name, "carried": " ".join(sorted(carried)), "card": card, **facts}


def gone_row(line: int, key: str, gone: dict[str, Any]) -> dict[str, Any]:
    """The row of a subject that the hub does not have (any more) under this name."""
    name, moved, status = parse.check_name(key), gone.get("moved_to"), gone.get("status")
    if not isinstance(status, int):
        raise RecordError("gone without an HTTP status", name)
    if status not in _GONE:
        raise RecordError(f"nothing known of it: the hub answered {status}", name)
    moved_to = None if moved is None else parse.check_name(moved)
    return {"line": line, "key": name, "context_id": name, "carried": "", "status": status, "moved_to": moved_to}


def _columnar_batch(frame: pl.DataFrame, columns: Mapping[str, str], separator: str, first_line: int) -> Batch:
    facts = model_frame(frame, columns, separator).with_row_index("line", offset=first_line).cast({"line": pl.Int64})
    name = pl.col("context_id")
    reason = (
        pl.when(name.is_null() | (name.str.strip_chars() == "")).then(pl.lit("no model id"))
        .when(name.str.len_chars() > parse.MAX_NAME).then(pl.format("model id of {} characters", name.str.len_chars()))
        .when(name.str.contains(r"[\x00-\x1f\x7f]")).then(pl.lit("control character in the model id"))
    )  # fmt: skip
    facts = facts.with_columns(_reason=reason)
    bad = facts.filter(pl.col("_reason").is_not_null())
    facts = facts.filter(pl.col("_reason").is_null())
    wrong = (
        facts.select("line", "context_id", field="_problem").explode("field", empty_as_null=False).drop_nulls("field")
    )
    rejects = pl.concat([
        bad.select("line", field=pl.lit(""), key="context_id", reason="_reason"),
        wrong.select("line", "field", key="context_id", reason=pl.lit("wrong type or out of range")),
    ])  # fmt: skip
    carried = " ".join(sorted(set(columns) & parse.FIELDS.keys()))
    return Batch(
        frame.height,
        facts.with_columns(key="context_id", carried=pl.lit(carried), status=pl.lit(None, pl.Int64)).drop(
            "_problem", "_reason"
        ),
        rejects,
    )


def _parquet_batches(shard: Shard) -> Iterator[Batch]:
    try:
        scan = pl.scan_parquet(shard.path, glob=False)
        columns = {parse.ALIASES.get(name, name): name for name in scan.collect_schema().names()}
        columns = {api: name for api, name in columns.items() if api in _COLUMNAR}
        scan = scan.select(columns.values())
        for first in range(0, shard.records, BATCH_ROWS):
            yield _columnar_batch(scan.slice(first, BATCH_ROWS).collect(), columns, " ", first + 1)
    except pl.exceptions.PolarsError as error:
        raise SourceError(f"cannot read {shard.path}: {error}") from error


def _csv_batches(shard: Shard) -> Iterator[Batch]:
    rows = csv_rows(shard.path)
    header = next(rows, [])
    numbered = enumerate(rows, start=1)
    while piece := list(itertools.islice(numbered, BATCH_ROWS)):
        yield _csv_batch(header, piece, shard)


def _csv_batch(header: list[str], piece: list[tuple[int, list[str]]], shard: Shard) -> Batch:
    rejects: list[Reject] = []
    cells: list[list[str | None]] = []
    for number, row in piece:
        if len(row) == len(header):
            cells.append([value or None for value in row])
        else:
            cells.append([None] * len(header))
            rejects.append((number, "", row[0], f"{len(row)} columns instead of {len(header)}"))
    frame = pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String), orient="row")
    separator = str(shard.source.get("tags_separator", " "))
    batch = _columnar_batch(frame, shard.columns, separator, piece[0][0])
    ragged = rejects_frame(rejects)
    return Batch(batch.records, batch.facts, pl.concat([batch.rejects.join(ragged, on="line", how="anti"), ragged]))
