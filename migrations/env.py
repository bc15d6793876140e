"""How alembic runs our migrations. `peatmoss migrate` hands it a connection."""

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext

from peatmoss.schema import metadata
from peatmoss.schema.base import Utc


def render_item(kind: str, item: Any, _: AutogenContext) -> str | bool:
    """Migrations must not depend on today's code: write our type as what it is."""
    if kind == "type" and isinstance(item, Utc):
        return "UTC"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render_item,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
