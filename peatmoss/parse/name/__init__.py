"""Model names -> ordered spans with the element codes of the naming study, and the naming convention.

Deterministic, and any text is a name. Beyond MAX_NAME characters a name is cut, which is recorded. An owner before the
first `/` belongs to no span.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from peatmoss.parse.name.context import Piece, settle
from peatmoss.parse.name.convention import convention_of
from peatmoss.parse.name.gguf import gguf_name
from peatmoss.parse.name.lexicon import Word, phrases, words
from peatmoss.parse.name.tokens import TOKEN, classify, split_token

MAX_NAME = 512
VERSION = re.compile(r"[vr]?\d+(?:\.\d+)*[a-z]?\Z")
"""A version at the end of a phrase that names an architecture (Llama-3) is a span of its own."""


class Span(NamedTuple):
    """A piece of a name: text == name[start:end]. `code` is the study's letter, `element` the finer kind."""

    start: int
    end: int
    text: str
    code: str
    element: str
    value: str


class Name(NamedTuple):
    """A name taken apart. `cut` says that it was longer than MAX_NAME and only the beginning was read."""

    name: str
    spans: tuple[Span, ...]
    convention: str
    cut: bool


def parse(name: str) -> Name:
    """Take one name apart. It never fails."""
    text = name[:MAX_NAME]
    spans = tuple(Span(start, end, text[start:end], *word) for start, end, word, _ in _pieces(text))
    return Name(
        text,
        spans,
        convention_of([(span.text.lower(), span.code, span.element) for span in spans]),
        len(name) > MAX_NAME,
    )


def convention(name: str) -> str:
    """The naming convention alone: I, AT, IAT or O."""
    text = name[:MAX_NAME]
    return convention_of([(text[start:end].lower(), word.code, word.element) for start, end, word, _ in _pieces(text)])


def _pieces(text: str) -> list[Piece]:
    """(start, end, word, sure) in order: the longest known phrases, then single tokens, then what context says."""
    offset = text.find("/") + 1
    found = [(match.start(), match.end(), match[0]) for match in TOKEN.finditer(text, offset)]
    lower = [token.lower() for _, _, token in found]
    longest, known = phrases(), words()
    pieces: list[Piece] = []
    place, count = 0, len(found)
    while place < count:
        for length in range(min(longest.get(lower[place], 1), count - place), 1, -1):
            if word := known.get("-".join(lower[place : place + length])):
                head = length
                while word.code == "A" and head > 1 and VERSION.match(lower[place + head - 1]):
                    head -= 1
                pieces.append((found[place][0], found[place + head - 1][1], word, True))
                pieces += [
                    (*found[k][:2], Word("V", "version", lower[k]), True) for k in range(place + head, place + length)
                ]
                place += length
                break
        else:
            start, end, token = found[place]
            if halves := split_token(token):
                at = start
                for length, word in halves:
                    pieces.append((at, at + length, word, True))
                    at += length
            else:
                pieces.append((start, end, *classify(token)))
            place += 1
    return _standard(text, offset, settle(text, pieces)) if text.endswith(".gguf") else settle(text, pieces)


_STANDARD = {
    "sidecar": Word("O", "sidecar", ""), "size": Word("P", "parameters", ""), "version": Word("V", "version", ""),
    "encoding": Word("C", "quantization", ""), "type": Word("F", "adaptation", ""), "shard": Word("O", "shard", ""),
}  # fmt: skip


def _standard(text: str, offset: int, pieces: list[Piece]) -> list[Piece]:
    """A file that keeps the ggml naming standard says itself what its parts are."""
    start = max(offset, text.rfind("/") + 1)
    found = gguf_name(text[start:])
    if not found:
        return pieces
    for part, word in _STANDARD.items():
        place = getattr(found, part)
        if place is None:
            continue
        first, last = place[0] + start, place[1] + start
        inside = [piece for piece in pieces if piece[0] >= first and piece[1] <= last]
        value = text[first:last].lower()
        if part == "size" and inside and inside[0][2].code == "P":
            continue
        if inside:
            at = pieces.index(inside[0])
            pieces = [piece for piece in pieces if piece not in inside]
            pieces.insert(at, (first, last, word._replace(value=value), True))
    return pieces


__all__ = ["MAX_NAME", "Name", "Span", "convention", "parse"]
