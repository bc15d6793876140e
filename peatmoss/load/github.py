"""GitHub records -> reuse_repository, its topics, its license, renames."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from peatmoss.archive import Line, Shard
from peatmoss.db import Ingest
from peatmoss.errors import RecordError
from peatmoss.load.batch import Batch, Reject, json_batch, line_batches
from peatmoss.parse import github as parse
from peatmoss.schema import github as tables
from peatmoss.schema import hub

UTC_TIME = pl.Datetime("us", "UTC")
HOST = "github.com"
_TYPES: dict[str, Any] = {
    c.name: UTC_TIME if c.name.endswith("_at") else pl.Boolean if c.name.startswith("is_") else pl.String
    for c in tables.reuse_repository.columns
    if c.name not in ("id", "host", "shard_id", "gone_at", "gone_reason")
} | dict.fromkeys(("github_id", "stars", "forks", "open_issues", "size_bytes"), pl.Int64)  # fmt: skip
_SCHEMA = (
    {"line": pl.Int64, "key": pl.String, "status": pl.Int64, "moved_to": pl.String}
    | _TYPES
    | {"topics": pl.List(pl.String)}
)


def bare_repositories(sink: Ingest, names: pl.DataFrame, shard_id: int) -> pl.DataFrame:
    """Ids of repositories by `name` (owner/name), as `reuse_repository_id`; one that nothing else named gets a row."""
    bare = names.select(
        host=pl.lit(HOST), owner=pl.col("name").str.extract("^([^/]+)/"), name=pl.col("name").str.extract("/(.+)$"),
        url=pl.format("https://{}/{}", pl.lit(HOST), "name"), shard_id=pl.lit(shard_id, pl.Int64),
    )  # fmt: skip
    found = sink.upsert(tables.reuse_repository, bare, ("host", "owner", "name"), keep=("url", "shard_id"))
    return names.with_columns(reuse_repository_id=found["id"])


def repo_batches(shard: Shard) -> Iterator[Batch]:
    """The repositories of a JSONL shard, in the shape of GitHub's REST API."""
    for piece in line_batches(shard):
        yield json_batch(piece, _SCHEMA, _repo_row)


def _repo_row(line: Line, _: list[Reject]) -> dict[str, Any]:
    record = line.record
    assert record is not None  # noqa: S101
    if record.gone is not None:
        owner, name = parse.repository_name(record.key)
        moved = record.gone.get("moved_to")
        if moved is not None:
            parse.repository_name(moved)
        return {"line": line.number, "key": record.key, "owner": owner, "name": name, "moved_to": moved,
                "url": f"https://{HOST}/{owner}/{name}", "status": record.gone.get("status")}  # fmt: skip
    if not isinstance(record.data, dict):
        raise RecordError("data is not an object", record.key)
    facts = parse.repo(record.data)
    return {"line": line.number, "key": f"{facts['owner']}/{facts['name']}", **facts}


def write_repos(sink: Ingest, shard: Shard, shard_id: int, facts: pl.DataFrame) -> None:
    """One batch of repositories."""
    provenance = {"host": pl.lit(HOST), "shard_id": pl.lit(shard_id, pl.Int64)}
    natural = ("host", "owner", "name")
    as_of = pl.lit(shard.as_of, UTC_TIME)
    live = facts.filter(pl.col("status").is_null())
    rows = live.select(*_TYPES, **provenance, gone_at=pl.lit(None, UTC_TIME), gone_reason=pl.lit(None, pl.String))
    repos = sink.upsert(tables.reuse_repository, rows, natural)
    live = live.with_columns(reuse_repository_id=repos["id"], change=repos["change"])
    known = live.filter(pl.col("change") != "new")["reuse_repository_id"]
    topics = (
        live.select("reuse_repository_id", topic="topics").explode("topic", empty_as_null=False).drop_nulls("topic")
    )
    sink.replace(tables.repository_topic, "reuse_repository_id", known, topics)
    named = live.select("reuse_repository_id", raw="license_key").drop_nulls("raw")
    licenses = named.join(sink.intern(hub.license, named["raw"]), on="raw").select(
        "reuse_repository_id", license_id="id"
    )
    sink.replace(tables.reuse_repository_to_license, "reuse_repository_id", known, licenses)
    already = sink.read(tables.reuse_repository, "SELECT owner, name FROM reuse_repository WHERE gone_at IS NOT NULL")
    gone = facts.filter(pl.col("status").is_not_null()).join(
        already, on=["owner", "name"], how="anti", maintain_order="left"
    )
    reason = (
        pl.when(pl.col("moved_to").is_not_null()).then(pl.lit("renamed")).otherwise(pl.col("status").cast(pl.String))
    )
    sink.upsert(
        tables.reuse_repository,
        gone.select("owner", "name", "url", **provenance, gone_at=as_of, gone_reason=reason),
        natural,
    )
    moved = gone.drop_nulls("moved_to").select(**provenance, old_name="key", new_name="moved_to", as_of=as_of)
    sink.upsert(tables.repository_rename, moved, ("host", "old_name"), keep=("as_of",))


def search_batches(shard: Shard) -> Iterator[Batch]:
    """What searches and lists found, one record an answer."""
    schema = {"line": pl.Int64, "key": pl.String, "query": pl.String, "names": pl.List(pl.String)}

    def row(line: Line, _: list[Reject]) -> dict[str, Any]:
        record = line.record
        assert record is not None  # noqa: S101
        if record.gone is not None:
            raise RecordError(f"nothing found: the answer was {record.gone.get('status', 'none')}", record.key)
        query, names = parse.search(record.data)
        return {"line": line.number, "key": query, "query": query, "names": names}

    for piece in line_batches(shard):
        yield json_batch(piece, schema, row)


def write_searches(sink: Ingest, shard: Shard, shard_id: int, facts: pl.DataFrame) -> None:
    """Which query found which repository; one that nothing else named gets a bare row."""
    found = facts.select("query", name="names").explode("name", empty_as_null=False).drop_nulls("name")
    found = found.unique(maintain_order=True)
    ids = bare_repositories(sink, found.select("name").unique(maintain_order=True), shard_id)
    rows = found.join(ids, on="name", maintain_order="left").select(
        "reuse_repository_id", "query", as_of=pl.lit(shard.as_of, UTC_TIME), shard_id=pl.lit(shard_id, pl.Int64)
    )
    sink.upsert(tables.repository_discovery, rows, ("reuse_repository_id", "query", "as_of"))
