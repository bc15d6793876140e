"""Obligations along the derivation graph: what the licenses of ancestors ask, and where a clause was lost first."""

from __future__ import annotations

import contextlib
import gc
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence

import polars as pl

from peatmoss.parse.license import NOASSERTION, NONE, Judgement, codes, leaves, license_of

SCHEMA = {
    "model_id": pl.Int64, "license_id": pl.String, "origin_model_id": pl.Int64, "depth": pl.Int64, "state": pl.String,
    "lost_clauses": pl.String, "lost_from_model_id": pl.Int64, "lost_at_model_id": pl.Int64,
}  # fmt: skip
Judge = Callable[[str, str, str], Judgement]
STATES = ("lost_earlier", "lost", "unknown", "carried")
"""What became of an obligation: of several ways in which a license reaches a model, the first of these counts."""
_EARLIER, _LOST, _UNKNOWN, _CARRIED = range(4)
Obligation = tuple[int, int, int, str, int | None, int | None]
"""What one license of an ancestor asks of a model: number of state, depth, origin, lost clauses, lost from, at."""
Losses = dict[str, tuple[int, str]]
"""License -> what becomes of it under one expression, and the clauses that are lost."""


def obligations(edges: pl.DataFrame, licenses: dict[int, str], judge: Judge) -> pl.DataFrame:
    """(upstream_model_id, downstream_model_id) of derivations and each model's expression -> what reaches each model.

    A circle ends by itself: an obligation that comes around again without a new loss stops there.
    """
    with _without_collection():
        return _framed(_walked(edges, licenses, judge))


@contextlib.contextmanager
def _without_collection() -> Iterator[None]:
    """Millions of tuples without cycles: looking for some again and again takes longer than the walk."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _walked(edges: pl.DataFrame, licenses: dict[int, str], judge: Judge) -> dict[int, dict[str, Obligation]]:
    children: dict[int, list[int]] = defaultdict(list)
    for up, down in edges.select("upstream_model_id", "downstream_model_id").unique(maintain_order=True).iter_rows():
        children[up].append(down)
    known: dict[int, dict[str, Obligation]] = defaultdict(dict)
    asked = {expression: _asks(expression) for expression in {NONE, *licenses.values()}}
    losses: dict[str, Losses] = {expression: {} for expression in asked}
    for circle in _in_order(children):
        members, waiting = set(circle), set(circle)
        queue = deque(circle)
        while queue:  # once, unless the models of a circle still change one another
            node = queue.popleft()
            waiting.discard(node)
            own = [(license_id, None) for license_id in asked[licenses.get(node, NONE)]]
            moving = [*known[node].items(), *own] if node in known else own
            if not moving:
                continue
            for child in children.get(node, ()):
                expression = licenses.get(child, NONE)
                lost = losses[expression]
                for license_id, _ in moving:
                    if license_id not in lost:
                        lost[license_id] = _lost(license_id, expression, judge)
                changed = _pass_on(node, child, moving, known[child], lost)
                if changed and child in members and child not in waiting and child != node:
                    waiting.add(child)
                    queue.append(child)
    return known


def _pass_on(
    node: int, child: int, moving: Sequence[tuple[str, Obligation | None]], reached: dict[str, Obligation], lost: Losses
) -> bool:
    """Bring obligations to a child; whether one is new there or in another state.

    Of several ways a license reaches a model the one with a loss counts, then the shortest.
    """
    changed = False
    for license_id, before in moving:
        state, clauses = lost[license_id]
        _, depth, origin, had, lost_from, lost_at = before or (_CARRIED, 0, node, "", None, None)
        depth += 1
        if state == _CARRIED:
            had, lost_from, lost_at = "", None, None
        elif lost_at is not None:
            state, had = (_EARLIER if state == _LOST else _UNKNOWN), clauses or had
        elif state == _LOST:
            had, lost_from, lost_at = clauses, node, child
        old = reached.get(license_id)
        if old is None or (state, depth, origin) < old[:3]:
            changed = changed or old is None or old[0] != state
            reached[license_id] = (state, depth, origin, had, lost_from, lost_at)
    return changed


def _framed(known: dict[int, dict[str, Obligation]]) -> pl.DataFrame:
    """As a table, by model and license. What comes back to where it began in a circle is left out."""
    columns: tuple[list[object], ...] = tuple([] for _ in SCHEMA)
    for model in sorted(known):
        reached = known.pop(model)
        for license_id in sorted(reached):
            state, depth, origin, *rest = reached[license_id]
            if origin != model:
                row = (model, license_id, origin, depth, STATES[state], *rest)
                for column, value in zip(columns, row, strict=True):
                    column.append(value)
    return pl.DataFrame(dict(zip(SCHEMA, columns, strict=True)), schema=SCHEMA)


def _in_order(children: dict[int, list[int]]) -> list[list[int]]:
    """The models such that bases come first, those of a circle together (Tarjan's algorithm without recursion)."""
    found: list[list[int]] = []
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for root in sorted(children):
        if root in index:
            continue
        path = [(root, iter(children.get(root, ())))]
        while path:
            node, following = path[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                stack.append(node)
                on_stack.add(node)
            for child in following:
                if child not in index:
                    path.append((child, iter(children.get(child, ()))))
                    break
                if child in on_stack:
                    low[node] = min(low[node], index[child])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == index[node]:
                    circle: list[int] = []
                    while not circle or circle[-1] != node:
                        circle.append(stack.pop())
                        on_stack.discard(circle[-1])
                    found.append(sorted(circle))
    return found[::-1]


def _lost(license_id: str, expression: str, judge: Judge) -> tuple[int, str]:
    """Whether the weighty clauses of a license are lost under an expression, and which."""
    if expression in (NONE, NOASSERTION):
        return _UNKNOWN, ""
    found = judge(license_id, expression, "derive")
    if found.verdict == "unknown":
        return _UNKNOWN, ""
    weighty = [code for code in found.lost if codes()[code].weight in ("hard", "soft")]
    if found.verdict == "compatible" or not weighty:
        return _CARRIED, ""
    return _LOST, " ".join(weighty)


def _asks(expression: str) -> list[str]:
    """Licenses of an expression that ask more than notices of what is derived."""
    found = []
    for license_id in leaves(expression):
        known = license_of(license_id)
        if known and any(
            codes()[code].weight in ("hard", "soft") and code not in ("C1", "C2") for code in known.clauses
        ):
            found.append(license_id)
    return found
