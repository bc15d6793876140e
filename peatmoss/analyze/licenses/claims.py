"""What every source says about an artifact's license, and what it comes to."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import polars as pl

from peatmoss.parse.license import NOASSERTION, NONE, leaves, normalise, normalise_all, recognise
from peatmoss.parse.license.reference import families
from peatmoss.schema import metadata

_TIME = pl.Datetime("us", "UTC")
SCHEMA = {
    "artifact_kind": pl.String, "artifact": pl.String, "component": pl.String, "source": pl.String, "raw": pl.String,
    "expression": pl.String, "place": pl.String, "revision": pl.String, "claimed_at": _TIME, "model_id": pl.Int64,
    "reuse_repository_id": pl.Int64, "shard_id": pl.Int64,
}  # fmt: skip
_KEY = ("artifact_kind", "artifact", "component", "source", "place", "claimed_at")
_WEIGHT = {"tag": 0, "api": 0, "license": 1, "license_name": 2, "license_link": 3, "file": 4}
"""The order in which sources are asked: the hub's or host's own field, the card, a LICENSE text."""

_TAGS = """
SELECT m.context_id AS artifact, o.license AS raw, o.as_of AS claimed_at, o.sha AS revision, m.id AS model_id,
  o.shard_id
FROM model_observation o JOIN model m ON m.id = o.model_id WHERE o.license <> ''"""
_TAGS_UNDATED = """
SELECT m.context_id AS artifact, l.name AS raw, s.as_of AS claimed_at, m.sha AS revision, m.id AS model_id, m.shard_id
FROM model_to_license x JOIN model m ON m.id = x.model_id JOIN license l ON l.id = x.license_id
JOIN shard s ON s.id = m.shard_id
WHERE NOT EXISTS (SELECT 1 FROM model_observation o WHERE o.model_id = m.id AND o.license <> '')
ORDER BY m.id, l.name"""
_CARDS = """
SELECT m.context_id AS artifact, c.front_matter AS raw, p.as_of AS claimed_at, p.revision, m.id AS model_id, p.shard_id
FROM card c JOIN snapshot p ON p.id = c.snapshot_id JOIN model m ON m.id = p.model_id
WHERE c.front_matter LIKE '%"license%'"""
_FILES = """
SELECT m.context_id AS artifact, t.content AS raw, t.sha256, t.path AS place, p.as_of AS claimed_at, p.revision,
  m.id AS model_id, p.shard_id
FROM license_text t JOIN snapshot p ON p.id = t.snapshot_id JOIN model m ON m.id = p.model_id"""
_REPOSITORIES = """
SELECT r.host || '/' || r.owner || '/' || r.name AS artifact, r.license_key AS raw, s.as_of AS claimed_at,
  r.id AS reuse_repository_id, r.shard_id
FROM reuse_repository r JOIN shard s ON s.id = r.shard_id WHERE r.license_key IS NOT NULL"""
_DATASETS = """
SELECT d.name AS artifact, l.name AS raw, s.as_of AS claimed_at, d.shard_id
FROM dataset_to_license x JOIN dataset d ON d.id = x.dataset_id JOIN license l ON l.id = x.license_id
JOIN shard s ON s.id = d.shard_id ORDER BY d.id, l.name"""

Ask = Callable[[str], pl.DataFrame]


def claims(ask: Ask) -> pl.DataFrame:
    """All claims, with what each raw spelling stands for."""
    weights = {"artifact_kind": "model", "component": "weights", "source": "tag", "place": "license:"}
    found = [
        _normal(_joined(ask(_TAGS)), "hf", **weights),
        _normal(_joined(ask(_TAGS_UNDATED)), "hf", **weights),
        _cards(ask(_CARDS)),
        _normal(
            ask(_REPOSITORIES), "github", artifact_kind="repository", component="code", source="api", place="license"
        ),
    ]  # fmt: skip
    if "license_text" in metadata.tables:
        found.append(_files(ask(_FILES)))
    if "dataset_to_license" in metadata.tables:
        rows = _joined(ask(_DATASETS))
        found.append(_normal(rows, "hf", artifact_kind="dataset", component="data", source="tag", place="license:"))
    whole = pl.concat([_shaped(frame) for frame in found])
    return whole.unique(_KEY, keep="first", maintain_order=True).sort(_KEY)


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None).alias(name) for name in SCHEMA if name not in frame.columns]
    return frame.with_columns(missing).select(_as(name, kind, frame.schema.get(name)) for name, kind in SCHEMA.items())


def _as(name: str, kind: Any, have: Any) -> pl.Expr:
    if kind == _TIME and have == pl.String:
        return pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us", time_zone="UTC")
    return pl.col(name).cast(kind)


def _joined(frame: pl.DataFrame) -> pl.DataFrame:
    """Several tags of one artifact are one claim: all of them are taken to apply."""
    if not frame.height:
        return frame
    others = [name for name in frame.columns if name not in ("raw", "artifact", "claimed_at")]
    return frame.group_by("artifact", "claimed_at", maintain_order=True).agg(
        pl.col("raw").str.join(" "), *(pl.col(name).first() for name in others)
    )


def _normal(frame: pl.DataFrame, namespace: str, **columns: str) -> pl.DataFrame:
    """Rows with the expression of their blank-separated raw spellings; each distinct spelling is read once."""
    raws = frame["raw"].cast(pl.String).unique().drop_nulls()
    read = pl.DataFrame(
        {"raw": raws, "expression": [normalise_all(raw.split() or [raw], namespace).expression for raw in raws]},
        schema={"raw": pl.String, "expression": pl.String},
    )
    return (
        frame.with_columns(pl.col("raw").cast(pl.String))
        .join(read, on="raw", how="inner", maintain_order="left")
        .with_columns(**{name: pl.lit(value) for name, value in columns.items()})
    )


def _cards(frame: pl.DataFrame) -> pl.DataFrame:
    """The keys license, license_name and license_link of front matter; a list or a relative link is read as well."""
    rows: list[dict[str, Any]] = []
    for row in frame.iter_rows(named=True):
        try:
            matter = json.loads(row["raw"])
        except ValueError:
            continue
        if not isinstance(matter, dict):
            continue
        for place in ("license", "license_name", "license_link"):
            value = matter.get(place)
            listed = [str(item) for item in value if item] if isinstance(value, list) else [str(value)] if value else []
            if not listed:
                continue
            namespace = "hf" if place == "license" else "name"
            expression = normalise_all(listed, namespace).expression
            if place == "license_link" and "://" not in listed[0]:
                continue  # a path in the repository: its text is a claim of its own
            rows.append({**row, "raw": " ".join(listed)[:500], "place": place, "expression": expression})
    if not rows:
        return frame.clear()
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(
        artifact_kind=pl.lit("model"), component=pl.lit("weights"), source=pl.lit("card")
    )


def _files(frame: pl.DataFrame) -> pl.DataFrame:
    """LICENSE texts; each distinct text is recognised once. A NOTICE or a policy that names no license is no claim."""
    texts = frame.unique("sha256", keep="first", maintain_order=True).select("sha256", "raw")
    read = {}
    for digest, content in texts.iter_rows():
        found = recognise(content)
        read[digest] = normalise_all(found.expression.split(" AND ")).expression if found else NOASSERTION
    name = pl.col("place").str.to_lowercase()
    return frame.with_columns(
        raw=pl.col("sha256"),
        expression=pl.col("sha256").replace_strict(read, default=NOASSERTION, return_dtype=pl.String),
        artifact_kind=pl.lit("model"),
        source=pl.lit("file"),
        component=pl.when(name.str.contains("code")).then(pl.lit("code"))
        .when(name.str.contains("data")).then(pl.lit("data")).otherwise(pl.lit("weights")),
    ).filter((pl.col("expression") != NOASSERTION) | name.str.contains(r"licen[cs]e|copying"))  # fmt: skip


def conclusions(found: pl.DataFrame) -> pl.DataFrame:
    """One license per artifact and component, from the newest claim of each source and place."""
    key = ("artifact_kind", "artifact", "component")
    newest = found.sort("claimed_at").unique((*key, "source", "place"), keep="last", maintain_order=True)
    # The hub's tag is the card's own field: an older card says what was declared before, and disagrees with nothing.
    tag = pl.when(pl.col("source") == "tag").then("claimed_at").max().over(key)
    is_old = (pl.col("source") == "card") & (pl.col("place") == "license") & (pl.col("claimed_at") < tag)
    newest = newest.filter(~is_old.fill_null(value=False))
    ranked = newest.with_columns(
        rank=pl.when(pl.col("source") == "card")
        .then(pl.col("place"))
        .otherwise(pl.col("source"))
        .replace_strict(_WEIGHT)
    ).sort(*key, "rank", "place")
    grouped = ranked.group_by(key, maintain_order=True).agg(
        pl.col("expression"), pl.col("source"), pl.col("raw"), pl.len().alias("claim_count"),
        pl.col("model_id").first(), pl.col("reuse_repository_id").first(),
    )  # fmt: skip
    cache: dict[tuple[str, ...], tuple[int, bool]] = {}
    decided = []
    for expressions, sources, raws in grouped.select("expression", "source", "raw").iter_rows():
        listed = tuple(expressions)
        if listed not in cache:
            cache[listed] = _decide(listed)
        place, disputed = cache[listed]
        namespace = "github" if sources[place] == "api" else "hf" if sources[place] == "tag" else ""
        note = "" if sources[place] == "file" else normalise(raws[place], namespace).note
        decided.append((listed[place], sources[place], disputed, note or None))
    columns = ("expression", "source", "is_disputed", "note")
    shown = pl.DataFrame(
        decided, schema=dict(zip(columns, (pl.String, pl.String, pl.Boolean, pl.String), strict=True)), orient="row"
    )
    return grouped.drop("expression", "source", "raw").hstack(shown)  # fmt: skip


def _decide(expressions: tuple[str, ...]) -> tuple[int, bool]:
    """The claim that decides, and whether others name another license: what names one before what names a family."""
    named = [n for n, e in enumerate(expressions) if e not in (NONE, NOASSERTION)]
    exact = [n for n in named if not set(leaves(expressions[n])) & set(families())]
    disputed = len({expressions[n] for n in exact}) > 1
    if not named:
        return 0, False
    first = named[0]
    if first in exact or not exact:
        return first, disputed
    members = {m for leaf in leaves(expressions[first]) for m in families().get(leaf, ())}
    inside = [n for n in exact if set(leaves(expressions[n])) <= members]
    return (inside[0], disputed) if inside else (first, True)
