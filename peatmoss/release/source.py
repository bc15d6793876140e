"""Reading the working database: one connection, one consistent view of it, SQLite and PostgreSQL alike."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import adbc_driver_manager.dbapi as adbc
import polars as pl

from peatmoss import migrate
from peatmoss.db import adbc_connect, connect, connection_errors, parse_url
from peatmoss.errors import PeatmossError

_LOOKAHEAD = "1000000"
"""Rows over which the SQLite driver finds a column's type: more than any batch, or a late value would be an error."""


class Source:
    """The working database, read only."""

    def __init__(self, connection: adbc.Connection, dialect: str):
        self.connection = connection
        self.dialect = dialect

    def query(self, sql: str) -> pl.DataFrame:
        """Run a query. Column types are the driver's: see `peatmoss.release.public.typed`."""
        with self.connection.cursor() as cursor:
            if self.dialect == "sqlite":
                cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": _LOOKAHEAD})
            cursor.execute(sql)
            return cursor.fetch_polars()

    def number(self, sql: str) -> int | None:
        """The first value of the first row, an integer or NULL."""
        value = self.query(sql).item(0, 0)
        return None if value is None else int(value)


@contextlib.contextmanager
def opened(url: str, head: str) -> Iterator[Source]:
    """The database, if it can be released: it exists, has the schema `head`, and no load is half done.

    Raises PeatmossError or SourceError with one clear line.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).is_file():
        raise PeatmossError(
            f"no such database: {parsed.database} (make one with `peatmoss migrate` and `peatmoss load`)"
        )
    engine = connect(url)
    try:
        with connection_errors(parsed):
            migrate.require_head(engine, head)
    finally:
        engine.dispose()
    with connection_errors(parsed):
        connection = adbc_connect(parsed)
        try:
            source = Source(connection, parsed.get_backend_name())
            if source.dialect == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            unfinished = source.query("SELECT shard FROM checkpoint WHERE state = 'open' ORDER BY shard")["shard"]
            if len(unfinished):
                raise PeatmossError(
                    f"{unfinished[0]} is not completely loaded ({len(unfinished)} open in all): "
                    "run `peatmoss load` again, then release"
                )
            yield source
        finally:
            with contextlib.suppress(adbc.Error):
                connection.rollback()
            connection.close()
