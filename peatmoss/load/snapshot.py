"""Snapshots: one model at one revision, its files, card, configurations, license texts and tensor headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from peatmoss.archive import Line, Shard
from peatmoss.db import Ingest
from peatmoss.load.batch import Batch, Reject, json_batch, line_batches
from peatmoss.load.fingerprint import write_fingerprints
from peatmoss.load.hub import bare_models, hub_id, write_gone
from peatmoss.load.listing import gone_row
from peatmoss.parse import snapshot as parse
from peatmoss.parse.card import card as parse_card
from peatmoss.parse.hub import UTC_TIME
from peatmoss.schema import hub as tables

MAX_RECORDS = 2_000
"""Of one batch: a snapshot is a large record."""
_SCHEMA = {"line": pl.Int64, "key": pl.String, "status": pl.Int64, "moved_to": pl.String, **parse.FACTS}
_PARTS = ("card", "skipped", "files", "configs", "licenses", "headers")


def snapshot_batches(shard: Shard) -> Iterator[Batch]:
    """Snapshots of a JSONL shard."""
    for piece in line_batches(shard, MAX_RECORDS):
        yield json_batch(piece, _SCHEMA, _snapshot_row)


def _snapshot_row(line: Line, rejects: list[Reject]) -> dict[str, Any]:
    record = line.record
    assert record is not None  # noqa: S101
    if record.gone is not None:
        row = gone_row(line.number, record.key, record.gone)
        return {name: value for name, value in row.items() if name in _SCHEMA}
    facts, problems = parse.snapshot(record.data)
    name = facts["context_id"]
    rejects.extend((line.number, field, name, reason) for field, reason in problems)
    return {"line": line.number, "key": f"{name} {facts['sha']}", **facts}


def write_from_listing(sink: Ingest, shard: Shard, shard_id: int, part: pl.DataFrame, have: set[str]) -> None:
    """File lists and cards that come with a model record belong to its revision."""
    has_files = "files" in have and "files" in part.columns
    has_cards = "card" in part.columns
    if "sha" not in have or not (has_files or has_cards):
        return
    wanted = pl.lit(False)
    if has_files:
        wanted |= pl.col("files").is_not_null()
    if has_cards:
        wanted |= pl.col("card").is_not_null()
    part = part.filter(pl.col("sha").is_not_null() & wanted)
    snapshots = _upsert_snapshots(sink, shard, shard_id, part)
    part = part.with_columns(snapshot_id=snapshots["id"], change=snapshots["change"])
    if has_files:
        _write_files(sink, part)
    if has_cards:
        _write_cards(sink, part)


def _upsert_snapshots(sink: Ingest, shard: Shard, shard_id: int, part: pl.DataFrame) -> pl.DataFrame:
    said = ["skipped"] if "skipped" in part.columns else []
    rows = part.select(
        "model_id",
        *said,
        revision="sha",
        as_of=pl.lit(shard.as_of, UTC_TIME),
        shard_id=pl.lit(shard_id, pl.Int64),
    )
    return sink.upsert(tables.snapshot, rows, ("model_id", "revision"), keep=("as_of", "shard_id"))


def _write_files(sink: Ingest, part: pl.DataFrame) -> None:
    """Files of a revision never change, so only more detail is news: sizes where there were names."""
    long = (
        part.select("snapshot_id", "change", file="files")
        .explode("file", empty_as_null=False)
        .drop_nulls("file")
        .unnest("file")
    )
    detailed = long.filter(pl.col("size_bytes").is_not_null())["snapshot_id"].unique().implode()
    long = long.filter((pl.col("change") == "new") | pl.col("snapshot_id").is_in(detailed))
    known = long.filter(pl.col("change") != "new")["snapshot_id"].unique()
    files = long.drop("change").unique(["snapshot_id", "path"], keep="first")
    files = files.with_columns(kind=file_kind(pl.col("path")))
    sink.replace(tables.snapshot_file, "snapshot_id", known, files)


def file_kind(path: pl.Expr) -> pl.Expr:
    """What a file is, by its name."""
    name = path.str.to_lowercase().str.extract(r"([^/]*)$", 1)
    return (
        pl.when(name.str.contains(r"^(readme|model_card)(\.md|\.markdown|\.txt|\.rst)?$")).then(pl.lit("card"))
        .when(name.str.contains(r"^(licen[cs]e|notice|copying|use_policy|unlicense)([._-].*)?$")).then(pl.lit("license"))
        .when(name.str.contains(r"token|vocab|merges|sentencepiece|spiece|\.spm$|special_tokens")).then(pl.lit("tokenizer"))
        .when(name.str.contains(r"\.(safetensors|bin|pt|pth|ckpt|h5|hdf5|msgpack|onnx|gguf|ggml|pkl|pickle|joblib|tflite|pb|mlmodel|ot|npz|keras|model|nemo|zip|7z|whl|engine|caffemodel|params|pdparams|index|mar|llamafile)(\.\d+)?$|^variables\.data")).then(pl.lit("weights"))
        .when(name.str.contains(r"\.(json|ya?ml|toml|cfg|ini|config)$")).then(pl.lit("config"))
        .when(name.str.contains(r"\.(py|ipynb|sh|c|cc|cpp|h|js|ts|rs|go|java|jl|r|lua)$|^(dockerfile|makefile)$|^requirements.*\.txt$")).then(pl.lit("code"))
        .when(name.str.contains(r"\.(csv|tsv|jsonl|parquet|arrow|txt|npy|wav|mp3|flac|png|jpe?g|gif|mp4)$")).then(pl.lit("data"))
        .otherwise(pl.lit("other"))
    )  # fmt: skip


def _write_cards(sink: Ingest, part: pl.DataFrame) -> None:
    with_card = part.drop_nulls("card")
    if not with_card.height:
        return
    cards = [parse_card(text) for text in with_card["card"]]
    rows = pl.DataFrame(
        {
            "snapshot_id": with_card["snapshot_id"],
            "front_matter": [c.front_matter for c in cards],
            "front_matter_status": [c.status for c in cards],
            "body": [c.body for c in cards],
            "sha256": [c.sha256 for c in cards],
            "size_bytes": [c.size_bytes for c in cards],
            "body_start": [c.body_start for c in cards],
        },
        schema_overrides={"front_matter": pl.String, "size_bytes": pl.Int64},
    )
    sink.replace(tables.card, "snapshot_id", with_card.filter(pl.col("change") != "new")["snapshot_id"], rows)


def write_snapshots(sink: Ingest, shard: Shard, shard_id: int, facts: pl.DataFrame) -> None:
    """One batch of snapshots; a model that no listing named gets a bare row."""
    gone = facts.filter(pl.col("status").is_not_null())
    if gone.height:
        write_gone(sink, shard, shard_id, hub_id(sink, shard), gone)
    facts = facts.filter(pl.col("status").is_null())
    models = bare_models(sink, shard, shard_id, facts["context_id"])
    part = facts.join(models, on="context_id", maintain_order="left")
    is_bare = pl.all_horizontal(pl.col(*_PARTS).is_null())
    _upsert_snapshots(sink, shard, shard_id, part.filter(is_bare).drop("skipped"))  # still at a revision we have
    part = part.filter(~is_bare)
    snapshots = _upsert_snapshots(sink, shard, shard_id, part)
    part = part.with_columns(snapshot_id=snapshots["id"], change=snapshots["change"])
    _write_files(sink, part)
    _write_cards(sink, part)
    for table, column in ((tables.config_file, "configs"), (tables.license_text, "licenses")):
        said = part.drop_nulls(column)
        known = said.filter(pl.col("change") != "new")["snapshot_id"]
        sink.replace(table, "snapshot_id", known, _long(said, column))
    _write_headers(sink, part.drop_nulls("headers"))
    write_fingerprints(sink, part.drop_nulls("headers"))


def _long(part: pl.DataFrame, column: str) -> pl.DataFrame:
    """One row per item of a list of structs."""
    long = part.select("snapshot_id", column).explode(column, empty_as_null=False).drop_nulls(column)
    return long.unnest(column).unique(["snapshot_id", "path"], keep="first", maintain_order=True)


def _write_headers(sink: Ingest, part: pl.DataFrame) -> None:
    """Tensors of each weight file, and how many there are of each number format."""
    known = part.filter(pl.col("change") != "new")["snapshot_id"]
    long = _long(part, "headers")
    sink.replace(tables.tensor_header, "snapshot_id", known, long.drop("dtypes"))
    summary = long.select("snapshot_id", "path", "format", "dtypes").explode("dtypes", empty_as_null=False)
    sink.replace(tables.tensor_summary, "snapshot_id", known, summary.drop_nulls("dtypes").unnest("dtypes"))
