"""What the database says about one model's card: the rows behind `peatmoss cards explain ID`."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, func, or_, select

from peatmoss.schema.cards import card_documentation, card_extraction, card_value, model_to_se_activity
from peatmoss.schema.hub import card, model, snapshot


class Told(NamedTuple):
    """The newest card of a model: its revision, how it was read, its values, its documentation, its activities."""

    name: str
    revision: str
    extractions: list[dict[str, Any]]
    values: list[dict[str, Any]]
    documentation: dict[str, Any]
    activities: list[dict[str, Any]]


def ask(conn: Connection, name: str) -> Told | None:
    """The findings about a model; None if there is none of that name, or no card of it was analyzed."""
    newest = (
        select(snapshot.c.id, snapshot.c.revision, model.c.id.label("model_id"), model.c.context_id)
        .join(model, model.c.id == snapshot.c.model_id)
        .join(card, card.c.snapshot_id == snapshot.c.id)
        .join(card_extraction, card_extraction.c.snapshot_id == snapshot.c.id)
        .where(or_(model.c.context_id == name, func.lower(model.c.context_id) == name.lower()))
        .order_by((model.c.context_id == name).desc(), snapshot.c.as_of.desc(), snapshot.c.id.desc())
        .limit(1)
    )
    found = conn.execute(newest).one_or_none()
    if found is None:
        return None
    parts = [
        [
            dict(row)
            for row in conn.execute(select(table).where(table.c[column] == key).order_by(*table.primary_key)).mappings()
        ]
        for table, column, key in (
            (card_extraction, "snapshot_id", found.id),
            (card_value, "snapshot_id", found.id),
            (card_documentation, "snapshot_id", found.id),
            (model_to_se_activity, "model_id", found.model_id),
        )
    ]
    return Told(found.context_id, found.revision, parts[0], parts[1], parts[2][0] if parts[2] else {}, parts[3])
