"""Names of well-known datasets in running text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from peatmoss.parse.card import vocabulary as words

_ORDINARY = {
    "arxiv", "emotion", "quora", "arxiv dataset", "emotion dataset", "score", "race dataset", "nq", "mls", "alpaca",
    "dolly",
}  # fmt: skip
"""Names that mean something else more often than the dataset."""
_SHOUTED = {"race", "superb", "arc", "imdb", "glue", "oscar", "fever", "c4"}
"""Names that mean the dataset if they are written in capitals only."""
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
            written = name.upper() if name.lower() in _SHOUTED else name
            if len(name) > 1 and written.lower() not in _ORDINARY and (first := _FIRST.match(written)):
                found[first[0].lower()].add(written)
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
            if is_it and _is_whole(text, end):
                yield Known(first.start(), end, words.aliases("card_datasets")[words.fold(name)])
                done = end
                break


def _is_whole(text: str, end: int) -> bool:
    """Whether a name ends here: no letter follows and no word joined to it, but for a language: OSCAR-Japanese."""
    joined = re.match(r"-([A-Za-z]{2,12})(?![\w-])", text[end : end + 14])
    return bool(joined and words.language(joined[1])) or not re.match(r"[A-Za-z0-9_/-]", text[end : end + 1])
