"""Models -> the repositories they were released from (upstream_link) -> families (sync_family, sync_family_member)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from peatmoss.db import Ingest
from peatmoss.parse.sync.upstream import Candidate, Claim, Facts, Link, candidates, exclusions, links, overrides
from peatmoss.schema import metadata, sync

HOST = "github.com"
HUB = "HuggingFace"
CARDS = 5_000
"""Cards that are read at a time."""
ROWS = 100_000
"""Candidates that are held as rows before they become columns."""

_LINK = {
    "model_id": pl.Int64, "repository_name": pl.String, "source": pl.String, "raw_url": pl.String,
    "position": pl.Int64, "score": pl.Int64, "rank": pl.Int64, "is_primary": pl.Boolean, "evidence": pl.String,
    "model": pl.String,
}  # fmt: skip
_FAMILY = {
    "name": pl.String, "repository_name": pl.String, "reuse_repository_id": pl.Int64, "grouping_rule": pl.String,
}  # fmt: skip
_MEMBER = {"name": pl.String, "model_id": pl.Int64, "is_excluded": pl.Boolean, "exclusion_reason": pl.String}


def derive(sink: Ingest) -> list[tuple[str, int, int]]:
    """Bring the three tables to what cards, code and overrides say; (table, rows, changed) of each."""
    repositories = _repositories(sink)
    rows_of_cards = _candidates(sink, repositories)
    frames = [pl.DataFrame(schema=_LINK)]
    while piece := list(itertools.islice(rows_of_cards, ROWS)):
        frames.append(pl.DataFrame(piece, schema=_LINK, orient="row"))
    found = (
        pl.concat(frames)
        .with_columns(key=pl.col("repository_name").str.to_lowercase())
        .join(repositories.select("key", reuse_repository_id="id"), on="key", how="left")
    )
    rows = found.drop("model", "key").sort("model_id", "rank").with_row_index("id", offset=1).cast({"id": pl.Int64})
    families, members = _families(found.filter("is_primary"))
    changed = _differs(sink, sync.upstream_link, rows)
    if changed:
        sink.execute("DELETE FROM sync_family_member")
        sink.execute("DELETE FROM upstream_link")
        sink.append(sync.upstream_link, rows)
    written = sink.upsert(sync.sync_family, families, ("name",))
    ids = written.select("id", "name")
    chosen = rows.filter("is_primary").select("model_id", upstream_link_id="id")
    members = (
        members.join(ids.rename({"id": "sync_family_id"}), on="name")
        .join(chosen, on="model_id")
        .select("sync_family_id", "model_id", "upstream_link_id", "is_excluded", "exclusion_reason")
        .sort("sync_family_id", "model_id")
    )
    moved = _differs(sink, sync.sync_family_member, members)
    if moved or changed:
        sink.execute("DELETE FROM sync_family_member")
        sink.append(sync.sync_family_member, members)
    gone = _drop_families(sink, ids)
    new = written.filter(pl.col("change") != "same").height
    return [
        ("upstream_link", rows.height, changed),
        ("sync_family", families.height, new + gone),
        ("sync_family_member", members.height, moved),
    ]


def _differs(sink: Ingest, table: Any, rows: pl.DataFrame) -> int:
    """How many rows are new, gone or different."""
    columns = [column.name for column in table.columns if column.name in rows.columns]
    there = sink.read(table, f"SELECT {', '.join(columns)} FROM {table.name}").select(columns)
    rows = rows.select(columns)
    fresh = rows.join(there, on=columns, how="anti", nulls_equal=True).height
    return max(fresh, there.join(rows, on=columns, how="anti", nulls_equal=True).height)


def _drop_families(sink: Ingest, kept: pl.DataFrame) -> int:
    """Families that are no more go, and what an analysis found about them with them."""
    there = sink.read(sync.sync_family, "SELECT id, name FROM sync_family")
    gone = there.join(kept, on="id", how="anti").select("id")
    if gone.height:
        sink.stage("stage_gone", gone)
        for table in reversed(metadata.sorted_tables):
            if "sync_family_id" in table.c:
                sink.execute(f"DELETE FROM {table.name} WHERE sync_family_id IN (SELECT id FROM stage_gone)")
        sink.execute("DELETE FROM sync_family WHERE id IN (SELECT id FROM stage_gone)")
    return gone.height


def _repositories(sink: Ingest) -> pl.DataFrame:
    """Known repositories by lower-case name; old names too, with the row of the new one."""
    columns = "id, owner, name, is_fork, is_archived, gone_at"
    there = sink.query(f"SELECT {columns} FROM reuse_repository WHERE host = '{HOST}'")
    full = pl.concat_str("owner", pl.lit("/"), "name")
    there = there.select(
        pl.col("id").cast(pl.Int64), full=full, key=full.str.to_lowercase(), is_fork=pl.col("is_fork").cast(pl.Boolean),
        is_archived=pl.col("is_archived").cast(pl.Boolean), is_gone=pl.col("gone_at").is_not_null(),
    ).sort("key", "is_gone", "id").unique("key", keep="first", maintain_order=True)  # fmt: skip
    renames = sink.query(f"SELECT old_name, new_name FROM repository_rename WHERE host = '{HOST}'")
    moved = {str(old).lower(): str(new) for old, new in renames.rows()}
    targets = {}
    for old in moved:
        new, steps = moved[old], 0
        while new.lower() in moved and steps < 16:
            new, steps = moved[new.lower()], steps + 1
        targets[old] = new
    named = pl.DataFrame(
        {"key": list(targets), "new": list(targets.values())}, schema={"key": pl.String, "new": pl.String}
    )
    known = there.drop("key").rename({"full": "known"}).with_columns(new_key=there["key"])
    renamed = named.with_columns(new_key=pl.col("new").str.to_lowercase()).join(known, on="new_key", how="left").select(
        "id", pl.coalesce("known", "new").alias("full"), "key", "is_fork", "is_archived", "is_gone"
    )  # fmt: skip
    return pl.concat([renamed, there.join(renamed, on="key", how="anti")]).sort("key")


def _candidates(sink: Ingest, repositories: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    """A row of _LINK for every candidate of every model on the Hub."""
    facts = {row["key"]: row for row in repositories.iter_rows(named=True)}
    naming = _naming(sink)
    seen: set[int] = set()
    for model_id, name, body, front in _cards(sink):
        seen.add(model_id)
        front_matter = json.loads(front) if front else None
        found = [link._replace(repository=_now(facts, link.repository)) for link in links(body, front_matter)]
        yield from _rows(model_id, name, found, naming.get(model_id, {}), facts)
    for model_id, name in sorted(_others(sink, naming)):
        if model_id not in seen:
            yield from _rows(model_id, name, [], naming.get(model_id, {}), facts)


def _now(facts: dict[str, dict[str, Any]], repository: str) -> str:
    """Today's name of a repository, spelled as its host spells it."""
    known = facts.get(repository.lower())
    return str(known["full"]) if known else repository


def _rows(
    model_id: int, name: str, found: list[Link], naming: dict[str, str], facts: dict[str, dict[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    keys = {link.repository.lower() for link in found} | {repository.lower() for repository in naming}
    known = {key: Facts(facts[key]["is_fork"], facts[key]["is_archived"]) for key in keys if key in facts}
    for c in candidates(name, found, naming, known):
        yield (model_id, *_row(c), name)


def _row(c: Candidate) -> tuple[Any, ...]:
    return c.repository, c.source, c.url, c.position, c.score, c.rank, c.is_primary, c.evidence


def _cards(sink: Ingest) -> Iterator[tuple[int, str, str, str | None]]:
    """The newest card that mentions GitHub, of each model on the Hub."""
    newest = (
        "SELECT m.id, m.context_id, c.snapshot_id FROM (SELECT s.id AS snapshot_id, s.model_id, ROW_NUMBER() OVER"
        " (PARTITION BY s.model_id ORDER BY s.as_of DESC, s.id DESC) AS place FROM snapshot s"
        " JOIN card ON card.snapshot_id = s.id) c JOIN model m ON m.id = c.model_id"
        f" JOIN model_hub h ON h.id = m.model_hub_id AND h.name = '{HUB}' WHERE c.place = 1"
    )
    models = sink.query(newest).sort("id")
    for piece in models.iter_slices(CARDS):
        sink.stage("stage_card", piece.select("snapshot_id"))
        texts = sink.query(
            "SELECT c.snapshot_id, c.body, c.front_matter FROM stage_card s CROSS JOIN card c"
            " WHERE c.snapshot_id = s.snapshot_id AND (lower(c.body) LIKE '%github.com%'"
            " OR lower(c.front_matter) LIKE '%github.com%')"
        )
        if texts.height:
            joined = piece.join(texts, on="snapshot_id").sort("id")
            yield from joined.select("id", "context_id", "body", pl.col("front_matter").cast(pl.String)).iter_rows()


def _naming(sink: Ingest) -> dict[int, dict[str, str]]:
    """Model -> the repositories whose code names it -> `publish`, or another of its roles there."""
    pairs = sink.query(
        "SELECT u.model_id, r.owner, r.name, MAX(CASE WHEN u.role = 'publish' THEN 1 ELSE 0 END) AS is_publish"
        " FROM usage u JOIN repository_scan s ON s.id = u.repository_scan_id"
        " JOIN reuse_repository r ON r.id = s.reuse_repository_id"
        f" WHERE u.model_id IS NOT NULL AND r.host = '{HOST}' GROUP BY u.model_id, r.owner, r.name"
        " ORDER BY u.model_id, r.owner, r.name"
    )
    found: dict[int, dict[str, str]] = {}
    for model_id, owner, name, is_publish in pairs.iter_rows():
        found.setdefault(int(model_id), {})[f"{owner}/{name}"] = "publish" if is_publish else "use"
    return found


def _others(sink: Ingest, naming: dict[int, dict[str, str]]) -> set[tuple[int, str]]:
    """Models that code or a human names, whether or not they have a card."""
    sink.stage("stage_named", pl.DataFrame({"id": sorted(naming)}, schema={"id": pl.Int64}))
    sink.stage("stage_decided", pl.DataFrame({"name": sorted(overrides())}, schema={"name": pl.String}))
    hub = f"JOIN model_hub h ON h.id = m.model_hub_id AND h.name = '{HUB}'"
    found = sink.query(
        f"SELECT m.id, m.context_id FROM stage_named s CROSS JOIN model m {hub} WHERE m.id = s.id"
        f" UNION SELECT m.id, m.context_id FROM stage_decided s CROSS JOIN model m {hub} WHERE m.context_id = s.name"
    )
    return {(int(model_id), str(name)) for model_id, name in found.iter_rows()}


def _families(chosen: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Models with their primary repository -> families, and their members with reasons for exclusion."""
    families: dict[str, tuple[str, int | None, str]] = {}
    members: list[tuple[str, int, bool, str | None]] = []
    for _, group in chosen.sort("key", "model").group_by("key", maintain_order=True):
        rows = list(group.iter_rows(named=True))
        claims = [Claim(r["model"], r["repository_name"], r["evidence"], r["source"] == "manual") for r in rows]
        excluded = exclusions(claims)
        repository = min(r["repository_name"] for r in rows)
        for row in rows:
            decided = overrides().get(row["model"])
            name = (decided.family if decided else None) or repository
            rule = "manual" if name != repository else "repository"
            families.setdefault(name, (repository, row["reuse_repository_id"], rule))
            reason = excluded.get(row["model"])
            members.append((name, row["model_id"], reason is not None, reason))
    names = sorted(families)
    return (
        pl.DataFrame(
            [(name, *families[name]) for name in names],
            schema=_FAMILY,
            orient="row",
        ),
        pl.DataFrame(
            members,
            schema=_MEMBER,
            orient="row",
        ),
    )  # fmt: skip
