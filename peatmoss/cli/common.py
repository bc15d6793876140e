"""What the commands share: options, the progress bar, the check before work, and how findings are printed."""

from __future__ import annotations

import contextlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from peatmoss.errors import PeatmossError

Db = Annotated[
    str,
    typer.Option(envvar="PEATMOSS_DB", help="The database, a SQLAlchemy URL.", show_envvar=True, show_default=False),
]
Archive = Annotated[
    Path | None,
    typer.Option(envvar="PEATMOSS_ARCHIVE", help="Folder of the archive.", show_envvar=True, show_default=False),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no summary; errors only.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line instead of text.")]

Progress = Callable[[str, int, int], None]


def escaped(text: object) -> str:
    """One line, safe for a terminal: control characters become visible."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", lambda m: repr(m[0])[1:-1], str(text))


def say(text: str) -> None:
    """One line of findings, on stdout."""
    typer.echo(escaped(text))


def emit(finding: Mapping[str, Any]) -> None:
    """One finding as one JSON object on one line, on stdout. Times become text."""
    typer.echo(json.dumps(finding, ensure_ascii=False, default=lambda value: f"{value:%Y-%m-%dT%H:%M:%SZ}"))


def given(db: str) -> str:
    """The database URL, or an error that says how to give one."""
    if not db:
        raise PeatmossError("no database given: use --db or PEATMOSS_DB, for instance sqlite:////data/work.sqlite")
    return db


def existing(db: str) -> str:
    """The URL of a database that is there: opening an SQLite file that is not would make an empty one."""
    from peatmoss.db import parse_url

    parsed = parse_url(given(db))
    if parsed.get_backend_name() == "sqlite" and Path(str(parsed.database)).is_dir():
        raise PeatmossError(f"{parsed.database} is a folder: give the file of the database in it")
    if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).is_file():
        raise PeatmossError(f"no database at {parsed.database}: `peatmoss migrate --db {db}` makes one")
    return db


def ready(db: str, is_read: bool = False) -> str:
    """The URL of a database that has the schema this version needs. is_read: a release will do, too."""
    from peatmoss import migrate
    from peatmoss.db import connect, connection_errors, parse_url

    url = existing(db)
    with connection_errors(parse_url(url)):
        engine = connect(url)
        migrate.require_head(engine, migrate.head(), is_read)
        engine.dispose()
    return url


@contextlib.contextmanager
def bar(quiet: bool, unit: str) -> Iterator[Progress]:
    """A progress bar on stderr, one line per subject, with rate and time left; nothing where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(f"{unit}, {{task.fields[rate]}}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def progress(name: str, done: int, total: int) -> None:
            if name not in tasks:
                for earlier in tasks.values():
                    bars.update(earlier, visible=False)
                tasks[name] = bars.add_task(escaped(name), total=total, rate="")
            task = bars.tasks[bars.task_ids.index(tasks[name])]
            rate = f"{task.speed:,.0f}/s" if task.speed else ""
            bars.update(tasks[name], completed=done, total=max(done, total), rate=rate)

        yield progress
