"""Amounts that are the model's own: parameters, context length, emissions, hours; in sentences and tables of models."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Block, Cell, Document
from peatmoss.parse.card.own import ours, tail
from peatmoss.parse.card.prose import sentences
from peatmoss.parse.card.value import Value

_COMPARED = re.compile(
    r"\b(?:compared (?:to|with)|than|versus|vs\.?|instead of|whereas|while)\s[^.,;]{0,30}\Z", re.IGNORECASE
)
_PARAMETERS = re.compile(
    r"(?<![\d,.])(?P<raw>\d[\d,.]{0,20}\s?-?\s?(?:B|M|K|bn|billion|million|thousand)?)[\s-]*"
    r"(?:trainable |total |model |active )?param(?:eter)?s?\b"
    r"|\btotal param(?:eter)?s?\b[^.\d\n]{0,40}?(?P<after>\d[\d,.]{0,20}\s?(?:B|M|billion|million)\b)", re.IGNORECASE,
)  # fmt: skip
_RANGE = re.compile(r"\b(?:ranging|ranges?|scale|sizes?|from|between)\b[^.\n]{0,60}\b(?:to|and|-)\s*\Z", re.IGNORECASE)
"""Before the second number of a range, which is that of a family."""
_CONTEXT = re.compile(
    r"\b(?:context|content)[ -](?:length|window|size)s?\s+(?:of\s+|is\s+|up to\s+|to\s+|was\s+"
    r"|:\s*)+(?P<value>\d[\d,.]*)\s?(?P<k>[kKM]\b)?"
    r"|(?<![\w,.])(?P<value2>\d[\d,.]{0,20})\s?(?P<k2>[kKM])?[- ](?:tokens?\s+)?context[ -](?:length|window|size)\b"
    r"|\b(?:sequences?|inputs|blocks|chunks|texts) (?:of|with) (?:up to |a maximum of |at most |length )?"
    r"(?P<value3>\d[\d,]{1,8})(?P<k3>k)? (?:consecutive )?tokens\b",
    re.IGNORECASE,
)
_CO2 = re.compile(
    r"(?<![\d,.])(?P<n>\d[\d,.]{0,20})\s?(?P<unit>kg|kilograms?|g|grams?|t|tons?|tonnes?|metric tons?)\s?(?:of"
    r"\s)?(?:CO_?2|CO\u2082|CO<sub>2</sub>)",
    re.IGNORECASE,
)
_EMITS = re.compile(r"emi(?:t|ss)|carbon|footprint|train", re.IGNORECASE)
_WEIGHT = {"k": 1.0, "g": 1e-3, "t": 1e3, "m": 1e3}
_SIZE = re.compile(r"\bparam|#\s?P\b", re.IGNORECASE)
_LENGTH = re.compile(r"\bconte[nx]t\b|\b(?:max|sequence) ?(?:imum)? ?(?:length|tokens)", re.IGNORECASE)
_CARBON = re.compile(r"\b(?:carbon|co2|emission)[^|]{0,30}?\(?(?P<unit>kg|t|g)\s?CO", re.IGNORECASE)
_TIME = re.compile(r"\b(?:GPU|TPU|device)[ -]hours\b", re.IGNORECASE)
_COUNT = re.compile(r"(?<![\d,.])\d[\d,.]{0,20}\s?(?:[MBK]\b|million|billion)|\d[\d,]{6,}")


def sizes(document: Document, model_id: str | None) -> Iterator[Value]:
    """Values of parameter_count, context_length, carbon_emitted, hardware_hours."""
    yield from _parameters(document)
    for block in sentences(document):
        yield from _contexts(block)
        for match in _CO2.finditer(block.text):
            amount = words.number(match["n"])
            if amount and _EMITS.search(block.text[max(0, match.start() - 160) : match.end() + 60]):
                kilograms = amount * _WEIGHT[match["unit"][0].lower()]
                yield _value("carbon_emitted", kilograms, "kg", block.start + match.start(), match[0], "sentence", 0.85)
    for block in document.blocks:
        if block.kind == "table" and len(block.rows) > 1 and len(block.rows[0]) > 1:
            yield from _table(block, model_id)


def _value(field: str, amount: float, unit: str, start: int, raw: str, method: str, confidence: float) -> Value:
    shown = f"{amount:.10g}" if field == "carbon_emitted" else f"{amount:.6g}" if unit == "h" else f"{amount:.0f}"
    return Value(field, shown, raw, method, confidence, number=amount, unit=unit, start=start, end=start + len(raw))


def _parameters(document: Document) -> Iterator[Value]:
    """How many parameters the model has, by sentences."""
    for block in sentences(document):
        for match in _PARAMETERS.finditer(block.text):
            group = "raw" if match["raw"] else "after"
            amount = words.count(match[group].replace("-", " "))
            before = block.text[: match.start()][-100:]
            if amount is None or not 1e5 <= amount <= 1e14 or _COMPARED.search(before[-60:]) or _RANGE.search(before):
                continue
            start = block.start + match.start(group)
            yield _value("parameter_count", amount, "parameter", start, match[group].strip(), "sentence", 0.8)


def _contexts(block: Block) -> Iterator[Value]:
    """How many tokens the model reads, by sentences."""
    for match in _CONTEXT.finditer(block.text):
        number = next(n for n in ("", "2", "3") if match[f"value{n}"])
        unit = match[f"k{number}"] or ""
        amount = words.number(match[f"value{number}"])
        if amount is not None and 64 <= (tokens := amount * _THOUSANDS[unit.lower()]) <= 2e7:
            at = match.start(f"value{number}")
            raw = block.text[at : match.end(f"k{number}") if unit else match.end(f"value{number}")].rstrip()
            yield _value("context_length", tokens, "token", block.start + at, raw, "sentence", 0.8)


_THOUSANDS = {"": 1, "k": 1024, "m": 2**20}


def _table(block: Block, model_id: str | None) -> Iterator[Value]:
    """The row of this model in a table of models."""
    heads = [(at, cell.text) for at, cell in enumerate(block.rows[0]) if at]
    size = next((at for at, text in heads if _SIZE.search(text)), None)
    length = next((at for at, text in heads if _LENGTH.search(text)), None)
    carbon = next(((at, found["unit"]) for at, text in heads if (found := _CARBON.search(text))), None)
    time = next((at for at, text in heads if _TIME.search(text)), None)
    if size is None and length is None and carbon is None and time is None:
        return
    body = block.rows[1:]
    mine = ours([row[0].text if row else "" for row in body], model_id)
    mine = mine if len(mine) == 1 else _by_size(body, size, model_id)
    for row in [body[at] for at in mine]:
        if (cell := _cell(row, size)) and (found := _COUNT.search(cell.text)):
            amount = words.count(found[0])
            if amount and 1e5 <= amount <= 1e14:
                yield _value(
                    "parameter_count", amount, "parameter", cell.start + found.start(), found[0], "table", 0.85
                )
        if (cell := _cell(row, length)) and (found := re.search(r"(\d[\d,]*)\s?([kKM]\b)?", cell.text)):
            amount = (words.number(found[1]) or 0) * _THOUSANDS[(found[2] or "").lower()]
            if 64 <= amount <= 2e7:
                yield _value("context_length", amount, "token", cell.start + found.start(), found[0], "table", 0.85)
        if carbon and (cell := _cell(row, carbon[0])) and (amount := words.number(cell.text)):
            kilograms = amount * _WEIGHT[carbon[1][0].lower()]
            yield _value("carbon_emitted", kilograms, "kg", cell.start, cell.text, "table", 0.85)
        if (cell := _cell(row, time)) and (amount := words.number(cell.text)):
            yield _value("hardware_hours", amount, "h", cell.start, cell.text, "table", 0.85)


def _cell(row: tuple[Cell, ...], column: int | None) -> Cell | None:
    return row[column] if column is not None and column < len(row) else None


def _by_size(body: tuple[tuple[Cell, ...], ...], size: int | None, model_id: str | None) -> list[int]:
    """The only row whose size or whose label is the one in the model's id, such as 7b."""
    found = re.search(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)\s?b(?![a-z0-9])", tail(model_id).lower())
    if not found:
        return []
    same = re.compile(rf"(?<![\d.]){re.escape(found[1])}\s?B\b", re.IGNORECASE)
    rows = [
        at
        for at, row in enumerate(body)
        if same.search(row[0].text if row else "")
        or ((cell := _cell(row, size)) and same.fullmatch(cell.text.strip(" *")))
    ]
    return rows if len(rows) == 1 else []
