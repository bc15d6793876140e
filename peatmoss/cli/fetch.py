"""peatmoss fetch: world -> archive."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from peatmoss.errors import PeatmossError
from peatmoss.fetch import FETCHERS
from peatmoss.fetch.hub_dump import HUB, HUB_URL, Fetched

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown", help="Take upstream data into the archive.")


@app.callback()
def fetch() -> None:
    """Take upstream data into the archive, unchanged, under the date it speaks of."""


@app.command()
def model(
    origin: Annotated[str, typer.Option("--from", help="Where the data comes from: hub_dump (bulk files).")],
    path: Annotated[
        list[Path],
        typer.Option(
            help="Bulk file: .parquet (columns of cfahlgren1/hub-stats), .jsonl[.gz|.zst] (answers of /api/models, or "
            "ModelInfo dumps), .csv[.gz|.zst] (with --columns). Give it several times for several files."
        ),
    ],
    as_of: Annotated[str, typer.Option(help="When the data was taken, UTC: 2022-02-15 or 2022-02-15T08:30:00Z.")],
    archive: Annotated[Path, typer.Option(envvar="PEATMOSS_ARCHIVE", help="Folder of the archive; made if missing.")],
    coverage: Annotated[
        Literal["complete", "top", "filter"],
        typer.Option(help="complete: a model that is not in the file did not exist; top, filter: a part of the hub."),
    ] = "filter",
    hub: Annotated[str, typer.Option(help="Name of the hub, if it is not HuggingFace.")] = HUB,
    hub_url: Annotated[str, typer.Option(help="Address of that hub.")] = HUB_URL,
    columns: Annotated[
        Path | None,
        typer.Option(help="For CSV: a TOML file with a table [columns]: field of the Hub's API = column in the file."),
    ] = None,
    readmes: Annotated[
        Path | None, typer.Option(help="Model cards: .jsonl[.gz|.zst] of {modelId, sha, readme}, of the same date.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object per shard.")] = False,
) -> None:
    """Take bulk files about models into the archive, byte for byte.

    Each file becomes one shard, named after its date and its file name. Doing it twice changes nothing. What is no dump
    of models is refused; unusable lines are counted here and become reject rows at load.

    **Examples**

    `peatmoss fetch model --from hub_dump --path models.parquet --as-of 2025-10-01 --coverage complete`

    `peatmoss fetch model --from hub_dump --path top.csv.gz --as-of 2024-10-01 --coverage top --columns top.toml`

    **top.toml** names the columns of top.csv.gz (only id has to be there):

        [columns]
        id = "model_id"
        lastModified = "last_modified"
        tags = "tags"

        [options]
        tags_separator = " "
    """
    run = FETCHERS.get(("model", origin))
    if run is None:
        known = ", ".join(name for kind, name in FETCHERS if kind == "model")
        raise PeatmossError(f"models do not come from {origin!r}: give --from {known}")
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    with _bar(console) as progress:
        results: list[Fetched] = run(
            archive,
            path,
            as_of=as_of,
            coverage=coverage,
            hub=hub,
            hub_url=hub_url,
            columns=columns,
            readmes=readmes,
            progress=progress,
        )
    for result in results:
        for line in _summary(result):
            console.print(line)
        if json:
            sys.stdout.write(orjson.dumps(_facts(result)).decode() + "\n")


@contextmanager
def _bar(console: Console) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar per file: bytes, rate, time left. Nothing where nobody watches."""
    parts = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(
        TextColumn("{task.description}", markup=False),
        *parts,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bars:
        tasks = {}

        def progress(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(tasks[name], completed=done)

        yield progress


def _summary(result: Fetched) -> Iterator[str]:
    shard, source = result.shard, result.shard.source
    state = "" if result.is_new else " is in the archive already, unchanged"
    when = shard.as_of.strftime("%Y-%m-%d %H:%M UTC")
    yield f"{shard.name}{state}: {shard.records:,} records as of {when}, coverage {shard.coverage}"
    if source.get("problems"):
        yield f"  {source['problems']:,} of {shard.records:,} are unusable ({source['first_problem']}): rejects at load"
    if source.get("missing_columns"):
        yield f"  not in this file: {', '.join(source['missing_columns'])}"


def _facts(result: Fetched) -> dict[str, object]:
    shard, source = result.shard, result.shard.source
    return {
        "shard": shard.name,
        "as_of": shard.as_of,
        "coverage": shard.coverage,
        "hub": shard.hub,
        "records": shard.records,
        "problems": source.get("problems", 0),
        "missing_columns": source.get("missing_columns", []),
        "sha256": shard.sha256,
        "is_new": result.is_new,
    }
