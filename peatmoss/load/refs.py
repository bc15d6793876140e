"""Branches, tags and pull requests of models on the hub -> hf_git_ref."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from peatmoss.archive import Line, Shard
from peatmoss.db import Ingest
from peatmoss.load.batch import Batch, Reject, json_batch, line_batches
from peatmoss.load.hub import bare_models
from peatmoss.parse import hub_pages as parse
from peatmoss.schema import hub as tables

_REF = pl.Struct({"kind": pl.String, "name": pl.String, "ref": pl.String, "target_commit": pl.String})
_SCHEMA = {"line": pl.Int64, "key": pl.String, "context_id": pl.String, "refs": pl.List(_REF)}


def ref_batches(shard: Shard) -> Iterator[Batch]:
    """The refs of models, one record a model: ``{"modelId", "branches", "tags", "converts", "pullRequests"}``."""

    def row(line: Line, rejects: list[Reject]) -> dict[str, Any]:
        name, refs, problems = parse.refs(parse.present(line.record))
        rejects.extend((line.number, field, name, reason) for field, reason in problems)
        return {"line": line.number, "key": name, "context_id": name, "refs": refs}

    for piece in line_batches(shard):
        yield json_batch(piece, _SCHEMA, row)


def write_refs(sink: Ingest, shard: Shard, shard_id: int, facts: pl.DataFrame) -> None:
    """One batch: the refs of a model become those of the record, and no others."""
    facts = facts.join(bare_models(sink, shard, shard_id, facts["context_id"]), on="context_id", maintain_order="left")
    long = facts.select("model_id", ref="refs").explode("ref", empty_as_null=False).drop_nulls("ref").unnest("ref")
    rows = long.unique(["model_id", "ref"], keep="first", maintain_order=True)
    written = sink.upsert(
        tables.hf_git_ref, rows.with_columns(shard_id=pl.lit(shard_id, pl.Int64)), ("model_id", "ref")
    )
    sink.stage("stage_ref_owner", facts.select("model_id").unique())
    old = sink.read(
        tables.hf_git_ref,
        "SELECT r.id FROM stage_ref_owner s CROSS JOIN hf_git_ref r WHERE r.model_id = s.model_id",
    )
    sink.delete(tables.hf_git_ref, old.join(written, on="id", how="anti").select("id"))
