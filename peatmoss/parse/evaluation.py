"""Results of evaluations as the Hub serves them: `model-index` (from cards) and `evalResults` (files of their own)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from peatmoss.parse.text import clean

MAX_RESULTS = 2000
MAX_TEXT = 200
_NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})([eE][+-]?\d{1,3})?")


def model_index(value: Any) -> list[dict[str, Any]]:
    """``[{"name", "results": [{"task", "dataset", "metrics": [...], "source"}]}]`` -> one row a metric.

    Raises TypeError if it is no list; entries that are not of this shape are passed over.
    """
    if not isinstance(value, list):
        raise TypeError(f"{type(value).__name__} instead of a list")
    return [row for _, row in zip(range(MAX_RESULTS), _index_rows(value), strict=False)]


def eval_results(value: Any) -> list[dict[str, Any]]:
    """``[{"dataset": {"id", "task_id"}, "value", "source", ...}]``, each perhaps within ``{"data"}`` -> one row each.

    Raises TypeError if it is no list; files that the Hub marks as wrong are passed over.
    """
    if not isinstance(value, list):
        raise TypeError(f"{type(value).__name__} instead of a list")
    return [row for _, row in zip(range(MAX_RESULTS), _result_rows(value), strict=False)]


def _index_rows(value: list[Any]) -> Iterator[dict[str, Any]]:
    for result in (result for entry in value for result in _list(_object(entry).get("results"))):
        result = _object(result)
        task, dataset, source = (_object(result.get(name)) for name in ("task", "dataset", "source"))
        for metric in _list(result.get("metrics")):
            if isinstance(metric, dict):
                yield {
                    "task": _text(task.get("type")),
                    "dataset_name": _text(dataset.get("name")),
                    "dataset_id": _text(dataset.get("type")),
                    "dataset_config": _text(dataset.get("config")),
                    "dataset_split": _text(dataset.get("split")),
                    "dataset_revision": _text(dataset.get("revision")),
                    "metric": _text(metric.get("type")) or _text(metric.get("name")),
                    **_value(metric.get("value")),
                    "is_verified": metric.get("verified") is True,
                    "source_name": _text(source.get("name")),
                    "source_url": _text(source.get("url")),
                }


def _result_rows(value: list[Any]) -> Iterator[dict[str, Any]]:
    for entry in value:
        if not isinstance(entry, dict) or "error" in entry:
            continue
        data = _object(entry.get("data", entry))
        dataset = data.get("dataset")
        dataset = {"id": dataset} if isinstance(dataset, str) else _object(dataset)
        source = _object(data.get("source"))
        yield {
            "task": _text(dataset.get("task_id")),
            "dataset_name": _text(dataset.get("id")),
            "dataset_id": _text(dataset.get("id")),
            "dataset_revision": _text(dataset.get("revision")),
            **_value(data.get("value")),
            "is_verified": bool(data.get("verifyToken")),
            "evaluated_on": _text(data.get("date")),
            "source_name": _text(source.get("name") or source.get("org") or source.get("user")),
            "source_url": _text(source.get("url")),
            "notes": _text(data.get("notes")),
        }


def _value(value: Any) -> dict[str, Any]:
    """The value as stated, and as a number if it is one: a percent sign is dropped, nothing else is guessed."""
    if isinstance(value, bool) or value is None:
        return {"value_text": None if value is None else str(value).lower(), "value": None}
    if isinstance(value, int | float):
        number = float(value) if abs(value) < 1e300 else math.inf
        return {"value_text": str(value)[:MAX_TEXT], "value": number if math.isfinite(number) else None}
    text = _text(value if isinstance(value, str) else repr(value))
    plain = (text or "").strip().removesuffix("%").strip()
    return {"value_text": text, "value": float(plain) if _NUMBER.fullmatch(plain) else None}


def _text(value: Any) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)[:MAX_TEXT]
    return (clean(value[:MAX_TEXT]).strip() or None) if isinstance(value, str) else None


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
