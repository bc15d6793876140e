"""peatmoss.db: a fresh SQLite file with everything the public may see, the same bytes wherever it is built."""

# ruff: noqa: S608 - names in these statements are those of the schema, never data

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import sqlite_utils
from sqlalchemy import Boolean, Column, Table, Text, UniqueConstraint
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlite_utils.db import Table as AnalyzedTable

from peatmoss.db import adbc_connect, connection_errors
from peatmoss.errors import CheckFailed
from peatmoss.release import public
from peatmoss.release.source import Source
from peatmoss.schema import LEDGER, metadata
from peatmoss.schema.base import Utc

FTS = {
    "model": ("context_id",),
    "reuse_repository": ("owner", "name", "description"),
    "card": ("body",),
}
"""Tables with full-text search, and the columns it covers."""
STATISTICS = "_analyze_tables_"
_SQLITE = sqlite.dialect()
_HERE = Path(__file__).parent

Progress = Callable[[str, int, int], None]


class View(NamedTuple):
    """A view of the release: its description and columns are read from the comment at its head."""

    name: str
    comment: str
    columns: dict[str, str]
    sql: str


def tables() -> list[Table]:
    """The tables of a release, parents before children."""
    return [table for table in metadata.sorted_tables if table.name not in LEDGER]


def views() -> list[View]:
    """The views of a release, by subject: all statements of `views/*.sql`.

    In a view's comment a plain line describes the view, an indented one (`--   name: meaning`) a column. The comment
    stands inside the statement, so that it stays in the file and `.schema` shows it.
    """
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((_HERE / "views").glob("*.sql")))
    found = []
    for statement in re.findall(r"^CREATE VIEW .*?;$", text, re.MULTILINE | re.DOTALL):
        name = statement.split()[2]
        notes = [line.removeprefix("--") for line in statement.splitlines() if line.startswith("--")]
        columns = dict(note.strip().split(": ", 1) for note in notes if note.startswith("   "))
        comment = " ".join(note.strip() for note in notes if not note.startswith("   "))
        found.append(View(name, comment, columns, statement.rstrip(";")))
    return found


def build(source: Source, path: Path, revision: str, progress: Progress) -> dict[str, int]:
    """Write the public database, with its schema revision as `user_version`; returns the rows of every table.

    Raises CheckFailed if a row points to a row that does not exist.
    """
    draft = path.with_suffix(".draft")
    counts = _copy(source, draft, progress)
    with _sqlite(draft) as connection:
        _finish(connection, counts, progress)
        connection.execute(f"PRAGMA user_version={int(revision)}")
        progress("compacting", 0, 1)
        connection.execute("VACUUM INTO ?", (str(path),))
    draft.unlink()
    return counts


def _copy(source: Source, path: Path, progress: Progress) -> dict[str, int]:
    url = make_url("sqlite://").set(database=str(path))
    counts = {}
    with closing(adbc_connect(url)) as target:
        target.adbc_connection.set_autocommit(True)
        with target.cursor() as cursor:
            for pragma in ("journal_mode=OFF", "locking_mode=EXCLUSIVE"):  # it is thrown away if anything fails
                cursor.execute(f"PRAGMA {pragma}")
        target.adbc_connection.set_autocommit(False)
        for number, table in enumerate(tables()):
            progress(table.name, number, len(tables()))
            counts[table.name] = 0
            with target.cursor() as cursor:
                cursor.execute(str(CreateTable(table).compile(dialect=_SQLITE)).strip())
                for frame in public.batches(source, table):
                    if frame.height:
                        with connection_errors(url):
                            cursor.adbc_ingest(table.name, frame, mode="append")
                        counts[table.name] += frame.height
            with connection_errors(url):
                target.commit()
    return counts


@contextmanager
def _sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "locking_mode=EXCLUSIVE"):
            connection.execute(f"PRAGMA {pragma}")
        yield connection


def _finish(connection: sqlite3.Connection, counts: dict[str, int], progress: Progress) -> None:
    progress("indexes", 0, 1)
    for table in tables():
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            connection.execute(str(CreateIndex(index).compile(dialect=_SQLITE)))
    connection.executescript((_HERE / "indexes.sql").read_text(encoding="utf-8"))
    progress("foreign keys", 0, 1)
    orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    if orphan:
        raise CheckFailed(f"no release: a row of {orphan[0]} points to a row of {orphan[2]} that does not exist")
    for view in views():
        connection.execute(view.sql)
    progress("full-text search", 0, 1)
    database = sqlite_utils.Database(connection)
    for name, columns in FTS.items():
        database.table(name).enable_fts(columns, tokenize="porter" if "name" not in columns else None)
        database.table(name).optimize()
    progress("column statistics", 0, 1)
    _statistics(database, counts)
    connection.execute("ANALYZE")


def _statistics(database: sqlite_utils.Database, counts: dict[str, int]) -> None:
    """Column statistics in the table that sqlite-utils would save: how many NULL, blank and distinct, most common."""
    saved = database.table(STATISTICS)
    integers = dict.fromkeys(("total_rows", "num_null", "num_blank", "num_distinct"), int)
    texts = dict.fromkeys(("table", "column"), str)
    saved.create(texts | integers | dict.fromkeys(("most_common", "least_common"), str), pk=("table", "column"))
    rows = []
    for table in tables():
        for column in filter(_is_analyzed, table.columns) if counts[table.name] else ():
            # Without its NULLs: sqlite-utils cannot sort a NULL among values of the same frequency.
            database.execute("DROP VIEW IF EXISTS temp.analyzed")
            database.execute(
                f'CREATE TEMP VIEW analyzed AS SELECT "{column.name}" FROM "{table.name}" '
                f'WHERE "{column.name}" IS NOT NULL'
            )
            known = database.execute("SELECT COUNT(*) FROM analyzed").fetchone()[0]
            details = AnalyzedTable(database, "analyzed").analyze_column(
                column.name,
                value_truncate=80,
                total_rows=known,
                most_common=not isinstance(column.type, Utc),
                least_common=False,
            )
            total = counts[table.name]
            rows.append(details._replace(table=table.name, total_rows=total, num_null=total - known)._asdict())
    database.execute("DROP VIEW IF EXISTS temp.analyzed")
    saved.insert_all(rows)


def _is_analyzed(column: Column[Any]) -> bool:
    """Whether statistics say something: not for keys, hashes, addresses and texts."""
    table = column.table
    unique = {c.name for u in table.constraints if isinstance(u, UniqueConstraint) for c in u.columns}
    if column.primary_key or column.foreign_keys or column.name in unique | public.LONG:
        return False
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, Text) and not isinstance(column.type, Utc):
        return not re.search(r"(sha|sha256|oid|url|_id|title|message|summary|description|argument)$", column.name)
    return True
