"""Every edge of the supply chain with the verdict about its licenses: distinct pairs of licenses are judged once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from peatmoss.parse.license import NONE, Judgement
from peatmoss.parse.license.reference import UNASKED, licenses, roles
from peatmoss.schema import metadata

_MODELS = """
SELECT b.context_id AS upstream, m.context_id AS downstream, e.relation AS kind, b.id AS upstream_model_id,
  m.id AS downstream_model_id, m.created_at
FROM model_to_base_model e JOIN model m ON m.id = e.model_id JOIN model b ON b.id = e.base_model_id
WHERE e.base_model_id <> e.model_id"""
_DATASETS = """
SELECT d.name AS upstream, m.context_id AS downstream, m.id AS downstream_model_id
FROM model_to_dataset e JOIN model m ON m.id = e.model_id JOIN dataset d ON d.id = e.dataset_id"""
_REPOSITORIES = """
SELECT DISTINCT m.context_id AS upstream, r.host || '/' || r.owner || '/' || r.name AS downstream, u.role AS kind,
  m.id AS upstream_model_id, r.id AS reuse_repository_id
FROM usage u JOIN model m ON m.id = u.model_id JOIN repository_scan s ON s.id = u.repository_scan_id
JOIN reuse_repository r ON r.id = s.reuse_repository_id
WHERE u.is_used OR u.role IN ('bundle', 'publish', 'provenance')"""

_ASKED_MODELS = """
SELECT DISTINCT 'model' AS artifact_kind, m.context_id AS artifact
FROM model_observation o JOIN model m ON m.id = o.model_id WHERE o.license IS NOT NULL"""
_ASKED_REPOSITORIES = """
SELECT 'repository' AS artifact_kind, r.host || '/' || r.owner || '/' || r.name AS artifact
FROM reuse_repository r WHERE r.github_id IS NOT NULL"""
_ASKED_DATASETS = "SELECT 'dataset' AS artifact_kind, d.name AS artifact FROM dataset d WHERE d.sha IS NOT NULL"

SCHEMA: dict[str, Any] = {
    "upstream_kind": pl.String, "upstream": pl.String, "downstream_kind": pl.String, "downstream": pl.String,
    "kind": pl.String, "relation": pl.String, "tier": pl.String, "is_inferred": pl.Boolean,
    "upstream_model_id": pl.Int64, "downstream_model_id": pl.Int64, "reuse_repository_id": pl.Int64,
    "created_at": pl.Datetime("us", "UTC"),
}  # fmt: skip
_KEY = ("upstream_kind", "upstream", "downstream_kind", "downstream", "kind")
Judge = Callable[[str, str, str], Judgement]


def edges(ask: Callable[[str], pl.DataFrame]) -> pl.DataFrame:
    """All edges, without licenses."""
    trains = {
        "upstream_kind": "dataset",
        "downstream_kind": "model",
        "kind": "trains",
        "relation": "train",
        "tier": "B",
    }
    found = [
        derivations(ask(_MODELS)),
        _shaped(ask(_DATASETS), **trains),
        _usages(ask(_REPOSITORIES)),
    ]  # fmt: skip
    return pl.concat(found).unique(_KEY, keep="first", maintain_order=True).sort(_KEY)


def derivations(frame: pl.DataFrame) -> pl.DataFrame:
    """Model -> model. A kind that is not stated is read from the name, or from there being several bases."""
    name = pl.col("downstream").str.to_lowercase()
    packed = name.str.contains(r"gguf|ggml|gptq|awq|exl2|[-_.](int|fp)?[348]bit|bnb-4bit|quantized")
    bases = pl.col("upstream").n_unique().over("downstream")
    inferred = (
        pl.when(packed).then(pl.lit("quantized")).when(bases > 1).then(pl.lit("merge")).otherwise(pl.lit("unknown"))
    )
    is_open = pl.col("kind") == "unknown"
    kind = pl.when(is_open).then(inferred).otherwise("kind")
    tier = pl.when(kind.is_in(["quantized", "merge", "finetune"])).then(pl.lit("A")).otherwise(pl.lit("B"))
    framed = frame.with_columns(kind=kind, tier=tier, is_inferred=is_open & (inferred != "unknown"))
    return _shaped(framed, upstream_kind="model", downstream_kind="model", relation="derive")


def _usages(frame: pl.DataFrame) -> pl.DataFrame:
    known = [role for role, (relation, _) in roles().items() if relation]
    framed = frame.with_columns(pl.col("kind").cast(pl.String)).filter(pl.col("kind").is_in(known))
    framed = framed.with_columns(
        relation=pl.col("kind").replace_strict({r: roles()[r][0] for r in known}, return_dtype=pl.String),
        tier=pl.col("kind").replace_strict({r: roles()[r][1] for r in known}, return_dtype=pl.String),
    )
    return _shaped(framed, upstream_kind="model", downstream_kind="repository")


def _shaped(frame: pl.DataFrame, **columns: str) -> pl.DataFrame:
    framed = frame.with_columns(**{name: pl.lit(value) for name, value in columns.items()})
    missing = [pl.lit(None).alias(name) for name in SCHEMA if name not in framed.columns]
    cast = [
        pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us", time_zone="UTC")
        if kind == SCHEMA["created_at"] and framed.schema.get(name) == pl.String
        else pl.col(name).cast(kind)
        for name, kind in SCHEMA.items()
    ]
    return framed.with_columns(missing).select(cast).with_columns(pl.col("is_inferred").fill_null(value=False))


def asked_of(ask: Callable[[str], pl.DataFrame]) -> pl.DataFrame:
    """Artifacts of which a source that could tell a license was collected: without one, they declare none."""
    found = [ask(_ASKED_MODELS), ask(_ASKED_REPOSITORIES)]
    if "dataset_to_license" in metadata.tables:
        found.append(ask(_ASKED_DATASETS))
    return pl.concat([frame.cast(pl.String) for frame in found]).unique()


def with_licenses(
    found: pl.DataFrame, conclusions: pl.DataFrame, claims: pl.DataFrame, asked: pl.DataFrame
) -> pl.DataFrame:
    """Edges with the license of either end today, and the upstream's of when the downstream was made (`then`)."""
    known = conclusions.select("artifact_kind", "artifact", "component", "expression")
    # the part of each kind of artifact that an edge is about
    part = {"model": "weights", "dataset": "data", "repository": "code"}
    known = known.filter(pl.col("component") == pl.col("artifact_kind").replace_strict(part)).drop("component")
    for end in ("upstream", "downstream"):
        right = known.rename({"artifact_kind": f"{end}_kind", "artifact": end, "expression": f"{end}_expression"})
        found = found.join(right, on=[f"{end}_kind", end], how="left", maintain_order="left")
        told = asked.rename({"artifact_kind": f"{end}_kind", "artifact": end}).with_columns(told=pl.lit(NONE))
        found = found.join(told, on=[f"{end}_kind", end], how="left", maintain_order="left")
        found = found.with_columns(pl.coalesce(f"{end}_expression", "told", pl.lit(UNASKED)).alias(f"{end}_expression"))
        found = found.drop("told")
    tags = (
        claims.filter((pl.col("source") == "tag") & (pl.col("artifact_kind") == "model"))
        .select(upstream="artifact", then_expression="expression", said_at="claimed_at")
        .sort("said_at")
    )
    dated = found.with_row_index("_n").filter(pl.col("created_at").is_not_null() & (pl.col("upstream_kind") == "model"))
    # the last word before the downstream was made, else the first one after it
    then = dated.sort("created_at").join_asof(
        tags, left_on="created_at", right_on="said_at", by="upstream", strategy="backward", check_sortedness=False
    )
    found = found.with_row_index("_n").join(
        then.select("_n", "then_expression"), on="_n", how="left", maintain_order="left"
    )
    first = tags.group_by("upstream", maintain_order=True).agg(
        pl.col("then_expression").first().alias("first_expression")
    )
    found = found.join(first, on="upstream", how="left", maintain_order="left")
    is_dated = pl.col("created_at").is_not_null() & (pl.col("upstream_kind") == "model")
    then_ = pl.coalesce("then_expression", pl.when(is_dated).then("first_expression"))
    changed = then_.is_not_null() & (then_ != pl.col("upstream_expression"))
    return found.with_columns(then_expression=pl.when(changed).then(then_)).drop("_n", "first_expression")


def verdicts(pairs: pl.DataFrame, judge: Judge) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Distinct (upstream_expression, downstream_expression, relation) -> verdicts with ids, and all opinions."""
    keys = pairs.unique(maintain_order=False).sort("upstream_expression", "downstream_expression", "relation")
    found = [judge(*row) for row in keys.iter_rows()]
    frame = keys.with_columns(
        pl.Series("verdict", [one.verdict for one in found], pl.String),
        pl.Series("reason_code", [one.reason_code for one in found], pl.String),
        pl.Series("reason", [one.reason for one in found], pl.String),
        pl.Series("lost_clauses", [" ".join(one.lost) for one in found], pl.String),
        pl.Series("duties", [" ".join(one.duties) for one in found], pl.String),
        pl.Series("rule_set", [one.rule_set for one in found], pl.String),
        pl.Series("source_url", [one.source for one in found], pl.String),
        pl.Series("source_date", [one.date for one in found], pl.String),
    ).with_row_index("id", offset=1).with_columns(pl.col("id").cast(pl.Int64))  # fmt: skip
    rows = [
        (number, o.layer, o.verdict, o.reason, o.rule_set, o.source, o.date)
        for number, one in enumerate(found, 1)
        for o in {o.layer: o for o in one.opinions}.values()
    ]
    names = ("license_verdict_id", "layer", "verdict", "reason", "rule_set", "source_url", "source_date")
    kinds = (pl.Int64, *[pl.String] * 6)
    return frame, pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")


def tiers(found: pl.DataFrame) -> pl.DataFrame:
    """An adapter or a distilled model is contested, unless the upstream's own terms call such results derivatives."""
    bound = [i for i, known in licenses().items() if known.kind == "model" and _binds(i)]
    is_bound = pl.col("upstream_expression").is_in(bound) & pl.col("kind").is_in(["adapter", "unknown"])
    return found.with_columns(tier=pl.when(is_bound).then(pl.lit("A")).otherwise("tier"))


def _binds(license_id: str) -> bool:
    clauses = licenses()[license_id].clauses.values()
    return any("train" in clause.triggers and clause.code in ("C8", "C11", "L1", "L3", "L5") for clause in clauses)
