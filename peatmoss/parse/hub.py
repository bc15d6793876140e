"""What the Hub's API says of a model, in every shape it comes in -> one frame of facts.

Two ways lead to the same columns (`FACTS`): `model` takes one JSON object, `model_frame` a columnar bulk file.
A fact that was not asked for is something else than a fact that is empty: see `carried`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl

from peatmoss.errors import RecordError
from peatmoss.parse import evaluation
from peatmoss.parse.weights import is_pickle_only

UTC_TIME = pl.Datetime("us", "UTC")
FILE = pl.Struct({"path": pl.String, "size_bytes": pl.Int64, "git_sha": pl.String, "lfs_sha256": pl.String})

EVALUATION = pl.Struct({
    "task": pl.String, "dataset_name": pl.String, "dataset_id": pl.String, "dataset_config": pl.String,
    "dataset_split": pl.String, "dataset_revision": pl.String, "metric": pl.String, "value_text": pl.String,
    "value": pl.Float64, "is_verified": pl.Boolean, "evaluated_on": pl.String, "source_name": pl.String,
    "source_url": pl.String, "notes": pl.String,
})  # fmt: skip
ISSUE = pl.Struct({"path": pl.String, "level": pl.String})

FACTS: dict[str, Any] = {
    "context_id": pl.String,
    "sha": pl.String,
    "downloads": pl.Int64,
    "downloads_all_time": pl.Int64,
    "likes": pl.Int64,
    "model_type": pl.String,
    "gated": pl.String,
    "is_private": pl.Boolean,
    "is_disabled": pl.Boolean,
    "created_at": UTC_TIME,
    "last_modified_at": UTC_TIME,
    "parameter_count": pl.Int64,
    "context_length": pl.Int64,
    "storage_bytes": pl.Int64,
    "pipeline_tag": pl.String,
    "library_name": pl.String,
    "tags": pl.List(pl.String),
    "architectures": pl.List(pl.String),
    "dtypes": pl.List(pl.Struct({"dtype": pl.String, "count": pl.Int64})),
    "hub_bases": pl.List(pl.String),
    "hub_relation": pl.String,
    "card_bases": pl.List(pl.String),
    "card_relation": pl.String,
    "card_licenses": pl.List(pl.String),
    "card_datasets": pl.List(pl.String),
    "card_languages": pl.List(pl.String),
    "files": pl.List(FILE),
    "is_pickle_only": pl.Boolean,
    "has_auto_map": pl.Boolean,
    "scan_status": pl.String,
    "scan_issues": pl.List(ISSUE),
    "index_results": pl.List(EVALUATION),
    "eval_results": pl.List(EVALUATION),
}

FIELDS: dict[str, tuple[str, ...]] = {
    "sha": ("sha",),
    "downloads": ("downloads",),
    "downloadsAllTime": ("downloads_all_time",),
    "likes": ("likes",),
    "gated": ("gated",),
    "private": ("is_private",),
    "disabled": ("is_disabled",),
    "createdAt": ("created_at",),
    "lastModified": ("last_modified_at",),
    "tags": ("tags",),
    "siblings": ("files", "is_pickle_only"),
    "usedStorage": ("storage_bytes",),
    "pipeline_tag": ("pipeline_tag",),
    "library_name": ("library_name",),
    "license": ("card_licenses",),
    "config": ("architectures", "model_type", "has_auto_map"),
    "securityRepoStatus": ("scan_status", "scan_issues"),
    "model-index": ("index_results",),
    "evalResults": ("eval_results",),
    "safetensors": ("parameter_count", "dtypes"),
    "gguf": ("context_length",),
    "baseModels": ("hub_bases", "hub_relation"),
    "base_model": ("hub_bases", "hub_relation"),
    "cardData": ("card_bases", "card_relation", "card_licenses", "card_datasets", "card_languages", "index_results"),
}
"""API field -> the facts it carries. Whatever a record says beyond these stays in the archive."""

OMITTED_WHEN_EMPTY = {
    "pipeline_tag",
    "library_name",
    "config",
    "safetensors",
    "gguf",
    "baseModels",
    "cardData",
    "model-index",
    "evalResults",
}
"""The API leaves these out when there is nothing to say; every other field is there if it was asked for."""

ALIASES = {
    "modelId": "id",
    "model_id": "id",
    "last_modified": "lastModified",
    "created_at": "createdAt",
    "downloads_all_time": "downloadsAllTime",
    "card_data": "cardData",
    "base_models": "baseModels",
    "used_storage": "usedStorage",
    "model_index": "model-index",
    "eval_results": "evalResults",
    "security_repo_status": "securityRepoStatus",
}
"""Other spellings: older API answers, and `huggingface_hub.ModelInfo` dumped as JSON."""

RELATIONS = ("finetune", "adapter", "merge", "quantized")
MAX_NAME = 512
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SIBLING = re.compile(r"^RepoSibling\(rfilename=(['\"])(?P<path>.*?)\1, size=(?P<size>\d+|None)")


def canonical(fields: Iterable[str]) -> set[str]:
    """Field names as the API spells them today."""
    return {ALIASES.get(name, name) for name in fields}


def carried(present: set[str], asked: set[str]) -> tuple[str, ...]:
    """The API fields that a record speaks about.

    present: fields in the record; asked: fields that occur anywhere in its shard. A field that the API omits
    when empty is spoken about by its absence, unless the record lacks other fields too: then less was asked.
    """
    whole = (asked & FIELDS.keys()) - OMITTED_WHEN_EMPTY <= present
    return tuple(sorted((present & FIELDS.keys()) | (asked & OMITTED_WHEN_EMPTY if whole else set())))


def check_name(name: Any) -> str:
    """A model's name, or RecordError if it cannot be one on any hub."""
    if not isinstance(name, str) or not name.strip():
        raise RecordError("no model id" if name is None or name == "" else "model id is not a text")
    if len(name) > MAX_NAME:
        raise RecordError(f"model id of {len(name)} characters (more than {MAX_NAME})", name)
    if _CONTROL.search(name):
        raise RecordError("control character in the model id", name)
    return name


def unwrap(record: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """A record, possibly ``{"model_id", "metadata", "card"}`` -> (its API fields, its card or None).

    Raises RecordError if the wrapper holds no metadata.
    """
    card = None
    if "metadata" in record and ("model_id" in record or "id" in record):
        card = record.get("card")
        if record["metadata"] is None:
            raise RecordError("no metadata beside the model id", str(record.get("model_id") or record.get("id")))
        record = record["metadata"]
        if not isinstance(record, dict):
            raise RecordError("metadata is not an object")
    fields: dict[str, Any] = {}
    for name, value in record.items():
        api_name = ALIASES.get(name, name)
        if name == api_name or api_name not in record:
            fields[api_name] = value
    return fields, card if isinstance(card, str) else None


def model(fields: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The facts of one model, and the fields that could not be understood as (field, reason).

    Raises RecordError if the record as a whole is unusable.
    """
    facts: dict[str, Any] = {"context_id": check_name(fields.get("id"))}
    problems: list[tuple[str, str]] = []
    for name, parse in _PARSERS.items():
        if fields.get(name) is None:
            continue
        try:
            facts.update(parse(fields[name]))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            problems.append((name, f"not understood: {type(error).__name__} {error}"))
    if facts.get("parameter_count") is None:
        facts["parameter_count"] = facts.pop("gguf_total", None)
    facts.pop("gguf_total", None)
    return facts, problems


def _count(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:20])
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise TypeError(f"{type(value).__name__} instead of a whole number")
    if not 0 <= value < 2**63:
        raise ValueError("number out of range")
    return int(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of a text")
    return _CONTROL.sub("\ufffd", value[:MAX_NAME])


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{type(value).__name__} instead of true or false")
    return value


def _moment(value: Any) -> datetime:
    parsed = datetime.fromisoformat(_text(value))
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        raise TypeError("str instead of a list of texts")
    return [_text(item) for item in value if item is not None]


def _gated(value: Any) -> str:
    if value is False:
        return "no"
    if value not in ("auto", "manual"):
        raise ValueError(f"unknown kind of gating {value!r}")
    return str(value)


def _config(value: Any) -> dict[str, Any]:
    classes = value.get("architectures")
    return {
        "architectures": [_text(classes)] if isinstance(classes, str) else _texts(classes or ()),
        "model_type": _text(value["model_type"]) if value.get("model_type") else None,
        "has_auto_map": bool(value.get("auto_map")),
    }


def _safetensors(value: Any) -> dict[str, Any]:
    dtypes = [{"dtype": _text(k), "count": _count(v)} for k, v in (value.get("parameters") or {}).items()]
    total = value.get("total")
    return {"parameter_count": _count(total) if total is not None else None, "dtypes": dtypes}


def _gguf(value: Any) -> dict[str, Any]:
    length, total = value.get("context_length"), value.get("total")
    facts: dict[str, Any] = {"context_length": None if length is None else _count(length)}
    if total is not None:
        facts["gguf_total"] = _count(total)
    return facts


def _base_models(value: Any) -> dict[str, Any]:
    names = [item["id"] if isinstance(item, dict) else item for item in value.get("models") or ()]
    return {"hub_bases": _texts(names), "hub_relation": value.get("relation")}


def _card_data(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):  # ModelInfo dumps hold it as YAML text; the tags say the same
        return {}
    relation = value.get("base_model_relation")
    results = value.get("model-index")
    facts = {"index_results": evaluation.model_index(results)} if isinstance(results, list) else {}
    return facts | {
        "card_bases": _one_or_more(value.get("base_model")),
        "card_relation": relation if isinstance(relation, str) else None,
        "card_licenses": _one_or_more(value.get("license")),
        "card_datasets": _one_or_more(value.get("datasets")),
        "card_languages": _one_or_more(value.get("language")),
    }


def _one_or_more(value: Any) -> list[str]:
    """Card fields hold one name or a list of them; authors put other things in, too."""
    return [_text(item) for item in (value if isinstance(value, list) else [value]) if isinstance(item, str) and item]


def file(item: Any) -> dict[str, Any]:
    """A file as a listing names it, or as the tree describes it. Raises ValueError, TypeError, LookupError."""
    if isinstance(item, str):
        found = _SIBLING.match(item)
        if not found:
            return {"path": _text(item)}
        size = found["size"]
        return {"path": _text(found["path"]), "size_bytes": None if size == "None" else int(size)}
    lfs = item.get("lfs") or {}
    return {
        "path": _text(item.get("rfilename") or item["path"]),
        "size_bytes": None if item.get("size") is None else _count(item["size"]),
        "git_sha": item.get("blobId") or item.get("oid"),
        "lfs_sha256": lfs.get("sha256") or lfs.get("oid"),
    }


def _files(files: list[dict[str, Any]]) -> dict[str, Any]:
    return {"files": files, "is_pickle_only": is_pickle_only(item["path"] for item in files)}


def _security(value: Any) -> dict[str, Any]:
    """``{"scansDone", "filesWithIssues": [{"path", "level"}]}``."""
    issues = [{"path": _text(item["path"]), "level": _text(item["level"])} for item in value["filesWithIssues"]]
    status = "issues" if issues else "clean" if _bool(value["scansDone"]) else "pending"
    return {"scan_status": status, "scan_issues": issues}


_PARSERS: dict[str, Any] = {
    "sha": lambda v: {"sha": _text(v)},
    "downloads": lambda v: {"downloads": _count(v)},
    "downloadsAllTime": lambda v: {"downloads_all_time": _count(v)},
    "likes": lambda v: {"likes": _count(v)},
    "usedStorage": lambda v: {"storage_bytes": _count(v)},
    "private": lambda v: {"is_private": _bool(v)},
    "disabled": lambda v: {"is_disabled": _bool(v)},
    "gated": lambda v: {"gated": _gated(v)},
    "createdAt": lambda v: {"created_at": _moment(v)},
    "lastModified": lambda v: {"last_modified_at": _moment(v)},
    "pipeline_tag": lambda v: {"pipeline_tag": _text(v)},
    "library_name": lambda v: {"library_name": _text(v)},
    "license": lambda v: {"card_licenses": _one_or_more(v)},
    "tags": lambda v: {"tags": _texts(v)},
    "config": _config,
    "gguf": _gguf,
    "safetensors": _safetensors,
    "baseModels": _base_models,
    "cardData": _card_data,
    "siblings": lambda v: _files([file(item) for item in v]),
    "model-index": lambda v: {"index_results": evaluation.model_index(v)},
    "evalResults": lambda v: {"eval_results": evaluation.eval_results(v)},
    "securityRepoStatus": _security,
}
