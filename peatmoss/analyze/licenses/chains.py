"""Obligations along the derivation graph: what the licenses of ancestors ask, and where a clause was lost first."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import polars as pl

from peatmoss.parse.license import NOASSERTION, NONE, Judgement, codes, leaves, license_of

SCHEMA = {
    "model_id": pl.Int64, "license_id": pl.String, "origin_model_id": pl.Int64, "depth": pl.Int64, "state": pl.String,
    "lost_clauses": pl.String, "lost_from_model_id": pl.Int64, "lost_at_model_id": pl.Int64,
}  # fmt: skip
Judge = Callable[[str, str, str], Judgement]


class Obligation(NamedTuple):
    """What one license of an ancestor asks of a model."""

    origin: int
    depth: int
    state: str
    lost: str
    lost_from: int | None
    lost_at: int | None


def obligations(edges: pl.DataFrame, licenses: dict[int, str], judge: Judge) -> pl.DataFrame:
    """(upstream_model_id, downstream_model_id) of derivations and each model's expression -> what reaches each model.

    A circle ends by itself: an obligation that comes around again without a new loss stops there.
    """
    children: dict[int, list[int]] = defaultdict(list)
    for up, down in edges.select("upstream_model_id", "downstream_model_id").unique(maintain_order=True).iter_rows():
        children[up].append(down)
    known: dict[int, dict[str, Obligation]] = defaultdict(dict)
    asked = {expression: _asks(expression) for expression in {NONE, *licenses.values()}}

    @cache
    def lost(license_id: str, expression: str) -> tuple[str, str]:
        return _lost(license_id, expression, judge)

    for circle in _in_order(children):
        members = set(circle)
        queue = deque(circle)
        while queue:  # once, unless the models of a circle still change one another
            node = queue.popleft()
            own = ((license_id, None) for license_id in asked[licenses.get(node, NONE)])
            moving = [*known.get(node, {}).items(), *own]
            if not moving:
                continue
            for child in children.get(node, ()):
                changed = False
                reached, expression = known[child], licenses.get(child, NONE)
                for license_id, before in moving:
                    after = _pass_on(node, child, before, *lost(license_id, expression))
                    changed |= _keep(reached, license_id, after)
                if changed and child in members and child != node:
                    queue.append(child)
    rows = [
        (model, license_id, o.origin, o.depth, o.state, o.lost, o.lost_from, o.lost_at)
        for model, reached in known.items()
        for license_id, o in reached.items()
        if o.origin != model
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("model_id", "license_id")


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


def _pass_on(node: int, child: int, before: Obligation | None, lost: str, state: str) -> Obligation:
    origin, depth = (before[0], before[1] + 1) if before else (node, 1)
    if state == "carried":
        return Obligation(origin, depth, "carried", "", None, None)
    if before is not None and before[5] is not None:
        state = "lost_earlier" if state == "lost" else "unknown"
        return Obligation(origin, depth, state, lost or before[3], before[4], before[5])
    if state == "unknown":
        return Obligation(origin, depth, "unknown", "", None, None)
    return Obligation(origin, depth, "lost", lost, node, child)


def _lost(license_id: str, expression: str, judge: Judge) -> tuple[str, str]:
    """The hard and soft clauses that are lost, and carried, lost or unknown."""
    if expression in (NONE, NOASSERTION):
        return "", "unknown"
    found = judge(license_id, expression, "derive")
    if found.verdict == "unknown":
        return "", "unknown"
    weighty = [code for code in found.lost if codes()[code].weight in ("hard", "soft")]
    if found.verdict == "compatible" or not weighty:
        return "", "carried"
    return " ".join(weighty), "lost"


_RANK = {"lost_earlier": 0, "lost": 1, "unknown": 2, "carried": 3}


def _keep(reached: dict[str, Obligation], license_id: str, new: Obligation) -> bool:
    """Of several ways a license reaches a model the one with a loss counts, then the shortest."""
    old = reached.get(license_id)
    if old is None:
        reached[license_id] = new
        return True
    before, after = _RANK[old[2]], _RANK[new[2]]
    if before < after or (before == after and (old[1], old[0]) <= (new[1], new[0])):
        return False
    reached[license_id] = new
    return before != after


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
