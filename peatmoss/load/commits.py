"""Commits of models (hub) and of repositories -> hf_commit, github_commit, their authors and files.

A commit never changes: what an earlier shard said of it stays, a later one only adds what was not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
from sqlalchemy import Table

from peatmoss.archive import Line, Shard
from peatmoss.db import Ingest
from peatmoss.errors import RecordError
from peatmoss.load.batch import Batch, Reject, json_batch, line_batches
from peatmoss.load.github import UTC_TIME, bare_repositories
from peatmoss.load.hub import bare_models
from peatmoss.parse import commits as parse
from peatmoss.schema import github, hub

_FILE = pl.Struct({"path": pl.String, "change": pl.String, "additions": pl.Int64, "deletions": pl.Int64})
_HUB_COMMIT = {
    "sha": pl.String, "created_at": UTC_TIME, "title": pl.String, "message": pl.String, "authors": pl.List(pl.String),
    "files": pl.List(_FILE),
}  # fmt: skip
_REPO_COMMIT = {
    "sha": pl.String, "authored_date": UTC_TIME, "committed_date": UTC_TIME, "message_headline": pl.String,
    "message_body": pl.String, "is_merge": pl.Boolean, "authors": pl.List(pl.String), "files": pl.List(_FILE),
}  # fmt: skip


def hub_commit_batches(shard: Shard) -> Iterator[Batch]:
    """The commits of models, one record a model (or a page of its commits): ``{"modelId", "commits"}``."""
    return _batches(shard, _HUB_COMMIT, parse.hub_commits)


def repo_commit_batches(shard: Shard) -> Iterator[Batch]:
    """The commits of repositories, one record a repository (or a page): ``{"full_name", "commits"}``."""
    return _batches(shard, _REPO_COMMIT, parse.repo_commits)


def _batches(shard: Shard, commit: dict[str, Any], parse_record: Callable[[Any], parse.Commits]) -> Iterator[Batch]:
    schema = {"line": pl.Int64, "key": pl.String, "name": pl.String, "commits": pl.List(pl.Struct(commit))}

    def row(line: Line, rejects: list[Reject]) -> dict[str, Any]:
        assert line.record is not None  # noqa: S101
        if line.record.gone is not None:
            raise RecordError(f"no commits: the answer was {line.record.gone.get('status', 'none')}", line.record.key)
        name, commits, problems = parse_record(line.record.data)
        rejects.extend((line.number, field, name, reason) for field, reason in problems)
        first = commits[0]["sha"] if commits else ""
        return {"line": line.number, "key": f"{name} {first}".strip(), "name": name, "commits": commits}

    for piece in line_batches(shard):
        yield json_batch(piece, schema, row)


def write_hub_commits(sink: Ingest, shard: Shard, shard_id: int, facts: pl.DataFrame) -> None:
    """One batch of commits on the hub; a model that no listing named gets a bare row."""
    models = bare_models(sink, shard, shard_id, facts["name"]).rename({"context_id": "name"})
    commits = _each(facts.join(models, on="name", maintain_order="left"), "model_id").rename({"sha": "commit_id"})
    commits = _upsert(sink, hub.hf_commit, commits, ("model_id", "commit_id"), shard_id)
    _write_authors(sink, hub.hf_commit_to_author, hub.author, commits)
    _write_files(sink, hub.hf_commit_file, commits)


def write_repo_commits(sink: Ingest, _: Shard, shard_id: int, facts: pl.DataFrame) -> None:
    """One batch of commits on GitHub; a repository that nothing else named gets a bare row."""
    repos = bare_repositories(sink, facts.select("name").unique(maintain_order=True), shard_id)
    commits = _each(facts.join(repos, on="name", maintain_order="left"), "reuse_repository_id").rename({"sha": "oid"})
    commits = _upsert(sink, github.github_commit, commits, ("reuse_repository_id", "oid"), shard_id)
    _write_authors(sink, github.commit_to_author, github.github_user, commits)
    _write_files(sink, github.github_commit_file, commits)


def _each(facts: pl.DataFrame, owner: str) -> pl.DataFrame:
    """One row per commit of an owner."""
    long = facts.select(owner, commit="commits").explode("commit", empty_as_null=False).drop_nulls("commit")
    return long.unnest("commit").unique([owner, "sha"], keep="first", maintain_order=True)


def _upsert(sink: Ingest, table: Table, commits: pl.DataFrame, key: tuple[str, str], shard_id: int) -> pl.DataFrame:
    """Commits by their natural key, with the columns `id` and `change`; what is not said erases nothing."""
    optional = [c for c in commits.columns if c in table.c and c not in key]
    said = pl.struct(pl.col(c).is_not_null() for c in optional)
    parts = []
    for part in commits.with_columns(said=said).partition_by("said", maintain_order=True):
        columns = [c for c, is_said in part["said"][0].items() if is_said]
        rows = part.select(*key, *columns, shard_id=pl.lit(shard_id, pl.Int64))
        written = sink.upsert(table, rows, key)
        parts.append(part.drop("said").with_columns(id=written["id"], change=written["change"]))
    return pl.concat(parts) if parts else commits.with_columns(id=pl.lit(None, pl.Int64), change=pl.lit(""))


def _write_authors(sink: Ingest, junction: Table, accounts: Table, commits: pl.DataFrame) -> None:
    commit_id, account_id = (column.name for column in junction.primary_key)
    commits = commits.filter(pl.col("authors").is_not_null())
    known = commits.filter(pl.col("change") != "new")["id"]
    long = commits.select("id", name="authors").explode("name", empty_as_null=False).drop_nulls("name")
    column = "login" if "login" in accounts.c else "name"
    names = long.select(pl.col("name").alias(column)).unique().sort(column)
    ids = sink.intern(accounts, names["name"]) if column == "name" else sink.upsert(accounts, names, ("login",))
    ids = ids.select(pl.col("raw" if column == "name" else column).alias("name"), pl.col("id").alias(account_id))
    links = long.join(ids, on="name").select(pl.col("id").alias(commit_id), account_id)
    sink.replace(junction, commit_id, known, links)


def _write_files(sink: Ingest, table: Table, commits: pl.DataFrame) -> None:
    """The files of commits; a list of commits without their files leaves the known files alone."""
    commits = commits.filter(pl.col("files").is_not_null())
    known = commits.filter(pl.col("change") != "new")["id"]
    commit_id = table.primary_key.columns[0].name
    long = commits.select(pl.col("id").alias(commit_id), file="files").explode("file", empty_as_null=False)
    files = long.drop_nulls("file").unnest("file")
    sink.replace(table, commit_id, known, files.select(column for column in files.columns if column in table.c))
