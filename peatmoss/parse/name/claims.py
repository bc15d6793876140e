"""What a name claims, as values that can be compared: families, counts, formats, languages, tasks."""

from __future__ import annotations

import re
from typing import NamedTuple

from peatmoss.parse.name import Name, Span
from peatmoss.parse.name.lexicon import Family, families

_UNITS = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}
_EFFECTIVE = 2.6
"""Gemma's E2B works like two billion parameters and has up to this many times more, in embeddings per layer."""
_AMOUNT = re.compile(r"[ae]?(\d{1,6}(?:\.\d{1,6})?)(k|m|b|t)[a-z]*(\d?)\Z")
_EXPERTS = re.compile(r"(\d{1,4})x(\d{1,6}(?:\.\d{1,6})?)([mb])|(\d{1,6}(?:\.\d{1,6})?)([mb])x(\d{1,4})(?!\d)")


class FamilyClaim(NamedTuple):
    """A word that names a family.

    is_firm:    it claims an architecture, rather than using the word in passing
    is_line:    it states a version that is not in the table (Qwen9.5), so any type of that line will do
    is_bare:    no size, number of parameters or version stands beside it
    is_student: it is what another model was distilled into (R1-Distill-Qwen), and so decides
    """

    text: str
    family: Family
    is_firm: bool
    is_line: bool
    is_bare: bool
    is_student: bool


class Amount(NamedTuple):
    """A number of parameters as the name has it: rounded, so `least` to `most` (experts may share layers)."""

    text: str
    value: float
    least: float
    most: float
    is_total: bool


class Claims(NamedTuple):
    """All claims of a name."""

    name: Name
    families: tuple[FamilyClaim, ...]
    compounds: tuple[str, ...]
    amounts: tuple[Amount, ...]
    sizes: tuple[str, ...]
    numbers: dict[str, int]
    tasks: tuple[tuple[str, str], ...]
    by_element: dict[str, tuple[str, ...]]

    def has(self, *elements: str) -> bool:
        """Whether the name has a piece of one of these elements."""
        return any(element in self.by_element for element in elements)


def claims(name: Name) -> Claims:
    """Read the claims off the spans of a name. In timm's names the part behind the point tells how it was trained."""
    spans = name.spans
    if name.name.startswith("timm/") and "." in name.name:
        spans = tuple(span for span in spans if span.end <= name.name.index("."))
    by_element: dict[str, list[str]] = {}
    for span in spans:
        by_element.setdefault(span.element, []).append(span.value or span.text.lower())
    firm = tuple(claim for place, span in enumerate(spans) if (claim := _family(spans, place)))
    compounds = tuple(
        span.text.lower()
        for span in spans
        if span.element == "architecture" and not ((family := families().get(span.value)) and family.model_types)
    )
    return Claims(
        name,
        firm,
        compounds,
        _amounts(spans),
        tuple(_size(span.text) for span in spans if span.element == "size"),
        _numbers(spans),
        tuple((span.text, span.value) for span in spans if span.element == "task" and span.value),
        {element: tuple(values) for element, values in by_element.items()},
    )


def _family(spans: tuple[Span, ...], place: int) -> FamilyClaim | None:
    span = spans[place]
    if span.element != "architecture":
        return None
    family = families().get(span.value)
    unlisted = family is None and re.search(r"\d\Z", span.value) is not None
    family = family or families().get(re.sub(r"v?\d+(?:\.\d+)*\Z", "", span.value))
    if family is None or not family.model_types:
        return None
    beside = [spans[k] for k in (place - 1, place + 1) if 0 <= k < len(spans)]
    sized = any(other.element in ("size", "parameters") for other in beside)
    firm = sized if family.kind in ("umbrella", "ambiguous") else family.kind == "architecture"
    student = place > 1 and spans[place - 1].text.lower() == "distill"
    bare = not sized and not any(other.element == "version" for other in beside)
    return FamilyClaim(span.text, family, firm, unlisted, bare, student)


def _size(text: str) -> str:
    return text.lower().replace("_", "-")


def _amounts(spans: tuple[Span, ...]) -> tuple[Amount, ...]:
    """Every count as written; `1_6b` may also be 1.6b, and the parts of `270m-270m` may add up."""
    found: list[Amount] = []
    for place, span in enumerate(spans):
        amount = _amount(span)
        after = spans[place + 1].text.lower() if place + 1 < len(spans) else ""
        if not amount or re.fullmatch(r"b\d+k", after):  # OpenCLIP: 39B samples seen in batches of 160k
            continue
        found.append(amount)
        before = spans[place - 1] if place else None
        if (
            before
            and before.text.isdecimal()
            and before.text.isascii()
            and before.end + 1 == span.start
            and len(span.text) == 2
        ):
            text = f"{before.text}.{span.text}"
            if joined := _amount(span._replace(text=text)):
                found.append(joined)
    if any(span.element == "experts" for span in spans):  # 17B-16E: the parameters in use, of more
        return tuple(amount._replace(is_total=False) for amount in found)
    totals = [amount for amount in found if amount.is_total]
    if len(totals) > 1:
        text = " + ".join(amount.text for amount in totals)
        value, least, most = (sum(column) for column in zip(*((a.value, a.least, a.most) for a in totals), strict=True))
        found.append(Amount(text, value, least, most, True))
    return tuple(found)


def _amount(span: Span) -> Amount | None:
    text = span.text.lower()
    if span.element == "moe" and (found := _EXPERTS.match(text)):
        count, size, unit = (found[1], found[2], found[3]) if found[1] else (found[6], found[4], found[5])
        total = int(count[:4]) * float(size) * _UNITS[unit]
        return Amount(span.text, total, total * 0.6, total * 1.1, True)
    if span.element not in ("parameters", "active_parameters") or not (found := _AMOUNT.match(text)):
        return None
    digits = f"0.{found[1][1:]}" if re.fullmatch(r"0\d", found[1]) else found[1]  # 06B
    value = float(digits + ("." + found[3] if found[3] else "")) * _UNITS[found[2]]
    most = value * _EFFECTIVE if text.startswith("e") else value
    half = 0.5 * _UNITS[found[2]] / 10 ** len(digits.partition(".")[2] or found[3])  # 1b may be 1.48b, rounded
    return Amount(span.text, value, value - half, most + half, span.element == "parameters") if value else None


def _numbers(spans: tuple[Span, ...]) -> dict[str, int]:
    """layers, hidden_size and heads in numbers: of `L12` and of `L-12`."""
    found: dict[str, int] = {}
    for span in spans:
        if span.element in ("layers", "hidden_size", "heads"):
            digits = re.sub(r"\D", "", span.text)
            if digits.isascii() and digits and len(digits) < 7:
                found.setdefault(span.element, int(digits))
        if span.element == "context_length":
            thousands = re.match(r"\d{1,5}(?:\.\d{1,3})?", span.text)
            if thousands:
                found.setdefault("context_length", round(float(thousands[0]) * 1000))
    return found
