"""What the database knows of models, as evidence: set-based queries, in pieces of a range of ids."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from adbc_driver_manager.dbapi import Connection

from peatmoss.analyze.names.asking import config_evidence
from peatmoss.parse.name.evidence import Evidence

PIECE = 20_000
_MODELS = """SELECT m.id, m.context_id, m.model_type, m.parameter_count, m.context_length FROM model m
WHERE m.id > ? ORDER BY m.id LIMIT ?"""
_LISTS = {
    "architectures": "SELECT x.model_id AS id, a.name AS value FROM model_to_architecture x JOIN architecture a ON a.id = x.architecture_id WHERE x.model_id BETWEEN ? AND ? ORDER BY 1, 2",
    "task": "SELECT x.model_id AS id, t.name AS value FROM model_to_model_task x JOIN model_task t ON t.id = x.model_task_id WHERE x.model_id BETWEEN ? AND ? ORDER BY 1, 2",
    "languages": "SELECT x.model_id AS id, l.abbreviation AS value FROM model_to_language x JOIN language l ON l.id = x.language_id WHERE x.model_id BETWEEN ? AND ? ORDER BY 1, 2",
    "datasets": "SELECT x.model_id AS id, d.name AS value FROM model_to_dataset x JOIN dataset d ON d.id = x.dataset_id WHERE x.model_id BETWEEN ? AND ? ORDER BY 1, 2",
    "base_models": "SELECT x.model_id AS id, x.base_model_name AS value FROM model_to_base_model x WHERE x.model_id BETWEEN ? AND ? ORDER BY 1, 2",
    "files": """SELECT s.model_id AS id, f.path AS value FROM snapshot s JOIN snapshot_file f ON f.snapshot_id = s.id
WHERE s.model_id BETWEEN ? AND ? AND s.id = (SELECT MAX(x.id) FROM snapshot x WHERE x.model_id = s.model_id AND EXISTS (SELECT 1 FROM snapshot_file y WHERE y.snapshot_id = x.id))
ORDER BY 1, 2""",
}  # fmt: skip
_CONFIG = """SELECT s.model_id AS id, c.path, c.content FROM snapshot s JOIN config_file c ON c.snapshot_id = s.id
WHERE s.model_id BETWEEN ? AND ? AND c.path IN ('config.json', 'adapter_config.json') AND c.content IS NOT NULL
AND s.id = (SELECT MAX(x.snapshot_id) FROM config_file x JOIN snapshot y ON y.id = x.snapshot_id WHERE y.model_id = s.model_id)
ORDER BY 1, 2"""
_FINGERPRINTS = """SELECT s.model_id AS id, f.parameter_count, f.dtypes, f.layer_count, f.hidden_size, f.expert_count, f.is_adapter
FROM snapshot s JOIN architecture_fingerprint f ON f.snapshot_id = s.id WHERE s.model_id BETWEEN ? AND ?
AND s.id = (SELECT MAX(x.snapshot_id) FROM architecture_fingerprint x JOIN snapshot y ON y.id = x.snapshot_id WHERE y.model_id = s.model_id)"""


def read(conn: Connection, sql: str, *values: Any) -> pl.DataFrame:
    """The rows of a query."""
    with conn.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetch_polars()


def evidence(conn: Connection) -> Iterator[list[tuple[int, Evidence]]]:
    """(model id, evidence) of all models, in pieces."""
    last = 0
    while True:
        models = read(conn, _MODELS, last, PIECE)
        if not models.height:
            return
        first, last = int(models["id"][0]), int(models["id"][-1])
        lists = {name: _grouped(read(conn, sql, first, last)) for name, sql in _LISTS.items()}
        configs: dict[int, dict[str, Any]] = {}
        for row in read(conn, _CONFIG, first, last).iter_rows(named=True):
            configs.setdefault(row["id"], {})[row["path"]] = json.loads(row["content"])
        prints = {row["id"]: row for row in read(conn, _FINGERPRINTS, first, last).iter_rows(named=True)}
        yield [(row["id"], _evidence(row, lists, configs.get(row["id"], {}), prints.get(row["id"]))) for row in models.iter_rows(named=True)]


def _grouped(frame: pl.DataFrame) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for key, value in frame.iter_rows():
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def _evidence(
    row: Mapping[str, Any], lists: Mapping[str, Mapping[int, tuple[str, ...]]], configs: Mapping[str, Any], prints: Mapping[str, Any] | None
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
