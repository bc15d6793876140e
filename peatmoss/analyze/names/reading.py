"""What the database knows of models, as evidence: set-based queries, in pieces of a range of ids."""

# ruff: noqa: S608 - the SQL is put together from constants of this file only

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from adbc_driver_manager.dbapi import Connection

from peatmoss.parse.config import config_evidence
from peatmoss.parse.name.evidence import Evidence

PIECE = 20_000
_MODELS = "SELECT id, context_id, model_type, parameter_count, context_length FROM model"
_NEXT = f"{_MODELS} WHERE id > $1 ORDER BY id LIMIT $2"
_NAMED = f"{_MODELS} WHERE context_id = $1 OR substr(context_id, 1, length($1) + 1) = $1 || '/' ORDER BY id"
_LISTS = {
    "architectures": ("model_to_architecture", "architecture", "name"),
    "task": ("model_to_model_task", "model_task", "name"),
    "languages": ("model_to_language", "language", "abbreviation"),
    "datasets": ("model_to_dataset", "dataset", "name"),
}
_BASES = """
SELECT model_id AS id, base_model_name AS value FROM model_to_base_model WHERE model_id BETWEEN $1 AND $2 ORDER BY 1, 2
"""
_FILES = """
SELECT s.model_id AS id, f.path AS value FROM snapshot s JOIN snapshot_file f ON f.snapshot_id = s.id
WHERE s.id IN (SELECT MAX(x.id) FROM snapshot x WHERE x.model_id BETWEEN $1 AND $2
  AND EXISTS (SELECT 1 FROM snapshot_file y WHERE y.snapshot_id = x.id) GROUP BY x.model_id)
ORDER BY 1, 2
"""
_CONFIGS = """
SELECT s.model_id AS id, c.path, c.content FROM snapshot s JOIN config_file c ON c.snapshot_id = s.id
WHERE s.id IN (SELECT MAX(x.id) FROM snapshot x JOIN config_file y ON y.snapshot_id = x.id
  WHERE x.model_id BETWEEN $1 AND $2 GROUP BY x.model_id)
AND c.path IN ('config.json', 'adapter_config.json') AND c.content IS NOT NULL ORDER BY 1, 2
"""
_FINGERPRINTS = """
SELECT s.model_id AS id, f.parameter_count, f.dtypes, f.layer_count, f.hidden_size, f.expert_count, f.is_adapter
FROM snapshot s JOIN architecture_fingerprint f ON f.snapshot_id = s.id
WHERE s.id IN (SELECT MAX(x.id) FROM snapshot x JOIN architecture_fingerprint y ON y.snapshot_id = x.id
  WHERE x.model_id BETWEEN $1 AND $2 GROUP BY x.model_id)
"""


def read(conn: Connection, sql: str, *values: Any) -> pl.DataFrame:
    """The rows of a query; $1, $2 ... are its values."""
    with conn.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetch_polars()


def evidence(conn: Connection) -> Iterator[list[tuple[int, Evidence]]]:
    """(model id, evidence) of all models, in pieces."""
    last = 0
    while (models := read(conn, _NEXT, last, PIECE)).height:
        last = int(models["id"][-1])
        yield _piece(conn, models)


def named(conn: Connection, name: str) -> Iterator[Evidence]:
    """The model of this name, and the models of this owner."""
    for number in read(conn, _NAMED, name)["id"]:
        yield from (found for _, found in _piece(conn, read(conn, _NEXT, number - 1, 1)))


def _piece(conn: Connection, models: pl.DataFrame) -> list[tuple[int, Evidence]]:
    ends = int(models["id"][0]), int(models["id"][-1])
    lists = {name: _grouped(read(conn, _joined(*parts), *ends)) for name, parts in _LISTS.items()}
    lists |= {"base_models": _grouped(read(conn, _BASES, *ends)), "files": _grouped(read(conn, _FILES, *ends))}
    configs: dict[int, dict[str, Any]] = {}
    for row in read(conn, _CONFIGS, *ends).iter_rows(named=True):
        configs.setdefault(row["id"], {})[row["path"]] = json.loads(row["content"])
    prints = {row["id"]: row for row in read(conn, _FINGERPRINTS, *ends).iter_rows(named=True)}
    return [
        (row["id"], _evidence(row, lists, configs.get(row["id"], {}), prints.get(row["id"])))
        for row in models.iter_rows(named=True)
    ]


def _joined(link: str, table: str, column: str) -> str:
    return (
        f"SELECT x.model_id AS id, y.{column} AS value FROM {link} x JOIN {table} y ON y.id = x.{table}_id"
        " WHERE x.model_id BETWEEN $1 AND $2 ORDER BY 1, 2"
    )


def _grouped(frame: pl.DataFrame) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for key, value in frame.iter_rows():
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def _evidence(
    row: Mapping[str, Any],
    lists: Mapping[str, Mapping[int, tuple[str, ...]]],
    configs: Mapping[str, Any],
    prints: Mapping[str, Any] | None,
) -> Evidence:
    said = {name: values.get(row["id"], ()) for name, values in lists.items()}
    config = configs.get("config.json")
    start = config_evidence(row["context_id"], config if isinstance(config, dict) else {}, said["files"])
    values: dict[str, Any] = {
        "architectures": start.architectures or said["architectures"],
        "model_type": row["model_type"] or start.model_type,
        "task": said["task"][0] if said["task"] else "",
        "parameters": row["parameter_count"],
        "languages": said["languages"], "datasets": said["datasets"], "base_models": said["base_models"],
        "context_length": row["context_length"] or start.context_length,
        "is_adapter": True if "adapter_config.json" in configs else None,
    }  # fmt: skip
    if prints:
        values |= {
            "parameters": prints["parameter_count"], "dtypes": tuple(json.loads(prints["dtypes"])),
            "layers": prints["layer_count"] or start.layers, "hidden_size": prints["hidden_size"] or start.hidden_size,
            "experts": prints["expert_count"], "is_adapter": bool(prints["is_adapter"]) or values["is_adapter"],
        }  # fmt: skip
    return start._replace(**values)
