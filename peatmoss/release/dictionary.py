"""DICTIONARY.md: every table, column, view and check of a release, in words. Generated from their own comments."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Table, UniqueConstraint

from peatmoss.release.check import Result
from peatmoss.release.database import FTS, STATISTICS, tables, views
from peatmoss.schema.base import Utc

_HEAD = """# Data dictionary

What stands in `peatmoss.db`: {tables} tables, {views} views. Generated from the comments of the schema.

Data as of {oldest} to {newest}. {representative}

Conventions: `_at` and `as_of` are UTC, text like `2022-03-02T23:29:04Z`; `is_` and `has_` are 0 or 1, and NULL means
that nobody said; `_id` points to the table of that name. E-mail addresses were replaced by `[e-mail]`. Texts belong to
their authors: of model cards there is an excerpt, the page of a model is `model.repo_url`.
"""


def dictionary(manifest: dict[str, Any], results: list[Result]) -> str:
    """The whole file."""
    listed, shown = tables(), views()
    parts = [
        _HEAD.format(
            tables=len(listed),
            views=len(shown),
            oldest=manifest["as_of"]["oldest"],
            newest=manifest["as_of"]["newest"],
            representative=manifest["representative_reason"],
        ),
        "## Tables\n\n| table | rows | |\n|---|---:|---|",
    ]
    counts = manifest["tables"]
    parts[-1] += "".join(f"\n| [{t.name}](#{t.name}) | {counts[t.name]:,} | {_cell(t.comment)} |" for t in listed)
    parts.append("## Views\n\n| view | |\n|---|---|")
    parts[-1] += "".join(f"\n| [{view.name}](#{view.name}) | {_cell(view.comment)} |" for view in shown)
    parts += [_table(table, counts[table.name]) for table in listed]
    for view in shown:
        rows = "".join(f"\n| `{name}` | {_cell(meaning)} |" for name, meaning in view.columns.items())
        parts.append(f"### {view.name}\n\nView. {view.comment}\n\n| column | |\n|---|---|{rows}")
    parts.append(
        "## Search and statistics\n\nFull-text search (SQLite FTS5): "
        + "; ".join(f"`{table}_fts` over {', '.join(columns)} of `{table}`" for table, columns in FTS.items())
        + f".\n\n`{STATISTICS}` (as written by sqlite-utils) says of each column how many values are NULL, blank and "
        "distinct, and which are the most common; keys, hashes, addresses and texts are left out."
    )
    parts.append(
        "## Checks\n\nRun before the release; a `fail` that finds rows prevents it.\n\n| check | | severity | found |"
    )
    parts[-1] += "\n|---|---|---|---:|"
    parts[-1] += "".join(f"\n| `{r.name}` | {_cell(r.meaning)} | {r.severity} | {r.found:,} |" for r in results)
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _table(table: Table, count: int) -> str:
    unique = [[c.name for c in u.columns] for u in table.constraints if isinstance(u, UniqueConstraint)]
    keys = [[column.name for column in table.primary_key], *sorted(unique)]
    lines = [f"### {table.name}", "", f"{table.comment} {count:,} rows.", ""]
    lines += [f"Unique: {'; '.join(', '.join(f'`{name}`' for name in key) for key in keys)}.", ""]
    lines += ["| column | type | |", "|---|---|---|"]
    lines += [f"| `{c.name}` | {_type(c)} | {_cell(c.comment)} |" for c in table.columns]
    return "\n".join(lines)


def _type(column: Column[Any]) -> str:
    target = next((key.column.table.name for key in column.foreign_keys), None)
    if target:
        kind = f"[{target}](#{target})"
    elif isinstance(column.type, Utc):
        kind = "UTC"
    elif isinstance(column.type, Boolean):
        kind = "0 or 1"
    else:
        kind = str(column.type).lower().replace("bigint", "integer")
    return kind if not column.nullable else f"{kind}, or NULL"


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|").replace("<", "&lt;")
