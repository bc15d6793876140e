"""peatmoss fetch ... --from hub_api: what the commands share, and those of the kinds that only the API has."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from peatmoss.cli.common import Json, Quiet, bar, emit, escaped
from peatmoss.errors import PeatmossError

if TYPE_CHECKING:
    from peatmoss.fetch.hub_api import Collected

PANEL = "With --from hub_api"
From = Annotated[str, typer.Option("--from", help="Where the data comes from: hub_api.")]
Archive = Annotated[Path, typer.Option(envvar="PEATMOSS_ARCHIVE", help="Folder of the archive; made if missing.")]
Keys = Annotated[
    Path | None,
    typer.Option(
        help="A worklist: a file with one name a line, or - for stdin (`peatmoss worklist` prints them).",
        rich_help_panel=PANEL,
        allow_dash=True,
    ),
]
Author = Annotated[str | None, typer.Option(help="Only those of this account.", rich_help_panel=PANEL)]
Search = Annotated[str | None, typer.Option(help="Only those with this text in their name.", rich_help_panel=PANEL)]
DownloadsOver = Annotated[
    int | None, typer.Option(help="Only those with more downloads in 30 days.", rich_help_panel=PANEL)
]
Limit = Annotated[int | None, typer.Option(help="At most so many: the most downloaded.", rich_help_panel=PANEL)]
Since = Annotated[
    str | None,
    typer.Option(
        help="Only those changed since: a date, or `last` (the newest complete listing or refresh, less a day).",
        rich_help_panel=PANEL,
    ),
]
Jobs = Annotated[int, typer.Option(help="Workers. They share one budget of requests.", rich_help_panel=PANEL)]


def worklist(keys: Path | None) -> tuple[str, ...] | None:
    """The names of a worklist, in their order."""
    if keys is None:
        return None
    try:
        text = sys.stdin.read() if str(keys) == "-" else keys.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise PeatmossError(f"cannot read the worklist {keys}: it is no text in UTF-8") from error
    except OSError as error:
        raise PeatmossError(f"cannot read the worklist {keys}: {error.strerror or error}") from error
    return tuple(line for raw in text.splitlines() if (line := raw.strip()))


def collect(
    kind: str, origin: str, archive: Path, selected: dict[str, Any], quiet: bool, json: bool, **options: Any
) -> None:
    """Run the fetcher of a kind with a progress bar, and say what it did. `selected`: fields of a `Selection`."""
    from peatmoss.fetch import FETCHERS
    from peatmoss.fetch.hub_api import Selection

    run = FETCHERS.get((kind, origin))
    if run is None:
        known = ", ".join(name for of, name in FETCHERS if of == kind)
        raise PeatmossError(f"{kind} does not come from {origin!r}: give --from {known}")
    with bar(quiet, "records") as progress:
        result: Collected = run(archive, selection=Selection(**selected), progress=progress, **options)
    if json:
        emit(_facts(result))
    if not quiet:
        for line in _summary(result):
            sys.stderr.write(escaped(line) + "\n")


def _summary(result: Collected) -> list[str]:
    shard, counts = result.shard, result.counts
    when = shard.as_of.strftime("%Y-%m-%d %H:%M UTC")
    lines = [f"{shard.name}: {shard.records:,} records as of {when}, coverage {shard.coverage}"]
    if counts:
        lines.append(f"  names: {counts['keys']:,} there, {counts['gone']:,} not there, {counts['moved']:,} moved")
    if shard.source.get("unchanged"):
        lines.append(f"  {shard.source['unchanged']:,} are at the revision that the archive holds")
    rate = shard.records / result.seconds if result.seconds else 0
    lines.append(
        f"  {result.requests:,} requests and {result.bytes_read / 1e6:,.1f} MB in {result.seconds:,.0f} s"
        f" ({rate:,.0f} records/s), {result.waited:,.0f} s of waiting for the host"
    )
    return lines


def _facts(result: Collected) -> dict[str, object]:
    shard = result.shard
    return {
        "shard": shard.name,
        "as_of": shard.as_of,
        "coverage": shard.coverage,
        "records": shard.records,
        "sha256": shard.sha256,
        **result.counts,
        "requests": result.requests,
        "bytes": result.bytes_read,
        "seconds": round(result.seconds, 3),
        "waited_seconds": round(result.waited, 3),
    }


def dataset(
    archive: Archive,
    origin: From = "hub_api",
    keys: Keys = None,
    author: Author = None,
    search: Search = None,
    downloads_over: DownloadsOver = None,
    since: Since = None,
    limit: Limit = None,
    jobs: Jobs = 4,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Collect datasets from the Hub: all of them, a selection, or the names of a worklist.

    A worklist of the datasets that models name: `peatmoss worklist dataset`.

    **Examples**

    `peatmoss fetch dataset --downloads-over 1000`

    `peatmoss worklist dataset | peatmoss fetch dataset --keys - --jobs 8`
    """
    selected = {"author": author, "search": search, "downloads_over": downloads_over, "since": since, "limit": limit}
    collect("dataset", origin, archive, selected | {"keys": worklist(keys)}, quiet, json, jobs=jobs)


def hub_commit(
    archive: Archive,
    origin: Annotated[str, typer.Option("--from", help="Where the data comes from: hub_api or git_clone.")] = "hub_api",
    keys: Annotated[
        Path | None,
        typer.Option(
            help="A worklist: a file with one name a line, or - for stdin (`peatmoss worklist` prints them). For"
            " git_clone a line may also be `owner/name` and an address or path.",
            allow_dash=True,
        ),
    ] = None,
    author: Author = None,
    downloads_over: DownloadsOver = None,
    limit: Limit = None,
    jobs: Annotated[int, typer.Option(help="Workers: connections, or clones at a time.")] = 4,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Collect the commits of models on the Hub (main branch).

    The Hub's API tells titles, dates and accounts; git tells the files that each commit touched instead of accounts, by
    a bare clone without contents (no weights, no LFS) that is removed afterwards. Both may be had: neither erases what
    the other said. A stopped collection goes on with the same command: what is there already is not asked for again.

    **Examples**

    `peatmoss fetch hub_commit --downloads-over 10000 --jobs 8`

    `peatmoss worklist hub_commit --downloads-over 1000 | peatmoss fetch hub_commit --keys -`

    `peatmoss fetch hub_commit --from git_clone --keys models.txt --jobs 8`
    """
    if origin == "git_clone":
        from peatmoss.cli.fetch_github import clone, refuse
        from peatmoss.fetch.git import huggingface

        refuse(origin, author=author, downloads_over=downloads_over, limit=limit)
        clone("hub_commit", archive, keys, jobs, quiet, json, home=huggingface())
        return
    selected = {"author": author, "downloads_over": downloads_over, "limit": limit, "keys": worklist(keys)}
    collect("hub_commit", origin, archive, selected, quiet, json, jobs=jobs)


def hub_ref(
    archive: Archive,
    origin: From = "hub_api",
    keys: Keys = None,
    author: Author = None,
    downloads_over: DownloadsOver = None,
    limit: Limit = None,
    jobs: Jobs = 4,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Collect the branches, tags, converted copies and pull requests (refs) of models on the Hub.

    A stopped collection goes on with the same command: what is there already is not asked for again.

    **Examples**

    `peatmoss fetch hub_ref --downloads-over 10000 --jobs 8`

    `peatmoss worklist hub_ref --downloads-over 1000 | peatmoss fetch hub_ref --keys -`
    """
    selected = {"author": author, "downloads_over": downloads_over, "limit": limit, "keys": worklist(keys)}
    collect("hub_ref", origin, archive, selected, quiet, json, jobs=jobs)


def discussion(
    archive: Archive,
    origin: From = "hub_api",
    keys: Keys = None,
    author: Author = None,
    downloads_over: DownloadsOver = None,
    limit: Limit = None,
    jobs: Jobs = 4,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Collect discussions and pull requests of models on the Hub, with their comments and other events.

    One request for each discussion and at least one for each model. A stopped collection goes on with the same command.

    **Examples**

    `peatmoss fetch discussion --downloads-over 100000 --jobs 8`

    `peatmoss worklist discussion --downloads-over 1000 | peatmoss fetch discussion --keys -`
    """
    selected = {"author": author, "downloads_over": downloads_over, "limit": limit, "keys": worklist(keys)}
    collect("discussion", origin, archive, selected, quiet, json, jobs=jobs)


def snapshot(
    archive: Archive,
    origin: From = "hub_api",
    keys: Keys = None,
    author: Author = None,
    downloads_over: Annotated[
        int | None,
        typer.Option(
            help="Only those with more downloads in 30 days; 50 if neither this nor --keys is given.",
            rich_help_panel=PANEL,
        ),
    ] = None,
    limit: Limit = None,
    contents: Annotated[
        Literal["text", "all"],
        typer.Option(
            help="text: card, configurations, license texts, tensor headers, list of files. all: weights too.",
            rich_help_panel=PANEL,
        ),
    ] = "text",
    store: Annotated[
        Path | None,
        typer.Option(help="With --contents all: the folder for the files, by hash.", rich_help_panel=PANEL),
    ] = None,
    jobs: Jobs = 4,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Collect models at their current revision: texts, files with sizes and hashes, heads of the weights.

    Meant are the models with more than 50 downloads in 30 days by the newest listing in the archive, or by the Hub
    where the archive has none; only those whose revision changed since their last snapshot. Weights are not downloaded:
    names, shapes and number formats stand in the first bytes of safetensors and GGUF files. Pickles are never opened.
    Everything has a limit, and `skipped` names each file that was not read, and why.

    A stopped collection goes on with the same command.

    **Examples**

    `peatmoss fetch snapshot --from hub_api --downloads-over 50 --jobs 8`

    `peatmoss worklist snapshot --downloads-over 50 | peatmoss fetch snapshot --keys -`

    `peatmoss fetch snapshot --keys models.txt --contents all --store /data/weights`
    """
    selected = {"author": author, "downloads_over": downloads_over, "limit": limit, "keys": worklist(keys)}
    collect("snapshot", origin, archive, selected, quiet, json, jobs=jobs, contents=contents, store=store)
