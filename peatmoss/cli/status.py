"""peatmoss status: what is in the database."""

from __future__ import annotations

from datetime import datetime

from peatmoss.cli.common import Archive, Db, Json, emit, existing, say


def status(db: Db = "", archive: Archive = None, json: Json = False) -> None:
    """Show what is in a database, what is still to be loaded, and what could not be.

    With an archive it also counts the shards that are not loaded yet. It changes nothing.

    **Examples**

    `peatmoss status --db sqlite:////data/work.sqlite --archive /data/archive`

    `peatmoss status --db postgresql://me@localhost/peatmoss --json`
    """
    from peatmoss import migrate
    from peatmoss import status as question

    found = question.ask(existing(db), migrate.head(), archive)
    if json:
        emit({"subject": "database", "url": found.url, "revision": found.revision, "head": found.head})
        for kind in found.kinds:
            emit({"subject": "kind", **kind._asdict()})
        for table, rows in found.tables:
            emit({"subject": "table", "table": table, "rows": rows})
        for field, reason, rows in found.rejects:
            emit({"subject": "reject", "field": field, "reason": reason, "rows": rows})
        for shard, batches in found.open_checkpoints:
            emit({"subject": "open_checkpoint", "shard": shard, "batches": batches})
        return
    say(f"database  {found.url}")
    if found.revision != found.head:
        mend = "run `peatmoss migrate`" if found.revision is None else "run `peatmoss migrate`, or upgrade peatmoss"
        say(f"schema    {found.revision or 'none'}, this version needs {found.head}: {mend}")
        return
    say(f"schema    {found.revision}, the newest")
    for kind in found.kinds:
        waiting = "" if kind.pending is None else f"; {kind.pending:,} to load"
        if kind.newest_pending:
            waiting += f", newest as of {_date(kind.newest_pending)}"
        say(f"{kind.kind:9} {kind.loaded:,} shards loaded, newest as of {_date(kind.newest_as_of)}{waiting}")
    for table, rows in found.tables:
        say(f"  {rows:>13,}  {table}")
    say(f"rejects   {sum(rows for _, _, rows in found.rejects):,}")
    for field, reason, rows in found.rejects:
        say(f"  {rows:>13,}  {field + ': ' if field else ''}{reason}")
    for shard, batches in found.open_checkpoints:
        say(f"unfinished: {shard} after {batches:,} batches (`peatmoss load` goes on)")


def _date(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "never"
