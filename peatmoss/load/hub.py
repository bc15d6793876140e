"""Models: what they declare, their look-ups, derivation edges and observations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

import polars as pl
from sqlalchemy import Table

from peatmoss.archive import Shard
from peatmoss.db import CONTROL, Ingest
from peatmoss.parse import hub as parse
from peatmoss.schema import hub as tables
from peatmoss.schema import ledger, metadata

HUB_IDS = {"HuggingFace": 1, "PyTorch": 2}
FLOOR = "2022-03-02T23:29:04Z"
MODEL_COLUMNS = (
    "sha", "downloads", "downloads_all_time", "likes", "model_type", "gated", "is_private", "is_disabled", "created_at",
    "last_modified_at", "parameter_count", "context_length", "storage_bytes", "is_pickle_only", "scan_status",
)  # fmt: skip
OBSERVED = ("downloads", "downloads_all_time", "likes", "sha")
_PLACES = {"base_models": 0, "tag": 1, "card_data": 2}
"""Where derivation edges are stated, the strongest first."""
_NAME = pl.col("name")
_DATASET_PAGE = pl.when(_NAME.str.contains(r"^[\w.-]+(/[\w.-]+)?$")).then(
    pl.format("https://huggingface.co/datasets/{}", _NAME)
)
_PAPER_PAGE = (
    pl.when(_NAME.str.starts_with("arxiv:"))
    .then(pl.format("https://arxiv.org/abs/{}", _NAME.str.slice(6)))
    .otherwise(pl.format("https://doi.org/{}", _NAME.str.slice(4)))
)
FACT_TAG = r"^(license|dataset|arxiv|doi|base_model):(.+)$"


@cache
def reference(name: str) -> pl.DataFrame:
    """A curated table shipped with the package."""
    return pl.read_csv(resources.files("peatmoss.reference").joinpath(f"{name}.csv").read_bytes(), infer_schema=False)


def hub_id(sink: Ingest, shard: Shard) -> int:
    """The id of the shard's hub; HuggingFace is 1 and PyTorch 2, as published."""
    known = sink.read(tables.model_hub, "SELECT id, name FROM model_hub").filter(name=shard.hub)
    if known.height:
        return int(known["id"][0])
    wanted = HUB_IDS.get(shard.hub) or max(
        3, int(sink.query("SELECT COALESCE(MAX(id), 0) + 1 AS id FROM model_hub")["id"][0])
    )
    sink.append(tables.model_hub, pl.DataFrame({"id": [wanted], "name": [shard.hub], "url": [shard.hub_url]}))
    return wanted


def write_models(
    sink: Ingest, shard: Shard, shard_id: int, facts: pl.DataFrame
) -> Iterator[tuple[pl.DataFrame, set[str]]]:
    """One batch of models with everything they declare.

    Yields the live models in parts, each with `model_id`, and the facts that this part speaks about.
    """
    hub = hub_id(sink, shard)
    gone = facts.filter(pl.col("status").is_not_null())
    if gone.height:
        write_gone(sink, shard, shard_id, hub, gone)
    for part in _news(sink, hub, facts.filter(pl.col("status").is_null())).partition_by("carried", maintain_order=True):
        have = {fact for field in part["carried"][0].split() for fact in parse.FIELDS[field]} & set(part.columns)
        part = _write_rows(sink, shard, shard_id, hub, part, have)
        known = part.filter(~pl.col("is_new"))["model_id"]
        sink.replace(ledger.record_hash, "model_id", known, part.select("model_id", "hash"))
        tags = _tags(part) if "tags" in have else None
        _write_look_ups(sink, part, have, tags, known)
        _write_edges(sink, shard_id, part, have, tags, known)
        _observe(sink, shard, shard_id, part, have, tags)
        yield part, have


def _news(sink: Ingest, hub: int, facts: pl.DataFrame) -> pl.DataFrame:
    """The records that say something else than the last one loaded for their model, with their `hash`."""
    said = pl.struct(pl.exclude("line")).hash().reinterpret(signed=True)
    facts = facts.with_columns(hash=said)
    sink.stage("stage_record", facts.select("context_id", "hash", model_hub_id=pl.lit(hub, pl.Int64)))
    same = sink.read(
        tables.model,
        "SELECT m.context_id FROM stage_record s CROSS JOIN model m CROSS JOIN record_hash h"
        " WHERE m.model_hub_id = s.model_hub_id AND m.context_id = s.context_id AND m.gone_at IS NULL"
        " AND h.model_id = m.id AND h.hash = s.hash",
    )
    return facts.join(same, on="context_id", how="anti", maintain_order="left")


def _write_rows(
    sink: Ingest, shard: Shard, shard_id: int, hub: int, part: pl.DataFrame, have: set[str]
) -> pl.DataFrame:
    columns = [c for c in MODEL_COLUMNS if c in have]
    part = part.sort("context_id")  # in the order of the unique index, which inserts faster
    if "created_at" in have:
        floor = pl.lit(FLOOR).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC", time_unit="us")
        part = part.with_columns(is_created_at_floor=pl.col("created_at") <= floor)
        columns.append("is_created_at_floor")
    if "tags" in have:
        auto_map = pl.col("has_auto_map") if "has_auto_map" in have else pl.lit(None, pl.Boolean)
        tagged = pl.col("tags").list.contains("custom_code")
        part = part.with_columns(needs_remote_code=auto_map.fill_null(False) | tagged.fill_null(False))
        columns.append("needs_remote_code")
    rows = part.select(
        "context_id", *columns,
        model_hub_id=pl.lit(hub, pl.Int64), repo_url=page(shard), gone_at=pl.lit(None, parse.UTC_TIME),
        gone_reason=pl.lit(None, pl.String), shard_id=pl.lit(shard_id, pl.Int64),
    )  # fmt: skip
    models = upsert_models(sink, rows)
    return part.with_columns(model_id=models["id"], is_new=models["change"] == "new")


def page(shard: Shard) -> pl.Expr:
    """Address of a model's page."""
    return pl.format("{}/{}", pl.lit(shard.hub_url.rstrip("/")), "context_id")


def upsert_models(sink: Ingest, rows: pl.DataFrame, keep: tuple[str, ...] = ()) -> pl.DataFrame:
    """Models by their natural key. `has_snapshot` is computed by `link`; a row needs a value from the start."""
    return sink.upsert(tables.model, rows, ("model_hub_id", "context_id"), keep, {"has_snapshot": pl.lit(False)})


def bare_models(sink: Ingest, shard: Shard, shard_id: int, names: pl.Series) -> pl.DataFrame:
    """`context_id` and `model_id` of models by name; one that no listing named gets a bare row."""
    rows = (
        names.unique(maintain_order=True)
        .to_frame("context_id")
        .with_columns(
            model_hub_id=pl.lit(hub_id(sink, shard), pl.Int64),
            repo_url=page(shard),
            shard_id=pl.lit(shard_id, pl.Int64),
        )
    )
    return upsert_models(sink, rows, keep=("repo_url", "shard_id")).select("context_id", model_id="id")


def _tags(part: pl.DataFrame) -> pl.DataFrame:
    """One row per model and tag: model_id, tag, and kind and value where the tag is a fact."""
    long = part.select("model_id", tag="tags").explode("tag", empty_as_null=False).drop_nulls("tag")
    # There are far fewer tags than uses of tags: look at each once.
    words = (
        long.select("tag")
        .unique()
        .with_columns(kind=pl.col("tag").str.extract(FACT_TAG, 1), value=pl.col("tag").str.extract(FACT_TAG, 2))
    )
    return long.join(words, on="tag", maintain_order="left")


def _write_look_ups(
    sink: Ingest, part: pl.DataFrame, have: set[str], tags: pl.DataFrame | None, known: pl.Series
) -> None:
    """Everything a model has by name. What the source does not speak about stays as it is."""

    def link(other: Table, names: pl.DataFrame, **extra: pl.Expr) -> None:
        """names: model_id, name, and further columns of the junction."""
        column = f"{other.name}_id"
        ids = sink.intern(other, names["name"], **extra).select(name="raw", **{column: "id"})
        links = names.join(ids, on="name").drop("name").unique(["model_id", column], keep="first", maintain_order=True)
        sink.replace(metadata.tables[f"model_to_{other.name}"], "model_id", known, links)

    owner = part.select("model_id", name=pl.col("context_id").str.extract(r"^([^/]+)/"))
    link(tables.author, owner.drop_nulls("name"))
    if "architectures" in have:
        link(tables.architecture, _long(part, "architectures"))
    if "dtypes" in have:
        dtypes = part.select("model_id", "dtypes").explode("dtypes", empty_as_null=False).drop_nulls("dtypes")
        counts = dtypes.unnest("dtypes").unique(["model_id", "dtype"], keep="first")
        sink.replace(tables.parameter_count, "model_id", known, counts)
    if "pipeline_tag" in have:
        tasks = reference("tasks")
        domains = sink.intern(tables.domain, tasks["domain"]).select(domain="raw", domain_id="id")
        domain_of = tasks.join(domains, on="domain")
        ids = pl.col("name").replace_strict(
            domain_of["task"], domain_of["domain_id"], default=None, return_dtype=pl.Int64
        )
        link(tables.model_task, part.select("model_id", name="pipeline_tag").drop_nulls("name"), domain_id=ids)
    if tags is None:
        if "card_licenses" in have:
            link(tables.license, _long(part, "card_licenses"))
        if "card_datasets" in have:
            link(tables.dataset, _long(part, "card_datasets"), url=_DATASET_PAGE)
        if "card_languages" in have:
            link(tables.language, _spoken(_long(part, "card_languages")), name=_english())
        return
    plain = tags.filter(pl.col("kind").is_null()).select("model_id", name="tag")
    link(tables.tag, plain)
    software = plain.join(reference("libraries").select("name", "kind"), on="name", maintain_order="left")
    libraries = software.filter(kind="library").select("model_id", "name", source=pl.lit("tag"))
    if "library_name" in have:
        named = part.select("model_id", name="library_name", source=pl.lit("library_name")).drop_nulls("name")
        libraries = pl.concat([named, libraries])
    link(tables.library, libraries)
    link(tables.framework, software.filter(kind="framework").select("model_id", "name"))
    link(tables.language, _spoken(plain), name=_english())
    link(tables.license, _licenses(part, have, tags))
    link(tables.dataset, tags.filter(kind="dataset").select("model_id", name="value"), url=_DATASET_PAGE)
    papers = tags.filter(pl.col("kind").is_in(["arxiv", "doi"]))
    link(tables.paper, papers.select("model_id", name=pl.format("{}:{}", "kind", "value")), url=_PAPER_PAGE)


def _long(part: pl.DataFrame, column: str) -> pl.DataFrame:
    """One row per model and name in a list column."""
    return part.select("model_id", name=column).explode("name", empty_as_null=False).drop_nulls("name")


def _spoken(names: pl.DataFrame) -> pl.DataFrame:
    return names.join(reference("languages").select(name="code"), on="name", how="semi", maintain_order="left")


def _english() -> pl.Expr:
    languages = reference("languages")
    return pl.col("abbreviation").replace_strict(languages["code"], languages["name"], return_dtype=pl.String)


def _write_edges(
    sink: Ingest, shard_id: int, part: pl.DataFrame, have: set[str], tags: pl.DataFrame | None, known: pl.Series
) -> None:
    """Derivation edges from every place that states them, each once. Places not spoken about keep theirs."""
    columns = ("model_id", "base_model_name", "relation", "declared_in")
    found = [pl.DataFrame(schema=dict.fromkeys(columns, pl.String) | {"model_id": pl.Int64})]
    places = []
    for source, place in (("hub", "base_models"), ("card", "card_data")):
        if f"{source}_bases" in have:
            places.append(place)
            long = part.select("model_id", base_model_name=f"{source}_bases", relation=f"{source}_relation")
            long = long.explode("base_model_name", empty_as_null=False).drop_nulls("base_model_name")
            found.append(long.with_columns(declared_in=pl.lit(place)))
    if tags is not None:
        places.append("tag")
        relations = "|".join(parse.RELATIONS)
        found.append(
            tags.filter(kind="base_model").select(
                "model_id",
                base_model_name=pl.col("value").str.replace(f"^(?:{relations}):", ""),
                relation=pl.col("value").str.extract(f"^({relations}):"),
                declared_in=pl.lit("tag"),
            )
        )
    if not places:
        return
    if known.len() and len(places) < len(_PLACES):
        sink.stage("stage_edge", pl.DataFrame({"id": known}))
        query = (
            f"SELECT {', '.join(columns)} FROM stage_edge s CROSS JOIN model_to_base_model e WHERE e.model_id = s.id"
        )
        old = sink.read(tables.model_to_base_model, query)
        found.append(old.filter(~pl.col("declared_in").is_in(places)).select(columns))
    edges = pl.concat(found).with_columns(
        pl.col("base_model_name").str.strip_chars().str.slice(0, parse.MAX_NAME).str.replace_all(CONTROL, "\ufffd"),
        relation=pl.when(pl.col("relation").is_in(parse.RELATIONS)).then("relation").otherwise(pl.lit("unknown")),
    )
    strength = pl.col("declared_in").replace_strict(_PLACES, return_dtype=pl.Int8)
    edges = (
        edges.filter(pl.col("base_model_name") != "")
        .sort("model_id", strength, maintain_order=True)
        .unique(["model_id", "base_model_name", "relation"], keep="first", maintain_order=True)
    )
    stated = (pl.col("relation") != "unknown").any().over("model_id", "base_model_name")
    edges = edges.filter((pl.col("relation") != "unknown") | ~stated).with_columns(shard_id=pl.lit(shard_id, pl.Int64))
    sink.replace(tables.model_to_base_model, "model_id", known, edges)


def _licenses(part: pl.DataFrame, have: set[str], tags: pl.DataFrame | None) -> pl.DataFrame:
    """model_id and name of declared licenses: by tag, and by the card where a model has no such tag."""
    if tags is None:
        return _long(part, "card_licenses")
    names = tags.filter(kind="license").select("model_id", name="value")
    if "card_licenses" not in have:
        return names
    others = part.join(names, on="model_id", how="anti", maintain_order="left")
    return pl.concat([names, _long(others, "card_licenses")])


def _license_text(part: pl.DataFrame, have: set[str], tags: pl.DataFrame | None) -> pl.Series | None:
    """Declared licenses as one text per model, empty if there is none; None if nothing was said."""
    if tags is None and "card_licenses" not in have:
        return None
    names = _licenses(part, have, tags)
    texts = names.unique().group_by("model_id").agg(license=pl.col("name").sort().str.join(" "))
    joined = part.select("model_id").join(texts, on="model_id", how="left", maintain_order="left")
    return joined["license"].fill_null("")


def _observe(
    sink: Ingest, shard: Shard, shard_id: int, part: pl.DataFrame, have: set[str], tags: pl.DataFrame | None
) -> None:
    """Append a row where an observed value differs from the newest row."""
    values = [c for c in OBSERVED if c in have]
    licenses = _license_text(part, have, tags)
    if licenses is not None:
        part = part.with_columns(license=licenses)
        values.append("license")
    if not values:
        return
    rows = part.select(
        "model_id", *values, as_of=pl.lit(shard.as_of, parse.UTC_TIME), shard_id=pl.lit(shard_id, pl.Int64)
    )
    known = part.filter(~pl.col("is_new"))
    if known.height:
        sink.stage("stage_observed", known.select("model_id"))
        latest = sink.read(
            tables.model_observation,
            "SELECT o.* FROM stage_observed s CROSS JOIN model_observation o"
            " WHERE o.model_id = s.model_id"
            " AND o.as_of = (SELECT MAX(l.as_of) FROM model_observation l WHERE l.model_id = s.model_id)",
        )
        both = rows.join(latest, on="model_id", how="left", suffix="_old", maintain_order="left")
        both = both.filter(pl.any_horizontal(*(pl.col(c).ne_missing(pl.col(f"{c}_old")) for c in values)))
        today = both.filter(pl.col("as_of") == pl.col("as_of_old"))
        if today.height:  # a second source for the same date completes the row
            sink.delete(tables.model_observation, today.select("model_id", "as_of"))
            missing = [c for c in (*OBSERVED, "license") if c not in values]
            sink.append(tables.model_observation, today.select(*rows.columns, *missing))
        rows = both.filter(pl.col("as_of").ne_missing(pl.col("as_of_old"))).select(rows.columns)
    sink.append(tables.model_observation, rows)


def write_gone(sink: Ingest, shard: Shard, shard_id: int, hub: int, gone: pl.DataFrame) -> None:
    """Models that are gone or moved. The first date at which a model was seen to be gone stays."""
    query = f"SELECT context_id FROM model WHERE model_hub_id = {hub} AND gone_at IS NOT NULL"
    gone = gone.join(sink.read(tables.model, query), on="context_id", how="anti", maintain_order="left")
    as_of = pl.lit(shard.as_of, parse.UTC_TIME)
    moved_to = pl.col("moved_to")
    provenance = {"model_hub_id": pl.lit(hub, pl.Int64), "shard_id": pl.lit(shard_id, pl.Int64)}
    reason = pl.when(moved_to.is_not_null()).then(pl.lit("renamed")).otherwise(pl.col("status").cast(pl.String))
    upsert_models(
        sink, gone.select("context_id", repo_url=page(shard), gone_at=as_of, gone_reason=reason, **provenance)
    )
    moved = gone.filter(moved_to.is_not_null())
    moved = moved.select(old_name="context_id", new_name="moved_to", as_of=as_of, **provenance)
    sink.upsert(tables.model_rename, moved, ("model_hub_id", "old_name"), keep=("as_of",))


def mark_absent(sink: Ingest, shard: Shard, shard_id: int, seen: list[pl.DataFrame]) -> None:
    """After a complete listing: what it does not hold did not exist as of then."""
    if shard.coverage != "complete":
        return
    hub = hub_id(sink, shard)
    present = pl.concat([keys.select("key") for keys in seen]) if seen else pl.DataFrame(schema={"key": pl.String})
    known = sink.read(tables.model, f"SELECT id, context_id FROM model WHERE model_hub_id = {hub} AND gone_at IS NULL")
    absent = known.join(present, left_on="context_id", right_on="key", how="anti")
    provenance = {"gone_reason": pl.lit("absent"), "shard_id": pl.lit(shard_id, pl.Int64)}
    sink.update(tables.model, absent.select("id", gone_at=pl.lit(shard.as_of, parse.UTC_TIME), **provenance))
