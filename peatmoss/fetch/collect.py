"""Many keys of one kind, with several workers: every answer is written as it comes, and never asked for again.

The running file of the shard is the ledger: each record carries how far its key is. What a killed run had written, the
next one passes over; closing brings the records into the order of their keys. So the shard depends neither on the
number of workers nor on how often the collection was stopped.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import orjson

from peatmoss.archive import Appender, Record
from peatmoss.errors import Gated, NotFound
from peatmoss.fetch.budget import Stopped
from peatmoss.fetch.hub_http import Failed

DONE, GONE, MOVED = ".", "!", ">"
"""Cursors of a finished key: all of it is there; there is none (and the HTTP status); it moved (and where to)."""

Say = Callable[[Any, str, str | None], Iterator[Record]]
"""(client, key, cursor of its last record or None) -> what follows, each record with a cursor, the last one DONE."""


class Client(Protocol):
    """What the workers ask."""

    def stop(self) -> None:
        """Let nobody ask any more."""


class Moved(Exception):
    """The host answers for another key than the one that was asked for."""

    def __init__(self, to: str, status: int = 307):
        super().__init__(to)
        self.to = to
        self.status = status


def is_final(cursor: str | None) -> bool:
    """Whether nothing is left to be asked for a key."""
    return cursor is not None and cursor[:1] in (DONE, GONE, MOVED)


class _Work:
    """What the workers share. A key that moved brings its new name with it, once."""

    def __init__(self, shard: Appender, keys: Iterable[str]):
        self.shard = shard
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.problems: list[BaseException] = []
        self.known = set(keys)
        self.known.update(c[1:] for c in shard.cursors.values() if c.startswith(MOVED))
        self.todo = deque(sorted(key for key in self.known if not is_final(shard.cursors.get(key))))
        self.done = len(self.known) - len(self.todo)

    def next(self) -> str | None:
        with self.lock:
            return self.todo.popleft() if self.todo and not self.stopped.is_set() else None

    def write(self, record: Record) -> None:
        with self.lock:
            if self.stopped.is_set():
                raise Stopped("stopped")
            self.shard.write(record)
            self.shard.flush()
            if is_final(record.cursor):
                self.done += 1
            if record.cursor and record.cursor.startswith(MOVED) and (new := record.cursor[1:]) not in self.known:
                self.known.add(new)
                self.todo.append(new)  # whoever wrote this comes back for more


def collect(
    hub: Client, shard: Appender, keys: Iterable[str], say: Say, jobs: int, progress: Callable[[int, int], None]
) -> None:
    """Bring the keys that `shard` does not hold yet into it. `progress` is told (keys done, keys in all).

    What the host does not have becomes a record with `gone`, as does what it failed to answer to the end.
    Raises the first SourceError that is no answer about a single key; what was written stays.
    """
    work = _Work(shard, keys)
    threads = [threading.Thread(target=_run, args=(hub, work, say), daemon=True) for _ in range(max(1, jobs))]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            while thread.is_alive():
                thread.join(0.1)
                progress(work.done, len(work.known))
    finally:
        with work.lock:
            work.stopped.set()  # after an interrupt nobody writes any more
        if any(thread.is_alive() for thread in threads):
            hub.stop()
    for problem in work.problems:
        raise problem


def _run(hub: Client, work: _Work, say: Say) -> None:
    try:
        while (key := work.next()) is not None:
            try:
                for record in say(hub, key, work.shard.cursors.get(key)):
                    work.write(record)
            except Moved as moved:
                work.write(Record(key, MOVED + moved.to, None, {"status": moved.status, "moved_to": moved.to}))
            except Gated as gated:
                work.write(Record(key, f"{GONE}{gated.status}", None, {"status": gated.status, "reason": "gated"}))
            except (NotFound, Failed) as missing:
                work.write(Record(key, f"{GONE}{missing.status}", None, {"status": missing.status}))
    except Stopped:
        pass
    except BaseException as problem:  # noqa: BLE001  # raised again by the thread that waits
        with work.lock:
            work.stopped.set()
            work.problems.append(problem)
        hub.stop()


def tally(shard: Appender) -> dict[str, int]:
    """How many keys of a shard are there, gone, and moved."""
    ends = [cursor[:1] for cursor in shard.cursors.values()]
    return {"keys": ends.count(DONE), "gone": ends.count(GONE), "moved": ends.count(MOVED)}


def running(root: Path, kind: str, origin: str, given: Mapping[str, Any], now: datetime) -> tuple[datetime, str]:
    """As-of date and label of the shard of a request: those of its running file if there is one, else of now."""
    words = "-".join([name.replace("_", "-") for name in given if not name.endswith("_sha256")]) or "all"
    label = f"{words}-{hashlib.sha256(orjson.dumps(given, option=orjson.OPT_SORT_KEYS)).hexdigest()[:8]}"
    parts = sorted((root / kind).glob(f"*.{origin}.{label}.part"))
    if parts:
        now = datetime.strptime(parts[-1].name.split(".")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return now.replace(microsecond=0), label
