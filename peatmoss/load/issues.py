"""Issues and pull requests -> their tables: people, labels, milestones, comments, reviews, files, mentions.

A later record of the same issue replaces what it lists (labels, comments, ...); what it does not list stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
from sqlalchemy import Table

from peatmoss.archive import Line, Shard
from peatmoss.db import Ingest
from peatmoss.errors import RecordError
from peatmoss.load import mentions
from peatmoss.load.batch import Batch, Reject, json_batch, line_batches
from peatmoss.load.github import UTC_TIME, bare_repositories
from peatmoss.parse import issues as parse
from peatmoss.schema import github

_LABEL = pl.Struct(dict.fromkeys(("name", "description", "color"), pl.String))
_LOGIN = pl.Struct({"login": pl.String})
_MILESTONE = pl.Struct({"number": pl.Int64, "title": pl.String, "description": pl.String, "due_on": UTC_TIME})
_COMMENT = pl.Struct({
    "url": pl.String, "author": pl.String, "author_association": pl.String, "body": pl.String, "created_at": UTC_TIME,
    "updated_at": UTC_TIME, "is_minimized": pl.Boolean,
})  # fmt: skip
_REVIEW = pl.Struct({
    "url": pl.String, "author": pl.String, "author_association": pl.String, "state": pl.String, "body": pl.String,
    "submitted_at": UTC_TIME,
})  # fmt: skip
_FILE = pl.Struct({"path": pl.String, "additions": pl.Int64, "deletions": pl.Int64})
_THREAD: dict[str, Any] = {
    "url": pl.String, "number": pl.Int64, "title": pl.String,
    "body": pl.String, "state": pl.String, "closed": pl.Boolean, "author": pl.String, "milestone": _MILESTONE,
    "created_at": UTC_TIME, "updated_at": UTC_TIME, "closed_at": UTC_TIME, "labels": pl.List(_LABEL),
    "assignees": pl.List(_LOGIN), "comments": pl.List(_COMMENT),
}  # fmt: skip
_PULL: dict[str, Any] = _THREAD | {
    "merged_at": UTC_TIME, "merged_by": pl.String, "base_ref_name": pl.String, "head_ref_name": pl.String,
    "review_decision": pl.String, "is_draft": pl.Boolean, "is_cross_repository": pl.Boolean, "additions": pl.Int64,
    "deletions": pl.Int64, "changed_files": pl.Int64, "head_repository": pl.String, "merge_commit_oid": pl.String,
    "requested": pl.List(_LOGIN), "reviews": pl.List(_REVIEW), "files": pl.List(_FILE),
    "commits": pl.List(pl.Struct({"oid": pl.String})),
}  # fmt: skip
_PEOPLE = ("author", "merged_by")


def issue_batches(shard: Shard) -> Iterator[Batch]:
    """The issues of a shard, one record a page of them."""
    return _batches(shard, _THREAD, parse.issues)


def pull_request_batches(shard: Shard) -> Iterator[Batch]:
    """The pull requests of a shard, one record a page of them."""
    return _batches(shard, _PULL, parse.pull_requests)


def _batches(shard: Shard, thread: dict[str, Any], parse_record: Callable[[Any], parse.Threads]) -> Iterator[Batch]:
    schema = {"line": pl.Int64, "key": pl.String, "name": pl.String, "threads": pl.List(pl.Struct(thread))}

    def row(line: Line, rejects: list[Reject]) -> dict[str, Any]:
        record = line.record
        assert record is not None  # noqa: S101
        if record.gone is not None:
            raise RecordError(f"nothing of it: the answer was {record.gone.get('status', 'none')}", record.key)
        name, threads, problems = parse_record(record.data)
        rejects.extend((line.number, field, name, reason) for field, reason in problems)
        first = threads[0]["url"] if threads else ""
        return {"line": line.number, "key": f"{name} {first}".strip(), "name": name, "threads": threads}

    for piece in line_batches(shard):
        yield json_batch(piece, schema, row)


def write_issues(sink: Ingest, _: Shard, shard_id: int, facts: pl.DataFrame) -> None:
    """One batch of issues."""
    _write(sink, shard_id, facts, github.github_issue, github.reuse_repo_to_issue)


def write_pull_requests(sink: Ingest, _: Shard, shard_id: int, facts: pl.DataFrame) -> None:
    """One batch of pull requests."""
    threads = _write(sink, shard_id, facts, github.github_pull_request, github.reuse_repo_to_pull_request)
    owner = "github_pull_request_id"
    reviews = _comments(sink, threads, "reviews", shard_id)
    _replace_rows(sink, github.github_review, threads, "reviews", reviews, "pull_request_id")
    _replace(sink, github.github_pull_request_file, threads, "files", _long(threads, "files", owner), owner)
    commits = _long(threads, "commits", owner)
    oids = commits.select("reuse_repository_id", "oid").unique(maintain_order=True)
    found = sink.upsert(
        github.github_commit, oids.with_columns(shard_id=pl.lit(shard_id, pl.Int64)), ("reuse_repository_id", "oid"),
        keep=("shard_id",),
    ).select("reuse_repository_id", "oid", github_commit_id="id")  # fmt: skip
    links = commits.join(found, on=["reuse_repository_id", "oid"]).select(owner, "github_commit_id")
    _replace(sink, github.pull_request_to_commit, threads, "commits", links.unique(maintain_order=True), owner)


def _write(sink: Ingest, shard_id: int, facts: pl.DataFrame, table: Table, of_repository: Table) -> pl.DataFrame:
    """What issues and pull requests share; returns the facts with ids."""
    is_issue = table is github.github_issue
    owner = f"{table.name}_id"
    repositories = bare_repositories(sink, facts.select("name").unique(maintain_order=True), shard_id)
    facts = facts.join(repositories, on="name", maintain_order="left").select("name", "reuse_repository_id", "threads")
    facts = facts.explode("threads", empty_as_null=False).drop_nulls("threads").unnest("threads")
    facts = facts.unique("url", keep="last", maintain_order=True)
    people = _people(sink, facts)
    facts = _milestones(sink, facts)
    for role in _PEOPLE:
        if role in facts.columns:
            ids = people.select(pl.col("login").alias(role), pl.col("id").alias(f"{role}_id"))
            facts = facts.join(ids, on=role, how="left", maintain_order="left")
    columns = [c.name for c in table.columns if c.name in facts.columns and c.name not in ("id", "url")]
    written = sink.upsert(table, facts.select("url", *columns, shard_id=pl.lit(shard_id, pl.Int64)), ("url",))
    threads = facts.with_columns(written["id"].alias(owner), change=written["change"])
    _replace(sink, of_repository, threads, "url", threads.select("reuse_repository_id", owner), owner)
    _labels(sink, threads, owner, github.issue_to_label if is_issue else github.pull_request_to_label)
    kinds = {"assignees": github.issue_to_assignee if is_issue else github.pull_request_to_assignee}
    if not is_issue:
        kinds["requested"] = github.pull_request_to_review_requests
    for column, junction in kinds.items():
        links = _long(threads, column, owner).join(people, on="login").select(owner, github_user_id="id")
        _replace(sink, junction, threads, column, links, owner)
    parent = "issue_id" if is_issue else "pull_request_id"
    comments = _comments(sink, threads, "comments", shard_id)
    _replace_rows(sink, github.github_comment, threads, "comments", comments, parent)
    mentions.write(sink, _texts(threads, owner), owner)
    return threads


def _people(sink: Ingest, facts: pl.DataFrame) -> pl.DataFrame:
    """Every account that the batch names, with its id."""
    logins = [facts[role] for role in _PEOPLE if role in facts.columns]
    fields = {"assignees": "login", "requested": "login", "comments": "author", "reviews": "author"}
    for column, field in fields.items():
        if column in facts.columns:
            logins.append(facts[column].explode(empty_as_null=False).struct.field(field))
    every = pl.concat([each.alias("login") for each in logins]).drop_nulls().unique().sort().to_frame("login")
    return sink.upsert(github.github_user, every, ("login",)).select("login", "id")


def _milestones(sink: Ingest, facts: pl.DataFrame) -> pl.DataFrame:
    """The facts with `milestone_id`."""
    named = facts.filter(pl.col("milestone").struct.field("number").is_not_null())
    rows = named.select("reuse_repository_id", "milestone").unnest("milestone")
    rows = rows.unique(["reuse_repository_id", "number"], keep="last", maintain_order=True)
    found = sink.upsert(github.github_milestone, rows, ("reuse_repository_id", "number"))
    ids = found.select("reuse_repository_id", "number", milestone_id="id")
    facts = facts.with_columns(milestone_number=pl.col("milestone").struct.field("number"))
    return facts.join(
        ids, left_on=["reuse_repository_id", "milestone_number"], right_on=["reuse_repository_id", "number"],
        how="left", maintain_order="left",
    )  # fmt: skip


def _labels(sink: Ingest, threads: pl.DataFrame, owner: str, junction: Table) -> None:
    long = _long(threads, "labels", owner)
    key = ["reuse_repository_id", "name"]
    rows = long.select(*key, "description", "color").unique(key, keep="last", maintain_order=True)
    found = sink.upsert(github.github_label, rows, tuple(key)).select(*key, github_label_id="id")
    _replace(sink, junction, threads, "labels", long.join(found, on=key).select(owner, "github_label_id"), owner)


def _long(threads: pl.DataFrame, column: str, owner: str) -> pl.DataFrame:
    """One row per entry of a list, with the ids of its owner and repository."""
    long = threads.select("reuse_repository_id", owner, entry=column).explode("entry", empty_as_null=False)
    return long.drop_nulls("entry").unnest("entry")


def _replace(sink: Ingest, table: Table, threads: pl.DataFrame, column: str, links: pl.DataFrame, owner: str) -> None:
    """Children of the threads whose record lists them."""
    known = threads.filter(pl.col(column).is_not_null() & (pl.col("change") != "new"))[owner]
    sink.replace(table, owner, known, links)


def _comments(sink: Ingest, threads: pl.DataFrame, column: str, shard_id: int) -> pl.DataFrame:
    """Comments or reviews as rows, without their parent's column name."""
    parent = "github_issue_id" if "github_issue_id" in threads.columns else "github_pull_request_id"
    rows = _long(threads, column, parent).rename({parent: "parent_id"}).drop("reuse_repository_id")
    authors = rows.select(login="author").drop_nulls().unique()
    ids = sink.upsert(github.github_user, authors.sort("login"), ("login",)).select(author="login", author_id="id")
    rows = rows.join(ids, on="author", how="left", maintain_order="left").drop("author")
    return rows.unique("url", keep="first", maintain_order=True).with_columns(shard_id=pl.lit(shard_id, pl.Int64))


def _replace_rows(
    sink: Ingest, table: Table, threads: pl.DataFrame, column: str, rows: pl.DataFrame, parent: str
) -> None:
    """Comments or reviews of the threads whose record lists them; those that are gone upstream go here, too."""
    owner = "github_issue_id" if parent == "issue_id" else "github_pull_request_id"
    rows = rows.rename({"parent_id": parent})
    if "shard_id" not in table.c:
        rows = rows.drop("shard_id")
    known = threads.filter(pl.col(column).is_not_null() & (pl.col("change") != "new")).select(id=owner)
    if known.height:
        sink.stage("stage_thread", known)
        query = f"SELECT c.id, c.url FROM stage_thread s CROSS JOIN {table.name} c WHERE c.{parent} = s.id"
        sink.delete(table, sink.read(table, query).join(rows, on="url", how="anti").select("id"))
    sink.upsert(table, rows, ("url",))


def _texts(threads: pl.DataFrame, owner: str) -> pl.DataFrame:
    """Everything written in the threads: owner, url, text, repository."""
    said = pl.concat_str("title", "body", separator="\n\n", ignore_nulls=True)
    texts = [threads.select(owner, "url", repository="name", text=said)]
    for column in ("comments", "reviews"):
        if column in threads.columns:
            long = threads.select(owner, repository="name", entry=column).explode("entry", empty_as_null=False)
            field = pl.col("entry").struct.field
            texts.append(long.drop_nulls("entry").select(owner, "repository", url=field("url"), text=field("body")))
    return pl.concat(texts, how="diagonal").drop_nulls("text")


# --- refs ----------------------------------------------------------------------------------------------------------

_REF = pl.Struct({
    "kind": pl.String, "name": pl.String, "target_sha": pl.String, "title": pl.String, "created_at": UTC_TIME,
    "is_prerelease": pl.Boolean,
})  # fmt: skip


def ref_batches(shard: Shard) -> Iterator[Batch]:
    """The refs of repositories, one record a repository with whole lists of branches, tags or releases."""
    schema = {
        "line": pl.Int64, "key": pl.String, "name": pl.String, "listed": pl.List(pl.String), "refs": pl.List(_REF),
    }  # fmt: skip

    def row(line: Line, rejects: list[Reject]) -> dict[str, Any]:
        record = line.record
        assert record is not None  # noqa: S101
        if record.gone is not None:
            raise RecordError(f"no refs: the answer was {record.gone.get('status', 'none')}", record.key)
        name, refs, listed, problems = parse.refs(record.data)
        rejects.extend((line.number, field, name, reason) for field, reason in problems)
        return {"line": line.number, "key": f"{name} {','.join(listed)}", "name": name, "listed": listed, "refs": refs}

    for piece in line_batches(shard):
        yield json_batch(piece, schema, row)


def write_refs(sink: Ingest, _: Shard, shard_id: int, facts: pl.DataFrame) -> None:
    """One batch of refs; a listed kind replaces what was known of it."""
    repositories = bare_repositories(sink, facts.select("name").unique(maintain_order=True), shard_id)
    facts = facts.join(repositories, on="name", maintain_order="left")
    natural = ("reuse_repository_id", "kind", "name")
    rows = facts.select("reuse_repository_id", ref="refs").explode("ref", empty_as_null=False).drop_nulls("ref")
    rows = rows.unnest("ref").unique(natural, keep="last", maintain_order=True)
    listed = facts.select("reuse_repository_id", kind="listed").explode("kind").unique(maintain_order=True)
    if listed.height:
        sink.stage("stage_listed", listed)
        old = sink.read(
            github.repository_ref,
            "SELECT t.id, t.reuse_repository_id, t.kind, t.name FROM stage_listed s CROSS JOIN repository_ref t"
            " WHERE t.reuse_repository_id = s.reuse_repository_id AND t.kind = s.kind",
        )
        sink.delete(github.repository_ref, old.join(rows, on=natural, how="anti").select("id"))
    sink.upsert(github.repository_ref, rows.with_columns(shard_id=pl.lit(shard_id, pl.Int64)), natural)
