"""The tables of the analysis, from the core tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import polars as pl
from adbc_driver_manager.dbapi import Connection
from sqlalchemy import Table

from peatmoss.analyze.names.lineage import Part, derivation
from peatmoss.analyze.names.lookalike import Known, look_alikes
from peatmoss.analyze.names.reading import PIECE, read
from peatmoss.parse.name import Name
from peatmoss.parse.name.evidence import Finding
from peatmoss.parse.name.lexicon import table
from peatmoss.schema.names import lineage_finding, look_alike, name_finding


@cache
def corrections() -> dict[tuple[str, str], str]:
    """(model, kind) -> what an accepted objection says. Kind * is every kind."""
    return {(row["id"], row["kind"]): row["says"] for row in table("corrections.csv")}


def name_frame(rows: Iterable[tuple[int, Name]]) -> pl.DataFrame:
    """Rows of model_name."""
    found = [
        (
            model_id, name.convention, name.cut, json.dumps([[s.start, s.end, s.code, s.element] for s in name.spans]),
            "".join(sorted({s.code for s in name.spans})),
        )
        for model_id, name in rows
    ]  # fmt: skip
    schema = {
        "model_id": pl.Int64,
        "convention": pl.String,
        "is_cut": pl.Boolean,
        "spans": pl.String,
        "codes": pl.String,
    }
    return pl.DataFrame(found, schema=schema, orient="row")


def finding_frame(rows: Iterable[tuple[int, str, Finding]]) -> pl.DataFrame:
    """Rows of name_finding: a finding whose owner's objection was accepted counts as info."""
    found = []
    for model_id, name, finding in rows:
        says = corrections().get((name, finding.kind)) or corrections().get((name, "*"))
        severity = "info" if says else finding.severity
        text = (_clean(finding.claim), _clean(finding.evidence), _clean(finding.reason))
        found.append((model_id, finding.kind, severity, *text, finding.rule or None, says))
    columns = [c.name for c in name_finding.columns if c.name != "id"]
    return pl.DataFrame(found, schema={c: pl.Int64 if c == "model_id" else pl.String for c in columns}, orient="row")


def _clean(text: str) -> str:
    """No zero bytes and no half characters, which no database takes."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()[:2000]


_EDGES = """
WITH shape AS (
  SELECT s.model_id, MAX(f.f1) AS f1 FROM architecture_fingerprint f JOIN snapshot s ON s.id = f.snapshot_id
  WHERE NOT f.is_adapter GROUP BY s.model_id
)
SELECT e.model_id, e.base_model_id, e.base_model_name, e.relation, c.context_id AS child, b.context_id AS base,
  c.model_type AS child_type, b.model_type AS base_type, c.parameter_count AS child_count,
  b.parameter_count AS base_count, c.created_at AS child_at, b.created_at AS base_at,
  c.is_created_at_floor AS child_floor, b.is_created_at_floor AS base_floor, x.f1 AS child_shape, y.f1 AS base_shape
FROM model_to_base_model e JOIN model c ON c.id = e.model_id LEFT JOIN model b ON b.id = e.base_model_id
LEFT JOIN shape x ON x.model_id = c.id LEFT JOIN shape y ON y.model_id = b.id
WHERE e.model_id > $1 ORDER BY e.model_id, e.base_model_name, e.relation LIMIT $2
"""
_LINKS = """
SELECT DISTINCT model_id, base_model_id FROM model_to_base_model
WHERE base_model_id IS NOT NULL AND base_model_id <> model_id ORDER BY 1, 2
"""


def lineage_rows(conn: Connection) -> Iterator[tuple[Table, pl.DataFrame]]:
    """Every declared derivation, judged."""
    circular = in_circles(read(conn, _LINKS).rows())
    last = 0
    while True:
        edges = read(conn, _EDGES, last, PIECE)
        if not edges.height:
            return
        last = int(edges["model_id"][-1])
        if edges.height == PIECE and edges["model_id"][0] != last:  # the last model may have more edges than were read
            edges = edges.filter(pl.col("model_id") < last)
            last = int(edges["model_id"][-1])
        found = [_edge(row, circular) for row in edges.iter_rows(named=True)]
        columns = [c.name for c in lineage_finding.columns if c.name != "id"]
        schema = {c: pl.Int64 if c.endswith("_id") else pl.String for c in columns}
        yield lineage_finding, pl.DataFrame(found, schema=schema, orient="row")


def _edge(row: Mapping[str, Any], circular: set[tuple[int, int]]) -> tuple[Any, ...]:
    if row["base_model_id"] is None:
        verdict, reason = "unknown", "the base model is not in the database"
    elif (row["model_id"], row["base_model_id"]) in circular:
        verdict, reason = "contradicted", "the two derive from each other in a circle"
    else:
        verdict, reason = derivation(_part(row, "child"), _part(row, "base"), row["relation"])
    return row["model_id"], row["base_model_id"], row["base_model_name"], row["relation"], verdict, reason


def _part(row: Mapping[str, Any], end: str) -> Part:
    floor = row[f"{end}_floor"]
    at = None if floor else _moment(row[f"{end}_at"])
    return Part(row[end], row[f"{end}_type"] or "", row[f"{end}_shape"] or "", row[f"{end}_count"], at)


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def in_circles(links: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """The edges between models of one circle: both ends can be reached from each other (Tarjan, without recursion)."""
    bases: dict[int, list[int]] = {}
    for child, base in links:
        bases.setdefault(child, []).append(base)
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    group: dict[int, int] = {}
    path: list[int] = []
    on_path: set[int] = set()
    for root in bases:
        work = [(root, 0)] if root not in number else []
        while work:
            node, place = work.pop()
            if place == 0:
                number[node] = low[node] = len(number)
                path.append(node)
                on_path.add(node)
            following = bases.get(node, [])
            if place and following[place - 1] in on_path:
                low[node] = min(low[node], low[following[place - 1]])
            while place < len(following) and following[place] in number:
                if following[place] in on_path:
                    low[node] = min(low[node], number[following[place]])
                place += 1
            if place < len(following):
                work += [(node, place + 1), (following[place], 0)]
                continue
            if low[node] == number[node]:
                while True:
                    member = path.pop()
                    on_path.discard(member)
                    group[member] = node
                    if member == node:
                        break
    return {(child, base) for child, found in bases.items() for base in found if group[child] == group[base]}


_OWNERS = """
SELECT a.name, CAST(COALESCE(SUM(m.downloads), 0) AS BIGINT) AS downloads
FROM author a JOIN model_to_author x ON x.author_id = a.id JOIN model m ON m.id = x.model_id
WHERE m.model_hub_id = 1 GROUP BY a.name ORDER BY a.name
"""
_RETURNED = """
SELECT name, gone_at, created_at, gone FROM (
  SELECT a.name, MAX(m.gone_at) AS gone_at, COUNT(m.gone_at) AS gone,
    MIN(CASE WHEN m.gone_at IS NULL THEN m.created_at END) AS created_at
  FROM author a JOIN model_to_author x ON x.author_id = a.id JOIN model m ON m.id = x.model_id
  WHERE m.model_hub_id = 1 GROUP BY a.name
) AS owner WHERE gone_at < created_at ORDER BY name
"""


def look_alike_rows(conn: Connection) -> Iterator[tuple[Table, pl.DataFrame]]:
    """Owners that look like far more used ones, and owners whose models were all gone before new ones came."""
    owners = [Known(name, int(downloads)) for name, downloads in read(conn, _OWNERS).rows()]
    found = [("owner", alike.name, alike.looks_like, alike.how, alike.reason) for alike in look_alikes(owners)]
    for name, gone_at, created_at, gone in read(conn, _RETURNED).rows():
        dates = str(gone_at)[:10], str(created_at)[:10]
        reason = f"{gone} models were gone by {dates[0]}, all others came from {dates[1]} on: another owner, perhaps"
        found.append(("owner", name, name, "re_registered", reason))
    columns = [c.name for c in look_alike.columns if c.name != "id"]
    frame = pl.DataFrame(sorted(found), schema=dict.fromkeys(columns, pl.String), orient="row")
    yield look_alike, frame
