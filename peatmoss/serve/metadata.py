"""What Datasette shows beside the data: descriptions from the schema, facets, labels, canned queries."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any, NamedTuple

from peatmoss.schema import metadata as schema
from peatmoss.serve.stories import Story

QUERIES = Path(__file__).parent / "queries"

FACETS = {
    "model": ["model_hub_id", "gated", "model_type"],
    "model_to_base_model": ["relation"],
    "model_observation": ["as_of"],
    "card": ["front_matter_status"],
    "reuse_repository": ["primary_language", "license_key"],
    "repository_scan": ["status"],
    "usage": ["role", "path_class"],
    "model_name": ["convention"],
    "name_finding": ["kind", "severity"],
    "lineage_finding": ["verdict"],
    "architecture_prediction": ["verdict"],
    "look_alike": ["how"],
    "reject": ["shard_id"],
}
"""Columns to group a table's rows by; each is the first of an index of the release, or large tables would time out."""

SORTS = {"model": "downloads", "reuse_repository": "stars"}
"""Columns by which a table is sorted, largest first."""

LABELS = {
    "model": "context_id",
    "reuse_repository": "url",
    "snapshot": "revision",
    "shard": "name",
    "language": "name",
    "github_user": "login",
    "github_issue": "title",
    "github_pull_request": "title",
    "github_commit": "oid",
    "hf_commit": "commit_id",
    "discussion": "title",
}
"""The column that stands for a row where another table points to it; look-up tables have `name`."""

NOTES = {
    "_analyze_tables_": "Of each column: how many values are NULL, blank and distinct, and which are the most common.",
    "sqlite_stat1": "What SQLite's query planner knows of the indexes.",
}


class Query(NamedTuple):
    """A question that can be asked with a click: `queries/<name>.sql`."""

    name: str
    title: str
    description: str
    sql: str


def queries() -> list[Query]:
    """The canned queries, by file name. The first comment is the title, the following ones describe."""
    found = []
    for path in sorted(QUERIES.glob("*.sql")):
        rows = path.read_text(encoding="utf-8").splitlines()
        count = next(number for number, row in enumerate(rows) if not row.startswith("--"))
        notes = [row.removeprefix("--").strip() for row in rows[:count]]
        found.append(Query(path.stem, notes[0], " ".join(notes[1:]), "\n".join(rows[count:]).strip().rstrip(";")))
    return found


def metadata(manifest: dict[str, Any], connection: sqlite3.Connection, stories: list[Story]) -> dict[str, Any]:
    """Datasette's metadata. Plain text only, which Datasette escapes; no `description_html`."""
    shown = queries() + [Query(story.name, story.title, story.question, story.sql) for story in stories]
    described: dict[str, dict[str, Any]] = {name: {"description": note} for name, note in NOTES.items()}
    for table in schema.sorted_tables:
        described[table.name] = {
            "description": table.comment,
            "columns": {column.name: column.comment for column in table.columns},
        }
        label = LABELS.get(table.name) or ("name" if "name" in table.columns and "id" in table.columns else None)
        if label:
            described[table.name]["label_column"] = label
        if table.name in FACETS:
            described[table.name]["facets"] = FACETS[table.name]
        if table.name in SORTS:
            described[table.name]["sort_desc"] = SORTS[table.name]
    for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY name"):
        described[name] = view(sql)
    as_of = manifest["as_of"]
    return {
        "title": "PeaTMOSS",
        "description": f"Pre-trained models, the repositories that use them, and the links between both. "
        f"Data as of {as_of['oldest'][:10]} to {as_of['newest'][:10]}. {manifest['representative_reason']}",
        "databases": {
            "peatmoss": {
                "description": "All tables and views of the release; each column is described on its table's page.",
                "tables": described,
                "queries": {
                    q.name: {"title": q.title, "description": q.description, "sql": q.sql, "hide_sql": True}
                    for q in shown
                },
            }
        },
    }


def view(sql: str) -> dict[str, Any]:
    """Description and columns of a view, from the comment inside its statement."""
    notes = re.findall(r"^--(.*)$", sql, re.MULTILINE)
    columns = dict(note.strip().split(": ", 1) for note in notes if note.startswith("   "))
    return {"description": " ".join(n.strip() for n in notes if not n.startswith("   ")), "columns": columns}
