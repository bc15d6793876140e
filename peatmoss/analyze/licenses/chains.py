"""Obligations along the derivation graph: what the licenses of ancestors ask, and where a clause was lost first."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
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

    A cycle ends by itself: an obligation that reaches a model again from further away or with no new loss stops there.
    """
    children: dict[int, list[int]] = defaultdict(list)
    waiting: dict[int, int] = defaultdict(int)
    for up, down in edges.select("upstream_model_id", "downstream_model_id").unique(maintain_order=True).iter_rows():
        children[up].append(down)
        waiting[down] += 1
    known: dict[int, dict[str, Obligation]] = defaultdict(dict)
    queue = deque(sorted(up for up in children if not waiting[up]))
    done: set[int] = set()
    left = sorted(node for node in children if waiting[node])
    while queue or left:
        if not queue:  # only cycles are left: enter one
            node = left.pop(0)
            if node in done:
                continue
            queue.append(node)
        node = queue.popleft()
        done.add(node)
        moving = list(known[node].items()) + [(i, None) for i in _asks(licenses.get(node, NONE))]
        for child in children.get(node, ()):
            changed = False
            for license_id, before in moving:
                after = _pass_on(node, child, license_id, before, licenses.get(child, NONE), judge)
                changed |= _keep(known[child], license_id, after)
            waiting[child] -= 1
            if waiting[child] == 0 or (child in done and changed):
                queue.append(child)
    rows = [
        (model, license_id, o.origin, o.depth, o.state, o.lost, o.lost_from, o.lost_at)
        for model, reached in known.items()
        for license_id, o in reached.items()
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("model_id", "license_id")


def _pass_on(
    node: int, child: int, license_id: str, before: Obligation | None, expression: str, judge: Judge
) -> Obligation:
    origin, depth = (before.origin, before.depth + 1) if before else (node, 1)
    lost, state = _lost(license_id, expression, judge)
    if state == "carried":
        return Obligation(origin, depth, "carried", "", None, None)
    if before is not None and before.lost_at is not None:
        state = "lost_earlier" if state == "lost" else "unknown"
        return Obligation(origin, depth, state, lost or before.lost, before.lost_from, before.lost_at)
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


def _keep(reached: dict[str, Obligation], license_id: str, new: Obligation) -> bool:
    """Of several ways a license reaches a model the one with a loss counts, then the shortest."""
    old = reached.get(license_id)
    if old is not None and (_rank(old), old.depth, old.origin) <= (_rank(new), new.depth, new.origin):
        return False
    reached[license_id] = new
    return old is None or _rank(old) != _rank(new)


def _rank(one: Obligation) -> int:
    return ("lost_earlier", "lost", "unknown", "carried").index(one.state)


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
