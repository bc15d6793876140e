"""Texts put together from parts, and what comparisons say of a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peatmoss.parse.code.invented import is_api_model
from peatmoss.parse.code.python_ends import End, weaker
from peatmoss.parse.code.python_repo import At
from peatmoss.parse.code.python_scopes import Expr
from peatmoss.parse.code.python_show import show
from peatmoss.parse.code.usage import Value

if TYPE_CHECKING:
    from peatmoss.parse.code.python_flow import Flow


def guards(flow: Flow, expr: Expr, at: At) -> list[tuple[Value, bool]]:
    """Texts that a value is compared with, and whether the place stands under the comparison."""
    facts = flow.repo.facts(at.path)
    if expr[0] not in "nai" or facts is None or not facts.guards:
        return []
    found = []
    shown = show(expr)
    for guard in facts.guards:
        if guard.scope == at.scope and show(guard.subject) == shown:
            encloses = guard.first <= at.line <= guard.last
            if guard.last < at.line <= guard.beyond:
                continue  # it is something else here
            given = facts.scopes[at.scope].names.get(expr[2], ()) if expr[0] == "n" else ()
            if encloses and any(guard.first <= each.line < at.line for each in given):
                continue  # another value since
            if encloses or guard.is_equality:
                for text, line in guard.texts:
                    found.append((Value(text, at.path, line, "guard", 0.8 if encloses else 0.65), encloses))
    return found


def _part(flow: Flow, expr: Expr, at: At) -> list[End]:
    """The texts of one part; where the place stands under comparisons of it, those it is compared with."""
    inside = [value for value, encloses in guards(flow, expr, at) if encloses]
    if inside:
        return [End(("s", each.line, each.text), at, each.method, each.confidence) for each in inside]
    return [
        end for end in flow.follow(expr, at) if end.expr[0] == "s" or (end.expr[0] == "v" and type(end.expr[2]) is int)
    ]


def text(flow: Flow, parts: tuple[Expr, ...], at: At) -> Iterator[End]:
    """Texts put together. Every part must be known; the line is that of the first part."""
    options: list[End] = [End(("s", parts[0][1] if parts else 0, ""), at)]
    for part in parts:
        ends = _part(flow, part, at)
        if not ends:
            yield End(("?", 0), at)
            return
        options = [
            End(("s", _line(left, right), f"{left.expr[2]}{right.expr[2]}"), left.at, *weaker(left, right))
            for left in options[:8]
            for right in ends[:12]
            if not (left.expr[2].endswith("/") and is_api_model(str(right.expr[2])))
        ]
    yield from (option.via("fstring") for option in options)


def _line(left: End, right: End) -> int:
    """The line of the first part; that of the comparison where one of several gave the second."""
    return int(right.expr[1] if right.method == "guard" else left.expr[1])
