"""Where following an expression ends, and which assignments a use can see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from peatmoss.parse.code.python_repo import MAX_CALLS, At
from peatmoss.parse.code.python_scopes import Assign, Expr
from peatmoss.parse.code.usage import CONFIDENCE


class End(NamedTuple):
    """Where following an expression ended, and how it got there."""

    expr: Expr
    at: At
    method: str = "literal"
    confidence: float = 1.0

    def via(self, method: str) -> End:
        """One step further."""
        step = CONFIDENCE[method]
        weakest = method if step <= CONFIDENCE[self.method] else self.method
        return End(self.expr, self.at, weakest, self.confidence * step)


@dataclass
class Bound:
    """A function that was entered through a call: its parameters are what that call gives."""

    path: str
    scope: int
    call: Expr
    at: At
    outer: Bound | None
    depth: int


def joined(first: End, then: End) -> End:
    """The second end, reached over the first."""
    return End(then.expr, then.at, *weaker(first, then))


def weaker(one: End, other: End) -> tuple[str, float]:
    """Method and confidence of two steps together."""
    method = one.method if CONFIDENCE[one.method] < CONFIDENCE[other.method] else other.method
    return method, one.confidence * other.confidence


def reaching(assigns: list[Assign], at: At | None) -> tuple[list[Assign], bool]:
    """The assignments that a use in the same scope may see, and whether one of them certainly comes before it.

    In straight-line code the last one before the use hides those before it. Seen from another scope, all may hold.
    """
    if at is None:
        return assigns, any(not each.block and not each.is_partial for each in assigns)
    found = []
    for each in sorted(assigns, key=lambda assign: -assign.line):
        if each.line >= at.line and not (each.is_partial and each.value[0] == "e"):
            continue
        found.append(each)
        if not each.is_partial and at.block[: len(each.block)] == each.block:
            return found, True
    return found or [each for each in assigns if each.line > at.line][:MAX_CALLS], False
