"""Columnar dumps of the Hub (Parquet, CSV) -> the same frame of facts as `parse.hub.model` gives for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from peatmoss.parse.hub import FIELDS, MAX_NAME, UTC_TIME

_CONTROL = r"[\x00-\x1f\x7f]"
_CHECKED = {
    "downloads", "downloads_all_time", "likes", "storage_bytes", "is_private", "is_disabled", "gated", "created_at",
    "last_modified_at",
}  # fmt: skip


def model_frame(frame: pl.DataFrame, columns: Mapping[str, str], separator: str = " ") -> pl.DataFrame:
    """A batch of a columnar dump -> `FACTS` columns (those that it carries) and `_problem`.

    columns: API field -> column of `frame`, as far as they exist. Values of a wrong type become null and are
    named in `_problem`, a list of the API fields at fault.
    """
    taken = {api: pl.col(column) for api, column in columns.items() if column in frame.columns}
    types = {api: frame.schema[columns[api]] for api in taken}
    facts: dict[str, pl.Expr] = {"context_id": taken["id"].cast(pl.String)}
    for api, fact in (
        ("downloads",) * 2,
        ("downloadsAllTime", "downloads_all_time"),
        ("likes",) * 2,
        ("usedStorage", "storage_bytes"),
    ):
        if api in taken:
            facts[fact] = _integers(taken[api], types[api])
    for api in ("sha", "pipeline_tag", "library_name"):
        if api in taken:
            facts[api] = _names(taken[api].cast(pl.String))
    if "license" in taken:
        facts["card_licenses"] = _single(taken["license"])
    for api, fact in (("private", "is_private"), ("disabled", "is_disabled")):
        if api in taken:
            facts[fact] = _booleans(taken[api], types[api])
    if "gated" in taken:
        facts["gated"] = _gatings(taken["gated"].cast(pl.String))
    for api, fact in (("createdAt", "created_at"), ("lastModified", "last_modified_at")):
        if api in taken:
            facts[fact] = _moments(taken[api], types[api])
    if "tags" in taken:
        facts["tags"] = (
            taken["tags"] if isinstance(types["tags"], pl.List) else taken["tags"].cast(pl.String).str.split(separator)
        )
    if "config" in taken:
        facts |= _config_columns(taken["config"], types["config"])
    if "safetensors" in taken:
        facts["parameter_count"] = _field(taken["safetensors"], types["safetensors"], "total").cast(
            pl.Int64, strict=False
        )
    if "gguf" in taken:
        facts["context_length"] = _field(taken["gguf"], types["gguf"], "context_length").cast(pl.Int64, strict=False)
    if "baseModels" in taken and isinstance(types["baseModels"], pl.Struct):
        facts["hub_relation"] = taken["baseModels"].struct.field("relation")
        facts["hub_bases"] = taken["baseModels"].struct.field("models").list.eval(pl.element().struct.field("id"))
    elif "base_model" in taken:
        facts["hub_relation"] = taken["relation"].cast(pl.String) if "relation" in taken else pl.lit(None, pl.String)
        facts["hub_bases"] = _single(taken["base_model"])
    lost = [
        pl.when(taken[api].is_not_null() & facts[fact].is_null()).then(pl.lit(api))
        for api, (fact, *_) in FIELDS.items()
        if api in taken and fact in facts and fact in _CHECKED
    ]
    problem = pl.concat_list(lost).list.drop_nulls() if lost else pl.lit([], pl.List(pl.String))
    return frame.select(_problem=problem, **facts)


def _integers(value: pl.Expr, dtype: Any) -> pl.Expr:
    number = (
        value.cast(pl.Float64, strict=False).cast(pl.Int64, strict=False)
        if dtype == pl.String
        else value.cast(pl.Int64, strict=False)
    )
    return pl.when(number >= 0).then(number)


def _names(value: pl.Expr) -> pl.Expr:
    return pl.when(value != "").then(value.str.slice(0, MAX_NAME).str.replace_all(_CONTROL, "\ufffd"))


def _single(value: pl.Expr) -> pl.Expr:
    """A list of the one name in a column, null where there is none."""
    name = _names(value.cast(pl.String))
    return pl.when(name.is_not_null()).then(pl.concat_list(name))


def _booleans(value: pl.Expr, dtype: Any) -> pl.Expr:
    if dtype == pl.Boolean:
        return value
    return (
        value.cast(pl.String)
        .str.to_lowercase()
        .replace_strict({"true": True, "1": True, "false": False, "0": False}, default=None)
    )


def _gatings(value: pl.Expr) -> pl.Expr:
    known = {"false": "no", "False": "no", "no": "no", "0": "no", "auto": "auto", "manual": "manual"}
    return value.replace_strict(known, default=None, return_dtype=pl.String)


def _moments(value: pl.Expr, dtype: Any) -> pl.Expr:
    if dtype == pl.String:
        plain = value.str.replace(" ", "T").str.replace(r"\.\d+", "").str.replace(r"(Z|\+00:?00)$", "")
        parsed = plain.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False)
        return (
            pl.coalesce(parsed, plain.str.to_datetime("%Y-%m-%d", strict=False))
            .dt.replace_time_zone("UTC")
            .cast(UTC_TIME)
        )
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        return value.dt.convert_time_zone("UTC").cast(UTC_TIME).dt.truncate("1s")
    return value.cast(pl.Datetime("us"), strict=False).dt.replace_time_zone("UTC").dt.truncate("1s")


def _field(value: pl.Expr, dtype: Any, name: str) -> pl.Expr:
    """A member of a struct column, or of a column of JSON texts."""
    if isinstance(dtype, pl.Struct):
        return value.struct.field(name) if name in dict(dtype) else pl.lit(None)
    return value.cast(pl.String).str.json_path_match(f"$.{name}")


def _config_columns(value: pl.Expr, dtype: Any) -> dict[str, pl.Expr]:
    classes = _field(value, dtype, "architectures")
    if not isinstance(dtype, pl.Struct):
        classes = classes.str.extract_all(r'[^\["\],\s]+')
    return {
        "architectures": classes,
        "model_type": _names(_field(value, dtype, "model_type").cast(pl.String)),
    }
