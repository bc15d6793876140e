"""A CSV table of models as evidence."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from peatmoss.errors import PeatmossError
from peatmoss.parse.name.evidence import Evidence

_LISTS = {"architectures", "files", "dtypes", "languages", "datasets", "base_models"}
_NUMBERS = {"parameters", "bits", "hidden_size", "layers", "heads", "context_length", "experts"}
COLUMNS = Evidence._fields


def table(path: Path) -> Iterator[Evidence]:
    """The rows of a CSV file with a column `id` and any of the others (lists are blank-separated)."""
    csv.field_size_limit(10_000_000)
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            rows = csv.DictReader(file)
            if "id" not in (rows.fieldnames or ()):
                raise PeatmossError(
                    f"{path} has no column id: it needs a first line like id,architectures,model_type,task,parameters"
                )
            for row in rows:
                yield _row(row, f"{path}, line {rows.line_num}")
    except OSError as error:
        raise PeatmossError(f"cannot read {path}: {error.strerror}") from error
    except csv.Error as error:
        raise PeatmossError(f"{path} is no CSV: {error}") from error


def _row(row: Mapping[str | None, Any], where: str) -> Evidence:
    values: dict[str, Any] = {}
    for name in Evidence._fields:
        text = row.get(name)
        if not isinstance(text, str) or not text.strip():
            continue
        text = text.strip()
        if name in _LISTS:
            values[name] = tuple(text.split())
        elif name in _NUMBERS:
            values[name] = _number(text, name, where)
        elif name == "is_adapter":
            values[name] = text.lower() in ("1", "true", "yes")
        else:
            values[name] = text
    return Evidence(**{"id": "", **values})


def _number(text: str, name: str, where: str) -> int:
    try:
        value = int(float(text.replace(",", "").replace("_", "")))
    except (ValueError, OverflowError):
        raise PeatmossError(f"{where}: {name} is no number: {text[:40]!r}") from None
    if value < 0:
        raise PeatmossError(f"{where}: {name} is negative: {text[:40]!r}")
    return value


__all__ = ["COLUMNS", "table"]
