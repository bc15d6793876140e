"""What a database knows for an audit: licenses of models, what they inherit, texts, and the models of a repository."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, or_, select

from peatmoss.audit.ask import concluded, was_asked
from peatmoss.audit.repository import Inherited, Model, Place
from peatmoss.errors import NotFound
from peatmoss.parse.license import NONE
from peatmoss.parse.license.reference import roles
from peatmoss.schema import github, hub, metadata, reuse
from peatmoss.schema import license as tables

_BATCH = 500


def models(connection: Connection | None, places: Mapping[str, Iterable[Place]]) -> list[Model]:
    """The models that are used, with what the database knows of them; without a database none is known."""
    names = sorted(places)
    known: dict[str, tuple[str, str]] = {}
    inherited: dict[str, list[Inherited]] = {}
    if connection is not None:
        for start in range(0, len(names), _BATCH):
            part = names[start : start + _BATCH]
            known.update(_known(connection, part))
            for model, one in _inherited(connection, part):
                inherited.setdefault(model, []).append(one)
    return [
        Model(
            name,
            known[name][0] if name in known else None,
            known[name][1] if name in known else "",
            tuple(sorted(set(places[name]))),
            tuple(inherited.get(name, ())),
        )
        for name in names
    ]


def _known(connection: Connection, names: list[str]) -> dict[str, tuple[str, str]]:
    """Name (also a former one) -> (expression, date). NONE: it was collected, and claims no license.

    A model that nobody could collect (gone, or only named by others) is not known: its license was never asked for.
    """
    moved = select(hub.model_rename.c.old_name, hub.model_rename.c.new_name).where(
        hub.model_rename.c.old_name.in_(names)
    )
    current = {name: name for name in names} | {row.old_name: row.new_name for row in connection.execute(moved)}
    wanted = sorted(set(current.values()) | set(names))
    m, c = hub.model, tables.license_conclusion
    joined = m.outerjoin(c, (c.c.model_id == m.c.id) & (c.c.component == "weights"))
    query = (
        select(m.c.context_id, c.c.expression, m.c.last_modified_at)
        .select_from(joined)
        .where(m.c.context_id.in_(wanted), or_(c.c.expression.is_not(None), was_asked()))
    )
    found = {
        row.context_id: (row.expression or NONE, f"{row.last_modified_at:%Y-%m-%d}" if row.last_modified_at else "")
        for row in connection.execute(query)
    }
    return {name: found[now] for name, now in current.items() if now in found}


def _inherited(connection: Connection, names: list[str]) -> list[tuple[str, Inherited]]:
    """Licenses of ancestors whose clauses were lost on the way."""
    m, o = hub.model, tables.license_obligation
    origin, lost_from, lost_at = m.alias("origin"), m.alias("lost_from"), m.alias("lost_at")
    query = (
        select(
            m.c.context_id, o.c.license_id, origin.c.context_id.label("origin"),
            lost_from.c.context_id.label("lost_from"), lost_at.c.context_id.label("lost_at"),
        )
        .join(o, o.c.model_id == m.c.id)
        .join(origin, origin.c.id == o.c.origin_model_id)
        .join(lost_from, lost_from.c.id == o.c.lost_from_model_id)
        .join(lost_at, lost_at.c.id == o.c.lost_at_model_id)
        .where(m.c.context_id.in_(names), o.c.state.in_(("lost", "lost_earlier")))
        .order_by(m.c.context_id, o.c.license_id)
    )  # fmt: skip
    return [
        (row.context_id, Inherited(row.license_id, row.origin, row.lost_from, row.lost_at))
        for row in connection.execute(query)
    ]


def repository(connection: Connection, name: str) -> tuple[str, dict[str, list[Place]]]:
    """The license of a repository of the database, and where its newest scan sees which models.

    A model is answered for as well: what it uses are its bases. Raises NotFound if the name is neither.
    """
    short = name.removeprefix("github.com/")
    owner, _, own = short.rpartition("/")
    r, s, u = github.reuse_repository, reuse.repository_scan, reuse.usage
    found = connection.execute(select(r.c.id).where(r.c.owner == owner, r.c.name == own)).scalar()
    if found is None:
        return _model(connection, name)
    scan = connection.execute(
        select(s.c.id).where(s.c.reuse_repository_id == found).order_by(s.c.scanned_at.desc(), s.c.id.desc()).limit(1)
    ).scalar()
    places: dict[str, list[Place]] = {}
    query = select(u.c.resolved_name, u.c.path, u.c.line, u.c.role, hub.model.c.context_id).select_from(
        u.outerjoin(hub.model, hub.model.c.id == u.c.model_id)
    )
    for row in connection.execute(query.where(u.c.repository_scan_id == scan, u.c.resolved_name.is_not(None))):
        relation, tier = roles()[row.role]
        if relation:
            places.setdefault(row.context_id or row.resolved_name, []).append(Place(row.path, row.line, relation, tier))
    return concluded(connection, f"github.com/{short}") or NONE, places


def _model(connection: Connection, name: str) -> tuple[str, dict[str, list[Place]]]:
    license_ = concluded(connection, name)
    if license_ is None:
        raise NotFound(f"no repository and no model of the database is called {name}, and there is no such folder")
    e = tables.license_edge
    query = select(e.c.upstream, e.c.kind, e.c.relation, e.c.tier).where(
        e.c.downstream_kind == "model", e.c.upstream_kind == "model", e.c.downstream == name
    )
    places: dict[str, list[Place]] = {}
    for row in connection.execute(query):
        places.setdefault(row.upstream, []).append(Place("README.md", 1, row.relation, row.tier))
    return license_, places


def texts(connection: Connection, names: list[str]) -> dict[str, dict[str, str]]:
    """License and notice files of models, of their newest snapshot that has some."""
    table = metadata.tables.get("license_text")
    if table is None:
        return {}
    s, m = hub.snapshot, hub.model
    query = (
        select(m.c.context_id, table.c.path, table.c.content)
        .join(s, s.c.id == table.c.snapshot_id)
        .join(m, m.c.id == s.c.model_id)
        .where(m.c.context_id.in_(names))
        .order_by(s.c.as_of)
    )
    found: dict[str, dict[str, str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.context_id, {})[row.path] = row.content
    return found
