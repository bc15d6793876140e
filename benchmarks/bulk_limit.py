"""The contestants (a) and (d) of `bulk_load.py`: the limit, and the way of PeaTMOSS."""

from __future__ import annotations

import queue
import threading
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import ForeignKey, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from peatmoss.db import adbc_connect, connect, ingest, parse_url
from peatmoss.load.hub import FACT_TAG, reference
from peatmoss.load.shape import relax, restore
from peatmoss.parse.hub import RELATIONS
from peatmoss.schema import hub, ledger, metadata

PIECE = 200_000


def run(dump: Path, url: str) -> None:
    """Everything in polars, piece by piece, appended by a thread through ADBC to empty tables; indexes at the end."""
    engine = connect(url)
    metadata.create_all(engine)
    engine.dispose()
    names: dict[str, pl.DataFrame] = {}
    with ingest(url, "limit") as sink:
        relax(sink)
    with adbc_connect(parse_url(url)) as connection, connection.cursor() as cursor:
        as_text = parse_url(url).get_backend_name() == "sqlite"

        waiting: queue.Queue[tuple[Any, pl.DataFrame] | None] = queue.Queue(maxsize=20)
        failed: list[BaseException] = []

        def write() -> None:
            try:
                while (item := waiting.get()) is not None:
                    if not failed:
                        cursor.adbc_ingest(item[0].name, item[1], mode="append")
            except BaseException as error:  # noqa: BLE001
                failed.append(error)

        def append(table: Any, frame: pl.DataFrame) -> None:
            if as_text:
                frame = frame.with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
            if failed:
                raise failed[0]
            waiting.put((table, frame))

        def ids(table: Any, values: pl.Series) -> pl.DataFrame:
            known = names.get(table.name, pl.DataFrame(schema={"name": pl.String, "id": pl.Int64}))
            new = values.unique().drop_nulls().to_frame("name").join(known, on="name", how="anti").sort("name")
            new = new.with_row_index("id", offset=known.height + 1).select("name", pl.col("id").cast(pl.Int64))
            append(table, _row(table, new))
            names[table.name] = known = pl.concat([known, new])
            return known

        writer = threading.Thread(target=write)
        writer.start()
        append(
            ledger.shard,
            pl.DataFrame(
                {
                    "id": [1],
                    "name": ["limit"],
                    "kind": ["model"],
                    "origin": ["hub_dump"],
                    "as_of": ["2026-01-01T00:00:00Z"],
                    "coverage": ["filter"],
                    "sha256": [""],
                    "record_count": [0],
                    "loaded_count": [0],
                    "reject_count": [0],
                }
            ).with_columns(pl.col("as_of").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC", time_unit="us")),
        )
        append(hub.model_hub, pl.DataFrame({"id": [1], "name": ["HuggingFace"], "url": ["https://huggingface.co"]}))
        total = pl.scan_parquet(dump).select(pl.len()).collect().item()
        for first in range(0, total, PIECE):
            _piece(pl.scan_parquet(dump).slice(first, PIECE).collect(), first, append, ids)
        waiting.put(None)
        writer.join()
        if failed:
            raise failed[0]
        connection.commit()
    with ingest(url, "limit") as sink:
        restore(sink)


def _row(table: Any, new: pl.DataFrame) -> pl.DataFrame:
    if table is hub.language:
        return new.with_columns(abbreviation="name")
    return new


def _piece(frame: pl.DataFrame, first: int, append: Any, ids: Any) -> None:
    frame = frame.sort("id").with_row_index("model_id", offset=first + 1).cast({"model_id": pl.Int64})
    append(
        hub.model,
        frame.select(
            "downloads",
            "likes",
            id="model_id",
            context_id="id",
            model_hub_id=pl.lit(1, pl.Int64),
            repo_url=pl.format("https://huggingface.co/{}", "id"),
            downloads_all_time="downloadsAllTime",
            created_at="createdAt",
            last_modified_at="lastModified",
            is_created_at_floor=pl.lit(False),
            has_snapshot=pl.lit(False),
            shard_id=pl.lit(1, pl.Int64),
        ),
    )

    def link(table: Any, other: Any, pairs: pl.DataFrame) -> None:
        column = f"{other.name}_id"
        found = pairs.join(ids(other, pairs["name"]).rename({"id": column}), on="name").drop("name")
        append(table, found.unique(["model_id", column]).sort("model_id", column))

    link(hub.model_to_author, hub.author, frame.select("model_id", name="author"))
    link(hub.model_to_model_task, hub.model_task, frame.select("model_id", name="pipeline_tag").drop_nulls())
    long = frame.select("model_id", tag="tags").explode("tag", empty_as_null=False)
    words = (
        long.select("tag")
        .unique()
        .with_columns(kind=pl.col("tag").str.extract(FACT_TAG, 1), value=pl.col("tag").str.extract(FACT_TAG, 2))
    )
    tags = long.join(words, on="tag")
    plain = tags.filter(pl.col("kind").is_null()).select("model_id", name="tag")
    link(hub.model_to_tag, hub.tag, plain)
    software = plain.join(reference("libraries").select("name", "kind"), on="name")
    link(hub.model_to_framework, hub.framework, software.filter(kind="framework").select("model_id", "name"))
    libraries = pl.concat(
        [
            frame.select("model_id", name="library_name", source=pl.lit("library_name")),
            software.filter(kind="library").select("model_id", "name", source=pl.lit("tag")),
        ]
    )
    link(hub.model_to_library, hub.library, libraries.unique(["model_id", "name"], keep="first"))
    languages = reference("languages").select(name="code")
    link(hub.model_to_language, hub.language, plain.join(languages, on="name", how="semi"))
    for kind, table, other in (
        ("license", hub.model_to_license, hub.license),
        ("dataset", hub.model_to_dataset, hub.dataset),
    ):
        link(table, other, tags.filter(kind=kind).select("model_id", name="value"))
    papers = tags.filter(pl.col("kind").is_in(["arxiv", "doi"]))
    link(hub.model_to_paper, hub.paper, papers.select("model_id", name=pl.format("{}:{}", "kind", "value")))
    qualified = (
        tags.filter(kind="base_model")
        .with_columns(relation=pl.col("value").str.extract(f"^({'|'.join(RELATIONS)}):"))
        .drop_nulls("relation")
    )
    append(
        hub.model_to_base_model,
        qualified.select(
            "model_id",
            "relation",
            base_model_name=pl.col("value").str.replace("^[a-z]+:", ""),
            declared_in=pl.lit("tag"),
            shard_id=pl.lit(1, pl.Int64),
        )
        .unique(["model_id", "base_model_name", "relation"])
        .sort("model_id", "base_model_name", "relation"),
    )
    licenses = tags.filter(kind="license").group_by("model_id").agg(license=pl.col("value").sort().str.join(" "))
    append(
        hub.model_observation,
        frame.join(licenses, on="model_id", how="left", maintain_order="left").select(
            "model_id",
            "downloads",
            "likes",
            "license",
            downloads_all_time="downloadsAllTime",
            as_of=pl.lit("2026-01-01T00:00:00Z").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC", time_unit="us"),
            shard_id=pl.lit(1, pl.Int64),
        ),
    )


# --- (d) ---------------------------------------------------------------------------------------------------------------


class Base(DeclarativeBase):
    """ORM classes of the few tables that (d) fills."""


class OrmModel(Base):
    """A model."""

    __tablename__ = "orm_model"
    id: Mapped[int] = mapped_column(primary_key=True)
    context_id: Mapped[str] = mapped_column(String, unique=True)
    downloads: Mapped[int]
    likes: Mapped[int]


class OrmName(Base):
    """A tag, author, library or task."""

    __tablename__ = "orm_name"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(String, index=True)


class OrmLink(Base):
    """A model has a name."""

    __tablename__ = "orm_link"
    model_id: Mapped[int] = mapped_column(ForeignKey("orm_model.id"), primary_key=True)
    name_id: Mapped[int] = mapped_column(ForeignKey("orm_name.id"), primary_key=True)


def run_orm(dump: Path, url: str, count: int) -> None:
    """A query per value, get or create, as PeaTMOSS's loader did; one flush per model."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for row in pl.read_parquet(dump, n_rows=count).iter_rows(named=True):
            model = OrmModel(context_id=row["id"], downloads=row["downloads"], likes=row["likes"])
            session.add(model)
            values = {("author", row["author"]), ("library", row["library_name"]), ("task", row["pipeline_tag"])}
            for kind, name in sorted((k, v) for k, v in values | {("tag", tag) for tag in row["tags"]} if v):
                found = session.scalar(select(OrmName).where(OrmName.kind == kind, OrmName.name == name))
                if found is None:
                    found = OrmName(kind=kind, name=name)
                    session.add(found)
                session.flush()
                session.add(OrmLink(model_id=model.id, name_id=found.id))
        session.commit()
    engine.dispose()
