"""Questions on plain values: names, tables, model folders. No database, no network."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
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
                raise PeatmossError(f"{path} has no column id: it needs a first line like id,architectures,model_type,task,parameters")
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


def config_evidence(model_id: str, config: Mapping[str, Any], files: Iterable[str] = (), **more: Any) -> Evidence:
    """What a config.json says, as far as it has the form that is expected."""
    text = config.get("text_config")
    inner = text if isinstance(text, Mapping) else config
    quantization = config.get("quantization_config")
    quantization = quantization if isinstance(quantization, Mapping) else {}
    names = config.get("architectures")
    values: dict[str, Any] = {
        "architectures": tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else (),
        "model_type": _text(config.get("model_type")),
        "quantization": _text(quantization.get("quant_method")),
        "bits": _int(quantization.get("bits")) or (4 if quantization.get("load_in_4bit") is True else None),
        "origin": _text(config.get("_name_or_path")),
        "hidden_size": _first(inner, "hidden_size", "d_model", "n_embd", "dim"),
        "layers": _first(inner, "num_hidden_layers", "n_layer", "n_layers", "num_layers", "encoder_layers"),
        "heads": _first(inner, "num_attention_heads", "n_head", "n_heads", "encoder_attention_heads"),
        "context_length": _context(inner),
        "experts": _first(inner, "num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts"),
        "files": tuple(files),
    }
    return Evidence(model_id, **{**values, **{name: value for name, value in more.items() if value}})


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _int(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53 else None


def _first(config: Mapping[str, Any], *names: str) -> int | None:
    return next((number for name in names if (number := _int(config.get(name)))), None)


def _context(config: Mapping[str, Any]) -> int | None:
    """Positions times the stretch of rope scaling."""
    longest = _first(config, "max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "n_ctx")
    scaling = config.get("rope_scaling")
    factor = scaling.get("factor") if isinstance(scaling, Mapping) else None
    original = _int(scaling.get("original_max_position_embeddings")) if isinstance(scaling, Mapping) else None
    if longest and isinstance(factor, int | float) and factor > 1 and not (original and original < longest):
        return int(longest * min(factor, 10_000))
    return longest


def read_config(text: str) -> dict[str, Any]:
    """A config.json; anything else is an empty one."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}



__all__ = ["COLUMNS", "config_evidence", "read_config", "table"]
