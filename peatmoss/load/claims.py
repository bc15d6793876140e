"""What the Hub serves with a model beside its own fields: results of evaluations, findings of security scans."""

from __future__ import annotations

import polars as pl

from peatmoss.db import Ingest
from peatmoss.parse import hub as parse
from peatmoss.schema import hub as tables

_PLACES = {"model_index": "index_results", "eval_results": "eval_results"}


def write_claims(sink: Ingest, part: pl.DataFrame, have: set[str]) -> None:
    """One part of a batch of models, with `model_id`; what it does not speak about stays as it is."""
    known = part.filter(~pl.col("is_new"))["model_id"]
    if "scan_issues" in have:
        long = part.select("model_id", issue="scan_issues").explode("issue", empty_as_null=False).drop_nulls("issue")
        issues = long.unnest("issue").unique(["model_id", "path"], keep="first", maintain_order=True)
        sink.replace(tables.model_scan_issue, "model_id", known, issues)
    said = {place: column for place, column in _PLACES.items() if column in have}
    if said:
        _write_results(sink, part, said, known)


def _write_results(sink: Ingest, part: pl.DataFrame, said: dict[str, str], known: pl.Series) -> None:
    columns = ["model_id", "declared_in", "position", *(field.name for field in parse.EVALUATION.fields)]
    found = []
    for place, column in said.items():
        long = part.select("model_id", result=column).explode("result", empty_as_null=False).drop_nulls("result")
        position = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("model_id")
        found.append(long.unnest("result").with_columns(declared_in=pl.lit(place), position=position).select(columns))
    if known.len() and len(said) < len(_PLACES):
        sink.stage("stage_result", pl.DataFrame({"id": known}))
        old = sink.read(
            tables.evaluation_result,
            "SELECT r.* FROM stage_result s CROSS JOIN evaluation_result r WHERE r.model_id = s.id",
        )
        found.append(old.filter(~pl.col("declared_in").is_in(list(said))).select(columns))
    sink.replace(tables.evaluation_result, "model_id", known, pl.concat(found))
