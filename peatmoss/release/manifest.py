"""MANIFEST.json: what a release was made of and what is in it, read from the release itself."""

from __future__ import annotations

import importlib.metadata
import json
import sqlite3
from typing import Any

import adbc_driver_sqlite.dbapi as adbc_sqlite
import polars as pl

import peatmoss
from peatmoss.release.check import Result
from peatmoss.release.finding import findings

SHARDS = """SELECT name, kind, origin, as_of, coverage, hub, sha256, record_count AS records, loaded_count AS loaded,
 reject_count AS rejected, source FROM shard ORDER BY name"""
REJECTS = """SELECT reason, SUM(record_count) AS records, SUM(field_count) AS fields FROM reject_summary
 GROUP BY reason ORDER BY records DESC, fields DESC, reason LIMIT 100"""
"""The most frequent reasons; `reject_reasons` says how many there are, the view `reject_summary` has them all."""
LICENSES = """SELECT kind, outcome, COUNT(*) AS count, SUM(COUNT(*)) OVER (PARTITION BY kind) AS denominator
 FROM license_reflection GROUP BY kind, outcome ORDER BY kind, outcome"""


def manifest(
    connection: sqlite3.Connection, counts: dict[str, int], withheld: int, results: list[Result], revision: str
) -> dict[str, Any]:
    """The manifest as plain values. `withheld`: cards that are in the working database only."""
    shards = [shard | {"source": json.loads(shard["source"] or "null")} for shard in _rows(connection, SHARDS)]
    representative, reason = representativeness(shards)
    dates = [shard["as_of"] for shard in shards]
    return {
        "name": "peatmoss",
        "peatmoss_version": peatmoss.__version__,
        "schema_revision": revision,
        "as_of": {"newest": max(dates), "oldest": min(dates)},
        "representative": representative,
        "representative_reason": reason,
        "overview": _rows(connection, "SELECT name, count, denominator, meaning FROM overview ORDER BY position"),
        "withheld_cards": withheld,
        "hubs": _rows(
            connection,
            "SELECT model_hub.name, COUNT(*) AS models FROM model JOIN model_hub ON model_hub.id = model_hub_id"
            " GROUP BY model_hub.id ORDER BY model_hub.id",
        ),
        "freshness": _rows(connection, "SELECT * FROM freshness ORDER BY kind"),
        "tables": counts,
        "reject_reasons": connection.execute("SELECT COUNT(DISTINCT reason) FROM reject").fetchone()[0],
        "rejects": _rows(connection, REJECTS),
        "license_reflection": _rows(connection, LICENSES),
        "findings": findings(connection),
        "checks": [result._asdict() for result in results],
        "shards": shards,
        "versions": versions(),
    }


def representativeness(shards: list[dict[str, Any]]) -> tuple[bool | None, str]:
    """Whether shares in this release say something about the hubs: (true, false or unknown; why)."""
    demonstrations = [s for s in shards if isinstance(s["source"], dict) and s["source"].get("demonstration") is True]
    if demonstrations:
        return False, "Demonstration: records picked by hand; counts and shares say nothing about a hub."
    partial = [shard for shard in shards if shard["coverage"] != "complete"]
    if partial:
        parts = f"{len(partial)} of {len(shards)} shards are parts"
        return None, f"Not known: {parts} (the most popular, or what a filter let through)."
    return True, "Every shard is a complete listing."


def versions() -> dict[str, str]:
    """The libraries that shape the bytes of a release: with others, the same data may give another hash."""
    with adbc_sqlite.connect(":memory:") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version() AS version")
        bulk = str(cursor.fetch_polars().item())
    return {
        "polars": pl.__version__,
        "sqlite": sqlite3.sqlite_version,
        "sqlite (bulk copy)": bulk,
        "sqlite-utils": importlib.metadata.version("sqlite-utils"),
        "sqlalchemy": importlib.metadata.version("sqlalchemy"),
    }


def dumped(value: dict[str, Any]) -> str:
    """JSON for people and machines."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _rows(connection: sqlite3.Connection, sql: str) -> list[dict[str, Any]]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
