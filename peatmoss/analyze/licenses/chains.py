"""Obligations along the derivation graph: what the licenses of ancestors ask, and where a clause was lost first."""

from __future__ import annotations

import contextlib
import gc
import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

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
Way = tuple[int, int, int, int, str]
"""How a license reaches a model: depth, origin, lost at, lost from (-1: nowhere), the clauses that were lost."""
_KEPT, _GONE, _BEFORE = range(3)
"""What became of a license on a way: kept (or not known to be lost), lost, lost and that before the last step."""
Ways = list[Way | None]
"""The best way of each of these kinds; what was lost before counts as lost as well."""
_NOWHERE = (-1, -1, "")
Moving = tuple[str, int, Way]
"""A license, the kind of way and the way in which it leaves a model."""
Row = tuple[int, str, int, int, str, str, int | None, int | None]
BATCH = 200_000


class _Losses(dict[str, tuple[int, str]]):
    """License -> what becomes of it under one expression, and the clauses that are lost; judged when first asked."""

    def __init__(self, expression: str, judge: Judge) -> None:
        super().__init__()
        self.expression, self.judge = expression, judge

    def __missing__(self, license_id: str) -> tuple[int, str]:
        found = self[license_id] = _lost(license_id, self.expression, self.judge)
        return found


class _Models(NamedTuple):
    """The derivations, and of each model what its expression asks and what becomes of licenses under it."""

    children: dict[int, list[int]]
    asked: Mapping[int, Sequence[str]]
    losses: Mapping[int, _Losses]


def obligations(edges: pl.DataFrame, licenses: dict[int, str], judge: Judge) -> pl.DataFrame:
    """(upstream_model_id, downstream_model_id) of derivations and each model's expression -> what reaches each model.

    Of all walks to a model from another one that asks for a license, also of those that go around a circle, the one
    counts whose state comes first in STATES, then the shortest, then the one from the lowest origin.
    """
    with _without_collection():
        told = _told(_models(edges, licenses, judge))
        frames = [_framed(part) for part in iter(lambda: list(islice(told, BATCH)), [])]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *frames]).sort("model_id", "license_id")


def _framed(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(dict(zip(SCHEMA, map(list, zip(*rows, strict=True)), strict=True)), schema=SCHEMA)


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


def _models(edges: pl.DataFrame, licenses: dict[int, str], judge: Judge) -> _Models:
    children: dict[int, list[int]] = defaultdict(list)
    for up, down in edges.select("upstream_model_id", "downstream_model_id").unique(maintain_order=True).iter_rows():
        if up != down:
            children[up].append(down)
    nodes = {*children, *(child for listed in children.values() for child in listed)}
    of = {node: licenses.get(node, NONE) for node in nodes}
    asked = {expression: _asks(expression) for expression in set(of.values())}
    losses = {expression: _Losses(expression, judge) for expression in asked}
    return _Models(children, {n: asked[e] for n, e in of.items()}, {n: losses[e] for n, e in of.items()})


def _told(models: _Models) -> Iterator[Row]:
    """The rows of the table: at each model, of each license, the state and the way that count."""
    for node, reached in _walked(models):
        losses = models.losses[node]
        for license_id, (kept, gone, before) in reached.items():
            state = losses[license_id][0]
            way = before or gone if state == _LOST else gone or kept
            if way:
                depth, origin, lost_at, lost_from, clauses = way
                lost = (None, None) if lost_at < 0 else (lost_from, lost_at)
                yield node, license_id, origin, depth, STATES[_EARLIER if way is before else state], clauses, *lost


def _walked(models: _Models) -> Iterator[tuple[int, dict[str, Ways]]]:
    """Each model with the ways in which licenses of others reach it: bases first, the models of a circle together."""
    known: dict[int, dict[str, Ways]] = defaultdict(dict)
    for circle in _in_order(models.children):
        node, reached = circle[0], known.pop(circle[0], {})
        if len(circle) > 1:
            yield from _around(circle, {node: reached, **{n: known.pop(n, {}) for n in circle[1:]}}, models, known)
            continue
        moving = [(i, kind, way) for i, ways in reached.items() for kind, way in enumerate(ways[:_BEFORE]) if way]
        moving += [(license_id, _KEPT, (0, node, *_NOWHERE)) for license_id in models.asked[node]]
        _hand_on(node, moving, models.children.get(node, ()), models, known)
        yield node, reached


def _hand_on(
    node: int, moving: list[Moving], children: Iterable[int], models: _Models, known: dict[int, dict[str, Ways]]
) -> None:
    """One step on to every child. What children under one expression get differs in where it is lost alone."""
    after: dict[str, list[Moving]] = {}
    for child in children if moving else ():
        losses = models.losses[child]
        if losses.expression not in after:
            after[losses.expression] = [(i, *_step(kind, way, losses[i], node, -1)) for i, kind, way in moving]
        there = known[child]
        for license_id, kind, way in after[losses.expression]:
            is_new = kind == _GONE and way[2] < 0
            _offer(there, license_id, kind, (way[0], way[1], child, node, way[4]) if is_new else way)


def _step(kind: int, way: Way, loss: tuple[int, str], node: int, child: int) -> tuple[int, Way]:
    """A way one derivation further."""
    depth, origin, lost_at, lost_from, clauses = way
    state, lost = loss
    if state == _CARRIED:
        return _KEPT, (depth + 1, origin, *_NOWHERE)
    if state == _UNKNOWN:
        return kind, (depth + 1, origin, lost_at, lost_from, clauses)
    return (_BEFORE, (depth + 1, origin, lost_at, lost_from, lost)) if kind == _GONE else (
        _GONE, (depth + 1, origin, child, node, lost)
    )  # fmt: skip


def _offer(there: dict[str, Ways], license_id: str, kind: int, way: Way) -> None:
    """Keep a way where it is the best of its kind."""
    ways = there.get(license_id)
    if ways is None:
        ways = there[license_id] = [None, None, None]
    best = ways[kind]
    if best is None or way < best:
        ways[kind] = way
        if kind == _BEFORE and ((best := ways[_GONE]) is None or way < best):
            ways[_GONE] = way


def _around(
    circle: list[int], arriving: dict[int, dict[str, Ways]], models: _Models, known: dict[int, dict[str, Ways]]
) -> Iterator[tuple[int, dict[str, Ways]]]:
    """The models of a circle, license by license. What comes back to where it began is no obligation there."""
    members = set(circle)
    inside = {node: sorted(members.intersection(models.children[node])) for node in circle}
    leaving: dict[int, list[Moving]] = defaultdict(list)
    begin: dict[str, list[tuple[Way, int, int]]] = defaultdict(list)
    for node in circle:
        for license_id in models.asked[node]:
            begin[license_id].append(((0, node, *_NOWHERE), node, _KEPT))
        for license_id, ways in arriving[node].items():
            begin[license_id] += [(way, node, kind) for kind, way in enumerate(ways[:_BEFORE]) if way]
    for license_id, ways_in in begin.items():
        losses = {node: models.losses[node][license_id] for node in circle}
        for (node, kind), found in _shortest(ways_in, inside, losses).items():
            leaving[node].append((license_id, kind, found[0]))
            for child in inside[node]:
                for way in found:
                    if way[1] != child:
                        _offer(arriving[child], license_id, *_step(kind, way, losses[child], node, child))
                        break  # the other one is from farther away
    for node, moving in leaving.items():
        _hand_on(node, moving, [child for child in models.children[node] if child not in members], models, known)
    yield from arriving.items()


def _shortest(
    queue: list[tuple[Way, int, int]], inside: dict[int, list[int]], losses: dict[int, tuple[int, str]]
) -> dict[tuple[int, int], list[Way]]:
    """(model of a circle, kept or lost) -> the best way, and that from another origin (Dijkstra's algorithm).

    Two, for the first may come from the model that the next step leads to.
    """
    settled: dict[tuple[int, int], list[Way]] = {}
    waiting: dict[tuple[int, int, int], Way] = {(node, kind, way[1]): way for way, node, kind in sorted(queue)[::-1]}
    heapq.heapify(queue)
    while queue:
        way, node, kind = heapq.heappop(queue)
        origin = way[1]
        found = settled.setdefault((node, kind), [])
        if len(found) == 2 or waiting[node, kind, origin] != way or (found and found[0][1] == origin):
            continue
        found.append(way)
        for child in inside[node]:
            state = losses[child][0]
            after = _KEPT if state == _CARRIED else kind if state == _UNKNOWN else _GONE
            there = settled.get((child, after), ())
            if len(there) == 2 or (there and there[0][1] == origin):
                continue
            longer = _step(kind, way, losses[child], node, child)[1]
            known = waiting.get((child, after, origin))
            if known is None or longer < known:
                waiting[child, after, origin] = longer
                heapq.heappush(queue, (longer, child, after))
    return settled


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
