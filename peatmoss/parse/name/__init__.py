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
from peatmoss.parse.name.tokens import TOKEN, look

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
        convention_of([(span.text, span.code, span.element) for span in spans]),
        len(name) > MAX_NAME,
    )


def convention(name: str) -> str:
    """The naming convention alone: I, AT, IAT or O."""
    text = name[:MAX_NAME]
    return convention_of([(text[start:end], word.code, word.element) for start, end, word, _ in _pieces(text)])


def _pieces(text: str) -> list[Piece]:
    """(start, end, word, sure) in order: the longest known phrases, then single tokens, then what context says."""
    offset = text.find("/") + 1
    found = [(match.start(), match.end(), match[0].lower()) for match in TOKEN.finditer(text, offset)]
    longest = phrases()
    pieces: list[Piece] = []
    place, count = 0, len(found)
    while place < count:
        start, end, lower = found[place]
        if lower in longest:
            parts, taken = _phrase(found[place : place + longest[lower]])
            if taken:
                pieces += parts
                place += taken
                continue
        for length, word, sure in look(text[start:end]):
            pieces.append((start, start + length, word, sure))
            start += length
        place += 1
    return _standard(text, offset, settle(text, pieces)) if text.endswith(".gguf") else settle(text, pieces)


def _phrase(found: list[tuple[int, int, str]]) -> tuple[list[Piece], int]:
    """The longest known phrase at the beginning of these tokens, and how many of them it takes: 0 if there is none.

    What a family's phrase says behind the family is pieces of its own: versions (Llama-3), tasks (Qwen2-VL), languages.
    """
    known = words()
    for length in range(len(found), 1, -1):
        word = known.get("-".join(lower for *_, lower in found[:length]))
        if word:
            head = length
            while word.code == "A" and head > 1 and (VERSION.match(found[head - 1][2]) or _says_more(found[:head])):
                head -= 1
            more = [
                (start, end, known.get(lower) or Word("V", "version", lower), True)
                for start, end, lower in found[head:length]
            ]
            return [(found[0][0], found[head - 1][1], word, True), *more], length
    return [], 0


def _says_more(found: list[tuple[int, int, str]]) -> bool:
    """Whether a phrase is a family and behind it a word of its own: a task, what goes in, a language."""
    known = words()
    last = known.get(found[-1][2])
    family = last and last.code in "TL" and known.get("-".join(lower for *_, lower in found[:-1]))
    return bool(family and family.element == "architecture")


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
