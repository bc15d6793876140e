"""All facts of a card, each once, with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import orjson

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.code import libraries
from peatmoss.parse.card.datasets import datasets
from peatmoss.parse.card.declared import declared
from peatmoss.parse.card.document import Document, document
from peatmoss.parse.card.form import form, licenses
from peatmoss.parse.card.front import card
from peatmoss.parse.card.implied import implied
from peatmoss.parse.card.links import links
from peatmoss.parse.card.listed import listed
from peatmoss.parse.card.origins import base_models
from peatmoss.parse.card.prose import hardware, settings
from peatmoss.parse.card.results import results
from peatmoss.parse.card.sections import described
from peatmoss.parse.card.sizes import sizes
from peatmoss.parse.card.value import FIELDS, Value

VERSION = "3"
"""Version of the rules. It stands beside every value; raise it when a rule changes what is found."""

MAX_VALUES = 5_000
MAX_RAW = 600
MAX_VALUE = 300


class Extraction(NamedTuple):
    """The values of a card. `cut` says why not all of it was read, if so; `status` is that of the front matter."""

    values: tuple[Value, ...]
    status: str
    cut: str | None


def extract(text: str, model_id: str | None = None) -> Extraction:
    """Every fact of a card. Places are characters of `text`."""
    parsed = card(text)
    front = orjson.loads(parsed.front_matter) if parsed.front_matter else {}
    return facts(front, parsed.status, document(parsed.body), parsed.body, parsed.body_start, model_id)


def facts(
    front: dict[str, Any], status: str, parts: Document, body: str, body_start: int, model_id: str | None
) -> Extraction:
    """Every fact of a card that was taken apart before; `body_start` is where its body begins in the card."""
    found = unique(_found(front, parts, model_id))
    moved = tuple(_placed(value, body, body_start) for value in found)
    return Extraction(moved, status, parts.cut)


def _placed(value: Value, body: str, offset: int) -> Value:
    """Texts bounded, places counted in the whole card, and `raw` exactly what stands there."""
    if value.start is None or value.end is None:
        return value._replace(value=value.value[:MAX_VALUE], raw=value.raw[:MAX_RAW])
    end = min(value.end, value.start + MAX_RAW)
    return value._replace(
        value=value.value[:MAX_VALUE], raw=body[value.start : end], start=value.start + offset, end=end + offset
    )


def _found(front: dict[str, Any], parts: Document, model_id: str | None) -> Iterator[Value]:
    yield from declared(front)
    yield from form(parts)
    yield from licenses(parts)
    yield from links(parts, model_id)
    yield from hardware(parts)
    yield from settings(parts)
    yield from sizes(parts, model_id)
    yield from base_models(parts, model_id)
    yield from datasets(parts)
    yield from listed(parts)
    yield from libraries(parts)
    yield from implied(front, parts, model_id)
    yield from results(parts, model_id)
    yield from described(parts)


def unique(found: Iterable[Value]) -> list[Value]:
    """Each fact once, its surest evidence kept, fields in their order; and the domains that the tasks belong to."""
    best: dict[tuple[object, ...], Value] = {}
    for value in found:
        identity = _identity(value)
        other = best.get(identity)
        if other is None or value.confidence > other.confidence:
            best[identity] = value
        if len(best) >= MAX_VALUES:
            break
    exact = [
        re.sub(r"[\W_]", "", value.value.rsplit("/", 1)[-1].lower())
        for value in best.values()
        if value.field == "base_model"
    ]
    places: dict[int, Value] = {}
    for value in best.values():
        if value.start is not None and value.field == "evaluation":
            other = places.get(value.start)
            places[value.start] = value if other is None or value.confidence > other.confidence else other
    spans = [
        (value.start, value.end)
        for value in best.values()
        if value.field == "dataset" and value.start is not None and value.end is not None and value.method != "name"
    ]
    values = [
        value
        for value in best.values()
        if not _is_vague(value, best, exact)
        and (value.field != "evaluation" or value.start is None or places[value.start] is value)
        and not (value.method == "name" and value.start is not None and _is_inside(value, spans))
    ]
    domains: dict[str, Value] = {}
    for value in values:
        if value.field == "task" and (found_task := words.task(value.value)):
            domains.setdefault(found_task[1], value._replace(field="domain", value=found_task[1]))
    order = {field: number for number, field in enumerate(FIELDS)}
    return sorted(
        (*domains.values(), *values), key=lambda v: (order[v.field], v.start is not None, v.start or 0, v.path or "")
    )


def _is_inside(value: Value, spans: list[tuple[int, int]]) -> bool:
    """Whether a known name is only a part of a longer one: Gigaword in Danish Gigaword Corpus."""
    start, end = value.start or 0, value.end or 0
    return any(first <= start and end <= last and last - first > end - start for first, last in spans)


def _is_vague(value: Value, best: dict[tuple[object, ...], Value], exact: list[str]) -> bool:
    """A value that another one says more exactly; `exact`: the base models, folded."""
    if value.field == "base_model" and value.path is None and "/" not in value.value:
        flat = re.sub(r"[\W_]", "", value.value.lower())
        return any(flat in name and flat != name for name in exact)
    if value.value == "Google TPU (any)":
        return value.number is None or any(
            other.value.startswith("Google TPU ") and other != value for other in best.values()
        )
    return False


def _identity(value: Value) -> tuple[object, ...]:
    """What makes two values the same fact."""
    if value.field in ("limitation", "intended_use", "citation"):
        return (value.field,)
    if value.field == "evaluation":
        return value.field, re.sub(r"[^a-z0-9]", "", (value.name or "").lower()), value.number, value.dataset
    if value.field == "hyper_parameter":
        return value.field, value.name, value.value.lower()
    if value.field in ("dataset", "base_model", "github_repository", "paper"):
        return value.field, re.sub(r"[^a-z0-9/:]", "", value.value.lower())
    return value.field, value.value.lower()
