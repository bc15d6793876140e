"""Software-engineering activities that a model is meant for, by rules over its name, tags, datasets and card."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Document
from peatmoss.parse.card.sections import kinds_of
from peatmoss.parse.card.value import Value

MAX_BLOCKS = 60
WEAKER = 0.2
"""How much less a sentence in the middle of a card says than a name, a tag or a title."""


_ASIDE = {"limitation", "citation", "acknowledgement", "how_to_use"}
_MEANT = re.compile(r"\b(model|trained|fine-?tuned|designed|intended|used (?:for|to)|can be used)\b", re.IGNORECASE)


class Activity(NamedTuple):
    """One activity with the words that say so."""

    activity: str
    source: str
    evidence: str
    rule: str
    confidence: float


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str], frozenset[str], float, str], ...]:
    return tuple(
        (
            row["activity"],
            re.compile(row["pattern"], re.IGNORECASE),
            frozenset(row["sources"].split()),
            float(row["confidence"]),
            row["source"],
        )
        for row in words.table("se_activities")
    )


def activities(model_id: str, front: dict[str, Any], parts: Document, values: Sequence[Value]) -> list[Activity]:
    """Each activity once, with its surest evidence."""
    best: dict[str, Activity] = {}
    for source, text, weight in _texts(model_id, front, parts, values):
        for activity, pattern, sources, confidence, rule in _rules():
            if source in sources and (match := pattern.search(text)):
                found = Activity(activity, source, _around(text, match), rule, round(confidence - weight, 2))
                if activity not in best or found.confidence > best[activity].confidence:
                    best[activity] = found
    return sorted(best.values())


def _texts(
    model_id: str, front: dict[str, Any], parts: Document, values: Sequence[Value]
) -> Iterator[tuple[str, str, float]]:
    yield "name", re.sub(r"[-_./]+", " ", model_id.rsplit("/", 1)[-1]), 0.0
    tags = front.get("tags")
    for tag in tags if isinstance(tags, list) else []:
        if isinstance(tag, str) and not re.match(r"\w+:", tag):
            yield "tag", tag.replace("_", " "), 0.0
    for value in values:
        if value.field == "dataset":
            yield "dataset", value.value, 0.0 if value.method == "front_matter" else 0.1
    for block in parts.blocks[:MAX_BLOCKS]:
        if block.kind == "heading" and parts.sections[block.section].level == 1:
            yield "title", block.text, 0.0
        elif block.kind in ("text", "item") and not kinds_of(parts, block.section) & _ASIDE:
            if not _MEANT.search(block.text[:600]):
                continue
            yield "card", words.plain(block.text[:1_500]), WEAKER


def _around(text: str, match: re.Match[str]) -> str:
    start, end = max(0, match.start() - 60), min(len(text), match.end() + 60)
    return " ".join(text[start:end].split())
