"""Architectures: what tensor headers say a model is, against what its configuration declares."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import polars as pl
from adbc_driver_manager.dbapi import Connection
from sqlalchemy import Table

from peatmoss.parse.name.evidence import class_type, classes, rules
from peatmoss.parse.registry import Match, nearest
from peatmoss.schema.names import architecture_prediction

WRITES: tuple[Table, ...] = (architecture_prediction,)

NEAR = 0.1
"""Up to this distance the nearest class stands for the family; beyond it the fingerprint is unknown."""
_CLASSIFIER = ("classifier.weight", "classifier.out_proj.weight", "score.weight", "logits_proj.weight")


class Prediction(NamedTuple):
    """What a fingerprint says: model type, class and task, the classes that have the same tensors, and how near they are.

    certainty: exact (all tensors are those of the class), near (within NEAR), unknown (the nearest are named, none is meant)
    """

    model_type: str | None
    architecture: str | None
    task: str | None
    certainty: str
    distance: float | None
    equals: tuple[str, ...]
    nearest: tuple[tuple[str, float], ...]
    evidence: str


def predict(shapes: Mapping[str, tuple[int, ...]], vocabulary: int | None = None) -> Prediction:
    """The class that these tensors (pattern -> shape) belong to."""
    matches = nearest(frozenset(shapes), vocabulary, _labels(shapes), 60)
    if not matches:
        return Prediction(None, None, None, "unknown", None, (), (), f"none of the {len(shapes)} tensor names is known")
    best = matches[0]
    equal = tuple(match for match in matches if match.distance == best.distance)
    near = tuple((match.name, match.distance) for match in matches[:5])
    told = f"{len(shapes)} tensor names; distance {best.distance:.3f} to {best.name}"
    if vocabulary:
        told += f"; vocabulary {vocabulary:,}"
    if best.distance > NEAR:
        return Prediction(None, None, None, "unknown", best.distance, (), near, told)
    certainty = "exact" if best.distance < 0.001 else "near"
    return Prediction(
        best.model_type, best.name, _task(best, equal), certainty, best.distance, tuple(m.name for m in equal), near, told
    )


def _labels(shapes: Mapping[str, tuple[int, ...]]) -> int | None:
    return next((shapes[name][0] for name in _CLASSIFIER if shapes.get(name)), None)


def _task(best: Match, equal: tuple[Match, ...]) -> str | None:
    return best.task or next((match.task for match in equal if match.task), None)


def compare(found: Prediction, model_type: str, architecture: str) -> tuple[str, str]:
    """same, equivalent, contradicted or unknown, with the reason: the prediction against the declaration."""
    declared = model_type or class_type(architecture)
    if found.certainty == "unknown" or not declared:
        return "unknown", "the tensors belong to no known class" if declared else "the configuration declares nothing"
    if declared not in _types():
        return "unknown", f"{declared} is in no registry, so its tensors are not known"
    if architecture in found.equals:
        return "same", f"{architecture} has these tensors"
    types = {classes()[name][0] for name in found.equals if name in classes()}
    if declared in types:
        return "same" if not architecture else "equivalent", f"the tensors are those of {found.architecture}, of the same family"
    if found.model_type and (found.model_type.startswith(declared) or declared.startswith(found.model_type)):
        return "equivalent", f"{found.model_type} and {declared} are parts of one model"
    for rule in rules():
        if "*" not in rule.claimed and declared in rule.claimed and types & rule.actual:
            return "equivalent", f"{rule.reason} ({rule.name})"
    if found.certainty == "near":
        return "unknown", f"nearest is {found.architecture}, which is not declared, and not all tensors are the same"
    return "contradicted", f"declared is {declared}; the tensors are those of {' or '.join(found.equals[:4])}"


def _types() -> set[str]:
    return {kind for kind, _ in classes().values()}


_QUERY = """
SELECT f.snapshot_id, f.shapes, f.vocabulary_size, m.model_type,
  (SELECT MIN(a.name) FROM model_to_architecture x JOIN architecture a ON a.id = x.architecture_id
   WHERE x.model_id = s.model_id) AS architecture
FROM architecture_fingerprint f JOIN snapshot s ON s.id = f.snapshot_id JOIN model m ON m.id = s.model_id
WHERE NOT f.is_adapter AND f.snapshot_id > ? ORDER BY f.snapshot_id LIMIT ?
"""
PIECE = 20_000


def rows(conn: Connection) -> Iterator[tuple[Table, pl.DataFrame]]:
    """One prediction per fingerprint, in pieces."""
    last = 0
    while True:
        with conn.cursor() as cursor:
            cursor.execute(_QUERY, (last, PIECE))
            piece = cursor.fetch_polars()
        if not piece.height:
            return
        last = int(piece["snapshot_id"][-1])
        found = [_row(row) for row in piece.iter_rows(named=True)]
        yield architecture_prediction, pl.DataFrame(found, schema=_SCHEMA, orient="row", infer_schema_length=None)


_SCHEMA = {
    "snapshot_id": pl.Int64, "declared_model_type": pl.String, "declared_architecture": pl.String, "predicted_model_type": pl.String,
    "predicted_architecture": pl.String, "predicted_task": pl.String, "certainty": pl.String, "distance": pl.Float64,
    "equals": pl.String, "nearest": pl.String, "verdict": pl.String, "evidence": pl.String, "reason": pl.String,
}  # fmt: skip


def _row(row: Mapping[str, Any]) -> tuple[Any, ...]:
    shapes = {name: tuple(shape) for name, shape in json.loads(row["shapes"]).items()}
    found = predict(shapes, row["vocabulary_size"])
    verdict, reason = compare(found, row["model_type"] or "", row["architecture"] or "")
    return (
        row["snapshot_id"], row["model_type"], row["architecture"], found.model_type, found.architecture, found.task,
        found.certainty, found.distance, json.dumps(found.equals), json.dumps(found.nearest), verdict, found.evidence, reason,
    )  # fmt: skip
