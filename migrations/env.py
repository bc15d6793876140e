"""How alembic runs our migrations. `peatmoss migrate` hands it a connection."""

import os
from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, create_engine

from peatmoss.schema import metadata
from peatmoss.schema.base import Utc


def render_item(kind: str, item: Any, _: AutogenContext) -> str | bool:
    """Migrations must not depend on today's code: write our type as what it is."""
    if kind == "type" and isinstance(item, Utc):
        return "UTC"
    return False


def run(connection: Connection) -> None:
    """Run the migrations, or compare for a new one."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=render_item,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if "connection" in context.config.attributes:
    run(context.config.attributes["connection"])
else:  # the `alembic` command itself, for who writes a migration
    with create_engine(os.environ["PEATMOSS_DB"]).connect() as scratch:
        run(scratch)
        scratch.commit()
