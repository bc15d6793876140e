"""peatmoss release: database -> release folder."""

from __future__ import annotations

import json as json_module
from pathlib import Path
from typing import Annotated

import typer

from peatmoss.errors import PeatmossError


def release(
    dist: Annotated[Path, typer.Option(help="Folder of the release; made if missing.")] = Path("dist"),
    db: Annotated[str, typer.Option(envvar="PEATMOSS_DB", help="The working database, a SQLAlchemy URL.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of the summary.")] = False,
) -> None:
    """Write a release: check the database, then make the file that everybody may have.

    The folder then holds `peatmoss.db` (an SQLite file with tables, views, full-text search and statistics),
    `DICTIONARY.md` (every table and column in words), `MANIFEST.json` (what it was made of) and `SHA256SUMS`.

    If a check of severity *fail* finds rows, there is no release and the old one stays. The file holds no e-mail
    addresses, excerpts instead of model cards, and no cards of gated or gone models. The same data gives the same
    bytes.

    **Examples**

        peatmoss release --db sqlite:////data/work.sqlite --dist dist

        cd dist && sha256sum -c SHA256SUMS
    """
    from rich.console import Console

    from peatmoss.release import lines, run
    from peatmoss.release.summary import plain

    if not db:
        raise PeatmossError("which database? Give --db or set PEATMOSS_DB, for instance sqlite:////data/work.sqlite")
    console = Console(stderr=True)
    with console.status("Releasing ...") as status:
        summary = run(db, dist, progress=lambda step, *_: status.update(f"Releasing: {step} ..."))
    if json:
        typer.echo(json_module.dumps(plain(summary), ensure_ascii=False))
        for line in lines(summary):
            typer.echo(line, err=True)
    else:
        for line in lines(summary):
            typer.echo(line)
