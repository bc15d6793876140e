"""Which models get a snapshot: the popular ones, at a revision that the archive does not hold yet.

How popular a model is and what its revision is, is told by the newest complete listing in the archive and all that came
after it; where there is none, by the Hub, whose listing by downloads ends where the threshold is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from peatmoss import archive
from peatmoss.archive import Shard, csv_rows, raw_lines
from peatmoss.errors import PeatmossError, RecordError, SourceError
from peatmoss.fetch import hub_api
from peatmoss.fetch.hub_api import Collected, Selection, Work
from peatmoss.fetch.hub_dump import HUB
from peatmoss.fetch.hub_http import Hub
from peatmoss.fetch.hub_snapshot import Plan, say
from peatmoss.parse import hub as parse

DOWNLOADS_OVER = 50
"""The threshold of PeaTMOSS: strictly more downloads in 30 days."""

_SAID = re.compile(
    rb'\A\{"key":"([^"\\]+)","cursor":"[^"]*","data":\{"modelId":"[^"\\]+","sha":"([0-9a-f]+)"(,"skipped":\{"\*"|,"incomplete":)?'
)
Progress = Callable[[str, int, int], None]


class Listed(NamedTuple):
    """A model in a listing."""

    downloads: int
    sha: str | None


def run(
    root: Path,
    selection: Selection | None = None,
    *,
    contents: str = "text",
    store: Path | None = None,
    jobs: int = 4,
    hub: Hub | None = None,
    now: datetime | None = None,
    progress: Progress = lambda *_: None,
) -> Collected:
    """Collect snapshots: of the models of a worklist, or of those with more than `DOWNLOADS_OVER` downloads.

    contents: ``text`` for texts and headers, ``all`` for whole repositories, weights included, into `store`
    Raises PeatmossError if the call makes no sense, SourceError if the Hub fails; what was collected stays.
    """
    selection = selection or Selection()
    if contents not in ("text", "all") or (contents == "all") != (store is not None):
        raise PeatmossError("--contents all downloads whole repositories, weights too: say where to with --store DIR")
    if selection.keys is None and selection.downloads_over is None:
        selection = replace(selection, downloads_over=DOWNLOADS_OVER)
    hub = hub or Hub()
    source: dict[str, Any] = {}
    if selection.keys is not None:
        found: dict[str, Listed] = {name: Listed(0, None) for name in selection.keys}
    else:
        found, source = _listing(root, hub, selection, progress)
    known = snapshots(root, contents)
    keys = tuple(name for name, each in found.items() if each.sha is None or known.get(name) != each.sha)
    source |= {"unchanged": len(found) - len(keys)}
    plan = Plan({name: each.sha for name, each in found.items()}, known, store)
    more = {"contents": contents} if contents != "text" else {}
    work = Work(say(plan), keys, more, source)
    return hub_api.run(root, "snapshot", selection, jobs=jobs, work=work, hub=hub, now=now, progress=progress)


def _listing(
    root: Path, hub: Hub, selection: Selection, progress: Progress
) -> tuple[dict[str, Listed], dict[str, Any]]:
    """The models that are meant, the most downloaded first, and which listing said so."""
    over = selection.downloads_over or 0
    if selection.author or not (shards := listings(root)):
        items = hub_api.listed(hub, selection, None, progress)
        return {item["id"]: Listed(item["downloads"], item.get("sha")) for item in items}, {"listing": "live"}
    found = popular(shards, over, progress)
    first = sorted(found, key=lambda name: (-found[name].downloads, name))[: selection.limit]
    return {name: found[name] for name in first}, {"listing": shards[-1].name}


def listings(root: Path) -> list[Shard]:
    """The shards that tell downloads today: the newest complete one, and all after it."""
    shards = [s for s in archive.shards(root, "model") if s.hub == HUB] if root.is_dir() else []
    shards = [s for s in shards if "downloads" in parse.canonical(s.fields)]
    whole = [number for number, shard in enumerate(shards) if shard.coverage == "complete"]
    return shards[whole[-1] :] if whole else shards


def popular(shards: list[Shard], over: int, progress: Progress = lambda *_: None) -> dict[str, Listed]:
    """The models with more downloads than `over`, by the last shard that speaks of each."""
    found: dict[str, Listed] = {}
    for shard in shards:
        for number, (name, downloads, sha) in enumerate(_rows(shard), start=1):
            if downloads is None and name in found:
                downloads = found[name].downloads
            if downloads is not None and downloads > over:
                found[name] = Listed(downloads, sha)
            else:
                found.pop(name, None)
            if number % 10_000 == 0:
                progress(shard.name, number, shard.records)
    return found


def _rows(shard: Shard) -> Iterator[tuple[str, int | None, str | None]]:
    """(name, downloads, revision) of each model; a model that is gone has -1 downloads."""
    if shard.format == "parquet":
        yield from _parquet_rows(shard)
    elif shard.format == "csv":
        rows = csv_rows(shard.path)
        header = next(rows, [])
        at = {field: header.index(column) for field, column in shard.columns.items() if column in header}
        for row in rows:
            cells = [row[at[field]] if field in at and at[field] < len(row) else None for field in _FIELDS]
            yield from _row(*cells)
    else:
        for line in archive.lines(shard):
            if line.record is None:
                continue
            if line.record.gone is not None:
                yield line.record.key, -1, None
            elif isinstance(line.record.data, dict):
                try:
                    fields, _ = parse.unwrap(line.record.data)
                except RecordError:
                    continue
                yield from _row(*(fields.get(field) for field in _FIELDS))


_FIELDS = ("id", "downloads", "sha")


def _parquet_rows(shard: Shard) -> Iterator[tuple[str, int | None, str | None]]:
    try:
        scan = pl.scan_parquet(shard.path, glob=False)
        columns = {parse.ALIASES.get(name, name): name for name in scan.collect_schema().names()}
        scan = scan.select(columns[field] for field in _FIELDS if field in columns)
        for first in range(0, shard.records, 200_000):
            for row in scan.slice(first, 200_000).collect().iter_rows():
                yield from _row(*row, *[None] * (3 - len(row)))
    except pl.exceptions.PolarsError as error:
        raise SourceError(f"cannot read {shard.path}: {error}") from error


def _row(name: Any, downloads: Any, sha: Any) -> Iterator[tuple[str, int | None, str | None]]:
    if isinstance(downloads, str):
        downloads = int(downloads) if re.fullmatch(r"\d{1,18}", downloads) else None
    if isinstance(name, str) and name:
        is_sha = isinstance(sha, str) and re.fullmatch(r"[0-9a-f]{7,64}", sha)
        yield name, downloads if type(downloads) is int else None, sha if is_sha else None


def snapshots(root: Path, contents: str) -> dict[str, str]:
    """Model -> the revision of its last snapshot in the archive, where it is one of these contents.

    Only the head of each line is looked at. What was gated or incomplete is not known: it is tried again.
    """
    known: dict[str, str] = {}
    for shard in archive.shards(root, "snapshot") if root.is_dir() else ():
        request = shard.source.get("request")
        if shard.origin != hub_api.ORIGIN or not isinstance(request, dict):
            continue
        if contents == "all" and request.get("contents") != "all":
            continue
        for _, raw in raw_lines(shard.path):
            if raw is not None and (said := _SAID.match(raw)) and said[3] is None:
                known[said[1].decode("utf-8", "replace")] = said[2].decode()
    return known
