"""When did a repository begin to use a model, switch it, stop using it? Its code is replayed commit by commit.

    changes ── state after each commit ── usages of that state (pure) ── difference to the state before ── events

An event is about the repository as a whole: a model that moves from one file to another was neither added nor removed.
`changed`: the call that named one model names another one now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from itertools import accumulate, groupby
from typing import Any, NamedTuple

import polars as pl

from peatmoss.db import Ingest
from peatmoss.parse import code
from peatmoss.parse.text import clean
from peatmoss.schema import reuse

MAX_REPLAYED_BYTES = 8 * 2**30
"""How much code of one repository is looked at, all its states together; older commits are left out."""

Task = tuple[dict[str, str], dict[str, str]]
Used = dict[tuple[str, str], list[code.Usage]]
EVENT: dict[str, Any] = {
    "commit_sha": pl.String, "committed_at": pl.Datetime("us", "UTC"), "path": pl.String, "name": pl.String,
    "hub": pl.String, "event": pl.String, "previous_name": pl.String,
}  # fmt: skip


class Change(NamedTuple):
    """What a commit did to a file.

    blob:    its new content, None if the file is gone
    is_base: the file was there before, since when nobody knows
    """

    commit: str
    committed_at: datetime
    path: str
    blob: str | None
    is_base: bool = False


class Traced(NamedTuple):
    """The events, and what was left out, if anything."""

    events: list[dict[str, Any]]
    cut: str | None = None


def change(data: Mapping[str, Any]) -> Change:
    """A line of type `change`. Raises ValueError if it is none."""
    commit, date, path, blob = (data.get(name) for name in ("commit", "committed_at", "path", "blob"))
    if not all(isinstance(value, str) and value for value in (commit, date, path)) or not isinstance(blob, str | None):
        raise ValueError("a change needs commit, committed_at and path")
    moment = datetime.fromisoformat(str(date)).astimezone(UTC).replace(microsecond=0)
    return Change(str(commit), moment, str(path), blob, data.get("base") is True)


def events(changes: Iterable[Change], texts: Mapping[str, str], examine: Callable[[Task], code.Examined]) -> Traced:
    """The events of one repository. changes: oldest first; texts: blob -> content."""
    commits = [list(group) for _, group in groupby(changes, lambda each: each.commit)]
    start = _first_within_budget(commits, texts)
    state: dict[str, str] = {}
    before: Used = {}
    found: list[dict[str, Any]] = []
    unclear = 0
    for number, group in enumerate(commits):
        _apply(state, group, texts)
        if number < start - 1:
            continue
        examined = examine(({path: texts[blob] for path, blob in state.items()}, dict(state)))
        if examined.cut:  # what was not found there is not gone
            unclear += 1
            continue
        now = _used(examined.usages)
        if number >= start and not group[0].is_base:
            found += _differences(before, now, group[0])
        before = now
    parts = [f"history before {commits[start][0].commit} left out"] if start else []
    parts += [f"{unclear} commits of the history looked at in part, and passed over"] if unclear else []
    return Traced(found, "; ".join(parts) or None)


def _apply(state: dict[str, str], group: list[Change], texts: Mapping[str, str]) -> None:
    for each in group:
        if each.blob is not None and each.blob in texts:
            state[each.path] = each.blob
        else:
            state.pop(each.path, None)


def _first_within_budget(commits: list[list[Change]], texts: Mapping[str, str]) -> int:
    """The number of the first commit that is looked at, so that all later ones fit into the budget."""
    sizes: dict[str, int] = {}
    total = 0
    totals = []
    for group in commits:
        for each in group:
            total -= sizes.pop(each.path, 0)
            if each.blob in texts:
                sizes[each.path] = len(texts[each.blob or ""])
                total += sizes[each.path]
        totals.append(total)
    spent = list(accumulate(reversed(totals)))
    return sum(1 for size in spent if size > MAX_REPLAYED_BYTES)


def _used(usages: list[code.Usage]) -> Used:
    """(hub, name) -> the places that use it, in the order of files and lines."""
    found: Used = {}
    for usage in sorted(usages, key=lambda each: (each.path, each.line)):
        name = usage.canonical_id or usage.model_id
        if usage.is_used and name and usage.hub not in (None, "local"):
            found.setdefault((str(usage.hub), name), []).append(usage)
    return found


def _differences(before: Used, now: Used, at: Change) -> list[dict[str, Any]]:
    appeared = [key for key in now if key not in before]
    vanished = [key for key in before if key not in now]
    rows = []
    for key in appeared:
        places = {_place(usage) for usage in now[key]}
        previous = next((old for old in vanished if places & {_place(usage) for usage in before[old]}), None)
        if previous is not None:
            vanished.remove(previous)
        event = "added" if previous is None else "changed"
        rows.append(_row(at, now[key][0], key, event, previous[1] if previous else None))
    return rows + [_row(at, before[key][0], key, "removed", None) for key in vanished]


def _place(usage: code.Usage) -> tuple[str, str | None, str]:
    return usage.path, usage.call, usage.role


def _row(at: Change, usage: code.Usage, key: tuple[str, str], event: str, previous: str | None) -> dict[str, Any]:
    return {
        "commit_sha": clean(at.commit), "committed_at": at.committed_at, "path": clean(usage.path),
        "name": clean(key[1]), "hub": key[0], "event": event,
        "previous_name": None if previous is None else clean(previous),
    }  # fmt: skip


def write_events(sink: Ingest, traced: pl.DataFrame, shard_id: int) -> None:
    """Make these the only events of their repositories. traced: reuse_repository_id, events (null: no history)."""
    traced = traced.filter(pl.col("events").is_not_null())
    owners = traced.select(id="reuse_repository_id").unique(maintain_order=True)
    rows = traced.explode("events", empty_as_null=False).drop_nulls("events").unnest("events")
    natural = ("reuse_repository_id", "commit_sha", "path", "name", "event")
    rows = rows.unique(natural, keep="first", maintain_order=True).with_columns(shard_id=pl.lit(shard_id, pl.Int64))
    if owners.height:
        sink.stage("stage_repository", owners)
        columns = ", ".join(f"e.{column}" for column in ("id", *natural))
        old = sink.read(
            reuse.usage_event,
            f"SELECT {columns} FROM stage_repository s CROSS JOIN usage_event e WHERE e.reuse_repository_id = s.id",
        )
        sink.delete(reuse.usage_event, old.join(rows, on=natural, how="anti").select("id"))
    sink.upsert(reuse.usage_event, rows, natural)
