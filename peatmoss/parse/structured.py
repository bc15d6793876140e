"""Answers of language models: JSON out of text, and whether it has the shape that was asked for.

The shape is a JSON Schema of the part that endpoints accept for structured output: type, properties, required,
additionalProperties false, items, enum.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

MAX_ANSWER = 2 * 2**20
_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?```\s*\Z", re.DOTALL)
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "number": (int, float), "integer": (int,),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip


def json_of(text: str) -> Any:
    """The JSON value of an answer, with or without a code fence around it.

    Raises ValueError if there is none.
    """
    if len(text) > MAX_ANSWER:
        raise ValueError(f"an answer of more than {MAX_ANSWER:,} characters")
    found = _FENCE.match(text)
    try:
        return orjson.loads(found[1] if found else text)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"no JSON: {error}") from error


def problem(value: Any, schema: dict[str, Any], place: str = "answer") -> str | None:
    """The first thing in which a value departs from its schema, or None."""
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if kinds and not any(_is(value, kind) for kind in kinds):
        return f"{place} is no {' or '.join(kinds)}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{place} is none of {', '.join(map(str, schema['enum']))}"
    if isinstance(value, dict):
        known = schema.get("properties", {})
        if missing := [name for name in schema.get("required", ()) if name not in value]:
            return f"{place} has no {missing[0]}"
        if schema.get("additionalProperties") is False and (extra := sorted(set(value) - set(known))):
            return f"{place} has {extra[0]}, which nobody asked for"
        inner = ((value[name], known[name], f"{place}.{name}") for name in value if name in known)
    elif isinstance(value, list) and "items" in schema:
        inner = ((item, schema["items"], f"{place}[{number}]") for number, item in enumerate(value))
    else:
        return None
    return next((found for part in inner if (found := problem(*part))), None)


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
