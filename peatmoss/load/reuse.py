"""Code of repositories -> repository_scan and usage: where it names models, with the evidence.

    lines of a shard ── one repository at one commit (its files, then a closing line) ── usages (pure) ── rows
                                                     (its changes)                    ── events (pure) ── rows

The detector can run in other processes: give `code_batches` an executor. What follows from a file alone is
kept by path and blob, so that a file that many commits share is read once in a process.
"""

from __future__ import annotations

import contextlib
import gc
import signal
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from peatmoss.archive import Line, Shard, lines
from peatmoss.db import Ingest
from peatmoss.errors import RecordError
from peatmoss.load import history
from peatmoss.load.batch import Batch, Reject, rejects_frame
from peatmoss.load.github import HOST, UTC_TIME
from peatmoss.load.workers import each
from peatmoss.parse import code
from peatmoss.parse.github import repository_name
from peatmoss.parse.text import clean
from peatmoss.schema import github, reuse

MAX_REPOSITORIES = 200
MAX_BYTES = 96 * 2**20
MAX_REPOSITORY_BYTES = 512 * 2**20
MAX_CACHED_BYTES = 64 * 2**20
NO_COMMIT = "none"
"""What stands for the commit where none could be read."""
MAX_SECONDS = 600
"""Far beyond what the budgets of steps and bytes let a repository take: for what nobody has foreseen."""
LATE = "budget of time: nothing was kept"
STATUSES = ("scanned", "no_candidate", "failed")

_USAGE: dict[str, Any] = {
    "path": pl.String, "line": pl.Int64, "ordinal": pl.Int64, "library": pl.String, "call": pl.String,
    "argument": pl.String, "hub": pl.String, "resolved_name": pl.String, "revision": pl.String, "method": pl.String,
    "confidence": pl.Float64, "role": pl.String, "path_class": pl.String, "is_used": pl.Boolean,
    "has_trust_remote_code": pl.Boolean,
}  # fmt: skip
_SCHEMA: dict[str, Any] = {
    "line": pl.Int64, "key": pl.String, "records": pl.Int64, "host": pl.String, "owner": pl.String, "name": pl.String,
    "commit_sha": pl.String, "status": pl.String, "reason": pl.String, "file_count": pl.Int64, "size_bytes": pl.Int64,
    "usages": pl.List(pl.Struct(_USAGE)), "events": pl.List(pl.Struct(history.EVENT)),
}  # fmt: skip


@dataclass
class _Repository:
    """The files of one repository at one commit, while they are read."""

    key: str
    commit: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    blobs: dict[str, str] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    size: int = 0
    taken: list[int] = field(default_factory=list)
    changes: list[history.Change] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)

    def unfinished(self) -> list[Reject]:
        """Its lines as rejects: the fetch of a repository ends with a closing line."""
        return [(number, "", self.key, "the repository has no closing line") for number in self.taken]


def code_batches(shard: Shard, executor: Executor | None = None) -> Iterator[Batch]:
    """The repositories of a shard with their usages, a bounded number of them and of bytes at a time."""
    pending: list[tuple[_Repository, dict[str, Any]]] = []
    rejects: list[Reject] = []
    records = size = 0
    current: _Repository | None = None
    for line in lines(shard):
        records += 1
        try:
            data = _data(line)
        except RecordError as error:
            rejects.append((line.number, "", error.key, error.reason))
            continue
        assert line.record is not None  # noqa: S101
        key = line.record.key
        if current is not None and current.key != key:
            rejects.extend(current.unfinished())
            current = None
        current = current or _Repository(key)
        if data["type"] != "scan":
            size += line.size
            problem = _take(current, data) if data["type"] == "file" else _take_change(current, data)
            if problem:
                rejects.append((line.number, "", key, problem))
            else:
                current.taken.append(line.number)
            continue
        try:
            pending.append((current, _scan_row(line, current, data)))
        except RecordError as error:
            rejects.append((line.number, "", key, error.reason))
            rejects.extend((number, "", key, error.reason) for number in current.taken)
        current = None
        if len(pending) >= MAX_REPOSITORIES or size >= MAX_BYTES:
            yield _batch(records, pending, rejects, executor)
            pending, rejects, records, size = [], [], 0, 0
    if current is not None:
        rejects.extend(current.unfinished())
    if records:
        yield _batch(records, pending, rejects, executor)


def _data(line: Line) -> dict[str, Any]:
    if line.record is None:
        raise RecordError(line.problem or "no record")
    data = line.record.data
    if not isinstance(data, dict) or data.get("type") not in ("file", "change", "scan"):
        raise RecordError("neither a file nor a change nor a scan", line.record.key)
    return data


def _take(repository: _Repository, data: dict[str, Any]) -> str | None:
    """Add a file; what is wrong with it, if anything."""
    path, content = data.get("path"), data.get("content")
    if not isinstance(path, str) or not path or not isinstance(content, str | None):
        return "a file without a path or with a content that is no text"
    if content is None:
        repository.skipped[str(data.get("skipped") or "no content")] += 1
    elif repository.size + len(content) > MAX_REPOSITORY_BYTES:
        repository.skipped["repository too large"] += 1
    else:
        repository.texts[path] = content
        repository.size += len(content)
        blob = data.get("blob")
        if isinstance(blob, str) and blob:
            repository.blobs[path] = blob
    return None


def _take_change(repository: _Repository, data: dict[str, Any]) -> str | None:
    """Add what a commit did to a file; what is wrong with it, if anything."""
    try:
        change = history.change(data)
    except (ValueError, OverflowError) as error:
        return f"no change: {error}"
    content = data.get("content")
    if change.blob and isinstance(content, str) and change.blob not in repository.versions:
        if repository.size + len(content) > MAX_REPOSITORY_BYTES:
            return "repository too large"
        repository.versions[change.blob] = content
        repository.size += len(content)
    repository.changes.append(change)
    return None


def _scan_row(line: Line, repository: _Repository, data: dict[str, Any]) -> dict[str, Any]:
    owner, name = repository_name(repository.key)
    commit, status = data.get("commit"), data.get("status")
    host = data.get("host") or HOST
    commit = NO_COMMIT if commit is None and status == "failed" else commit
    if not isinstance(commit, str) or not commit or status not in STATUSES or not isinstance(host, str):
        raise RecordError("a scan needs commit and status", repository.key)
    counts = {key: data.get(key) for key in ("file_count", "size_bytes")}
    for key, measured in (("file_count", len(repository.taken)), ("size_bytes", repository.size)):
        stated = counts[key]
        counts[key] = stated if isinstance(stated, int) and stated >= 0 else measured
    return {
        "line": line.number, "key": f"{repository.key}@{commit}", "host": clean(host), "owner": owner, "name": name,
        "records": len(repository.taken) + 1, "commit_sha": clean(commit), "status": status,
        "reason": _reason(data.get("reason"), repository.skipped),
        "events": [] if isinstance(data.get("history"), int) else None,
        **counts,
    }  # fmt: skip


def _reason(stated: Any, skipped: Counter[str]) -> str | None:
    parts = [stated] if isinstance(stated, str) and stated else []
    left_out = ", ".join(f"{count} {why}" for why, count in sorted(skipped.items()))
    parts += [f"files left out: {left_out}"] if left_out else []
    return clean("; ".join(parts))[:500] or None


def _batch(
    records: int, pending: list[tuple[_Repository, dict[str, Any]]], rejects: list[Reject], executor: Executor | None
) -> Batch:
    scanned = [repository for repository, row in pending if row["status"] == "scanned"]
    tasks = [(repository.texts, repository.blobs) for repository in scanned]
    results = each(executor, examine, tasks)
    traces = [(repository.changes, repository.versions) for repository, row in pending if row["events"] is not None]
    traced = each(executor, trace, traces)
    rows = []
    for _, row in pending:
        if row["events"] is not None:
            row["events"], cut = next(traced)
            row["reason"] = "; ".join(filter(None, (row["reason"], cut))) or None
        usages: list[dict[str, Any]] = []
        if row["status"] == "scanned":
            examined = next(results)
            usages = _rows(examined.usages)
            row["status"] = "failed" if examined.cut == LATE else "scanned"
            if examined.cut:
                row["reason"] = "; ".join(filter(None, (row["reason"], examined.cut)))
        rows.append(row | {"usages": usages})
    return Batch(records, pl.DataFrame(rows, schema=_SCHEMA), rejects_frame(rejects))


_kept: OrderedDict[tuple[str, str], dict[str, Any]] = OrderedDict()
"""(path, blob) -> what follows from that file alone, the last used at the end."""
_sizes: dict[tuple[str, str], int] = {}


class _Late(Exception):
    """The time of a repository is over."""


def _stop(*_: object) -> None:
    raise _Late


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Ends the work inside after some seconds of the clock; only a process's main thread can be ended so."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def examine(task: tuple[dict[str, str], dict[str, str]]) -> code.Examined:
    """One repository: (path -> text, path -> blob). A function of its own so that other processes can run it."""
    texts, blobs = task
    used: set[tuple[str, str]] = set()

    def keep(path: str, what: str, compute: Callable[[], Any]) -> Any:
        blob = blobs.get(path)
        if blob is None:
            return compute()
        key = path, blob
        own = _kept.get(key)
        if own is None:
            own = _kept[key] = {}
            _sizes[key] = len(texts[path])
        used.add(key)
        if what not in own:
            own[what] = compute()
        return own[what]

    was_enabled = gc.isenabled()
    gc.disable()  # trees and facts are many small objects without cycles: looking for some costs a third of the time
    try:
        with _limited(MAX_SECONDS):
            return code.examine(texts, keep)
    except _Late:
        return code.Examined([], True, LATE)
    finally:
        for key in sorted(used):
            _kept.move_to_end(key)
        excess = sum(_sizes.values()) - MAX_CACHED_BYTES
        while excess > 0:
            excess -= _sizes.pop(_kept.popitem(last=False)[0])
        if was_enabled:
            gc.enable()


def trace(task: tuple[list[history.Change], dict[str, str]]) -> history.Traced:
    """The events of one repository: (its changes, blob -> text). A function of its own, like `examine`."""
    return history.events(*task, examine)


def _rows(usages: list[code.Usage]) -> list[dict[str, Any]]:
    """Usages as rows; their number within the line follows the detector's order."""
    ordinals: Counter[tuple[str, int]] = Counter()
    rows = []
    for usage in usages:
        path = clean(usage.path)
        ordinals[path, usage.line] += 1
        rows.append({
            "path": path, "line": usage.line, "ordinal": ordinals[path, usage.line], "library": usage.library,
            "call": _text(usage.call), "argument": _text(usage.argument), "hub": usage.hub,
            "resolved_name": _text(usage.canonical_id or usage.model_id), "revision": _text(usage.revision),
            "method": usage.method, "confidence": usage.confidence, "role": usage.role, "path_class": usage.path_class,
            "is_used": usage.is_used, "has_trust_remote_code": usage.has_trust_remote_code,
        })  # fmt: skip
    return rows


def _text(value: str | None) -> str | None:
    return None if value is None else clean(value)


def write_scans(sink: Ingest, shard: Shard, shard_id: int, facts: pl.DataFrame) -> None:
    """One batch of scans; a repository that nothing else named gets a bare row."""
    provenance = pl.lit(shard_id, pl.Int64)
    repositories = facts.select(
        "host", "owner", "name", url=pl.format("https://{}/{}/{}", "host", "owner", "name"), shard_id=provenance
    ).unique(["host", "owner", "name"], keep="first", maintain_order=True)
    known = sink.upsert(github.reuse_repository, repositories, ("host", "owner", "name"), keep=("url", "shard_id"))
    ids = known.select("host", "owner", "name", reuse_repository_id="id")
    facts = facts.join(ids, on=["host", "owner", "name"], how="left", maintain_order="left")
    scans = sink.upsert(
        reuse.repository_scan,
        facts.select(
            "reuse_repository_id", "commit_sha", detector_version=pl.lit(code.DETECTOR_VERSION), status="status",
            reason="reason", file_count="file_count", size_bytes="size_bytes",
            scanned_at=pl.lit(shard.as_of, UTC_TIME), shard_id=provenance,
        ),
        ("reuse_repository_id", "commit_sha", "detector_version"),
    )  # fmt: skip
    rows = (
        facts.select("usages", repository_scan_id=scans["id"])
        .explode("usages", empty_as_null=False)
        .drop_nulls("usages")
        .unnest("usages")
    )
    natural = ("repository_scan_id", "path", "line", "ordinal")
    old = scans.filter(pl.col("change") != "new").select("id")
    if old.height:
        sink.stage("stage_scan", old)
        columns = ", ".join(f"u.{column}" for column in ("id", *natural))
        query = f"SELECT {columns} FROM stage_scan s CROSS JOIN usage u WHERE u.repository_scan_id = s.id"
        stale = sink.read(reuse.usage, query).join(rows, on=natural, how="anti")
        sink.delete(reuse.usage, stale.select("id"))
    sink.upsert(reuse.usage, rows, natural)
    history.write_events(sink, facts.select("reuse_repository_id", "events"), shard_id)
