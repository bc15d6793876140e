"""Texts put together from parts, and what comparisons say of a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peatmoss.parse.code.invented import is_api_model
from peatmoss.parse.code.python_ends import End, weaker
from peatmoss.parse.code.python_repo import At
from peatmoss.parse.code.python_scopes import Expr, Facts
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


def allowed(flow: Flow, expr: Expr, at: At, found: list[End]) -> list[End]:
    """Of the texts that a value can have those that the comparisons around the place leave."""
    around = [each for each in flow.guarded(at.path, at.scope, expr) if each.first <= at.line <= each.beyond]
    if not around or not any(end.expr[0] == "s" for end in found):
        return found
    facts = flow.repo.facts(at.path)
    given = _assigned(facts, expr, at.scope) if facts is not None else ()
    only: dict[tuple[int, int], set[str]] = {}
    never: set[str] = set()
    for guard in around:
        if any(guard.first <= line < at.line for line in given):
            continue  # another value since
        texts = {text for text, _ in guard.texts}
        if guard.among is not None:
            texts = {end.expr[2] for end in flow.elements(guard.among, at) if end.expr[0] == "s"}
        if texts and at.line <= guard.last:
            only.setdefault((guard.first, guard.last), set()).update(texts)
        elif at.line > guard.last:
            never |= texts
    return [
        end
        for end in found
        if end.expr[0] != "s" or (end.expr[2] not in never and all(end.expr[2] in each for each in only.values()))
    ]


def _assigned(facts: Facts, expr: Expr, scope: int) -> list[int]:
    """The lines that give a name or attribute another value."""
    if expr[0] == "n":
        return [each.line for each in facts.scopes[scope].names.get(expr[2], ())]
    if expr[0] != "a":
        return []
    owners = [each.attributes.get(expr[3], ()) for each in facts.scopes]
    return [each.line for given in (*owners, facts.settings.get(expr[3], ())) for _, each in given]


_OPEN = {"call_site", "default", "option", "choice", "namespace", "field"}


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
    is_open = False
    for part in parts:
        ends = _part(flow, part, at)
        is_many = len({end.expr[2] for end in ends}) > 1 and any(end.method in _OPEN for end in ends)
        if not ends or (is_many and is_open):  # which of one goes with which of the other is not known
            yield End(("?", 0), at)
            return
        is_open = is_open or is_many
        options = [
            End(("s", _line(left, right), f"{left.expr[2]}{right.expr[2]}"), left.at, *weaker(left, right))
            for left in options[:8]
            for right in ends[:12]
            if not (left.expr[2].endswith("/") and is_api_model(str(right.expr[2])))
            and not (right.expr[2] == "" and left.expr[2][-1:] in ("-", "_", "/"))
        ]
    yield from (option.via("fstring") for option in options)


def _line(left: End, right: End) -> int:
    """The line of the first part; that of the comparison where one of several gave the second."""
    return int(right.expr[1] if right.method == "guard" else left.expr[1])
