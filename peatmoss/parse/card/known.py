"""Names of well-known datasets in running text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from peatmoss.parse.card import vocabulary as words

_ORDINARY = {
    "arxiv", "emotion", "race", "quora", "superb", "arxiv dataset", "emotion dataset", "arc", "score", "imdb", "glue",
    "race dataset", "oscar", "nq", "mls", "alpaca", "fever", "dolly",
}  # fmt: skip
"""Names that mean something else more often than the dataset."""
_FIRST = re.compile(r"(?<![A-Za-z0-9_/.-])[A-Za-z0-9]+")


class Known(NamedTuple):
    """A name in a text: from start to end, and the dataset it names."""

    start: int
    end: int
    dataset: str


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """First word, folded -> spellings that begin with it, the longest first."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in words.table("card_datasets"):
        for name in (row["dataset"] if re.search(r"[\d_-]", row["dataset"]) else "", *row["name"].split("|")):
            if len(name) > 2 and name.lower() not in _ORDINARY and (first := _FIRST.match(name)):
                found[first[0].lower()].add(name)
    return {first: tuple(sorted(names, key=len, reverse=True)) for first, names in found.items()}


def known(text: str) -> Iterator[Known]:
    """Every well-known dataset that a text names; a spelling with capitals in the vocabulary counts only as written."""
    names = _names()
    done = 0
    for first in _FIRST.finditer(text):
        if first.start() < done:
            continue
        for name in names.get(first[0].lower(), ()):
            end = first.start() + len(name)
            there = text[first.start() : end]
            is_it = there == name if name != name.lower() else there.lower() == name
            if is_it and not re.match(r"[A-Za-z0-9_/-]", text[end : end + 1]):
                yield Known(first.start(), end, words.aliases("card_datasets")[words.fold(name)])
                done = end
                break
