"""`licenses audit`: a checkout or a repository of the database -> an audit, and its text in one of the formats."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from peatmoss import __version__
from peatmoss.audit import formats, stock
from peatmoss.audit.ask import kept_matrix
from peatmoss.audit.repository import Audit, Place, audit, baseline, obligations, own_license, settle, waivers
from peatmoss.audit.tables import settings, stated_use
from peatmoss.db import connect
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.parse.license import Matrix, Use, codes, osadl
from peatmoss.parse.license.reference import roles

FORMATS = ("table", "json", "sarif", "cyclonedx", "notices")


class Used(NamedTuple):
    """A usage in code, as the mapper sees it."""

    model: str
    path: str
    line: int
    role: str


class Asked(NamedTuple):
    """What is asked of an audit. `texts` and `used` are those of a checkout; None: a repository of the database."""

    name: str
    url: str
    config: Path
    baseline: Path | None
    today: date
    texts: Mapping[str, str] | None = None
    used: tuple[Used, ...] = ()


class Answer(NamedTuple):
    """The audit with what its formats need besides."""

    audit: Audit
    matrix: Matrix
    use: Use
    texts: Mapping[str, Mapping[str, str]]


def run(asked: Asked) -> Answer:
    """Judge. Raises PeatmossError for wrong settings, NotFound for a repository that is not in the database."""
    use = stated_use(asked.config)
    accepted = waivers(settings(asked.config))
    known = _baseline(asked.baseline)
    with _connection(asked.url) as connection:
        matrix = kept_matrix(connection) if connection is not None else osadl()
        if asked.texts is not None:
            license_, source = own_license(asked.texts)
            places = _places(asked.used)
        elif connection is None:
            raise PeatmossError(f"no folder at {asked.name}; a repository of the database needs --db")
        else:
            license_, places = stock.repository(connection, asked.name)
            source = "as the database concludes it"
        models = stock.models(connection, places)
        found = audit(asked.name, license_, source, models, use, matrix)
        texts = stock.texts(connection, [model.name for model in models]) if connection is not None else {}
    return Answer(settle(found, known, accepted, asked.today), matrix, use, texts)


def text(answer: Answer, format_: str) -> str:
    """The audit in a format."""
    found = answer.audit
    if format_ == "json":
        return formats.as_json(found)
    if format_ == "sarif":
        return formats.sarif(found, __version__)
    if format_ == "cyclonedx":
        return formats.cyclonedx(found, __version__)
    if format_ == "notices":
        return formats.notices(found, answer.texts)
    shown = [
        (model.name, model.expression or "", verdict, ", ".join(codes()[code].name for code in duties))
        for model, verdict, duties in obligations(found, answer.matrix, answer.use)
    ]
    return "\n".join(formats.table(found, shown))


def exit_code(found: Audit) -> int:
    """3 if a model was not judged, 1 if a finding is neither known nor waived, else 0."""
    if found.not_judged:
        return 3
    return int(any(finding.state == "new" for finding in found.findings))


def _places(used: tuple[Used, ...]) -> dict[str, list[Place]]:
    places: dict[str, list[Place]] = {}
    for usage in used:
        relation, tier = roles()[usage.role]
        if relation:
            places.setdefault(usage.model, []).append(Place(usage.path, usage.line, relation, tier))
    return places


@contextlib.contextmanager
def _connection(url: str) -> Iterator[Connection | None]:
    if not url:
        yield None
        return
    engine = connect(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _baseline(path: Path | None) -> frozenset[str]:
    if path is None:
        return frozenset()
    try:
        return baseline(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot read {path}: {error}") from error
