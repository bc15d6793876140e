"""What every table is made of: the metadata object, column kinds, closed vocabularies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

PATH_CLASSES = ("src", "test", "example", "docs", "notebook", "vendored", "generated")
SEVERITIES = ("hard", "soft", "info")
VERDICTS = ("compatible", "conditional", "incompatible", "unknown")
USAGE_ROLES = (
    "load", "tokenizer", "config", "processor", "adapter", "serve", "remote",
    "finetune", "bundle", "publish", "provenance", "scratch", "mention",
)  # fmt: skip
RELATIONS = ("finetune", "adapter", "merge", "quantized", "unknown")
RESOLUTIONS = ("exact", "rename", "namespace", "case")
COVERAGES = ("complete", "top", "filter")


class Utc(TypeDecorator[datetime]):
    """A moment in UTC: TIMESTAMP WITH TIME ZONE in PostgreSQL, text ``2022-03-02T23:29:04Z`` in SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the database."""
        return dialect.type_descriptor(TIMESTAMP(timezone=True) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Python -> database."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Database -> Python."""
        return datetime.fromisoformat(value) if isinstance(value, str) else value


BigInt = BigInteger().with_variant(Integer(), "sqlite")


def key() -> Column[int]:
    """A surrogate id. It is assigned by the writer, never by a sequence, so that every build gives the same."""
    return Column(
        "id",
        BigInt,
        primary_key=True,
        autoincrement=False,
        comment="Surrogate key, stable within a release only.",
    )


def ref(name: str, target: str, comment: str, null: bool = False, index: bool = True, pk: bool = False) -> Column[int]:
    """A foreign key column."""
    return Column(
        name,
        BigInt,
        ForeignKey(f"{target}.id"),
        nullable=null,
        index=index and not pk,
        comment=comment,
        primary_key=pk,
    )


def text(name: str, comment: str, null: bool = True, **kwargs: Any) -> Column[str]:
    """A text column."""
    return Column(name, Text(), nullable=null, comment=comment, **kwargs)


def integer(name: str, comment: str, null: bool = True, **kwargs: Any) -> Column[int]:
    """A 64-bit integer column."""
    return Column(name, BigInt, nullable=null, comment=comment, **kwargs)


def number(name: str, comment: str, null: bool = True) -> Column[float]:
    """A floating-point column."""
    return Column(name, Float(), nullable=null, comment=comment)


def flag(name: str, comment: str, null: bool = True) -> Column[bool]:
    """A boolean column: NULL means that nobody said."""
    return Column(name, Boolean(), nullable=null, comment=comment)


def moment(name: str, comment: str, null: bool = True, **kwargs: Any) -> Column[datetime]:
    """A UTC timestamp column."""
    return Column(name, Utc(), nullable=null, comment=comment, **kwargs)


def unique(*columns: str) -> UniqueConstraint:
    """The natural key."""
    return UniqueConstraint(*columns)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Close a vocabulary. SQLite builds a table for each `IN (...)` that it checks, so bulk loads want the long form."""
    return CheckConstraint(" OR ".join(f"{column} = '{value}'" for value in values), name=column)


def lookup(name: str, comment: str, *columns: Any) -> Table:
    """A table of names."""
    return Table(
        name,
        metadata,
        key(),
        text("name", "The name, unique.", null=False),
        *columns,
        unique("name"),
        comment=comment,
    )


def junction(name: str, owner: str, other: str, comment: str, *columns: Any) -> Table:
    """A many-to-many table, owned by the first of the two and replaced together with it."""
    return Table(
        name,
        metadata,
        ref(f"{owner}_id", owner, f"The {owner}.", pk=True),
        ref(f"{other}_id", other, f"The {other}.", pk=True),
        *columns,
        Index(None, f"{other}_id"),
        comment=comment,
        sqlite_with_rowid=False,
    )


def shard_ref() -> Column[int]:
    """Provenance: as-of date and origin of a row are those of its shard."""
    return ref(
        "shard_id",
        "shard",
        "The archive shard that last said something new about this row: its as-of date and origin.",
    )
