"""Snapshots: one model at one revision, its files and its card."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import polars as pl

from peatmoss.archive import Line, Shard
from peatmoss.db import Ingest
from peatmoss.errors import RecordError
from peatmoss.load.batch import Batch, Reject, json_batch, line_batches
from peatmoss.load.hub import hub_id, page, upsert_models
from peatmoss.parse import hub as parse
from peatmoss.parse.card import card as parse_card
from peatmoss.schema import hub as tables

_SCHEMA = {"line": pl.Int64, "key": pl.String, "context_id": pl.String, "sha": pl.String, "card": pl.String}


def snapshot_batches(shard: Shard) -> Iterator[Batch]:
    """Snapshots of a JSONL shard: ``{"modelId", "sha", "readme"}``."""
    for piece in line_batches(shard):
        yield json_batch(piece, _SCHEMA, _snapshot_row)


def _snapshot_row(line: Line, _: list[Reject]) -> dict[str, Any]:
    assert line.record is not None  # noqa: S101
    if not isinstance(line.record.data, dict):
        raise RecordError("data is not an object")
    data = line.record.data
    name = parse.check_name(data.get("modelId") or data.get("id"))
    sha, card = data.get("sha"), data.get("readme")
    if not isinstance(sha, str) or not re.fullmatch(r"[0-9a-f]{7,64}", sha):
        raise RecordError("no revision", name)
    if card is not None and not isinstance(card, str):
        raise RecordError("card is not a text", name)
    return {"line": line.number, "key": f"{name} {sha}", "context_id": name, "sha": sha, "card": card}


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
    rows = part.select(
        "model_id",
        revision="sha",
        as_of=pl.lit(shard.as_of, parse.UTC_TIME),
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
    files = (
        long.drop("change").unique(["snapshot_id", "path"], keep="first").with_columns(kind=file_kind(pl.col("path")))
    )
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
        },
        schema_overrides={"front_matter": pl.String, "size_bytes": pl.Int64},
    )
    sink.replace(tables.card, "snapshot_id", with_card.filter(pl.col("change") != "new")["snapshot_id"], rows)


def write_snapshots(sink: Ingest, shard: Shard, shard_id: int, facts: pl.DataFrame) -> None:
    """One batch of snapshots; a model that no listing named gets a bare row."""
    hub = hub_id(sink, shard)
    rows = (
        facts.select("context_id")
        .unique(maintain_order=True)
        .with_columns(model_hub_id=pl.lit(hub, pl.Int64), repo_url=page(shard), shard_id=pl.lit(shard_id, pl.Int64))
    )
    models = upsert_models(sink, rows, keep=("repo_url", "shard_id"))
    part = facts.join(models.select("context_id", model_id="id"), on="context_id", maintain_order="left")
    snapshots = _upsert_snapshots(sink, shard, shard_id, part)
    _write_cards(sink, part.with_columns(snapshot_id=snapshots["id"], change=snapshots["change"]))
