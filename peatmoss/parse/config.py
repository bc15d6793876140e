"""config.json -> evidence about a model, as far as it has the form that is expected."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from peatmoss.parse.name.evidence import Evidence


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
