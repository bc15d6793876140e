"""Indexes and foreign keys around the first load: built afterwards, in bulk, they cost a fraction."""

from __future__ import annotations

import polars as pl
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import AddConstraint

from peatmoss.db import Ingest
from peatmoss.schema import metadata

_PG = postgresql.dialect()  # type: ignore[no-untyped-call]


def secondary_indexes() -> dict[str, str]:
    """Name -> DDL of the indexes that are no constraint."""
    return {
        str(index.name): f"CREATE INDEX IF NOT EXISTS {index.name} ON {table.name} "
        f"({', '.join(column.name for column in index.columns)})"
        for table in metadata.sorted_tables
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    }


def relax(sink: Ingest) -> None:
    """Before the first load: drop what is faster to build afterwards (indexes; in PostgreSQL foreign keys, too)."""
    for name in secondary_indexes():
        sink.execute(f"DROP INDEX IF EXISTS {name}")
    if sink.dialect == "postgresql":
        for name, table in _present_foreign_keys(sink).rows():
            sink.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    sink.commit()


def restore(sink: Ingest) -> None:
    """Build what `relax` dropped, as far as it is missing; foreign keys are checked against every row."""
    for ddl in secondary_indexes().values():
        sink.execute(ddl)
    if sink.dialect == "postgresql":
        present = set(_present_foreign_keys(sink)["name"])
        for table in metadata.sorted_tables:
            for constraint in sorted(table.foreign_key_constraints, key=lambda c: str(c.name)):
                if constraint.name not in present:
                    sink.execute(str(AddConstraint(constraint, isolate_from_table=False).compile(dialect=_PG)))
    sink.commit()


def _present_foreign_keys(sink: Ingest) -> pl.DataFrame:
    return sink.query(
        "SELECT conname::text AS name, conrelid::regclass::text AS table_name FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1"
    )
