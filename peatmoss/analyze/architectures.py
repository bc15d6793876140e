"""Architectures: what tensor headers say a model is, against what its configuration declares."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import polars as pl
from adbc_driver_manager.dbapi import Connection
from sqlalchemy import Table

from peatmoss.parse.card import card as parse_card
from peatmoss.parse.config import config_evidence, read_config
from peatmoss.parse.fingerprint import Fingerprint, fingerprint
from peatmoss.parse.name.evidence import Evidence, class_type, classes, rules
from peatmoss.parse.registry import Match, nearest
from peatmoss.schema.names import architecture_prediction

WRITES: tuple[Table, ...] = (architecture_prediction,)

NEAR = 0.1
"""Up to this distance the nearest class stands for the family, up to twice it if no other family is in sight; beyond it
the fingerprint is unknown."""
_CLASSIFIER = ("classifier.weight", "classifier.out_proj.weight", "score.weight", "logits_proj.weight")


class Prediction(NamedTuple):
    """What a fingerprint says: model type, class, task, and the classes that it cannot tell apart.

    certainty: exact (all tensors are those of the class), near (within NEAR), unknown (none of the nearest is meant)
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
    if best.distance > NEAR and not _stands_alone(matches):
        return Prediction(None, None, None, "unknown", best.distance, (), near, told)
    certainty = "exact" if best.distance < 0.001 else "near"
    return Prediction(
        best.model_type,
        best.name,
        _task(best, equal),
        certainty,
        best.distance,
        tuple(m.name for m in equal),
        near,
        told,
    )


def _stands_alone(matches: tuple[Match, ...]) -> bool:
    """Whether the nearest class, though some tensors differ, is far nearer than any class of another type."""
    best = matches[0]
    others = [match.distance for match in matches if match.model_type != best.model_type]
    return best.distance <= 2 * NEAR and all(distance >= 3 * best.distance for distance in others)


def of_gguf(architecture: str, count: int) -> Prediction:
    """What a GGUF file says of itself: its tensors have names of their own, which the registry does not know."""
    plain = re.sub(r"[^a-z0-9]", "", architecture.lower())
    kind = next((kind for kind in sorted(_types()) if re.sub(r"[^a-z0-9]", "", kind.lower()) == plain), None)
    told = f"{count} tensor names; the header of the GGUF file says {architecture[:100]}"
    return Prediction(kind, None, None, "near" if kind else "unknown", None, (), (), told)


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
    types = {classes()[name][0] for name in found.equals if name in classes()} or {found.model_type or ""}
    if declared in types:
        return (
            "same" if not architecture else "equivalent",
            f"the tensors are those of {found.architecture or found.model_type}, of the same family",
        )
    if found.model_type and (found.model_type.startswith(declared) or declared.startswith(found.model_type)):
        return "equivalent", f"{found.model_type} and {declared} are parts of one model"
    for rule in rules():
        if "*" not in rule.claimed and declared in rule.claimed and types & rule.actual:
            return "equivalent", f"{rule.reason} ({rule.name})"
    if found.certainty == "near":
        return (
            "unknown",
            f"nearest is {found.architecture or found.model_type}, which is not declared, and some tensors differ",
        )
    return "contradicted", f"declared is {declared}; the tensors are those of {' or '.join(found.equals[:4])}"


@cache
def _types() -> frozenset[str]:
    return frozenset(kind for kind, _ in classes().values())


_QUERY = """
SELECT f.snapshot_id, f.shapes, f.gguf_architecture, f.vocabulary_size, m.model_type,
  (SELECT MIN(a.name) FROM model_to_architecture x JOIN architecture a ON a.id = x.architecture_id
   WHERE x.model_id = s.model_id) AS architecture
FROM architecture_fingerprint f JOIN snapshot s ON s.id = f.snapshot_id JOIN model m ON m.id = s.model_id
WHERE NOT f.is_adapter AND f.snapshot_id > $1 ORDER BY f.snapshot_id LIMIT $2
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
    "snapshot_id": pl.Int64, "declared_model_type": pl.String, "declared_architecture": pl.String,
    "predicted_model_type": pl.String,
    "predicted_architecture": pl.String, "predicted_task": pl.String, "certainty": pl.String, "distance": pl.Float64,
    "equals": pl.String, "nearest": pl.String, "verdict": pl.String, "evidence": pl.String, "reason": pl.String,
}  # fmt: skip


def _row(row: Mapping[str, Any]) -> tuple[Any, ...]:
    shapes = {name: tuple(shape) for name, shape in json.loads(row["shapes"]).items()}
    found = (
        of_gguf(row["gguf_architecture"], len(shapes))
        if row["gguf_architecture"]
        else predict(shapes, row["vocabulary_size"])
    )
    verdict, reason = compare(found, row["model_type"] or "", row["architecture"] or "")
    return (
        row["snapshot_id"], row["model_type"], row["architecture"], found.model_type, found.architecture, found.task,
        found.certainty, found.distance, json.dumps(found.equals), json.dumps(found.nearest), verdict,
        found.evidence, reason,
    )  # fmt: skip


class Content(NamedTuple):
    """What a snapshot holds: evidence to judge a name by, and the prediction from its headers."""

    evidence: Evidence
    fingerprint: Fingerprint | None
    prediction: Prediction | None
    verdict: str
    reason: str


def content(name: str, data: Mapping[str, Any]) -> Content:
    """Read a snapshot in the form of an archived record."""
    configs = {path: read_config(text) for path, text in data["contents"].items()}
    config = configs.get("config.json", {})
    start = config_evidence(name, config, [entry["path"] for entry in data["files"]])
    found = fingerprint(data["headers"], config)
    card = parse_card(data["readme"] or "").front_matter
    front = json.loads(card) if card else {}
    start = start._replace(
        languages=_words(front.get("language")), datasets=_words(front.get("datasets")),
        base_models=_words(front.get("base_model")),
        task=front["pipeline_tag"] if isinstance(front.get("pipeline_tag"), str) else "",
        is_adapter=True if "adapter_config.json" in configs else None,
    )  # fmt: skip
    if found is None:
        return Content(start, None, None, "unknown", "no tensor header could be read")
    evidence = start._replace(
        parameters=found.parameters, dtypes=tuple(found.dtypes), layers=found.layers or start.layers,
        hidden_size=found.hidden_size or start.hidden_size, experts=found.experts,
        is_adapter=found.is_adapter or start.is_adapter,
    )  # fmt: skip
    if found.is_adapter:
        return Content(evidence, found, None, "unknown", "the tensors are those of an adapter")
    prediction = (
        of_gguf(found.gguf_architecture, found.tensor_count)
        if found.gguf_architecture
        else predict(found.shapes, found.vocabulary)
    )
    return Content(
        evidence, found, prediction, *compare(prediction, start.model_type, next(iter(start.architectures), ""))
    )


def _words(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(each for each in values if isinstance(each, str))


def facts(found: Content, skipped: Mapping[str, str]) -> dict[str, Any]:
    """What to tell of a content, in words and numbers."""
    told: dict[str, Any] = {
        "declared": " ".join(x for x in (found.evidence.model_type, *found.evidence.architectures) if x) or "nothing",
        "verdict": found.verdict,
        "reason": found.reason,
    }
    if found.fingerprint:
        told["parameters"] = found.fingerprint.parameters
        told |= {"dtypes": ", ".join(found.fingerprint.dtypes), "f0": found.fingerprint.f0, "f3": found.fingerprint.f3}
    if guess := found.prediction:
        told |= {
            "predicted": guess.architecture or guess.model_type or "unknown",
            "predicted_task": guess.task or "unknown",
            "evidence": guess.evidence,
            "equals": ", ".join(guess.equals[:12]),
            "nearest": ", ".join(f"{name} {distance:.3f}" for name, distance in guess.nearest),
        }
    if skipped:
        told["not_read"] = "; ".join(f"{path}: {reason}" for path, reason in skipped.items())
    return told
