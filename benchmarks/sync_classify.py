"""Speed and memory of `peatmoss sync classify`: families made by chance, or the published development families.

python -m benchmarks.sync_classify                          10,000 families with 5,000,000 commits
python -m benchmarks.sync_classify --dev ../shared/data/sync    the development families against their published labels

The baseline of the ratio is the time in which polars alone reads the same table into memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

PEATMOSS = Path(sys.executable).with_name("peatmoss")
LAGS = {"Upstream First": "upstream_first", "No Lag": "simultaneous", "Downstream First": "downstream_first"}


def made_up(path: Path, families: int, commits: int) -> None:
    """A table of commits: a sixth on the Hub by one to eight variants, times within a span of its own per family."""
    with path.open("wb") as stream:
        stream.write(b"family,side,member,time\n")
        for start in range(0, commits, 500_000):
            n = pl.int_range(start, min(start + 500_000, commits), eager=True).alias("n")
            chance = n.hash(seed=8)
            table = n.to_frame().select(
                family=(chance % families).alias("f"),
                hub=(chance // families) % 6 == 0,
                variant=(chance // 1_000_003) % 8,
                part=((chance // 7_919) % 1_000_003).cast(pl.Int64),
            )
            span = (pl.col("family").hash(seed=3) % 2_000 + 30).cast(pl.Int64) * 86_400
            first = (pl.col("family").hash(seed=5) % 1_500).cast(pl.Int64) * 86_400 + 1_514_764_800
            at = pl.from_epoch(first + span * pl.col("part") // 1_000_003, time_unit="s")
            variants = pl.col("family").hash(seed=7) % 8 + 1
            name = pl.format("owner-{}", "family")
            table.select(
                family=name,
                side=pl.when("hub").then(pl.lit("HF")).otherwise(pl.lit("GH")),
                member=pl.when("hub")
                .then(pl.format("{}/variant-{}", name, pl.col("variant") % variants))
                .otherwise(pl.format("{}/repository", name)),
                time=at.dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
            ).write_csv(stream, include_header=False)


def measured(command: list[str], out: Path) -> tuple[float, float]:
    """Seconds, and peak memory of the process in GiB."""
    begun = time.perf_counter()
    with out.open("wb") as stream:
        subprocess.run(command, stdout=stream, check=True)
    return time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20


def speed(families: int, commits: int) -> None:
    """Time the command on a table made by chance."""
    with tempfile.TemporaryDirectory() as folder:
        table, found = Path(folder, "commits.csv"), Path(folder, "families.jsonl")
        made_up(table, families, commits)
        read = f"import polars; polars.read_csv({str(table)!r}, infer_schema=False)"
        baseline, _ = measured([sys.executable, "-c", read], found)
        seconds, peak = measured([str(PEATMOSS), "sync", "classify", "--commits", str(table), "--json"], found)
        with found.open() as lines:
            rows = [json.loads(line) for line in lines]
    counted = sum(row["github_commits"] + row["hub_commits"] for row in rows)
    patterns = pl.Series([row["pattern"] for row in rows]).value_counts(sort=True).rows()
    print(f"{len(rows):,} families, {counted:,} commits: {seconds:.1f} s, peak {peak:.2f} GiB")
    print(f"reading the table alone: {baseline:.1f} s; ratio {seconds / baseline:.1f}")
    print("patterns: " + ", ".join(f"{name} {count:,}" for name, count in patterns))


def convert(folder: Path, table: Path) -> None:
    """The development file -> the columns of the command (the author date is the study's time)."""
    pl.read_csv(folder / "sync_commits_dev.csv.gz", infer_schema=False).select(
        "family", "side", member="repo_or_model", time="author_date", title="title"
    ).write_csv(table)


def published(folder: Path) -> int:
    """Compare with the published labels; the number of families that differ."""
    labels = {row["family"]: row for row in pl.read_csv(folder / "sync_labels_dev.csv").iter_rows(named=True)}
    with tempfile.TemporaryDirectory() as place:
        table, found = Path(place, "commits.csv"), Path(place, "families.jsonl")
        convert(folder, table)
        measured([str(PEATMOSS), "sync", "classify", "--commits", str(table), "--json"], found)
        with found.open() as lines:
            rows = {row["family"]: row for row in map(json.loads, lines)}
    wrong = 0
    for family, label in labels.items():
        ours = (rows[family]["code"], rows[family]["lag"]) if family in rows else None
        theirs = (label["codes"], LAGS[label["Lagged"]])
        wrong += ours != theirs
        print(f"{'same  ' if ours == theirs else 'DIFFER'}  {family}: published {theirs}, here {ours}")
    print(f"{len(labels) - wrong} of {len(labels)} as published")
    return wrong


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", type=int, default=10_000)
    parser.add_argument("--commits", type=int, default=5_000_000)
    parser.add_argument("--dev", type=Path, help="folder with sync_commits_dev.csv.gz and sync_labels_dev.csv")
    options = parser.parse_args()
    if options.dev:
        return int(published(options.dev) > 0)
    speed(options.families, options.commits)
    return 0


if __name__ == "__main__":
    sys.exit(main())
