"""`key: value` lines, two-column tables and settings in code: the part of a card that is almost a form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Block, Document

MAX_PAIRS = 4_000

_TEXT_PAIR = re.compile(
    r"^[ \t>]*(?:[-*+•●▪–][ \t]+|\d{1,2}[.)][ \t]+|#{1,6}[ \t]+)*(?:[^\w\s*_`<\[(#\"'|&]{1,4}[ \t]*)?"
    r"(?:<(?:li|p|b|strong)>[ \t]*){0,3}(?P<mark>\*\*\*|\*\*|__|\*|_"
    r"|`)?[ \t]*(?P<key>[A-Za-z#][^:=|\n*`<>]{0,60}?)[ \t]*(?:\*\*\*|\*\*|__|\*|_|`|</b>"
    r"|</strong>)?[ \t]*"
    r"(?P<sign>[:：=→]|--?>)(?!//)[ \t]*(?:\*\*\*|\*\*|__|\*|_|</b>"
    r"|</strong>)?[ \t]*(?P<value>[^\n]{0,600}?)(?:<br ?/?>|</li>|</p>|\\)?[ \t]*$",
    re.MULTILINE,
)
_DASH_PAIR = re.compile(
    r"^[ \t>]*(?:[-*+•][ \t]+)?(?:\*\*|__)(?P<key>[^*_\n:]{2,50})(?:\*\*"
    r"|__)[ \t]*[-–—][ \t]*(?P<value>[^\n]{1,400}?)[ \t]*$",
    re.MULTILINE,
)
_CODE_PAIR = re.compile(
    r"^[ \t]*(?:[-*+>][ \t]+)?(?P<flag>--)?[\"']?(?P<key>[A-Za-z_][\w./ -]{0,50}?)[\"']?[ \t]*(?P<sign>[:=]"
    r"|(?(flag)[ \t]|(?!)))[ \t]*[\"']?(?P<value>[^\n\"',#{(\[]{1,120}|\[[^\]\n]{1,200}\]"
    r"|\([^)\n]{1,80}\))[\"']?[ \t]*,?[ \t]*\\{0,2}[ \t]*(?:#[^\n]*)?$",
    re.MULTILINE,
)
_FLAG = re.compile(r"(?<!\S)--(?P<key>[A-Za-z][\w-]{1,40})(?:[ \t]{1,4}|=)[\"']?(?P<value>[^\s\"'\\-][^\s\"'\\]{0,80})")
"""Flags of a command line, several in a line."""
_KEYWORD = re.compile(
    r"(?<![\w.])(?P<key>[a-z][a-z_]{1,40})\s?=\s?(?P<value>-?\d[\d_.]*(?:e-?\d+)?|True|False"
    r"|[\"'][\w./-]{1,60}[\"'])(?=\s*[,)])"
)
"""Arguments of a call, several in a line."""
_CLASS_PAIR = re.compile(r"[\"'](?P<key>[a-z_]{2,40})[\"']\s*:\s*[\"']?<class\s'(?:\w+\.){0,8}(?P<value>\w+)'>")
"""A class as Python prints it: "optimizer_class": "<class 'torch.optim.AdamW'>"."""
_INLINE = re.compile(r"[\"'](?P<key>[A-Za-z_][\w -]{0,40})[\"'][ \t]*:[ \t]*[\"']?(?P<value>[^\n\"',{}\[\]]{1,120})")


_HEADS = {
    "",
    "value",
    "values",
    "setting",
    "settings",
    "description",
    "details",
    "score",
    "result",
    "size",
    "number",
    "count",
    "type",
    "link",
    "source",
    "license",
    "tokens",
    "examples",
    "samples",
}
_LISTS = {"data", "dataset", "datasets", "corpus"}
"""First cell of a header above a list, whatever the second says."""


class Pair(NamedTuple):
    """A key (folded, and as written) with its value, and where the value stands."""

    key: str
    value: str
    start: int
    end: int
    block: Block
    sign: str = ":"
    label: str = ""


def pairs(document: Document) -> Iterator[Pair]:
    """All pairs of a card, in order; keys are folded, Markdown and HTML marks around values are gone."""
    left = MAX_PAIRS
    for block in document.blocks:
        if block.kind in ("text", "item", "html", "heading"):
            found = _text_pairs(block)
        elif block.kind == "table":
            found = _table_pairs(block)
        else:
            found = _code_pairs(block)
        for pair in found:
            left -= 1
            if left < 0:
                return
            yield pair


def key(text: str) -> str:
    """A key as it is looked up: no marks, no [optional], no emoji around."""
    text = re.sub(r"\\{1,2}[()\[\]]|[{}$]", "", text)  # LaTeX around a symbol
    text = re.sub(r"\[optional\]|\(optional\)|&nbsp;|\\\\?\(|\\\\?\)", " ", words.plain(text))
    return words.fold(re.sub(r"^[^\w#]+|[^\w)%]+$", "", text))


def _text_pairs(block: Block) -> Iterator[Pair]:
    if "{" in block.text:  # {'exact': 67.4, 'f1': 71.4}
        yield from _inline_pairs(block)
    for pattern in (_TEXT_PAIR, _DASH_PAIR):
        for match in pattern.finditer(block.text):
            value = match["value"].strip()
            at = block.start + match.start("value")
            yield Pair(
                key(match["key"]),
                value,
                at,
                at + len(match["value"].rstrip()),
                block,
                "=" if "sign" in pattern.groupindex and match["sign"] == "=" else ":",
                match["key"].strip(),
            )


def _table_pairs(block: Block) -> Iterator[Pair]:
    for number, row in enumerate(block.rows):
        is_head = not number and (key(row[0].text) in _LISTS or key(row[-1].text) in _HEADS) if row else True
        if len(row) == 2 and row[0].text.strip() and not is_head:
            yield Pair(key(row[0].text), words.plain(row[1].text), row[1].start, row[1].end, block, label=row[0].text)


def _code_pairs(block: Block) -> Iterator[Pair]:
    for match in _CLASS_PAIR.finditer(block.text):
        at = block.start + match.start("value")
        yield Pair(key(match["key"]), match["value"], at, at + len(match["value"]), block, label=match["key"])
    for match in _CODE_PAIR.finditer(block.text):
        at = block.start + match.start("value")
        yield Pair(
            key(match["key"]),
            match["value"].strip().rstrip(",").strip("\"'"),
            at,
            at + len(match["value"].rstrip(" ,\\")),
            block,
            label=match["key"],
        )
    for pattern in (_FLAG, _KEYWORD):
        for match in pattern.finditer(block.text):
            at = block.start + match.start("value")
            end = at + len(match["value"])
            yield Pair(
                key(match["key"].replace("-", "_")), match["value"].strip("\"'"), at, end, block, label=match["key"]
            )
    yield from _inline_pairs(block)


def _inline_pairs(block: Block) -> Iterator[Pair]:
    for match in _INLINE.finditer(block.text):
        if "\n" in block.text[max(0, match.start() - 40) : match.start()].rstrip(" \t")[-1:]:
            continue
        at = block.start + match.start("value")
        yield Pair(
            key(match["key"]), match["value"].strip(), at, at + len(match["value"].rstrip()), block, label=match["key"]
        )
