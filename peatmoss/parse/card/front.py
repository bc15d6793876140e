"""Model cards: the YAML front matter, read safely, and the body."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import orjson
import yaml

MAX_FRONT_MATTER = 256 * 2**10
MAX_CARD = 4 * 2**20
MAX_NODES = 50_000
MAX_DEPTH = 60

_BLOCK = re.compile(
    r"\A\ufeff?\s*---[ \t]*\r?\n(?P<yaml>.*?)(?:^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z))", re.DOTALL | re.MULTILINE
)
_NUMBER = re.compile(r"[-+]?(\d+|(\d+\.\d*|\.\d+)([eE][-+]?\d+)?|\d+[eE][-+]?\d+)\Z")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@dataclass(frozen=True)
class Card:
    """A card taken apart.

    front_matter: JSON text of the mapping at its head, None unless status is ``ok``
    status: ok, none, broken, not_a_mapping, too_large or too_deep
    body_start: character of the card at which the body begins
    """

    front_matter: str | None
    status: str
    body: str
    sha256: str
    size_bytes: int
    body_start: int = 0


class _Limit(Exception):
    def __init__(self, status: str):
        super().__init__(status)
        self.status = status


def card(text: str) -> Card:
    """Split a card into front matter and body. Never fails: what cannot be read has a status that says why."""
    raw = text.encode("utf-8", "replace")
    clean = text.replace("\x00", "\ufffd")
    found = _BLOCK.match(clean)
    status, front = ("none", None) if found is None else _front_matter(found["yaml"])
    body = clean if found is None else clean[found.end() :]
    start = 0 if found is None else found.end()
    return Card(front, status, body[:MAX_CARD], hashlib.sha256(raw).hexdigest(), len(raw), start)


def _front_matter(text: str) -> tuple[str, str | None]:
    if len(text) > MAX_FRONT_MATTER:
        return "too_large", None
    try:
        value = load_yaml(text)
    except _Limit as limit:
        return limit.status, None
    except (yaml.YAMLError, ValueError):
        return "broken", None
    if value is None:
        return "none", None
    if not isinstance(value, dict):
        return "not_a_mapping", None
    return "ok", orjson.dumps(value).decode()


def load_yaml(text: str) -> Any:
    """One YAML document -> plain values, after the core schema of YAML 1.2.

    ``no`` and ``2022-03-02`` stay texts (YAML 1.1 makes them False and a date). Aliases are expanded within a budget
    of MAX_NODES values and MAX_DEPTH levels, so a bomb costs nothing; tags are ignored, nothing is ever constructed.

    Raises yaml.YAMLError for broken YAML.
    """
    anchors: dict[str, tuple[Any, int]] = {}
    stack: list[_Node] = []
    root: Any = None
    nodes = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
        if isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            if len(stack) >= MAX_DEPTH:
                raise _Limit("too_deep")
            stack.append(_Node([] if isinstance(event, yaml.SequenceStartEvent) else {}, event.anchor))
            continue
        if isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            node = stack.pop()
            value, size, anchor = node.value, node.size, node.anchor
        elif isinstance(event, yaml.ScalarEvent):
            value = _scalar(event.value) if event.implicit[0] and not event.style else event.value
            size, anchor = 1, event.anchor
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in anchors:  # unknown, or refers to a node that contains it
                raise yaml.YAMLError(f"alias {event.anchor!r} refers to nothing complete")
            (value, size), anchor = anchors[event.anchor], None
        else:
            continue
        nodes += size if isinstance(event, yaml.AliasEvent) else 1
        if nodes > MAX_NODES:
            raise _Limit("too_large")
        if anchor:
            anchors[anchor] = value, size
        if stack:
            stack[-1].add(value, size)
        else:
            root = value
    return root


class _Node:
    """A collection being read."""

    def __init__(self, value: Any, anchor: str | None):
        self.value = value
        self.anchor = anchor
        self.size = 1
        self._key: Any = self

    def add(self, value: Any, size: int) -> None:
        self.size += size
        if isinstance(self.value, list):
            self.value.append(value)
        elif self._key is self:
            self._key = value
        else:
            name = self._key if isinstance(self._key, str) else orjson.dumps(self._key).decode()
            self.value[name] = value
            self._key = self


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.match(text) and len(text) < 19:
        return float(text) if any(c in text for c in ".eE") else int(text)
    return text
