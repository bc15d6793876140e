"""What is in a database, what is still to be loaded, and what could not be."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, func, inspect, select, text

from peatmoss import archive
from peatmoss.db import connect, connection_errors, parse_url, release_revision
from peatmoss.schema import github, hub, ledger, reuse

MAIN_TABLES = (
    hub.model,
    hub.model_observation,
    hub.model_to_base_model,
    hub.snapshot,
    hub.card,
    hub.hf_commit,
    hub.discussion,
    github.reuse_repository,
    github.github_commit,
    github.github_issue,
    github.github_pull_request,
    reuse.repository_scan,
    reuse.usage,
    reuse.model_to_reuse_repository,
)


class Kind(NamedTuple):
    """One kind of record: its shards. `pending` and `newest_pending` are None if no archive was given."""

    kind: str
    loaded: int
    newest_as_of: datetime | None
    pending: int | None
    newest_pending: datetime | None


class Status(NamedTuple):
    """Everything that `ask` found. `revision` is None for an empty database."""

    url: str
    revision: str | None
    head: str
    kinds: list[Kind]
    tables: list[tuple[str, int]]
    rejects: list[tuple[str, str, int]]
    open_checkpoints: list[tuple[str, int]]


def ask(url: str, head: str, root: Path | None = None) -> Status:
    """Look at a database, whatever its state, and at an archive, if there is one.

    head: the revision that this version of the package needs.
    Raises PeatmossError for a wrong URL or folder, SourceError if the database cannot be read.
    """
    parsed = parse_url(url)
    shown = parsed.render_as_string(hide_password=True)
    engine = connect(url)
    with connection_errors(parsed), engine.connect() as connection:
        release_revision(connection)
        revision = None
        if inspect(connection).has_table("alembic_version"):
            revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if revision != head:  # its tables need not be ours: say so, and look no further
            return Status(shown, revision, head, [], [], [], [])
        counts = [
            (table.name, connection.execute(select(func.count()).select_from(table)).scalar_one())
            for table in MAIN_TABLES
        ]
        status = Status(
            shown, revision, head, _kinds(connection, root), counts, _rejects(connection), _open_checkpoints(connection)
        )
    engine.dispose()
    return status


def _kinds(connection: Connection, root: Path | None) -> list[Kind]:
    shard, checkpoint = ledger.shard, ledger.checkpoint
    done = select(checkpoint.c.shard).where(checkpoint.c.state == "done")
    rows = connection.execute(
        select(shard.c.name, shard.c.kind, shard.c.as_of).where(shard.c.name.in_(done)).order_by(shard.c.name)
    ).all()
    loaded: dict[str, list[datetime]] = {}
    for _, kind, as_of in rows:
        loaded.setdefault(kind, []).append(as_of)
    pending: dict[str, list[datetime]] | None = None
    if root is not None:
        names = {name for name, _, _ in rows}
        pending = {}
        for found in archive.shards(root):
            if found.name not in names:
                pending.setdefault(found.kind, []).append(found.as_of)
    kinds = []
    for kind in sorted({*loaded, *(pending or {})}):
        here = loaded.get(kind, [])
        waiting = None if pending is None else pending.get(kind, [])
        kinds.append(
            Kind(
                kind,
                len(here),
                max(here, default=None),
                None if waiting is None else len(waiting),
                max(waiting or [], default=None),
            )
        )
    return kinds


def _rejects(connection: Connection) -> list[tuple[str, str, int]]:
    """(field, reason, rows), most frequent first; numbers in a reason are written N, so that like goes with like."""
    reject = ledger.reject
    query = select(reject.c.field, reject.c.reason, func.count()).group_by(reject.c.field, reject.c.reason)
    found: dict[tuple[str, str], int] = {}
    for field, reason, count in connection.execute(query):
        key = (field, re.sub(r"\d+", "N", reason))
        found[key] = found.get(key, 0) + count
    return sorted(((*key, count) for key, count in found.items()), key=lambda row: (-row[2], row[0], row[1]))


def _open_checkpoints(connection: Connection) -> list[tuple[str, int]]:
    checkpoint = ledger.checkpoint
    query = select(checkpoint.c.shard, checkpoint.c.batch_count).where(checkpoint.c.state == "open")
    return [(shard, count) for shard, count in connection.execute(query.order_by(checkpoint.c.shard))]
