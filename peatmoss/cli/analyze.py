"""peatmoss analyze: core tables -> findings."""

from __future__ import annotations

from typing import Annotated

import typer

from peatmoss.cli.common import Db, Json, Quiet, bar, emit, ready, say


def analyze(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Analyses to run, for instance statistics.")
    ] = None,
    db: Db = "",
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Compute findings from the core tables: all analyses, or those that are named.

    An analysis replaces the tables it writes, and touches no others. Each finding carries its reason in words.

    **Examples**

    `peatmoss analyze --db sqlite:////data/work.sqlite`

    `peatmoss analyze statistics --db sqlite:////data/work.sqlite`
    """
    from peatmoss import analyze as stage

    url = ready(db)
    with bar(quiet, "analyses") as progress:
        results = stage.run(url, names, progress)
    for result in results:
        if json:
            emit(result._asdict())
        elif not quiet:
            say(f"{result.analysis}: {result.rows:,} rows in {result.table}")
