"""peatmoss migrate: bring a database to the newest schema."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from peatmoss.cli.common import Db, Quiet, given, say


def migrate(
    db: Db = "",
    show: Annotated[bool, typer.Option("--show", help="Print the schema as annotated SQL; touch no database.")] = False,
    dialect: Annotated[
        Literal["sqlite", "postgresql"], typer.Option(help="With --show: the SQL dialect to print.")
    ] = "sqlite",
    quiet: Quiet = False,
) -> None:
    """Create the tables of a new database, or bring an older one to the newest schema.

    An SQLite file is created if it does not exist; its folder has to exist. A PostgreSQL database has to exist.
    A database that holds other tables is refused.

    **Examples**

    `peatmoss migrate --db sqlite:////data/work.sqlite`

    `peatmoss migrate --show --dialect postgresql > schema.sql`
    """
    from peatmoss import migrate as stage
    from peatmoss.db import connect, connection_errors, parse_url

    if show:
        typer.echo(stage.show(dialect), nl=False)
        return
    url = given(db)
    with connection_errors(parse_url(url)):
        engine = connect(url)
        before, now = stage.run(engine)
        engine.dispose()
    if not quiet:
        if before == now:
            say(f"The database has the newest schema, revision {now}.")
        else:
            say(f"The database has schema revision {now} now (before: {before or 'empty'}).")
