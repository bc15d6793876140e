"""The migrations give exactly the schema that is declared, and no database is taken by mistake."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, text

from peatmoss import migrate
from peatmoss.db import connect
from peatmoss.errors import PeatmossError
from peatmoss.schema import metadata
from tests.conftest import migrated, rows


def _clauses(ddl: str) -> list[str]:
    """A CREATE statement as its clauses, blanks and quotes aside; the order of constraints has no meaning."""
    plain = re.sub(r"\s+", " ", ddl.replace('"', "")).strip()
    head, _, body = plain.partition("(")
    body, _, tail = body.rpartition(")")
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(body):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append(body[start:place].strip())
            start = place + 1
    parts.append(body[start:].strip())
    constraints = sorted(p for p in parts if p.startswith("CONSTRAINT"))
    return [head.strip(), *(p for p in parts if not p.startswith("CONSTRAINT")), *constraints, tail.strip()]


def _sqlite(url: str) -> dict[str, list[str]]:
    found = rows(url, "SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: _clauses(sql) for name, sql in found if "alembic_version" not in name}


def test_on_sqlite_migrated_and_declared_ddl_are_the_same_clause_by_clause(tmp_path: Path) -> None:
    declared, migrated = (f"sqlite:///{tmp_path / name}" for name in ("declared.db", "migrated.db"))
    metadata.create_all(create_engine(declared))
    migrate.run(connect(migrated))
    assert _sqlite(migrated) == _sqlite(declared)


def _postgresql(url: str) -> dict[str, Any]:
    engine = create_engine(url)
    found = inspect(engine)
    tables = [t for t in found.get_table_names() if t != "alembic_version"]
    described = {
        table: {
            "comment": found.get_table_comment(table),
            "columns": [{**column, "type": str(column["type"])} for column in found.get_columns(table)],
            "primary key": found.get_pk_constraint(table),
            "unique": sorted(map(str, found.get_unique_constraints(table))),
            "foreign keys": sorted(map(str, found.get_foreign_keys(table))),
            "checks": sorted(map(str, found.get_check_constraints(table))),
            "indexes": sorted(map(str, found.get_indexes(table))),
        }
        for table in tables
    }  # fmt: skip
    engine.dispose()
    return described


@pytest.mark.parametrize("empty_database", ["postgresql"], indirect=True)
def test_on_postgresql_migrated_and_declared_schemas_are_the_same(empty_database: str) -> None:
    engine = connect(empty_database)
    migrate.run(engine)
    migrated = _postgresql(empty_database)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    metadata.create_all(engine)
    engine.dispose()
    declared = _postgresql(empty_database)
    assert set(migrated) == set(declared)
    for table in declared:
        assert migrated[table] == declared[table]


def test_migrating_says_from_where_to_where_and_twice_changes_nothing(empty_database: str) -> None:
    engine = connect(empty_database)
    assert migrate.run(engine) == (None, migrate.head())
    assert migrate.run(engine) == (migrate.head(), migrate.head())
    migrate.require_head(engine, migrate.head())
    engine.dispose()


def test_a_database_of_a_newer_version_is_refused(database: str) -> None:
    engine = connect(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(PeatmossError, match=r"revision 9999, which this version of peatmoss does not know"):
        migrate.run(engine)
    with pytest.raises(PeatmossError, match=r"has schema revision 9999, this version of peatmoss needs"):
        migrate.require_head(engine, migrate.head())
    engine.dispose()


def test_a_foreign_database_is_refused_and_left_alone(empty_database: str) -> None:
    engine = connect(empty_database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE customer (id INTEGER)"))
    with pytest.raises(PeatmossError, match=r"not empty and not ours \(it has a table customer\)"):
        migrate.run(engine)
    assert inspect(engine).get_table_names() == ["customer"]
    engine.dispose()


def test_an_empty_database_is_not_at_head(empty_database: str) -> None:
    engine = connect(empty_database)
    with pytest.raises(PeatmossError, match="run `peatmoss migrate` first"):
        migrate.require_head(engine, migrate.head())
    engine.dispose()


def test_reset_gives_an_empty_migrated_database(demo: str) -> None:
    engine = connect(demo)
    migrate.reset(engine)
    migrate.require_head(engine, migrate.head())
    engine.dispose()
    assert rows(demo, "SELECT COUNT(*) FROM model") == [(0,)]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_printed_schema_is_valid_sql_of_every_table(dialect: str, tmp_path: Path, postgresql: str) -> None:
    printed = migrate.show(dialect)
    assert printed.count("CREATE TABLE") == len(metadata.tables)
    if dialect == "sqlite":
        code = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.stdin.read())"
        subprocess.run([sys.executable, "-c", code, str(tmp_path / "x.db")], input=printed, text=True, check=True)
    else:
        import psycopg

        with psycopg.connect(postgresql) as connection:
            connection.execute("CREATE SCHEMA printed")
            connection.execute("SET search_path TO printed")
            connection.execute(printed.encode())
            connection.rollback()


def test_the_alembic_command_finds_nothing_to_add(tmp_path: Path) -> None:
    """Its configuration is in pyproject.toml; a new migration for today's declaration would be empty."""
    url = f"sqlite:///{tmp_path}/scratch.db"
    migrated(url)
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "check"],
        cwd=Path(__file__).parent.parent,
        env=os.environ | {"PEATMOSS_DB": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "No new upgrade operations detected."), done.stderr
