"""What an archived snapshot says: files, card, texts and tensor headers -> rows without ids.

Every part but the model and its revision may be missing; a missing part says nothing, an empty one that there is none.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson
import polars as pl

from peatmoss.errors import RecordError
from peatmoss.parse import header as heads
from peatmoss.parse import hub

MAX_CONFIG = 2**20
MAX_FOLDED = 2**20
LICENSE_FILE = r"(?i)(?:.*/)?(licen[cs]e|notice|copying|unlicense|use_policy|third_party_notices)([._-][^/]*)?"
_LICENSE = re.compile(LICENSE_FILE)

FACTS: dict[str, Any] = {
    "context_id": pl.String,
    "sha": pl.String,
    "card": pl.String,
    "skipped": pl.String,
    "files": pl.List(pl.Struct({**dict(hub.FILE.to_schema()), "skipped": pl.String})),
    "configs": pl.List(pl.Struct({"path": pl.String, "content": pl.String, "status": pl.String})),
    "licenses": pl.List(
        pl.Struct({"path": pl.String, "content": pl.String, "sha256": pl.String, "size_bytes": pl.Int64})
    ),
    "headers": pl.List(
        pl.Struct(
            {
                "path": pl.String, "format": pl.String, "tensor_count": pl.Int64, "parameter_count": pl.Int64,
                "header_bytes": pl.Int64, "metadata": pl.String, "tensors": pl.String,
                "dtypes": pl.List(
                    pl.Struct({"dtype": pl.String, "tensor_count": pl.Int64, "parameter_count": pl.Int64})
                ),
            }
        )
    ),
}  # fmt: skip


def snapshot(data: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The facts of one snapshot, and the parts that could not be understood as (field, reason).

    Raises RecordError if the record as a whole is unusable.
    """
    if not isinstance(data, dict):
        raise RecordError("data is not an object")
    name = hub.check_name(data.get("modelId") or data.get("id"))
    sha, card = data.get("sha"), data.get("readme")
    if not isinstance(sha, str) or not re.fullmatch(r"[0-9a-f]{7,64}", sha):
        raise RecordError("no revision", name)
    if card is not None and not isinstance(card, str):
        raise RecordError("card is not a text", name)
    facts: dict[str, Any] = {"context_id": name, "sha": sha, "card": card}
    problems: list[tuple[str, str]] = []
    skipped = _texts(data.get("skipped"))
    facts["skipped"] = skipped.get("*")
    if data.get("files") is not None:
        facts["files"] = _each(data["files"], lambda item: _file(item, skipped), "files", problems)
    if data.get("contents") is not None:
        contents = sorted(_texts(data["contents"]).items())
        facts["configs"] = [row for path, text in contents if (row := _config(path, text))]
        facts["licenses"] = [_license_text(path, text) for path, text in contents if _LICENSE.fullmatch(path)]
    if data.get("headers") is not None:
        headers = data["headers"].items() if isinstance(data["headers"], dict) else [None]
        facts["headers"] = _each(sorted(headers), _header, "headers", problems)
    return facts, problems


def _each(items: Any, parse: Callable[[Any], Any], field: str, problems: list[tuple[str, str]]) -> list[Any]:
    """Parse what can be parsed; the rest is one problem, in the words of the first."""
    found = []
    reasons = []
    for item in items if isinstance(items, list) else [items]:
        try:
            found.append(parse(item))
        except RecordError as error:
            reasons.append(error.reason)
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
            reasons.append(f"not understood: {type(error).__name__} {error}")
    if reasons:
        more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
        problems.append((field, reasons[0] + more))
    return found


def _file(item: Any, skipped: Mapping[str, str]) -> dict[str, Any]:
    found = hub.file(item)
    return found | {"skipped": skipped.get(found["path"])}


def _texts(value: Any) -> dict[str, str]:
    """Path -> text; what is neither is left out, and no text holds a zero byte, which no database takes."""
    if not isinstance(value, dict):
        return {}
    pairs = ((path, text) for path, text in value.items() if isinstance(path, str) and isinstance(text, str))
    return {path.replace("\0", "\ufffd"): text.replace("\0", "\ufffd") for path, text in pairs}


def _config(path: str, text: str) -> dict[str, Any] | None:
    """A configuration as JSON, or None if the file is none. Lists of tensors are told by the headers."""
    if not path.lower().endswith(".json") or path.lower().endswith(".index.json"):
        return None
    if len(text) > MAX_CONFIG:
        return {"path": path, "content": None, "status": "too_large"}
    try:
        content = orjson.dumps(json.loads(text)).decode()
    except (ValueError, TypeError, RecursionError):
        return {"path": path, "content": None, "status": "broken"}
    return {"path": path, "content": content, "status": "ok"}


def _license_text(path: str, text: str) -> dict[str, Any]:
    raw = text.encode("utf-8", "replace")
    return {
        "path": path,
        "content": raw.decode("utf-8"),
        "sha256": hashlib.sha256(raw).hexdigest(),
        "size_bytes": len(raw),
    }


def _header(item: Any) -> dict[str, Any]:
    if item is None:
        raise RecordError("not an object")
    path, value = item
    found = heads.checked(value)
    counts = heads.parameter_counts(found["tensors"])
    folded = heads.fold(found["tensors"])
    metadata = json.dumps(found["metadata"], ensure_ascii=True, sort_keys=True, allow_nan=False)
    return {
        "path": hub.check_name(path),
        "format": found["format"],
        "tensor_count": len(found["tensors"]),
        "parameter_count": sum(elements for _, elements in counts.values()),
        "header_bytes": found["header_bytes"],
        "metadata": metadata if len(metadata) <= MAX_FOLDED else None,
        "tensors": folded if len(folded) <= MAX_FOLDED else None,
        "dtypes": [
            {"dtype": dtype, "tensor_count": number, "parameter_count": elements}
            for dtype, (number, elements) in counts.items()
        ],
    }
