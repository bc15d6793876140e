"""The Hub's API -> archive: listings of models and datasets, and what there is to one of them.

A listing is read page by page over the raw JSON, with the next link as cursor: it can be stopped at any moment and goes
on there, and a record that the client's classes would not take ends nothing. Everything else is asked for by key, see
`collect`. The same call goes on with the running shard of the same request; a closed one is never touched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from peatmoss import archive
from peatmoss.archive import Appender, Coverage, Record, Shard
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.fetch.collect import Say, collect, running, tally
from peatmoss.fetch.hub_http import Hub
from peatmoss.fetch.hub_keys import SAY, model_with_security

ORIGIN = "hub_api"
PAGE = 1000
LISTED = ("model", "dataset")
_NAME = re.compile(r"(?!\.{1,2}(?:/|$))[\w.-]{1,500}(?:/(?!\.{1,2}$)[\w.-]{1,500})?")
FIELDS = {
    "model": (
        "author", "cardData", "config", "createdAt", "disabled", "downloads", "downloadsAllTime", "evalResults",
        "gated", "gguf", "lastModified", "library_name", "likes", "model-index", "pipeline_tag", "private",
        "safetensors", "sha", "siblings", "tags", "trendingScore",
    ),
    "dataset": (
        "author", "cardData", "createdAt", "disabled", "downloads", "downloadsAllTime", "gated", "lastModified",
        "likes", "paperswithcode_id", "private", "sha", "tags", "trendingScore",
    ),
}  # fmt: skip
"""What a listing is asked for: all that it serves of what the database holds."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Selection:
    """Which subjects. Without any of these it is everything that the Hub lists.

    since: a date, or ``last``: the newest shard from which on nothing is missing, less a day
    limit: the most downloaded of them; keys: exactly these (a worklist)
    """

    task: str | None = None
    library: str | None = None
    author: str | None = None
    search: str | None = None
    downloads_over: int | None = None
    since: str | None = None
    limit: int | None = None
    keys: tuple[str, ...] | None = None

    def given(self) -> dict[str, Any]:
        """What was said, for the shard's description; of a worklist its size and hash."""
        said = {name: value for name, value in vars(self).items() if value is not None and name != "keys"}
        if self.keys is not None:
            text = "\n".join(sorted(set(self.keys)))
            said |= {"keys": len(set(self.keys)), "keys_sha256": hashlib.sha256(text.encode()).hexdigest()}
        return said


@dataclass
class Collected:
    """What a collection did. `counts`: keys that are there, gone, moved (of a worklist)."""

    shard: Shard
    requests: int
    seconds: float
    waited: float
    bytes_read: int
    counts: dict[str, int] = field(default_factory=dict)


class Work(NamedTuple):
    """What a kind brings that is more than one question a key.

    keys: of the selection; more: what else was asked for, part of the request; source: where the keys come from
    """

    say: Say
    keys: tuple[str, ...]
    more: dict[str, Any]
    source: dict[str, Any]


class _Request(NamedTuple):
    """What will be asked for, and what its answers are called."""

    kind: str
    as_of: datetime
    label: str
    source: dict[str, Any]
    coverage: Coverage


def run(
    root: Path,
    kind: str,
    selection: Selection | None = None,
    *,
    jobs: int = 4,
    security: bool = False,
    work: Work | None = None,
    hub: Hub | None = None,
    now: datetime | None = None,
    progress: Progress = lambda *_: None,
) -> Collected:
    """Collect one kind: ``model`` and ``dataset`` as a listing or by key, the others by key (or the keys of a listing).

    `security` asks for the scan status of each model of a worklist, at one more request.
    Raises PeatmossError if the call makes no sense, SourceError if the Hub fails; what was collected stays.
    """
    selection = selection or Selection()
    _check(kind, selection, jobs, security)
    hub = hub or Hub()
    begun = datetime.now(UTC)
    more = work.more if work else {"security": True} if security else {}
    request = _request(root, kind, selection, more, now or begun)
    by_key = kind not in LISTED or selection.keys is not None
    since = _since(root, kind if kind in LISTED else "model", selection, request.as_of)
    keys = work.keys if work else selection.keys
    if by_key and keys is None:
        keys = tuple(item["id"] for item in listed(hub, selection, since, progress))
    expected = 0 if selection.given() else _expected(root, kind)
    with archive.append(
        root, kind, ORIGIN, request.as_of, request.label, by_key, coverage=request.coverage,
        source=request.source | (work.source if work else {}),
    ) as shard:  # fmt: skip
        if keys is not None:
            say = work.say if work else model_with_security if security else SAY[kind]
            collect(hub, shard, keys, say, jobs, lambda done, total: progress(kind, done, total))
        else:
            _list(hub, shard, kind, selection, since, lambda done: progress(kind, done, max(done, expected)))
    closed = archive.closed(shard.shard.path)
    assert closed is not None  # noqa: S101
    seconds = (datetime.now(UTC) - begun).total_seconds()
    return Collected(closed, hub.requests, seconds, hub.waited, hub.bytes_read, tally(shard) if by_key else {})


def _check(kind: str, selection: Selection, jobs: int, security: bool) -> None:
    """Refuse what makes no sense before anything is asked."""
    given = selection.given()
    if selection.keys is not None:
        if others := sorted(given.keys() - {"keys", "keys_sha256"}):
            raise PeatmossError(f"a worklist says which ones: leave out --{others[0].replace('_', '-')}")
        if not selection.keys:
            raise PeatmossError("the worklist is empty")
        for key in selection.keys:
            if not _NAME.fullmatch(key):
                raise PeatmossError(f"{key[:100]!r} is no name on the Hub: give one owner/name a line")
    elif kind not in LISTED and not given:
        raise PeatmossError(
            f"say of which models: --keys FILE, --downloads-over N or --limit N (all {kind}s are months)"
        )
    if kind == "dataset" and (selection.task or selection.library):
        raise PeatmossError("datasets have neither --task nor --library")
    if security and (kind != "model" or selection.keys is None):
        raise PeatmossError("the scan status is asked for model by model: give --keys, too")
    if jobs < 1 or (selection.limit is not None and selection.limit < 1):
        raise PeatmossError("--jobs and --limit are at least 1")


def _request(root: Path, kind: str, selection: Selection, more: Mapping[str, Any], now: datetime) -> _Request:
    """The shard of this request: the running one if there is one, else a new one of now."""
    given = selection.given() | dict(more)
    now, label = running(root, kind, ORIGIN, given, now)
    coverage: Coverage = "filter"
    if not given:
        coverage = "complete"
    elif kind in LISTED and not given.keys() - {"downloads_over", "limit"}:
        coverage = "top"
    return _Request(kind, now, label, {"name": "Hugging Face Hub API", "request": given}, coverage)


def _parameters(kind: str, selection: Selection) -> dict[str, Any]:
    """The query of a listing. The date of creation never changes while a listing is read."""
    sort = "createdAt"
    if selection.since is not None:
        sort = "lastModified"
    elif selection.downloads_over is not None or selection.limit is not None:
        sort = "downloads"
    asked = {"author": selection.author, "search": selection.search, "pipeline_tag": selection.task}
    asked["filter"] = selection.library
    size = PAGE if selection.limit is None else min(PAGE, selection.limit)
    given = {name: value for name, value in asked.items() if value is not None}
    return given | {"limit": size, "sort": sort, "expand": list(FIELDS[kind])}


def _list(
    hub: Hub, shard: Appender, kind: str, selection: Selection, since: datetime | None, progress: Callable[[int], None]
) -> None:
    """Read a listing to its end, or to where the selection ends."""
    left = None if selection.limit is None else selection.limit - shard.records
    path, params = shard.cursor or f"/api/{kind}s", None if shard.cursor else _parameters(kind, selection)
    while path and (left is None or left > 0):
        page = hub.json(path, params)
        items = _items(page.data, path)
        wanted = [item for item in items if _is_wanted(item, selection, since)][:left]
        is_end = len(wanted) < len(items) and not (left is not None and len(wanted) == left)
        for number, item in enumerate(wanted, start=1):
            key = item.get("id") if isinstance(item, dict) else None
            is_last = number == len(wanted) and not is_end
            shard.write(Record(key if isinstance(key, str) else "", page.next if is_last else None, item))
        shard.flush()
        left = None if left is None else left - len(wanted)
        progress(shard.records)
        if is_end:
            return
        path, params = page.next or "", None


def _items(data: Any, path: str) -> list[Any]:
    if not isinstance(data, list):
        raise SourceError(f"{path.split('?')[0]}: the hub answered with no list")
    return data


def _is_wanted(item: Any, selection: Selection, since: datetime | None) -> bool:
    """Whether an item of a sorted listing is still within the selection; a broken one is kept, for the ledger."""
    if not isinstance(item, dict):
        return True
    if selection.downloads_over is not None:
        downloads = item.get("downloads")
        if not (isinstance(downloads, int) and downloads > selection.downloads_over):
            return False
    if since is not None and isinstance(changed := item.get("lastModified"), str):
        try:
            return archive.moment(changed) >= since
        except PeatmossError:
            return True
    return True


def _since(root: Path, kind: str, selection: Selection, now: datetime) -> datetime | None:
    """The date from which on changes are wanted."""
    if selection.since is None:
        return None
    if selection.since != "last":
        return archive.moment(selection.since)
    if not root.is_dir():
        raise PeatmossError(f"no archive at {root} to refresh: leave out --since for the first listing")
    whole = [shard.as_of for shard in archive.shards(root, kind) if _is_whole(shard) and shard.as_of < now]
    if not whole:
        raise PeatmossError("no complete listing in the archive yet: give --since DATE, or leave it out to list all")
    return max(whole) - timedelta(days=1)


def _is_whole(shard: Shard) -> bool:
    """A complete listing, or a refresh of one."""
    request = shard.source.get("request")
    return shard.coverage == "complete" or (isinstance(request, dict) and request.keys() == {"since"})


def _expected(root: Path, kind: str) -> int:
    """How long a listing will be: the Hub does not say, but the last complete one does."""
    shards = archive.shards(root, kind) if root.is_dir() else []
    return max([0, *(shard.records for shard in shards if shard.coverage == "complete")])


def listed(hub: Hub, selection: Selection, since: datetime | None, progress: Progress) -> Iterator[dict[str, Any]]:
    """The models of a selection with little more than their names."""
    params = _parameters("model", selection) | {"expand": ["downloads", "lastModified", "sha"]}
    path, found = "/api/models", 0
    asked: dict[str, Any] | None = params
    while path:
        page = hub.json(path, asked)
        for item in _items(page.data, path):
            if not _is_wanted(item, selection, since):
                return
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                yield item
                found += 1
                if found == selection.limit:
                    return
        progress("models that are meant", found, found)
        path, asked = page.next or "", None
