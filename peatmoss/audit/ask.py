"""Two licenses or artifacts -> the verdict; and the matrix of OSADL that a database keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Connection, exists, select

from peatmoss.db import connect, ingest
from peatmoss.errors import NotFound, PeatmossError
from peatmoss.parse.license import NOASSERTION, NONE, UNASKED, Matrix, Use, explain, normalise, osadl
from peatmoss.schema import github, hub
from peatmoss.schema import license as tables

_ARTIFACT = re.compile(r"[\w.-]+/[\w.-]+(/[\w.-]+)?")
_PART = {"model": "weights", "dataset": "data", "repository": "code"}


def explained(url: str, use: Use, pairs: Iterable[tuple[str, str, str]]) -> Iterator[dict[str, Any]]:
    """The verdicts of (upstream, downstream, relation), each a license in any spelling or an owner/name.

    Raises NotFound if an owner/name is neither, PeatmossError if one is given without a database (empty `url`).
    """
    if not url:
        for up, down, relation in pairs:
            for name in (up, down):
                if is_artifact(name):
                    raise PeatmossError(f"{name} is no license; if it is a model or a repository, give --db")
            yield explain(up, down, relation, use)
        return
    engine = connect(url)
    try:
        with engine.connect() as connection:
            by = kept_matrix(connection)
            for up, down, relation in pairs:
                found = explain(_license(connection, up), _license(connection, down), relation, use, by)
                yield {**found, "upstream": up, "downstream": down}
    finally:
        engine.dispose()


def is_artifact(name: str) -> bool:
    """It looks like owner/name, and is no license expression that happens to hold a slash."""
    return bool(_ARTIFACT.fullmatch(name.strip())) and normalise(name).expression == NOASSERTION


def _license(connection: Connection, name: str) -> str:
    name = name.strip()
    if not _ARTIFACT.fullmatch(name):
        return name
    found = concluded(connection, name)
    if found is not None:
        return found
    if normalise(name).expression != NOASSERTION:
        return name
    raise NotFound(f"no model and no repository of the database is called {name}")


def concluded(connection: Connection, name: str) -> str | None:
    """The license concluded for an artifact; NONE: it claims none; UNASKED: nobody looked; None: it is not here."""
    where = tables.license_conclusion
    for kind, artifact in (
        ("model", name),
        ("repository", name),
        ("repository", f"github.com/{name}"),
        ("dataset", name),
    ):
        query = select(where.c.expression).where(
            where.c.artifact_kind == kind, where.c.artifact == artifact, where.c.component == _PART[kind]
        )
        expression = connection.execute(query).scalar()
        if expression is not None:
            return str(expression)
    owner, _, short = name.rpartition("/")
    models = select(was_asked()).where(hub.model.c.context_id == name)
    repositories = select(github.reuse_repository.c.github_id.is_not(None)).where(
        github.reuse_repository.c.owner == owner.removeprefix("github.com/"), github.reuse_repository.c.name == short
    )
    known = connection.execute(models).first() or connection.execute(repositories).first()
    if known is None:
        return None
    return NONE if known[0] else UNASKED


def was_asked() -> ColumnElement[bool]:
    """Whether a source that could tell the license of a model was collected."""
    seen = hub.model_observation
    return exists().where(seen.c.model_id == hub.model.c.id, seen.c.license.is_not(None))


def kept_matrix(connection: Connection) -> Matrix:
    """The newest matrix of OSADL: the one that was imported, or the packaged one."""
    cell = tables.license_matrix_cell
    newest = connection.execute(select(cell.c.matrix_date).order_by(cell.c.matrix_date.desc()).limit(1)).scalar()
    if newest is None or str(newest) < osadl().date:
        return osadl()
    rows = connection.execute(select(cell).where(cell.c.matrix_date == newest))
    return Matrix(str(newest), {(row.upstream, row.downstream): (row.answer, row.explanation) for row in rows})


def keep_matrix(url: str, found: Matrix) -> int:
    """Put a matrix in the place of one of the same date. Returns the number of its cells."""
    rows = [(found.date, up, down, answer, why) for (up, down), (answer, why) in sorted(found.cells.items())]
    frame = pl.DataFrame(rows, schema=[c.name for c in tables.license_matrix_cell.columns], orient="row")
    with ingest(url, "licenses") as sink:
        sink.replace(tables.license_matrix_cell, "matrix_date", pl.Series("matrix_date", [found.date]), frame)
        sink.commit()
    return len(rows)
