"""peatmoss load: archive -> core tables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from peatmoss.cli.common import Archive, Db, Json, Quiet, bar, emit, existing, ready, say
from peatmoss.errors import PeatmossError


def load(
    db: Db = "",
    archive: Archive = None,
    demo: Annotated[bool, typer.Option("--demo", help="Load the demonstration corpus of this package.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Empty the database first, and load everything anew.")
    ] = False,
    jobs: Annotated[
        int, typer.Option(help="Processes that look at the code of repositories; 0: one a core.", show_default=False)
    ] = 0,
    cluster: Annotated[
        str,
        typer.Option(
            help="A Dask scheduler whose workers look at the code instead: tcp://host:8786", show_default=False
        ),
    ] = "",
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Load what is new in the archive into the database.

    Shards are taken in the order of their dates; a loaded one is not looked at again. What cannot become a row becomes
    a row of the table `reject`, with its reason. A load that was stopped, by whatever, goes on where it was.

    **Examples**

    `peatmoss load --archive /data/archive --db sqlite:////data/work.sqlite`

    `peatmoss load --demo --db sqlite:////tmp/demo.sqlite`

    `peatmoss load --cluster tcp://scheduler:8786`   (needs `peatmoss[cluster]`, on the workers, too)
    """
    if demo:
        root = Path(__file__).parent.parent / "corpus"
    elif archive is not None:
        root = archive
    else:
        raise PeatmossError(
            "no archive given: use --archive or PEATMOSS_ARCHIVE, or --demo for the corpus shipped here"
        )

    from peatmoss import load as stage
    from peatmoss.archive import shards

    known = shards(root)  # before anything is emptied
    if rebuild:
        _empty(existing(db))
    url = ready(db)
    with bar(quiet, "records") as progress:
        loaded = stage.run(root, url, progress, jobs=jobs or len(os.sched_getaffinity(0)), cluster=cluster)
    if json:
        for shard in loaded:
            emit(shard._asdict())
        return
    if quiet:
        return
    if not known:
        say(f"There are no shards in {root}: `peatmoss fetch` puts some there.")
        return
    for shard in loaded:
        say(f"{shard.shard}: {shard.records:,} records, {shard.rows:,} loaded, {shard.rejects:,} rejected")
    kinds = {kind for kind in stage.LOADERS if any(shard.kind == kind for shard in known)}
    usable = sum(shard.kind in kinds for shard in known)
    rejects = sum(shard.rejects for shard in loaded)
    others = "; the others were loaded already" if len(loaded) < usable else ""
    say(
        f"{len(loaded):,} of {usable:,} shards were new{others}."
        f" {sum(shard.rows for shard in loaded):,} records loaded, {rejects:,} rejected"
        + (" (table reject: peatmoss status shows why)." if rejects else ".")
    )


def _empty(url: str) -> None:
    from peatmoss import migrate
    from peatmoss.db import connect, connection_errors, parse_url

    with connection_errors(parse_url(url)):
        engine = connect(url)
        if migrate.current(engine) is None:
            raise PeatmossError("there is no PeaTMOSS database to empty: run `peatmoss migrate` instead of --rebuild")
        migrate.reset(engine)
        engine.dispose()
