"""Tensor headers of a batch of snapshots -> architecture_fingerprint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from peatmoss.db import Ingest
from peatmoss.parse.fingerprint import fingerprint
from peatmoss.parse.header import unfold
from peatmoss.schema.names import architecture_fingerprint

_SCHEMA = {
    "snapshot_id": pl.Int64, "format": pl.String, "f0": pl.String, "f1": pl.String, "f2": pl.String, "f3": pl.String,
    "tensor_count": pl.Int64, "parameter_count": pl.Int64, "dtypes": pl.String, "layer_count": pl.Int64,
    "hidden_size": pl.Int64,
    "vocabulary_size": pl.Int64, "expert_count": pl.Int64, "is_adapter": pl.Boolean,
    "gguf_architecture": pl.String, "shapes": pl.String,
}  # fmt: skip


def write_fingerprints(sink: Ingest, part: pl.DataFrame) -> None:
    """Fingerprints of the snapshots whose headers came with this batch; those of known snapshots are replaced.

    part: snapshot_id, change, headers (list of path, format, tensors), configs (list of path, content)
    """
    known = part.filter(pl.col("change") != "new")["snapshot_id"]
    rows = [row for record in part.iter_rows(named=True) if (row := _row(record))]
    sink.replace(architecture_fingerprint, "snapshot_id", known, pl.DataFrame(rows, schema=_SCHEMA, orient="row"))


def _row(record: Mapping[str, Any]) -> tuple[Any, ...] | None:
    headers = {
        head["path"]: {
            "format": head["format"],
            "tensors": unfold(head["tensors"]),
            "metadata": json.loads(head["metadata"] or "{}"),
        }
        for head in record["headers"] or ()
        if head["tensors"] is not None
    }
    config = next(
        (each["content"] for each in record["configs"] or () if each["path"] == "config.json" and each["content"]), None
    )
    body = json.loads(config) if config else {}
    found = fingerprint(headers, body if isinstance(body, dict) else {})
    if found is None:
        return None
    return (
        record["snapshot_id"], found.format, found.f0, found.f1, found.f2, found.f3, found.tensor_count,
        found.parameters,
        json.dumps(found.dtypes), found.layers, found.hidden_size, found.vocabulary, found.experts, found.is_adapter,
        found.gguf_architecture,
        json.dumps(found.shapes),
    )  # fmt: skip
