"""Core tables -> findings. Analyses are equals: each reads core tables only and owns the tables it writes.

    WRITES        the tables that belong to the analysis, declared in schema/
    rows(conn)    yields (table, frame); it reads through an ADBC connection and writes nothing

A frame is read to its end before it is yielded, since it is written on the same connection. Large ones come in pieces,
by ranges of ids. If the table has an `id` and the frame has none, rows are numbered in the order in which they come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, Protocol

import polars as pl
from adbc_driver_manager.dbapi import Connection
from sqlalchemy import Table

from peatmoss.analyze import architectures, cards, licenses, names, statistics, sync
from peatmoss.db import Ingest, adbc_connect, connection_errors, ingest, parse_url
from peatmoss.errors import PeatmossError


class Analysis(Protocol):
    """What a module in this package offers."""

    WRITES: tuple[Table, ...]

    def rows(self, conn: Connection) -> Iterator[tuple[Table, pl.DataFrame]]:
        """Yield the findings."""


ANALYSES: dict[str, Analysis] = {
    "architectures": architectures,
    "cards": cards,
    "licenses": licenses,
    "names": names,
    "statistics": statistics,
    "sync": sync,
}
"""Name -> module. Adding an analysis means adding it here, its tables to schema/, and a migration."""


class Analyzed(NamedTuple):
    """What one analysis wrote into one of its tables."""

    analysis: str
    table: str
    rows: int


def run(
    url: str, names: Sequence[str] | None = None, progress: Callable[[str, int, int], None] = lambda *_: None
) -> list[Analyzed]:
    """Replace the findings of these analyses (default: all). `progress` is told (analysis, done, in all).

    Raises PeatmossError if there is no analysis of a name. Each analysis is one transaction: its old findings stay
    until the new ones are complete.
    """
    wanted = list(dict.fromkeys(names or ANALYSES))
    for name in wanted:
        if name not in ANALYSES:
            raise PeatmossError(f"no analysis is called {name!r}: there are {', '.join(ANALYSES)}")
    results: list[Analyzed] = []
    with ingest(url, "analyze") as sink:
        for number, name in enumerate(wanted):
            progress(name, number, len(wanted))
            results += _replace(sink, name, ANALYSES[name])
            sink.commit()
        progress("done", len(wanted), len(wanted))
    return results


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """A connection to ask an analysis about single models."""
    parsed = parse_url(url)
    with connection_errors(parsed), adbc_connect(parsed) as connection:
        yield connection


def _replace(sink: Ingest, name: str, analysis: Analysis) -> list[Analyzed]:
    written = dict.fromkeys((table.name for table in analysis.WRITES), 0)
    for table in reversed(analysis.WRITES):  # a later table may refer to an earlier one
        sink.execute(str(table.delete()))
    for table, frame in analysis.rows(sink.connection):
        if table.name not in written:
            raise ValueError(f"{name} yields rows for {table.name}, which is not in its WRITES")
        if "id" in table.c and "id" not in frame.columns:
            frame = frame.with_row_index("id", offset=written[table.name] + 1)
        written[table.name] += sink.append(table, frame)
    return [Analyzed(name, table, rows) for table, rows in written.items()]


__all__ = ["ANALYSES", "Analysis", "Analyzed", "reading", "run"]
