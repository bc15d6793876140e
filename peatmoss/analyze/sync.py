"""How families are synchronized: commits of both platforms with flags and change types, then patterns by profile.

    hf_commit, github_commit ─ flags, change types, references ─> sync_commit, commit_change_type, sync_commit_reference
    sync_family(_member) + sync_commit ─ each profile ─> sync_result, sync_bucket(_member), sync_transition, _burst

Commits are read by ranges of ids, families by ranges of families, so memory stays bounded.
"""
# ruff: noqa: S608 - the SQL is put together from constants of this file and from numbers

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
import polars as pl
from adbc_driver_manager.dbapi import Connection
from sqlalchemy import Table

from peatmoss.parse.sync import change, commit, files, question
from peatmoss.parse.sync.families import MOMENT, PARTS, RESULT, Piece, classify
from peatmoss.parse.sync.profile import PATTERNS, PROFILES, Profile
from peatmoss.schema import sync

WRITES: tuple[Table, ...] = (
    sync.sync_profile, sync.sync_pattern, sync.change_type, sync.sync_commit, sync.commit_change_type,
    sync.sync_commit_reference, sync.sync_change_profile, sync.sync_result, sync.sync_result_member, sync.sync_bucket,
    sync.sync_bucket_member, sync.sync_transition, sync.sync_burst,
)  # fmt: skip

COMMITS = 200_000
"""Commits that are read at a time."""
FAMILIES = 500
"""Families that are read at a time."""
CHANCE = 0.05
"""Up to this share of shifts that overlap as much, an overlap is more than chance."""
AGES = ("recent", "intermediate", "matured")

_VERSION = re.compile(
    r"(?:^|[-_/.]|(?<=[a-z]))v?(\d+(?:\.\d+){1,2})(?![\d.]*[bBmMkK]\b)(?=$|[-_])|(?:^|[-_])v(\d+)(?=$|[-_])"
)
_SIDES = {"GH": "github", "HF": "huggingface"}

Rows = Iterator[tuple[Table, pl.DataFrame]]


def rows(conn: Connection) -> Rows:
    """All findings: first what stands by itself, then commits, then families."""
    types = [t._asdict() for t in change.change_types()]
    numbers = {t["name"]: n for n, t in enumerate(types, start=1)}
    yield sync.sync_profile, pl.DataFrame([p._asdict() for p in PROFILES.values()])
    patterns = [(code, code[:2], code[2], *PATTERNS[code]) for code in sorted(PATTERNS)]
    yield (
        sync.sync_pattern,
        pl.DataFrame(patterns, schema=["code", "type", "intensity", "pattern", "number"], orient="row"),
    )
    yield sync.change_type, pl.DataFrame(types)
    last = 0
    is_asked = (
        _read(conn, f"SELECT COUNT(*) AS n FROM (SELECT 1 {_ANSWERED} LIMIT 1) AS a", {"n": pl.Int64})["n"][0] > 0
    )
    for is_hub in (True, False):
        for piece in _commits(conn, is_hub):
            ids = pl.int_range(last + 1, last + 1 + pl.len(), dtype=pl.Int64)
            numbered = piece.with_columns(source_id="id", id=ids)
            yield from _commit_rows(conn, numbered, is_hub, numbers)
            if is_asked:
                yield sync.commit_change_type, _answers(conn, numbered, is_hub, numbers)
            last += piece.height
    yield from _families(conn, {n for n, t in enumerate(types, start=1) if t["change_group"] != "other"})


# --- commits -------------------------------------------------------------------------------------------------------

_HUB = (
    "SELECT id, model_id, created_at AS authored_at, created_at AS committed_at, title, message, NULL AS is_merge"
    " FROM hf_commit"
)
_GITHUB = (
    "SELECT id, reuse_repository_id, authored_date AS authored_at, committed_date AS committed_at,"
    " message_headline AS title, message_body AS message, is_merge FROM github_commit"
)
_ANSWERED = "FROM llm_answer WHERE prompt = 'commit' AND status = 'ok'"
_COMMIT = {
    "id": pl.Int64, "model_id": pl.Int64, "reuse_repository_id": pl.Int64, "authored_at": MOMENT,
    "committed_at": MOMENT, "title": pl.String, "message": pl.String, "is_merge": pl.Boolean,
}  # fmt: skip


def _commits(conn: Connection, is_hub: bool) -> Iterator[pl.DataFrame]:
    """Commits of one platform in pieces, with flags and the kinds of their files."""
    table, select = ("hf_commit", _HUB) if is_hub else ("github_commit", _GITHUB)
    author, account, name = (
        ("hf_commit_to_author", "author", "name") if is_hub else ("commit_to_author", "github_user", "login")
    )
    top = _read(conn, f"SELECT MAX(id) AS id FROM {table}", {"id": pl.Int64})["id"][0] or 0
    for low in range(1, top + 1, COMMITS):
        within = f"BETWEEN {low} AND {low + COMMITS - 1}"
        found = _read(conn, f"{select} WHERE id {within} ORDER BY id", _COMMIT)
        if not found.height:
            continue
        source = f"{table}_id"
        authors = _read(
            conn, f"SELECT j.{source} AS id, a.{name} AS name FROM {author} j JOIN {account} a ON a.id = j.{account}_id"
            f" WHERE j.{source} {within}", {"id": pl.Int64, "name": pl.String},
        )  # fmt: skip
        touched = _read(
            conn, f"SELECT {source} AS id, path, change FROM {table}_file WHERE {source} {within}",
            {"id": pl.Int64, "path": pl.String, "change": pl.String},
        )  # fmt: skip
        flagged = commit.facts(found, authors, touched)
        named = files.named(flagged.select("id", "title")).join(touched, on="id", how="anti")
        kinds = pl.concat(
            [
                files.kinds(touched).with_columns(is_named=pl.lit(False)),
                files.kinds(named).with_columns(is_named=pl.lit(True)),
            ]
        )
        yield flagged.join(kinds, on="id", how="left", maintain_order="left").with_columns(
            pl.col("is_named").fill_null(value=False)
        )


def _commit_rows(conn: Connection, facts: pl.DataFrame, is_hub: bool, types: dict[str, int]) -> Rows:
    source = "hf_commit_id" if is_hub else "github_commit_id"
    flags = ("time_precision", "is_merge", "is_bot", "bot_rule", "is_initial", "is_attributes_only")
    owner = "model_id" if is_hub else "reuse_repository_id"
    yield (
        sync.sync_commit,
        facts.select(
            "id", pl.lit("huggingface" if is_hub else "github").alias("platform"), owner,
            pl.col("source_id").alias(source), "authored_at", "committed_at", *flags,
        ),
    )  # fmt: skip
    labels = change.change(facts, change.HUB_RULES if is_hub else change.GITHUB_RULES)
    yield (
        sync.commit_change_type,
        labels.select(
            sync_commit_id="id", method=pl.lit("rule"), method_version=pl.lit(change.VERSION),
            change_type_id=pl.col("change_type").replace_strict(types, return_dtype=pl.Int64), confidence="confidence",
            rule="rule",
        ),
    )  # fmt: skip
    if is_hub:
        yield sync.sync_commit_reference, _references(conn, facts)


def _answers(conn: Connection, facts: pl.DataFrame, is_hub: bool, types: dict[str, int]) -> pl.DataFrame:
    """What language models say that commits change: the newest answer of each model about each commit."""
    owner = (
        "'huggingface ' || m.context_id || '@' || c.commit_id AS subject FROM hf_commit c"
        " JOIN model m ON m.id = c.model_id"
        if is_hub
        else "'github ' || r.owner || '/' || r.name || '@' || c.oid AS subject FROM github_commit c"
        " JOIN reuse_repository r ON r.id = c.reuse_repository_id"
    )
    within = f"c.id BETWEEN {facts['source_id'][0]} AND {facts['source_id'][-1]}"
    said = _read(
        conn, f"SELECT q.id AS source_id, a.model, a.answer FROM (SELECT c.id, {owner} WHERE {within}) AS q"
        f" JOIN (SELECT id, subject, model, answer, shard_id {_ANSWERED}) AS a ON a.subject = q.subject"
        " ORDER BY a.shard_id, a.id",
        {"source_id": pl.Int64, "model": pl.String, "answer": pl.String},
    ).unique(["source_id", "model"], keep="last", maintain_order=True)  # fmt: skip
    labels = []
    for source, model, answer in said.iter_rows():
        try:
            label = question.read(orjson.loads(answer))
        except ValueError:
            continue  # an answer to an older question
        labels.append((source, "llm", model, types[label.change_type], label.confidence, label.reason))
    schema = {
        "source_id": pl.Int64, "method": pl.String, "method_version": pl.String, "change_type_id": pl.Int64,
        "confidence": pl.Float64, "rule": pl.String,
    }  # fmt: skip
    found = pl.DataFrame(labels, schema=schema, orient="row").join(facts.select("id", "source_id"), on="source_id")
    return found.sort("id", "method_version").select(pl.exclude("id", "source_id"), sync_commit_id="id")


def _references(conn: Connection, facts: pl.DataFrame) -> pl.DataFrame:
    """What commits on the Hub name on GitHub; a hash alone only if a repository of the model's family has it."""
    texts = facts.select("id", "model_id", text=pl.concat_str("title", "message", separator="\n", ignore_nulls=True))
    found = commit.references(texts).join(texts.select("id", "model_id"), on="id")
    models = ", ".join(map(str, found.filter(pl.col("sha").is_not_null())["model_id"].unique().sort().to_list()))
    known = _read(
        conn, "SELECT m.model_id, c.id AS github_commit_id, c.oid FROM sync_family_member m"
        " JOIN sync_family f ON f.id = m.sync_family_id"
        " JOIN github_commit c ON c.reuse_repository_id = f.reuse_repository_id"
        f" WHERE m.model_id IN ({models or 'NULL'})",
        {"model_id": pl.Int64, "github_commit_id": pl.Int64, "oid": pl.String},
    ).with_columns(prefix=pl.col("oid").str.head(7))  # fmt: skip
    hits = (
        found.select("id", "target", "model_id", "sha", prefix=pl.col("sha").str.head(7))
        .join(known, on=["model_id", "prefix"])
        .filter(pl.col("oid").str.starts_with(pl.col("sha")))
        .group_by("id", "target")
        .agg(pl.col("github_commit_id").min())
    )
    return (
        found.join(hits, on=["id", "target"], how="left")
        .filter((pl.col("kind") != "sha") | pl.col("github_commit_id").is_not_null())
        .sort("id", "target")
        .select("kind", "target", "github_commit_id", sync_commit_id="id")
    )


# --- families ------------------------------------------------------------------------------------------------------

_HISTORY = {
    "family": pl.String, "side": pl.String, "member": pl.String, "authored_at": MOMENT, "committed_at": MOMENT,
    "is_bot": pl.Boolean, "is_merge": pl.Boolean, "is_attributes_only": pl.Boolean,
}  # fmt: skip
_COUNT = {"family": pl.Int64, "platform": pl.String, "change_type_id": pl.Int64, "commit_count": pl.Int64}


def _families(conn: Connection, telling: set[int]) -> Rows:
    """Findings about families; `telling`: the change types that count for similarity."""
    families = _read(conn, "SELECT id FROM sync_family ORDER BY id", {"id": pl.Int64})["id"]
    newest = _read(
        conn, "SELECT MAX(as_of) AS as_of FROM shard WHERE kind IN ('hub_commit', 'repo_commit')", {"as_of": MOMENT}
    )["as_of"][0]
    if not families.len() or newest is None:
        return
    pieces = [families.slice(start, FAMILIES) for start in range(0, families.len(), FAMILIES)]
    profiles = []
    for piece in pieces:
        counts = _change_counts(conn, int(piece[0]), int(piece[-1]))
        yield sync.sync_change_profile, counts.rename({"family": "sync_family_id"})
        profiles.append(_similarity(counts, telling))
    similarity = pl.concat(profiles)
    names = _read(
        conn, "SELECT DISTINCT m.id, m.context_id FROM sync_family_member f JOIN model m ON m.id = f.model_id",
        {"id": pl.Int64, "context_id": pl.String},
    )  # fmt: skip
    version = pl.col("context_id").map_elements(name_version, return_dtype=pl.String)
    names = names.select(model_id="id", name_version=version)
    for number, profile in enumerate(PROFILES.values(), start=1):
        results = []
        for piece in pieces:
            history = _history(conn, int(piece[0]), int(piece[-1]), profile)
            for found in classify(history, profile, newest):
                results.append(found.results)
                yield from _family_rows(found, number, profile, names)
        yield sync.sync_result, _results(results, families, similarity, number)


def _history(conn: Connection, low: int, high: int, profile: Profile) -> pl.DataFrame:
    """The commits of some families that count in a profile."""
    columns = "c.authored_at, c.committed_at, c.is_bot, c.is_merge, c.is_attributes_only"
    found = _read(
        conn, f"SELECT m.sync_family_id AS family, 'HF' AS side, c.model_id AS member, {columns}"
        " FROM sync_family_member m JOIN sync_commit c ON c.model_id = m.model_id"
        f" WHERE NOT m.is_excluded AND m.sync_family_id BETWEEN {low} AND {high}"
        f" UNION ALL SELECT f.id, 'GH', c.reuse_repository_id, {columns} FROM sync_family f"
        f" JOIN sync_commit c ON c.reuse_repository_id = f.reuse_repository_id WHERE f.id BETWEEN {low} AND {high}",
        _HISTORY,
    )  # fmt: skip
    counts = pl.lit(value=True)
    if not profile.has_bots:
        counts &= ~pl.col("is_bot")
    if not profile.has_merges:
        counts &= ~(pl.col("is_merge") & (pl.col("side") == "GH"))
    if not profile.has_attributes_only:
        counts &= ~((pl.col("side") == "HF") & pl.col("is_attributes_only").fill_null(value=False))
    first, second = (
        ("authored_at", "committed_at") if profile.github_time == "authored" else ("committed_at", "authored_at")
    )
    return found.filter(counts).select("family", "side", "member", at=pl.coalesce(first, second)).drop_nulls("at")


def _family_rows(piece: Piece, profile_id: int, profile: Profile, names: pl.DataFrame) -> Rows:
    key = {"sync_profile_id": pl.lit(profile_id, pl.Int64), "sync_family_id": pl.col("family").cast(pl.Int64)}
    members = piece.members.with_columns(model_id=pl.col("member").cast(pl.Int64), **key)
    yield (
        sync.sync_result_member,
        members.join(names, on="model_id", how="left").sort("sync_family_id", "model_id").drop("family", "member"),
    )
    origins = piece.results.filter(part="all").select("family", "origin_at")
    hub, count = pl.col("is_hub"), pl.col("commit_count")
    buckets = piece.buckets.group_by("family", "bucket").agg(
        github_commits=count.filter(hub.not_()).sum(), hub_commits=count.filter(hub).sum(),
        hub_variants=hub.sum().cast(pl.Int64),
    )  # fmt: skip
    start = pl.col("origin_at") + pl.col("bucket") * timedelta(days=profile.window_days)
    yield (
        sync.sync_bucket,
        buckets.join(origins, on="family").with_columns(start_at=start, **key).drop("family", "origin_at")
        .sort("sync_family_id", "bucket"),
    )  # fmt: skip
    variants = piece.buckets.filter(hub).with_columns(model_id=pl.col("member").cast(pl.Int64), **key)
    yield (
        sync.sync_bucket_member,
        variants.drop("family", "member", "is_hub").sort("sync_family_id", "model_id", "bucket"),
    )
    platform = pl.when("is_to_hub").then(pl.lit("huggingface")).otherwise(pl.lit("github"))
    yield sync.sync_transition, piece.transitions.with_columns(to_platform=platform, **key).drop("family", "is_to_hub")
    yield sync.sync_burst, piece.bursts.with_columns(**key).drop("family")


def _results(
    results: list[pl.DataFrame], families: pl.Series, similarity: pl.DataFrame, profile_id: int
) -> pl.DataFrame:
    """Rows of sync_result, also for families without any commit; with what only all families together can tell."""
    found = pl.concat([pl.DataFrame(schema=RESULT), *results]).select(
        pl.exclude("family", "longest_run_member"), sync_family_id=pl.col("family").cast(pl.Int64),
        longest_run_model_id=pl.col("longest_run_member").cast(pl.Int64),
    )  # fmt: skip
    every = pl.DataFrame({"sync_family_id": families}).join(pl.DataFrame({"part": PARTS}), how="cross")
    every = every.join(found, on=["sync_family_id", "part"], how="left")
    given = ("id", "sync_profile_id", "sync_family_id", "part", "status")
    counted = [column.name for column in sync.sync_result.c if not column.nullable and column.name not in given]
    ok = (pl.col("status") == "ok") & (pl.col("part") == "all")
    aged = every.filter(ok).sort("family_age_days", "sync_family_id")
    third = (pl.int_range(pl.len()) * 3 // pl.len()).replace_strict(dict(enumerate(AGES)), return_dtype=pl.String)
    groups = aged.select("sync_family_id", "part", age_group=third)
    whole = similarity.with_columns(part=pl.lit("all"))
    return (
        every.join(groups, on=["sync_family_id", "part"], how="left")
        .join(whole, on=["sync_family_id", "part"], how="left")
        .with_columns(
            pl.col("status").fill_null("insufficient_both"),
            *(pl.col(name).fill_null(0) for name in counted),
            is_overlap_above_chance=pl.col("overlap_chance") <= CHANCE,
            sync_profile_id=pl.lit(profile_id, pl.Int64),
        )
        .sort("sync_family_id", pl.col("part").cast(pl.Enum(PARTS)))
    )


def _change_counts(conn: Connection, low: int, high: int) -> pl.DataFrame:
    """Commits of each change type on both sides of some families, by rule."""
    label = "JOIN commit_change_type t ON t.sync_commit_id = c.id AND t.method = 'rule'"
    counts = _read(
        conn, "SELECT m.sync_family_id AS family, 'huggingface' AS platform, t.change_type_id, COUNT(*) AS commit_count"
        f" FROM sync_family_member m JOIN sync_commit c ON c.model_id = m.model_id {label} WHERE NOT m.is_excluded"
        f" AND m.sync_family_id BETWEEN {low} AND {high} GROUP BY m.sync_family_id, t.change_type_id"
        " UNION ALL SELECT f.id, 'github', t.change_type_id, COUNT(*) FROM sync_family f"
        f" JOIN sync_commit c ON c.reuse_repository_id = f.reuse_repository_id {label}"
        f" WHERE f.id BETWEEN {low} AND {high} GROUP BY f.id, t.change_type_id",
        _COUNT,
    )  # fmt: skip
    total = pl.col("commit_count").sum().over("family", "platform")
    return counts.with_columns(denominator=total).sort("family", "platform", "change_type_id")


def _similarity(counts: pl.DataFrame, telling: set[int]) -> pl.DataFrame:
    """Jaccard index of the sets of change types of both sides; none where a side has none."""
    seen = counts.filter(pl.col("change_type_id").is_in(sorted(telling))).group_by("family", "change_type_id").agg(
        sides=pl.len(), github=(pl.col("platform") == "github").any(), hub=(pl.col("platform") == "huggingface").any()
    )  # fmt: skip
    return seen.group_by("family").agg(
        type_jaccard=pl.when(pl.col("github").any() & pl.col("hub").any()).then((pl.col("sides") == 2).sum() / pl.len())
    ).select(sync_family_id="family", type_jaccard="type_jaccard")  # fmt: skip


def name_version(name: str) -> str | None:
    """The version in a model's name: a number with a point, or one after a v. Sizes (7b, 1.5B) are none."""
    found = _VERSION.search(name.partition("/")[2] or name)
    return (found[1] or found[2]) if found else None


def _read(conn: Connection, sql: str, schema: dict[str, Any]) -> pl.DataFrame:
    """A query whose columns get these types, whatever the driver makes of them."""
    with conn.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetch_polars()
    return found.select(_typed(found, name, kind) for name, kind in schema.items() if name in found.columns)


def _typed(frame: pl.DataFrame, name: str, kind: Any) -> pl.Expr:
    if kind == MOMENT and frame.schema[name] == pl.String:
        return pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC", time_unit="us")
    return pl.col(name).cast(kind)


__all__ = ["WRITES", "name_version", "rows"]
