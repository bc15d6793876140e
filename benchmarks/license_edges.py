"""Time to judge edges and chains, on facts made up in the shape of the Hub.

    python -m benchmarks.license_edges [EDGES] [DERIVATIONS]      default: 1,000,000 and 500,000

Baseline of the same run: a plain dictionary look-up per edge in Python, the least that any judging costs.
"""

from __future__ import annotations

import random
import sys
import time

import polars as pl

from peatmoss.analyze.licenses.chains import obligations
from peatmoss.analyze.licenses.edges import SCHEMA, tiers, verdicts, with_licenses
from peatmoss.parse.license import NONE, normalise
from peatmoss.parse.license.reference import aliases
from peatmoss.parse.license.verdict import judge

SHARES = {
    "": 60, "apache-2.0": 16, "mit": 7, "other": 4, "openrail": 2, "creativeml-openrail-m": 2, "cc-by-nc-4.0": 2,
    "llama2": 1, "llama3": 1, "llama3.1": 1, "gemma": 1, "cc-by-4.0": 1, "gpl-3.0": 1, "cc-by-nc-sa-4.0": 1,
}  # fmt: skip


def main(edge_count: int, derivation_count: int) -> None:
    """Print both times with their ratio to the baseline."""
    pick = random.Random(7)  # noqa: S311
    rare = sorted(aliases()["hf"])
    common = [name for name, weight in SHARES.items() for _ in range(weight)]

    def some_license() -> str:
        raw = pick.choice(rare) if pick.random() < 0.02 else pick.choice(common)
        return normalise(raw, "hf").expression if raw else NONE

    model_count = edge_count // 2
    licenses = [some_license() for _ in range(model_count)]
    _edges(pick, edge_count, licenses)
    _chains(pick, derivation_count, licenses)
    _circle(pick, licenses)


def _edges(pick: random.Random, count: int, licenses: list[str]) -> None:
    names = [f"owner{n % 5000}/model-{n}" for n in range(len(licenses))]
    ups = [int(len(names) * pick.random() ** 3) for _ in range(count)]
    downs = [pick.randrange(len(names)) for _ in range(count)]
    frame = pl.DataFrame(
        {
            "upstream_kind": "model", "upstream": [names[n] for n in ups], "downstream_kind": "model",
            "downstream": [names[n] for n in downs], "kind": "finetune", "relation": "derive", "tier": "A",
            "is_inferred": False, "upstream_model_id": ups, "downstream_model_id": downs, "reuse_repository_id": None,
            "created_at": None,
        },
        schema=SCHEMA,
    )  # fmt: skip
    concluded = pl.DataFrame(
        {"artifact_kind": "model", "artifact": names, "component": "weights", "expression": licenses}
    ).filter(pl.col("expression") != NONE)
    claims = concluded.with_columns(source=pl.lit("tag"), claimed_at=pl.lit(None, SCHEMA["created_at"]))
    asked = pl.DataFrame({"artifact_kind": "model", "artifact": names})
    start = time.perf_counter()
    table: dict[tuple[str, str], int] = {}
    for up, down in zip(ups, downs, strict=True):
        pair = licenses[up], licenses[down]
        table[pair] = table.get(pair, 0) + 1
    baseline = time.perf_counter() - start
    start = time.perf_counter()
    licensed = tiers(with_licenses(frame, concluded, claims, asked))
    pair_ = ["upstream_expression", "downstream_expression", "relation"]
    judged, said = verdicts(licensed.select(pair_), judge)
    whole = licensed.join(judged.select(*pair_, "id"), on=pair_, how="left")
    seconds = time.perf_counter() - start
    print(
        f"edges: {whole.height:,} judged in {seconds:.1f} s ({judged.height:,} distinct pairs, {said.height:,} opinions); "
        f"baseline {baseline:.1f} s, ratio {seconds / baseline:.1f}"
    )


def _chains(pick: random.Random, count: int, licenses: list[str]) -> None:
    ups = []
    downs = []
    for _ in range(count):
        down = pick.randrange(1, len(licenses))
        # most are derived from popular models, some from one that is itself derived, a few close a circle
        up = int(min(down, 2000) * pick.random() ** 3) if pick.random() < 0.7 else pick.randrange(down)
        ups.append(up)
        downs.append(down)
        if pick.random() < 0.001:
            ups.append(down)
            downs.append(up)
    frame = pl.DataFrame({"upstream_model_id": ups, "downstream_model_id": downs})
    start = time.perf_counter()
    children: dict[int, list[int]] = {}
    for up, down in zip(ups, downs, strict=True):
        children.setdefault(up, []).append(down)
    baseline = time.perf_counter() - start
    start = time.perf_counter()
    found = obligations(frame, dict(enumerate(licenses)), judge)
    seconds = time.perf_counter() - start
    print(
        f"chains: {frame.height:,} derivations in {seconds:.1f} s, {found.height:,} obligations, "
        f"{found.filter(pl.col('state') == 'lost_earlier').height:,} lost earlier; baseline (adjacency lists) "
        f"{baseline:.1f} s, ratio {seconds / baseline:.1f}"
    )


def _circle(pick: random.Random, licenses: list[str], models: int = 1000, derivations: int = 20_000) -> None:
    """All models derived from one another: the worst case."""
    frame = pl.DataFrame({
        "upstream_model_id": [pick.randrange(models) for _ in range(derivations)],
        "downstream_model_id": [pick.randrange(models) for _ in range(derivations)],
    })  # fmt: skip
    start = time.perf_counter()
    found = obligations(frame, dict(enumerate(licenses[:models])), judge)
    seconds = time.perf_counter() - start
    print(f"circle: {models:,} models, {derivations:,} derivations in {seconds:.1f} s, {found.height:,} obligations")


if __name__ == "__main__":
    main(*(int(argument.replace(",", "")) for argument in (sys.argv[1:3] + ["1000000", "500000"][len(sys.argv) - 1 :])))
