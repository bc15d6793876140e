"""License claims, what they come to, the verdict on every edge, and obligations along the chains."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import polars as pl
from adbc_driver_manager.dbapi import Connection
from sqlalchemy import Table

from peatmoss.analyze.licenses.chains import obligations
from peatmoss.analyze.licenses.claims import claims, conclusions
from peatmoss.analyze.licenses.edges import asked_of, edges, tiers, verdicts, with_licenses
from peatmoss.parse.license import Judgement, Matrix, codes, judge_with, licenses, osadl
from peatmoss.schema import license as tables

WRITES: tuple[Table, ...] = (
    tables.license_fact, tables.license_clause, tables.license_clause_code, tables.license_claim,
    tables.license_conclusion, tables.license_verdict, tables.license_opinion, tables.license_edge,
    tables.license_obligation,
)  # fmt: skip


def rows(conn: Connection) -> Iterator[tuple[Table, pl.DataFrame]]:
    """All of it."""

    def ask(sql: str) -> pl.DataFrame:
        with conn.cursor() as cursor:
            cursor.execute(sql)
            frame = cursor.fetch_polars()
            return frame if frame.height else frame.cast(pl.String)  # SQLite cannot type columns without a row

    yield from _reference()
    found = claims(ask)
    yield tables.license_claim, found
    concluded = conclusions(found)
    yield tables.license_conclusion, concluded
    by = newest_matrix(ask)

    @lru_cache(maxsize=1_000_000)
    def judge(upstream: str, downstream: str, relation: str) -> Judgement:
        return judge_with(by, upstream, downstream, relation)

    licensed = tiers(with_licenses(edges(ask), concluded, found, asked_of(ask)))
    pair = ["upstream_expression", "downstream_expression", "relation"]
    asked = pl.concat(
        [
            licensed.select(pair),
            licensed.drop_nulls("then_expression").select(
                pl.col("then_expression").alias("upstream_expression"), *pair[1:]
            ),
            _changes(found),
        ]
    )
    judged, said = verdicts(asked, judge)
    yield tables.license_verdict, judged
    yield tables.license_opinion, said
    ids = judged.select(*pair, "id")
    then = ids.rename({"upstream_expression": "then_expression", "id": "then_verdict_id"})
    yield (
        tables.license_edge,
        licensed.join(ids.rename({"id": "license_verdict_id"}), on=pair, how="left", maintain_order="left")
        .join(then, on=["then_expression", *pair[1:]], how="left", maintain_order="left")
        .select([c.name for c in tables.license_edge.columns if c.name != "id"]),
    )
    weights = concluded.filter((pl.col("component") == "weights") & pl.col("model_id").is_not_null())
    of_model = dict(weights.select("model_id", "expression").iter_rows())
    derived = licensed.filter((pl.col("upstream_kind") == "model") & (pl.col("downstream_kind") == "model"))
    yield tables.license_obligation, obligations(derived, of_model, judge)


def _changes(found: pl.DataFrame) -> pl.DataFrame:
    """License before and after a change, in both directions: which of them loses a clause tells whether it loosened."""
    tags = found.filter((pl.col("source") == "tag") & (pl.col("artifact_kind") == "model")).sort(
        "artifact", "claimed_at"
    )
    before = pl.col("expression").shift(1).over("artifact")
    moved = (
        tags.select(before=before, after=pl.col("expression")).drop_nulls().filter(pl.col("before") != pl.col("after"))
    )
    both = pl.concat([moved.select("before", "after"), moved.select(before="after", after="before")])
    return both.select(
        upstream_expression="before", downstream_expression="after", relation=pl.lit("relicense", pl.String)
    )


def newest_matrix(ask: object) -> Matrix:
    """The newest matrix of OSADL: the imported one, or the packaged one."""
    frame: pl.DataFrame = ask(  # type: ignore[operator]
        "SELECT matrix_date, upstream, downstream, answer, explanation FROM license_matrix_cell"
        " WHERE matrix_date = (SELECT MAX(matrix_date) FROM license_matrix_cell)"
    )
    if not frame.height or str(frame["matrix_date"][0]) < osadl().date:
        return osadl()
    cells = {(up, down): (answer, why) for _, up, down, answer, why in frame.iter_rows()}
    return Matrix(str(frame["matrix_date"][0]), cells)


def _reference() -> Iterator[tuple[Table, pl.DataFrame]]:
    known = list(licenses().values())
    yield (
        tables.license_fact,
        pl.DataFrame(
            [(k.license_id, k.name, k.family, k.kind, k.verified, k.source) for k in known],
            schema=[c.name for c in tables.license_fact.columns],
            orient="row",
        ),
    )
    yield (
        tables.license_clause,
        pl.DataFrame(
            [
                (k.license_id, c.code, c.value, " ".join(sorted(c.triggers)), c.section, c.verified)
                for k in known
                for c in k.clauses.values()
            ],
            schema=[c.name for c in tables.license_clause.columns],
            orient="row",
        ),
    )
    yield (
        tables.license_clause_code,
        pl.DataFrame(list(codes().values()), schema=[c.name for c in tables.license_clause_code.columns], orient="row"),
    )
