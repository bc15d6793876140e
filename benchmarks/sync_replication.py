"""The study's significance tests, on any families: pattern, lag and age against each other, and switch gaps.

python -m benchmarks.sync_replication --published           the tests on the study's own published tables, as a check
python -m benchmarks.sync_replication --commits FILE.csv    the tests on a table of commits (see peatmoss sync classify)
python -m benchmarks.sync_replication --dev ../shared/data/sync
python -m benchmarks.sync_replication --gaps FILE.csv       the study's switch gaps (GH_HF_commit_time_differences.csv of its
                                                            package) again from the commits that they name

Needs scipy (a development dependency). Differences from the study's package, on purpose: the uniformity test counts
families, not models, and Cramér's V divides by the smaller dimension less one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
from scipy import stats

from benchmarks.sync_classify import convert
from peatmoss.analyze import sync_table
from peatmoss.parse.sync.families import classify
from peatmoss.parse.sync.profile import PROFILES

PATTERNS = (
    "Frequent", "Intermittent", "Rare", "Dense Partial", "Disperse", "Sparse", "Sporadic Disjoint", "Rare Disjoint",
)  # fmt: skip
LAGS = ("upstream_first", "simultaneous", "downstream_first")
AGES = ("recent", "intermediate", "matured")
PUBLISHED_LAGS = {
    "Frequent": (4, 4, 0), "Intermittent": (18, 6, 0), "Rare": (30, 16, 0), "Dense Partial": (4, 1, 0),
    "Disperse": (63, 33, 32), "Sparse": (25, 15, 10), "Sporadic Disjoint": (18, 0, 16), "Rare Disjoint": (20, 0, 10),
}  # fmt: skip
"""Families by pattern and lag, as the study publishes them."""
EXPECTED = {"uniformity": (258.9, 7), "lag x pattern": (58.1, 14)}
"""What the published tables give: chi-square, degrees of freedom."""


def uniformity(counts: Sequence[int]) -> tuple[float, int, float]:
    """Chi-square of goodness of fit against equal frequencies: statistic, df, p."""
    found = stats.chisquare(counts)
    return float(found.statistic), len(counts) - 1, float(found.pvalue)


def independence(table: Sequence[Sequence[int]]) -> tuple[float, int, float, float]:
    """Chi-square of independence of a table without its empty rows and columns: statistic, df, p, Cramér's V."""
    rows = [row for row in table if sum(row)]
    kept = [n for n in range(len(rows[0])) if sum(row[n] for row in rows)] if rows else []
    rows = [[row[n] for n in kept] for row in rows]
    if min(len(rows), len(kept)) < 2:
        return float("nan"), 0, float("nan"), float("nan")
    found = stats.chi2_contingency(rows, correction=False)
    total = sum(map(sum, rows))
    effect = (found.statistic / (total * (min(len(rows), len(kept)) - 1))) ** 0.5
    return float(found.statistic), int(found.dof), float(found.pvalue), float(effect)


def dunn(groups: Mapping[str, Sequence[float]]) -> list[tuple[str, str, float]]:
    """Dunn's test after Kruskal-Wallis, with ties, Bonferroni-corrected: every pair with its p."""
    names = [name for name in groups if groups[name]]
    values = [value for name in names for value in groups[name]]
    ranks = stats.rankdata(values)
    n, start, mean = len(values), 0, {}
    for name in names:
        size = len(groups[name])
        mean[name] = float(ranks[start : start + size].mean())
        start += size
    counts = pl.Series(values).value_counts()["count"].to_list()
    spread = n * (n + 1) / 12 - sum(t**3 - t for t in counts) / (12 * (n - 1))
    pairs = list(combinations(names, 2))
    found = []
    for a, b in pairs:
        error = (spread * (1 / len(groups[a]) + 1 / len(groups[b]))) ** 0.5
        p = 2 * float(stats.norm.sf(abs(mean[a] - mean[b]) / error)) if error else 1.0
        found.append((a, b, min(1.0, p * len(pairs))))
    return found


def published() -> int:
    """Recompute the study's tests from its published table; the number of those that do not come out."""
    wrong = 0
    counts = [sum(row) for row in PUBLISHED_LAGS.values()]
    found = {"uniformity": uniformity(counts)[:2], "lag x pattern": independence(list(PUBLISHED_LAGS.values()))[:2]}
    for name, (statistic, df) in found.items():
        same = abs(statistic - EXPECTED[name][0]) < 0.1 and df == EXPECTED[name][1]
        wrong += not same
        print(f"{'same  ' if same else 'DIFFER'}  {name}: here {statistic:.1f} (df {df}), published {EXPECTED[name]}")
    return wrong


def cross(
    families: pl.DataFrame, row: str, rows: Sequence[str], column: str, columns: Sequence[str]
) -> list[list[int]]:
    """Families by two properties."""
    return [[families.filter((pl.col(row) == r) & (pl.col(column) == c)).height for c in columns] for r in rows]


def report(path: Path, profile: str, as_of: datetime | None = None) -> None:
    """All tests on the families of a table of commits."""
    answers = [family for family in sync_table.ask(path, profile, as_of).families if family["status"] == "ok"]
    rows: list[dict[str, Any]] = [
        {
            "family": a["family"], "pattern": a["pattern"], "lag": a["lag"], "age": a["family_age_days"],
            "early": a["halves"]["early"]["pattern"], "late": a["halves"]["late"]["pattern"],
            "gaps": a["switch_gaps"]["days"], "overlap": a["overlap_buckets"],
        }
        for a in answers
    ]  # fmt: skip
    families = pl.DataFrame(rows).sort("age", "family")
    third = (pl.int_range(pl.len()) * 3 // pl.len()).replace_strict(dict(enumerate(AGES)), return_dtype=pl.String)
    families = families.with_columns(age_group=third)
    n = families.height
    print(f"{n:,} families with commits on both sides, profile {profile}")
    counts = {p: families.filter(pattern=p).height for p in PATTERNS}
    for pattern, count in counts.items():
        print(f"  {pattern:18} {count:5,}  {100 * count / n:5.1f} %")
    statistic, df, p = uniformity(list(counts.values()))
    print(f"patterns uniform: chi2 {statistic:.1f}, df {df}, p {p:.2g}, n {n:,}")
    for name, row, values, column, others in (
        ("lag x pattern", "pattern", PATTERNS, "lag", LAGS),
        ("age x pattern", "pattern", PATTERNS, "age_group", AGES),
        ("lag x age", "age_group", AGES, "lag", LAGS),
    ):
        statistic, df, p, effect = independence(cross(families, row, values, column, others))
        print(f"{name}: chi2 {statistic:.1f}, df {df}, p {p:.2g}, V {effect:.2f}, n {n:,}")
    both = families.drop_nulls(["early", "late"])
    moved = both.filter(pl.col("early") != pl.col("late")).height
    print(f"pattern differs between the halves: {moved:,} of {both.height:,}")
    gaps = families.explode("gaps", empty_as_null=False).drop_nulls("gaps")
    print(f"switch gaps: {gaps.height:,}, mean {gaps['gaps'].mean():.2f} days, median {gaps['gaps'].median():.0f}")
    for name, values in (("lag", LAGS), ("pattern", PATTERNS), ("age_group", AGES)):
        groups = {v: gaps.filter(pl.col(name) == v)["gaps"].to_list() for v in values}
        groups = {v: days for v, days in groups.items() if days}
        if len(groups) < 2 or len({day for days in groups.values() for day in days}) < 2:
            print(f"gaps by {name}: too few groups")
            continue
        test = stats.kruskal(*groups.values())
        means = ", ".join(f"{v} {sum(days) / len(days):.1f} (n {len(days):,})" for v, days in groups.items())
        print(f"gaps by {name}: H {test.statistic:.1f}, p {test.pvalue:.2g}; mean days: {means}")
        differ = [f"{a} / {b} p {p:.2g}" for a, b, p in dunn(groups) if p < 0.05]
        print(f"  Dunn-Bonferroni, pairs that differ: {'; '.join(differ) or 'none'}")


def gaps(path: Path) -> int:
    """Switch gaps from the commits that the study's own table of gaps names; the number of those that do not come out.

    Commits between two switches change no gap, so the commits at the switches are enough.
    """
    table = pl.read_csv(path)
    ends = (("prev_commit", "source"), ("next_commit", "target"))
    at = [
        table.select("family", side=side, at=pl.col(time).str.to_datetime(time_zone="UTC", time_unit="us"))
        for time, side in ends
    ]
    commits = pl.concat(at).unique().select("family", "side", "at", member="family")
    pieces = classify(commits.sort("family", "at"), PROFILES["paper"], datetime.now(UTC))
    ours = pl.concat([piece.transitions for piece in pieces])
    target = pl.when("is_to_hub").then(pl.lit("HF")).otherwise(pl.lit("GH"))
    found = Counter(ours.select("family", target, "gap_days").iter_rows())
    theirs = Counter(table.select("family", "target", "days_difference").iter_rows())
    same = (found & theirs).total()
    days = ours["gap_days"].cast(pl.Float64)
    spread, most = stats.tstd(days.to_list()), stats.scoreatpercentile(days.to_list(), 90)
    print(f"{same:,} of {theirs.total():,} published gaps come out, {found.total() - same:,} others do")
    print(f"mean {days.mean():.2f} days, sd {spread:.1f}, ninth decile {most:.0f}, longest {days.max():.0f}")
    return theirs.total() - same + found.total() - same


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--published", action="store_true")
    source.add_argument("--commits", type=Path)
    source.add_argument("--dev", type=Path, help="folder with sync_commits_dev.csv.gz")
    source.add_argument("--gaps", type=Path, help="the study's table of switch gaps")
    parser.add_argument("--profile", choices=("paper", "exact", "strict"), default="paper")
    options = parser.parse_args()
    if options.published:
        return int(published() > 0)
    if options.gaps:
        return int(gaps(options.gaps) > 0)
    if options.commits:
        report(options.commits, options.profile)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, "commits.csv")
        convert(options.dev, table)
        report(table, options.profile)
    return 0


if __name__ == "__main__":
    sys.exit(main())
