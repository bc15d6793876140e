"""PeaTMOSS: build relational datasets of pre-trained models and the repositories that use them.

In a notebook:

    import peatmoss
    data = peatmoss.open("dist/peatmoss.db")
    data.tables()
    data.sql("SELECT context_id, downloads FROM model ORDER BY downloads DESC LIMIT 10")
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars
    from sqlalchemy import URL, Engine

__version__ = "0.1.0"


class Database:
    """A dataset, opened for reading. Make one with `peatmoss.open`."""

    def __init__(self, engine: Engine, url: URL):
        self._engine, self._url = engine, url

    def __repr__(self) -> str:
        return f"<peatmoss.Database {self._url.render_as_string(hide_password=True)}>"

    def sql(self, query: str, /, **params: Any) -> polars.DataFrame:
        """The rows of a query. Values for `:name` in it are given as keywords: ``sql("... WHERE id = :id", id=1)``."""
        import polars
        from sqlalchemy import text

        from peatmoss.db import connection_errors

        with connection_errors(self._url), self._engine.connect() as connection:
            if params:
                result = connection.execute(text(query), params)
            else:  # as it stands: a colon or a per cent sign is just that
                result = connection.execution_options(no_parameters=True).exec_driver_sql(query)
            rows = [tuple(row) for row in result.all()]
            return polars.DataFrame(rows, schema=list(result.keys()), orient="row", infer_schema_length=None)

    def tables(self) -> polars.DataFrame:
        """Tables and views by name, with what they hold (`DICTIONARY.md` beside a release describes every column)."""
        import polars
        from sqlalchemy import inspect

        from peatmoss.schema import metadata

        found = inspect(self._engine)
        kinds = [(name, "table") for name in found.get_table_names()]
        kinds += [(name, "view") for name in found.get_view_names()]
        rows = [
            (name, kind, metadata.tables[name].comment if name in metadata.tables else None)
            for name, kind in sorted(kinds)
        ]
        schema = {"name": polars.String, "kind": polars.String, "comment": polars.String}
        return polars.DataFrame(rows, schema=schema, orient="row")


def open(path_or_url: str | Path = "dist/peatmoss.db") -> Database:  # noqa: A001 - peatmoss.open reads as it should
    """Open a release or a working database for reading: an SQLite file, or a SQLAlchemy URL.

    Raises PeatmossError if there is no such file, SourceError if it cannot be read.
    """
    import sqlite3

    from sqlalchemy import URL, create_engine

    from peatmoss.db import connect
    from peatmoss.errors import PeatmossError

    place = str(path_or_url)
    if "://" in place and not place.startswith("sqlite"):
        engine = connect(place)
        return Database(engine, engine.url)
    path = Path(place.removeprefix("sqlite:///")).absolute()
    if not path.is_file():
        raise PeatmossError(f"no database at {path}: `make build-db` makes one in dist/")

    def reader() -> sqlite3.Connection:
        return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False)

    return Database(create_engine("sqlite://", creator=reader), URL.create("sqlite", database=str(path)))
