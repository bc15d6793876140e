"""Discussions and pull requests of models on the hub -> discussion, discussion_event. No e-mail address is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from peatmoss.archive import Line, Shard
from peatmoss.db import Ingest
from peatmoss.load import mentions
from peatmoss.load.batch import Batch, Reject, json_batch, line_batches
from peatmoss.load.hub import bare_models, page
from peatmoss.parse import hub_pages as parse
from peatmoss.parse.hub import UTC_TIME
from peatmoss.schema import hub as tables

_EVENT = pl.Struct({
    "event_id": pl.String, "type": pl.String, "created_at": UTC_TIME, "author": pl.String, "content": pl.String,
    "edited": pl.Boolean, "hidden": pl.Boolean, "new_status": pl.String, "summary": pl.String, "oid": pl.String,
    "old_title": pl.String, "new_title": pl.String,
})  # fmt: skip
_DISCUSSION: dict[str, Any] = {
    "num": pl.Int64, "title": pl.String, "status": pl.String, "is_pull_request": pl.Boolean, "created_at": UTC_TIME,
    "target_branch": pl.String, "merge_commit_oid": pl.String, "diff": pl.String, "author": pl.String,
    "events": pl.List(_EVENT),
}  # fmt: skip
_SCHEMA = {
    "line": pl.Int64, "key": pl.String, "context_id": pl.String, "discussions": pl.List(pl.Struct(_DISCUSSION)),
}  # fmt: skip


def discussion_batches(shard: Shard) -> Iterator[Batch]:
    """Discussions with their events, one or more a record: ``{"modelId", "discussions"}``."""

    def row(line: Line, rejects: list[Reject]) -> dict[str, Any]:
        name, found, problems = parse.discussions(parse.present(line.record))
        rejects.extend((line.number, field, name, reason) for field, reason in problems)
        first = found[0]["num"] if found else ""
        return {"line": line.number, "key": f"{name} {first}".strip(), "context_id": name, "discussions": found}

    for piece in line_batches(shard):
        yield json_batch(piece, _SCHEMA, row)


def write_discussions(sink: Ingest, shard: Shard, shard_id: int, facts: pl.DataFrame) -> None:
    """One batch; the events of a discussion become those of its record, and no others."""
    models = bare_models(sink, shard, shard_id, facts["context_id"])
    long = facts.join(models, on="context_id", maintain_order="left").select("model_id", one="discussions")
    rows = long.explode("one", empty_as_null=False).drop_nulls("one").unnest("one")
    rows = _with_author(sink, rows.unique(["model_id", "num"], keep="first", maintain_order=True))
    written = sink.upsert(
        tables.discussion,
        rows.drop("author", "events").with_columns(shard_id=pl.lit(shard_id, pl.Int64)),
        ("model_id", "num"),
    )
    events = rows.with_columns(discussion_id=written["id"]).select("discussion_id", event="events")
    events = events.explode("event", empty_as_null=False).drop_nulls("event").unnest("event")
    events = _with_author(sink, events.unique(["discussion_id", "event_id"], keep="first", maintain_order=True))
    kept = sink.upsert(tables.discussion_event, events.drop("author"), ("discussion_id", "event_id"))
    sink.stage("stage_discussion", written.select(discussion_id="id"))
    old = sink.read(
        tables.discussion_event,
        "SELECT e.id FROM stage_discussion s CROSS JOIN discussion_event e WHERE e.discussion_id = s.discussion_id",
    )
    sink.delete(tables.discussion_event, old.join(kept, on="id", how="anti").select("id"))
    mentions.write(sink, _texts(shard, models, rows.with_columns(discussion_id=written["id"]), events), "discussion_id")


def _texts(shard: Shard, models: pl.DataFrame, rows: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Titles and contents with their addresses; a model's own name is no mention of another."""
    pages = models.join(rows.select("model_id", "num", "discussion_id", "title"), on="model_id").with_columns(
        url=pl.format("{}/discussions/{}", page(shard), "num")
    )
    said = events.select("discussion_id", "event_id", text="content").drop_nulls("text")
    said = said.join(pages.select("discussion_id", "url", repository="context_id"), on="discussion_id")
    return pl.concat([
        pages.select("discussion_id", "url", text="title", repository="context_id").drop_nulls("text"),
        said.select("discussion_id", pl.format("{}#{}", "url", "event_id").alias("url"), "text", "repository"),
    ])  # fmt: skip


def _with_author(sink: Ingest, rows: pl.DataFrame) -> pl.DataFrame:
    ids = sink.intern(tables.author, rows["author"].drop_nulls()).select(author="raw", author_id="id")
    return rows.join(ids, on="author", how="left", maintain_order="left")
