"""peatmoss fetch: world -> archive."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from peatmoss.cli import fetch_github, fetch_hub, fetch_llm
from peatmoss.cli.common import Json, Quiet
from peatmoss.errors import PeatmossError

if TYPE_CHECKING:
    from peatmoss.fetch.hub_dump import Fetched

DUMP_PANEL = "With --from hub_dump or pytorch_hub"

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown", help="Take upstream data into the archive.")
app.command("llm_answer")(fetch_llm.llm_answer)


@app.callback()
def fetch() -> None:
    """Take upstream data into the archive, unchanged, under the date it speaks of."""


app.command()(fetch_hub.dataset)
app.command("hub_commit")(fetch_hub.hub_commit)
app.command("hub_ref")(fetch_hub.hub_ref)
app.command()(fetch_hub.discussion)
app.command()(fetch_hub.snapshot)
app.command()(fetch_github.repo)
app.command("code_file")(fetch_github.code_file)
app.command("repo_commit")(fetch_github.repo_commit)
app.command("repo_ref")(fetch_github.repo_ref)
app.command()(fetch_github.issue)
app.command("pull_request")(fetch_github.pull_request)


@app.command()
def model(
    origin: Annotated[
        str, typer.Option("--from", help="Where the data comes from: hub_api (live), hub_dump (files), pytorch_hub.")
    ],
    archive: fetch_hub.Archive,
    keys: fetch_hub.Keys = None,
    task: Annotated[str | None, typer.Option(help="Only those of this task.", rich_help_panel=fetch_hub.PANEL)] = None,
    library: Annotated[
        str | None, typer.Option(help="Only those of this library.", rich_help_panel=fetch_hub.PANEL)
    ] = None,
    author: fetch_hub.Author = None,
    search: fetch_hub.Search = None,
    downloads_over: fetch_hub.DownloadsOver = None,
    since: fetch_hub.Since = None,
    limit: fetch_hub.Limit = None,
    jobs: fetch_hub.Jobs = 4,
    security: Annotated[
        bool,
        typer.Option(
            "--security",
            help="With --keys: ask for the result of the Hub's security scans, too (one more request a model).",
            rich_help_panel=fetch_hub.PANEL,
        ),
    ] = False,
    path: Annotated[
        list[str] | None,
        typer.Option(
            help="Bulk file: .parquet (columns of cfahlgren1/hub-stats), .jsonl[.gz|.zst] (answers of /api/models, or "
            "ModelInfo dumps), .csv[.gz|.zst] (with --columns). For pytorch_hub: a folder, git clone, address of a git "
            "repository, wheel or sdist, or an installed library by name. Give it several times for several.",
            rich_help_panel=DUMP_PANEL,
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            help="When the data was taken, UTC: 2022-02-15 or 2022-02-15T08:30:00Z. A git repository says it itself.",
            rich_help_panel=DUMP_PANEL,
        ),
    ] = None,
    coverage: Annotated[
        Literal["complete", "top", "filter"] | None,
        typer.Option(
            help="complete: a model that is not in the file did not exist; top, filter (if not said): a part.",
            rich_help_panel=DUMP_PANEL,
        ),
    ] = None,
    hub: Annotated[
        str | None, typer.Option(help="Name of the hub, if it is not HuggingFace.", rich_help_panel=DUMP_PANEL)
    ] = None,
    hub_url: Annotated[str | None, typer.Option(help="Address of that hub.", rich_help_panel=DUMP_PANEL)] = None,
    columns: Annotated[
        Path | None,
        typer.Option(
            help="For CSV: a TOML file with a table [columns]: field of the Hub's API = column in the file.",
            rich_help_panel=DUMP_PANEL,
        ),
    ] = None,
    readmes: Annotated[
        Path | None,
        typer.Option(
            help="Model cards: .jsonl[.gz|.zst] of {modelId, sha, readme}, of the same date.",
            rich_help_panel=DUMP_PANEL,
        ),
    ] = None,
    repo: Annotated[
        str | None,
        typer.Option(
            help="For pytorch_hub: owner/name of a source with a hubconf.py that does not say it.",
            rich_help_panel=DUMP_PANEL,
        ),
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Take models into the archive: from the Hub's API, from bulk files, or from the sources of PyTorch Hub.

    **hub_api** lists the Hub: all of it, a selection, what changed, or the names of a worklist with every detail. A
    listing that was stopped, by whatever, goes on with the same command. Bulk files are the cheap base, the API adds
    what is fresh and what they lack; `peatmoss plan` says what a collection would cost. HF_TOKEN or `hf auth login`
    give more requests; HF_ENDPOINT names a mirror.

    **hub_dump** takes each file byte for byte as one shard, named after its date and its file name. Doing it twice
    changes nothing. What is no dump of models is refused; unusable lines are counted here and become reject rows at
    load.

    **pytorch_hub** reads pages (repository pytorch/hub), entry points (hubconf.py of any repository) and the weights of
    torchvision, torchaudio and torchtext from source text, which is not run; an installed library is asked itself.

    **Examples**

    `peatmoss fetch model --from hub_api`

    `peatmoss fetch model --from hub_api --since last`

    `peatmoss worklist model --downloads-over 10000 | peatmoss fetch model --from hub_api --keys - --jobs 8 --security`

    `peatmoss fetch model --from hub_dump --path models.parquet --as-of 2025-10-01 --coverage complete`

    `peatmoss fetch model --from hub_dump --path top.csv.gz --as-of 2024-10-01 --coverage top --columns top.toml`

    `peatmoss fetch model --from pytorch_hub --path https://github.com/pytorch/hub`

    `peatmoss fetch model --from pytorch_hub --path torchvision-0.29.1-py3-none-any.whl --as-of 2026-10-01`

    **top.toml** names the columns of top.csv.gz (only id has to be there):

        [columns]
        id = "model_id"
        lastModified = "last_modified"
        tags = "tags"

        [options]
        tags_separator = " "
    """
    selected = {
        "task": task, "library": library, "author": author, "search": search, "downloads_over": downloads_over,
        "since": since, "limit": limit, "keys": fetch_hub.worklist(keys),
    }  # fmt: skip
    live: dict[str, object] = {**selected, "security": security or None}
    files: dict[str, object] = {"path": path or None, "as_of": as_of}
    dumped: dict[str, object] = {
        "coverage": coverage, "hub": hub, "hub_url": hub_url, "columns": columns, "readmes": readmes,
    }  # fmt: skip
    others: dict[str, Mapping[str, object]] = {
        "hub_api": files | dumped | {"repo": repo},
        "hub_dump": live | {"repo": repo},
        "pytorch_hub": live | dumped,
    }
    _refuse_others(origin, others.get(origin, {}))
    if origin in ("hub_dump", "pytorch_hub") and not path:
        raise PeatmossError("Missing option '--path': which file?")
    if origin == "pytorch_hub":
        from peatmoss.fetch import pytorch_hub

        _tell(pytorch_hub.run(archive, path or [], as_of=as_of, repository=repo), quiet, json)
        return
    if origin == "hub_dump":
        if as_of is None:
            raise PeatmossError("Missing option '--as-of': when was the data taken?")
        places = [Path(place) for place in path or []]
        _dump(archive, places, as_of, coverage or "filter", hub, hub_url, columns, readmes, quiet, json)
        return
    fetch_hub.collect("model", origin, archive, selected, quiet, json, jobs=jobs, security=security)


def _refuse_others(origin: str, options: Mapping[str, object]) -> None:
    """An option of another origin is a mistake, not something to pass over."""
    from peatmoss.fetch import FETCHERS

    given = [name for name, value in options.items() if value is not None]
    if given and ("model", origin) in FETCHERS:
        raise PeatmossError(f"--{given[0].replace('_', '-')} is not for --from {origin}")


def _dump(
    archive: Path,
    path: list[Path],
    as_of: str,
    coverage: Literal["complete", "top", "filter"],
    hub: str | None,
    hub_url: str | None,
    columns: Path | None,
    readmes: Path | None,
    quiet: bool,
    json: bool,
) -> None:
    from peatmoss.fetch import hub_dump

    with _bar(_console(), quiet) as progress:
        results = hub_dump.run(
            archive,
            path,
            as_of=as_of,
            coverage=coverage,
            hub=hub or hub_dump.HUB,
            hub_url=hub_url or hub_dump.HUB_URL,
            columns=columns,
            readmes=readmes,
            progress=progress,
        )
    _tell(results, quiet, json)


def _console() -> Console:
    return Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def _tell(results: list[Fetched], quiet: bool, json: bool) -> None:
    """What is in the archive now."""
    for result in results:
        for line in () if quiet else _summary(result):
            _console().print(line)
        if json:
            sys.stdout.write(orjson.dumps(_facts(result)).decode() + "\n")


@contextmanager
def _bar(console: Console, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar per file: bytes, rate, time left. Nothing where nobody watches."""
    parts = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(
        TextColumn("{task.description}", markup=False),
        *parts,
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
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
