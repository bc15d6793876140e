"""By which names a card calls its model, and which label of a table means it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Document

_TITLE_END = re.compile(r"\s[-–—|/(]|[:(,]|\s(?:for|in|on|is|by|with|model card|fine-?tuned|version)\b", re.IGNORECASE)
_SUBJECT = re.compile(
    r"[\s>#]*(?:\*\*|__|`|\[)?(?P<name>[A-Z][\w.+-]*(?:\s[\w.+-]+){0,2}?)(?:\*\*|__|`|\]\([^)\s]*\))?"
    r"\s(?:is|are|was|has|features|outperforms|achieves)\s"
)
_NO_NAME = re.compile(
    r"(?:this|the|it|we|our|these|that|there|here|all|both|model|models?|what|which|uploaded|table|description|results?"
    r"|an?|usage|introduction|overview|readme|license|card|training|pre-?trained|fine-?tuned)\b",
    re.IGNORECASE,
)
_MEANS_THIS = re.compile(r"\b(?:ours?|this model|this work|proposed)\b", re.IGNORECASE)


def flat(text: str) -> str:
    """Letters and digits of a label without its marks."""
    return re.sub(r"[^a-z0-9]", "", words.plain(text).lower())


def tail(model_id: str | None) -> str:
    """The name of a model without its owner."""
    return (model_id or "").rsplit("/", 1)[-1]


def names(document: Document) -> tuple[str, ...]:
    """What the card calls its model beside its id: the title up to its end, the subject of the first sentence."""
    found: list[str] = []
    for block in document.blocks[:12]:
        text = words.plain(block.text.lstrip("# \t"))
        if block.kind == "heading" and not found:
            name = _TITLE_END.split(re.sub(r"^\W*(?:Model Card (?:for|of)\s)?\W*", "", text), maxsplit=1)[0]
        elif block.kind == "text" and (match := _SUBJECT.match(block.text)):
            name = match["name"]
        else:
            continue
        if _is_name(name) and name not in found:
            found.append(name)
    return tuple(found[:3])


def _is_name(name: str) -> bool:
    return (
        4 <= len(flat(name)) <= 40
        and len(name.split()) <= 4
        and not _NO_NAME.match(name)
        and bool(re.search(r"[A-Z]", name) or re.search(r"\d", name))
    )


def is_ours(text: str, model_id: str | None) -> bool:
    """Whether the label of a row or column means this model: it says so, or is the model's id."""
    if _MEANS_THIS.search(text):
        return True
    label = flat(re.sub(r"\([^()]*\)", " ", text))
    own = flat(tail(model_id))
    return len(label) >= 3 and bool(own) and (label == own or label.endswith(own))


def ours(labels: Sequence[str], model_id: str | None, called: tuple[str, ...] = ()) -> list[int]:
    """Which of these labels means this model.

    One that says so; the only one that is a part of its id; the one that begins like a name that the card calls it by
    (of several, that whose other words are in the id); the only one in bold type.
    """
    page = re.compile(rf"huggingface\.co/{re.escape(model_id)}(?![\w.-])") if model_id else None
    found = [
        number
        for number, label in enumerate(labels)
        if is_ours(words.plain(label), model_id) or (page and page.search(label))
    ]
    if found or not model_id:
        return found
    inside = _runs(tail(model_id).lower())
    flats = [flat(label) for label in labels]
    parts = [
        number for number, text in enumerate(flats) if len(text) >= 3 and text in inside and re.search("[a-z]", text)
    ]
    longest = max((len(flats[number]) for number in parts), default=0)
    best = [number for number in parts if len(flats[number]) == longest]
    if len(best) == 1 and len(parts) <= 2:
        return best
    if parts:
        return []
    if (apart := _differing(labels, tail(model_id))) is not None:
        return [apart]
    for name in map(flat, called):
        begins = [number for number, text in enumerate(flats) if text.startswith(name)]
        exact = [number for number in begins if flats[number] == name]
        fits = [number for number in begins if _words(labels[number], name) <= _words(tail(model_id))]
        if one := next((some for some in (begins, fits, exact) if len(some) == 1), None):
            return one
    bold = [number for number, label in enumerate(labels) if re.fullmatch(r"\s*(?:\*\*|__|<b>).+", label)]
    return bold if len(bold) == 1 < len(labels) and len(flats[bold[0]]) > 3 else []


def _differing(labels: Sequence[str], name: str) -> int | None:
    """Of labels that share a word (T5-Foo, BART-Foo), the only one whose other words are all in the model's name."""
    told = {number: _words(label) for number, label in enumerate(labels) if label}
    common = frozenset.intersection(*told.values()) if len(told) > 1 else frozenset()
    fits = [number for number, said in told.items() if said - common and said - common <= _words(name)]
    return fits[0] if common and len(fits) == 1 else None


@lru_cache(1024)
def _runs(name: str) -> frozenset[str]:
    """Every run of whole words of a name, joined: phi2 and 2medquad, but not bert in polbert."""
    parts = re.split(r"[^a-z0-9]+", name)[:40]
    return frozenset("".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, len(parts) + 1))


@lru_cache(4096)
def _words(text: str, without: str = "") -> frozenset[str]:
    """The words of a label or an id, but for those of a name."""
    found = re.split(r"[^a-z0-9.]+", words.plain(text).lower())
    return frozenset(word for word in found if word and flat(word) not in without)
