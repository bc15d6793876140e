"""Datasets as the hub describes them -> dataset and its licenses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from peatmoss.archive import Line, Shard
from peatmoss.db import Ingest
from peatmoss.errors import RecordError
from peatmoss.load.batch import Batch, Reject, json_batch, line_batches
from peatmoss.load.listing import gone_row
from peatmoss.parse import hub as parse
from peatmoss.schema import hub as tables

COLUMNS = (
    "sha", "downloads", "downloads_all_time", "likes", "gated", "is_disabled", "created_at", "last_modified_at",
    "storage_bytes",
)  # fmt: skip
_SCHEMA = {"line": pl.Int64, "key": pl.String, "status": pl.Int64, "moved_to": pl.String} | {
    name: parse.FACTS[name] for name in ("context_id", "tags", *COLUMNS)
}


def dataset_batches(shard: Shard) -> Iterator[Batch]:
    """Datasets, one record each in the shape of the Hub's API; fields that are no facts of datasets are passed over."""

    def row(line: Line, rejects: list[Reject]) -> dict[str, Any]:
        record = line.record
        assert record is not None  # noqa: S101
        if record.gone is not None:
            found = gone_row(line.number, record.key, record.gone)
            return {name: value for name, value in found.items() if name in _SCHEMA}
        if not isinstance(record.data, dict):
            raise RecordError("data is not an object", record.key)
        facts, problems = parse.model(parse.unwrap(record.data)[0])
        name = facts["context_id"]
        rejects.extend((line.number, field, name, reason) for field, reason in problems)
        return {"line": line.number, "key": name} | {name: facts.get(name) for name in ("context_id", "tags", *COLUMNS)}

    for piece in line_batches(shard):
        yield json_batch(piece, _SCHEMA, row)


def write_datasets(sink: Ingest, shard: Shard, shard_id: int, facts: pl.DataFrame) -> None:
    """One batch. What a record does not say stays as it is."""
    provenance = {"shard_id": pl.lit(shard_id, pl.Int64)}
    page = pl.format("{}/datasets/{}", pl.lit(shard.hub_url.rstrip("/")), "name")
    live = facts.filter(pl.col("status").is_null()).rename({"context_id": "name"})
    said = pl.struct(pl.col(name).is_not_null() for name in COLUMNS)
    back = {
        "gone_at": pl.lit(None, parse.UTC_TIME), "gone_reason": pl.lit(None, pl.String),
        "renamed_to": pl.lit(None, pl.String),
    }  # fmt: skip
    for part in live.with_columns(said=said).partition_by("said", maintain_order=True):
        columns = [name for name, is_said in part["said"][0].items() if is_said]
        written = sink.upsert(tables.dataset, part.select("name", *columns, url=page, **back, **provenance), ("name",))
        tagged = part.with_columns(dataset_id=written["id"], change=written["change"]).filter(
            pl.col("tags").is_not_null()
        )
        _write_licenses(sink, tagged)
    gone = facts.filter(pl.col("status").is_not_null())
    moved_to = pl.col("moved_to")
    rows = gone.select(
        name="context_id", url=pl.format("{}/datasets/{}", pl.lit(shard.hub_url.rstrip("/")), "context_id"),
        renamed_to=moved_to, gone_at=pl.lit(shard.as_of, parse.UTC_TIME),
        gone_reason=pl.when(moved_to.is_not_null()).then(pl.lit("renamed")).otherwise(pl.col("status").cast(pl.String)),
        **provenance,
    )  # fmt: skip
    known = sink.read(tables.dataset, "SELECT name FROM dataset WHERE gone_at IS NOT NULL")
    sink.upsert(tables.dataset, rows.join(known, on="name", how="anti", maintain_order="left"), ("name",))


def _write_licenses(sink: Ingest, part: pl.DataFrame) -> None:
    tags = part.select("dataset_id", tag="tags").explode("tag", empty_as_null=False).drop_nulls("tag")
    names = tags.select("dataset_id", name=pl.col("tag").str.extract(r"^license:(.+)$")).drop_nulls("name")
    ids = sink.intern(tables.license, names["name"]).select(name="raw", license_id="id")
    links = names.join(ids, on="name").select("dataset_id", "license_id").unique()
    sink.replace(tables.dataset_to_license, "dataset_id", part["dataset_id"], links)
