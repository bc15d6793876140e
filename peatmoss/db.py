"""The database: connections, and the one way in for bulk data. SQLite and PostgreSQL alike.

Every write goes through `Ingest`, set by set, on one ADBC connection and in one transaction per batch:

    with ingest(url, "load") as sink:
        models = sink.upsert(model, frame, ("model_hub_id", "context_id"))   # -> the frame with ids
        sink.replace(model_to_tag, "model_id", owners, links)                # children follow their parent
        sink.checkpoint("model/x.jsonl", batch_count=1, done=False)
        sink.commit()

Rows are compared with what is there before anything is written, so loading the same again writes nothing.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import adbc_driver_manager.dbapi as adbc
import polars as pl
import sqlalchemy as sa
from adbc_driver_manager import AdbcConnection, AdbcStatusCode
from sqlalchemy import BigInteger, Boolean, Column, Engine, Float, Table, create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, ProgrammingError

from peatmoss import __version__
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.schema import ledger
from peatmoss.schema.base import Utc

_PG = postgresql.dialect()  # type: ignore[no-untyped-call]
MIN_POSTGRESQL = 14
_LOCK = 7305
CONTROL = r"[\x00-\x1f\x7f]"


def parse_url(url: str) -> URL:
    """A database URL; PeatmossError if it is none that we can use."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise PeatmossError(
            f"not a database URL: {url!r} (for instance sqlite:////data/peatmoss.db or postgresql://user@host/name)"
        ) from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise PeatmossError(f"{parsed.get_backend_name()} is not supported: use sqlite:////path or postgresql://...")
    if parsed.get_backend_name() == "sqlite" and not parsed.database:
        raise PeatmossError("an SQLite URL needs a file: sqlite:////absolute/path or sqlite:///relative/path")
    return parsed


@contextlib.contextmanager
def connection_errors(url: URL) -> Iterator[None]:
    """Turn a driver's complaint about the server or the file into one clear line."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise PeatmossError(f"{error.name} is not installed: pip install 'peatmoss[postgres]'") from error
    except NoSuchModuleError as error:
        raise PeatmossError(str(error)) from error
    except (adbc.ProgrammingError, ProgrammingError):
        raise  # wrong SQL is a bug of ours, not the server's trouble
    except (adbc.Error, DBAPIError) as error:
        raise _trouble(url, error) from error


def _trouble(url: URL, error: Exception) -> SourceError:
    reason = " ".join(str(getattr(error, "orig", None) or error).split())[:300]
    return SourceError(f"database {url.render_as_string(hide_password=True)}: {reason}")


def connect(url: str) -> Engine:
    """A SQLAlchemy engine for reading and for migrations.

    Raises PeatmossError for a wrong URL, SourceError if the database cannot be opened.
    """
    parsed = parse_url(url)
    with connection_errors(parsed):
        if parsed.get_backend_name() == "sqlite":
            folder = Path(str(parsed.database)).parent
            if not folder.is_dir():
                raise PeatmossError(f"no such folder: {folder}")
        engine = create_engine(parsed)
        with engine.connect() as connection:
            if parsed.get_backend_name() == "sqlite":  # opening alone reads nothing
                connection.exec_driver_sql("SELECT COUNT(*) FROM sqlite_master")
            else:
                require_server(int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()))
            return engine


def release_revision(connection: sa.Connection, is_read: bool = False) -> str | None:
    """The schema revision of a release (SQLite's user_version), which is only read; None of any other database."""
    is_sqlite = connection.dialect.name == "sqlite"
    number = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one()) if is_sqlite else 0
    if number and not is_read:
        raise PeatmossError("this is a release, which never changes: give --db the database that it was made from")
    return f"{number:04}" if number else None


def require_server(version: int) -> None:
    """Raise PeatmossError for a PostgreSQL older than MIN_POSTGRESQL; `version` is its server_version_num."""
    if version < MIN_POSTGRESQL * 10_000:
        raise PeatmossError(f"PostgreSQL {version // 10_000} is too old: peatmoss needs {MIN_POSTGRESQL} or newer")


class _Sqlite(adbc.Connection):
    """The driver types a column by its first batch of rows, which may be all NULL: that batch is made a large one."""

    def cursor(self, *, adbc_stmt_kwargs: Mapping[str, Any] | None = None) -> adbc.Cursor:
        """A cursor whose guesses rest on a million rows."""
        return super().cursor(adbc_stmt_kwargs={"adbc.sqlite.query.batch_rows": "1000000", **(adbc_stmt_kwargs or {})})


def adbc_connect(url: URL) -> adbc.Connection:
    """An ADBC connection without automatic commits."""
    if url.get_backend_name() == "postgresql":
        import adbc_driver_postgresql.dbapi as postgresql_driver

        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        server: adbc.Connection = postgresql_driver.connect(plain)
        with server.cursor() as cursor:
            for setting in ("synchronous_commit = off", "maintenance_work_mem = '512MB'", "work_mem = '128MB'"):
                cursor.execute(f"SET {setting}")
        server.commit()
        return server
    import adbc_driver_sqlite as sqlite_driver

    database = sqlite_driver.connect(str(url.database))
    connection = _Sqlite(database, AdbcConnection(database))
    connection.adbc_connection.set_autocommit(True)  # pragmas are ignored inside a transaction
    try:
        with connection.cursor() as cursor:
            # A build can be repeated, so the disk may lag behind: a killed process loses nothing, a power cut may.
            for pragma in ("busy_timeout=2000", "synchronous=OFF", "cache_size=-256000"):
                cursor.execute(f"PRAGMA {pragma}")
    except adbc.ProgrammingError as error:  # what this driver calls a locked or foreign file
        raise _trouble(url, error) from error
    connection.adbc_connection.set_autocommit(False)
    return connection


@contextlib.contextmanager
def ingest(url: str, verb: str) -> Iterator[Ingest]:
    """The bulk way in; what was not committed when the block ends is rolled back. The run is noted in the ledger."""
    parsed = parse_url(url)
    with connection_errors(parsed):
        connection = adbc_connect(parsed)
        try:
            sink = Ingest(connection, parsed.get_backend_name())
        except BaseException:
            connection.close()
            raise
        try:
            begun = _note_run(sink, verb)
            yield sink
            connection.rollback()
            sink.update(ledger.run, begun.with_columns(finished_at=_now()))
            connection.commit()
        finally:
            with contextlib.suppress(adbc.Error):
                connection.rollback()
                if parsed.get_backend_name() == "postgresql":  # do not wait for the server to notice that we left
                    sink.query(f"SELECT pg_advisory_unlock({_LOCK})")
            connection.close()


def _note_run(sink: Ingest, verb: str) -> pl.DataFrame:
    """Note that a run began; returns its id."""
    key = pl.DataFrame({"verb": [verb]}).with_columns(started_at=_now(), version=pl.lit(__version__))
    begun = sink.upsert(ledger.run, key, ("verb", "started_at"))
    sink.commit()
    return begun.select("id")


def _now() -> pl.Expr:
    return pl.lit(datetime.now(UTC), pl.Datetime("us", "UTC"))


class Ingest:
    """One connection, one transaction at a time. Frames use polars types; columns are named as in the table."""

    def __init__(self, connection: adbc.Connection, dialect: str):
        self.connection = connection
        self.dialect = dialect
        self._next_id: dict[str, int] = {}
        self._names: dict[str, pl.DataFrame] = {}
        self._lock()

    def _lock(self) -> None:
        """One writer at a time: ids are assigned here, not by the database."""
        if self.dialect == "postgresql":
            for _ in range(10):
                if self.query(f"SELECT pg_try_advisory_lock({_LOCK}) AS free")["free"][0]:
                    return
                time.sleep(0.5)  # a killed process may hold it for another moment
            raise PeatmossError("another peatmoss process is writing to this database")
        self.execute("PRAGMA locking_mode=EXCLUSIVE")

    def execute(self, sql: str) -> None:
        """Run a statement that returns no rows."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql)

    def query(self, sql: str) -> pl.DataFrame:
        """Run a query. Types are the driver's guess, so prefer `read` where rows may be few or none."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            try:
                return cursor.fetch_polars()
            except pl.exceptions.ComputeError as error:  # how a failure while rows arrive shows
                raise adbc.OperationalError(str(error), status_code=AdbcStatusCode.IO) from error

    def read(self, table: Table, sql: str) -> pl.DataFrame:
        """Run a query whose columns are columns of `table`, and give them that table's types."""
        frame = self.query(sql)
        return frame.with_columns(_typed(frame, column) for column in table.columns if column.name in frame.columns)

    def stage(self, name: str, frame: pl.DataFrame) -> None:
        """Put a frame into a temporary table."""
        self.execute(f"DROP TABLE IF EXISTS {name}")
        with self.connection.cursor() as cursor:
            cursor.adbc_ingest(name, self._outgoing(frame), mode="create", temporary=True)

    def append(self, table: Table, frame: pl.DataFrame) -> int:
        """Insert rows that are known to be new; returns their number."""
        if frame.height:
            with self.connection.cursor() as cursor:
                cursor.adbc_ingest(table.name, self._outgoing(frame), mode="append")
        return frame.height

    def upsert(
        self,
        table: Table,
        frame: pl.DataFrame,
        key: Sequence[str],
        keep: Sequence[str] = (),
        new: Mapping[str, pl.Expr] | None = None,
    ) -> pl.DataFrame:
        """Bring rows to the state of `frame`, found by their natural key; columns not in it stay as they are.

        The frame has at most one row per key; new rows get ids in its order. `keep` names columns that only a new row
        gets, `new` gives more of them as expressions. Returns the frame with the columns `id` and `change` (new,
        changed or same) added, in the same order.
        """
        values = [c for c in frame.columns if c not in key and c not in keep]
        frame = frame.with_row_index("_n")
        self.stage("stage_key", frame.select("_n", *key))
        match = " AND ".join(f"t.{c} = s.{c}" for c in key)
        columns = ", ".join(f"t.{c}" for c in ("id", *values))
        # CROSS JOIN keeps SQLite's planner, which knows nothing of temporary tables, from scanning the large one.
        old = self.read(table, f"SELECT s._n, {columns} FROM stage_key s CROSS JOIN {table.name} t WHERE {match}")
        both = frame.join(old.cast({"_n": pl.UInt32}), on="_n", how="left", suffix="_old", maintain_order="left")
        # Provenance alone is no change: a row keeps the shard that last said something new.
        compared = [c for c in values if c != "shard_id"]
        differs = pl.any_horizontal(pl.lit(False), *(pl.col(c).ne_missing(pl.col(f"{c}_old")) for c in compared))
        is_new = pl.col("id").is_null()
        first = self._take_ids(table, both["id"].null_count())
        both = both.with_columns(
            change=pl.when(is_new).then(pl.lit("new")).when(differs).then(pl.lit("changed")).otherwise(pl.lit("same")),
            id=pl.coalesce("id", is_new.cum_sum().cast(pl.Int64) + (first - 1)),
        ).select("id", *key, *values, *keep, "change")
        self.append(table, both.filter(change="new").drop("change").with_columns(**(new or {})))
        self.update(table, both.filter(change="changed").select("id", *values))
        return both

    def update(self, table: Table, frame: pl.DataFrame) -> None:
        """Set columns of existing rows, found by id."""
        values = [c for c in frame.columns if c != "id"]
        if frame.height and values:
            self.stage("stage_change", frame)
            settings = ", ".join(f"{c} = {self._cast(table.c[c], f's.{c}')}" for c in values)
            self.execute(f"UPDATE {table.name} SET {settings} FROM stage_change s WHERE {table.name}.id = s.id")

    def delete(self, table: Table, keys: pl.DataFrame) -> None:
        """Delete rows, found by the columns of `keys`."""
        if keys.height:
            self.stage("stage_stale", keys)
            columns = ", ".join(keys.columns)
            self.execute(f"DELETE FROM {table.name} WHERE ({columns}) IN (SELECT {columns} FROM stage_stale)")

    def replace(self, table: Table, owner: str, owners: pl.Series, frame: pl.DataFrame) -> int:
        """Make `frame` the only rows of these owners. Only differences are written; returns their number.

        owners: ids of the owners that may have rows already; owners created in this batch need not be in it.
        """
        key = [column.name for column in table.primary_key]
        columns = [column.name for column in table.columns if column.name in frame.columns]
        frame = frame.select(columns)
        removed = 0
        if owners.len():
            self.stage("stage_owner", pl.DataFrame({"id": owners}))
            listed = ", ".join(f"t.{c}" for c in columns)
            query = f"SELECT {listed} FROM stage_owner s CROSS JOIN {table.name} t WHERE t.{owner} = s.id"
            old = self.read(table, query)
            if old.height:
                compared = [c for c in columns if c != "shard_id"]
                stale = old.join(frame, on=compared, how="anti", nulls_equal=True)
                frame = frame.join(old, on=compared, how="anti", nulls_equal=True)
                self.delete(table, stale.select(key))
                removed = stale.height
        return removed + self.append(table, frame.sort(key))

    def intern(self, table: Table, names: pl.Series, **extra: pl.Expr) -> pl.DataFrame:
        """Names -> ids in a look-up table, new names added in byte order. Returns columns `raw` and `id`.

        Control characters become U+FFFD; `extra` gives further columns of a new row, as expressions over its name.
        """
        column = "abbreviation" if "abbreviation" in table.c else "name"
        if table.name not in self._names:
            self._names[table.name] = self.read(table, f"SELECT id, {column} FROM {table.name}")
        known = self._names[table.name]
        wanted = (
            names.unique().to_frame("raw").with_columns(pl.col("raw").str.replace_all(CONTROL, "\ufffd").alias(column))
        )
        new = wanted.select(column).unique().join(known, on=column, how="anti").sort(column)
        if new.height:
            first = self._take_ids(table, new.height)
            new = new.with_row_index("id", offset=first).cast({"id": pl.Int64})
            self.append(table, new.with_columns(**extra))
            self._names[table.name] = known = pl.concat([known, new.select("id", column)])
        return wanted.join(known, on=column).select("raw", "id")

    def reject(self, shard_id: int, rejects: pl.DataFrame) -> None:
        """Record what could not become a row. Columns: line, field, key, reason."""
        if rejects.height:
            first = self._take_ids(ledger.reject, rejects.height)
            rows = rejects.with_row_index("id", offset=first).with_columns(
                pl.col("id").cast(pl.Int64),
                pl.lit(shard_id, pl.Int64).alias("shard_id"),
                pl.col("key").str.slice(0, 200).str.replace_all(CONTROL, "\ufffd"),
                pl.col("reason").str.slice(0, 500).str.replace_all(CONTROL, "\ufffd"),
            )
            self.append(ledger.reject, rows)

    def progress(self, shard: str) -> tuple[int, bool]:
        """How far a shard (or a stage) got: batches committed, and whether it is done."""
        found = self.read(ledger.checkpoint, "SELECT shard, batch_count, state FROM checkpoint").filter(shard=shard)
        return (found["batch_count"][0], found["state"][0] == "done") if found.height else (0, False)

    def checkpoint(self, shard: str, batch_count: int, done: bool) -> None:
        """Note how far a shard (or a stage) got, in the transaction of its data."""
        row = pl.DataFrame({"shard": [shard], "batch_count": [batch_count], "state": ["done" if done else "open"]})
        self.upsert(ledger.checkpoint, row, ("shard",))

    def commit(self) -> None:
        """Make everything since the last commit permanent."""
        self.connection.commit()

    def _take_ids(self, table: Table, count: int) -> int:
        """Reserve `count` ids and return the first."""
        if table.name not in self._next_id:
            self._next_id[table.name] = int(
                self.query(f"SELECT COALESCE(MAX(id), 0) + 1 AS id FROM {table.name}")["id"][0]
            )
        first = self._next_id[table.name]
        self._next_id[table.name] += count
        return first

    def _outgoing(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Types that the driver writes as the schema wants them."""
        frame = frame.with_columns(pl.col(pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64).cast(pl.Int64))
        if self.dialect == "sqlite":
            frame = frame.with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
        return frame

    def _cast(self, column: Column[Any], expression: str) -> str:
        """PostgreSQL wants the type of a staged column of NULLs to be named."""
        if self.dialect == "sqlite":
            return expression
        return f"CAST({expression} AS {column.type.compile(_PG)})"


def _typed(frame: pl.DataFrame, column: Column[Any]) -> pl.Expr:
    """A column as read from a database -> its polars type."""
    value = pl.col(column.name)
    if isinstance(column.type, Utc):
        if frame.schema[column.name] == pl.String:
            return value.str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC", time_unit="us")
        return value.cast(pl.Datetime("us", "UTC"))
    if isinstance(column.type, Boolean):
        return value.cast(pl.Boolean)
    if isinstance(column.type, Float):
        return value.cast(pl.Float64)
    return value.cast(pl.Int64 if isinstance(column.type, BigInteger) else pl.String)
