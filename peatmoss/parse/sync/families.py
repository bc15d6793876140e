"""Commits, columnar -> families: buckets, readings of the whole history and of its halves, switch gaps, propagation.

A frame of commits has the columns

    family, side (GH or HF), member (a repository or a variant), at (UTC)

in any order and with repetitions. Families are worked on in pieces of bounded size.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import polars as pl

from peatmoss.parse.sync.activity import Activity, agreement, bits, chance, longest_run, read, union
from peatmoss.parse.sync.profile import Profile

PIECE = 400_000
"""Commits that are worked on at a time (a single family may have more)."""

PARTS = ("all", "early", "late")
MOMENT = pl.Datetime("us", "UTC")
_DAY = timedelta(days=1)
_KEY = ["family", "is_hub", "member"]


class Piece(NamedTuple):
    """Some families, each whole.

    results:     one row a family and part (all, early, late): RESULT
    members:     one row a family and variant: MEMBER
    buckets:     family, is_hub, member, bucket, commit_count; the buckets of the whole history
    transitions: family, seq, is_to_hub, from_at, to_at, gap_days; every change of sides
    bursts:      family, seq, started_at, ended_at, commit_count, next_hub_at, delay_days, is_censored
    """

    results: pl.DataFrame
    members: pl.DataFrame
    buckets: pl.DataFrame
    transitions: pl.DataFrame
    bursts: pl.DataFrame


RESULT: dict[str, Any] = {
    "family": pl.String, "part": pl.String, "status": pl.String, "origin_at": MOMENT, "last_at": MOMENT,
    "span_buckets": pl.Int64, "github_buckets": pl.Int64, "hub_buckets": pl.Int64, "overlap_buckets": pl.Int64,
    "variant_count": pl.Int64, "github_commits": pl.Int64, "hub_commits": pl.Int64, "first_github_at": MOMENT,
    "first_hub_at": MOMENT, "last_github_at": MOMENT, "last_hub_at": MOMENT, "first_lag_days": pl.Float64,
    "lag": pl.String, "type": pl.String, "intensity": pl.String, "code": pl.String, "pattern": pl.String,
    "longest_run": pl.Int64, "longest_run_member": pl.String, "variant_bucket_count": pl.Int64,
    "github_density": pl.Float64, "overlap_chance": pl.Float64, "phase_agreement": pl.Float64,
    "observable_buckets": pl.Int64, "is_short_window": pl.Boolean, "family_age_days": pl.Float64,
    "hub_delay_count": pl.Int64, "hub_delay_median_days": pl.Float64,
}  # fmt: skip
MEMBER: dict[str, Any] = {
    "family": pl.String, "member": pl.String, "commit_count": pl.Int64, "first_at": MOMENT, "last_at": MOMENT,
    "bucket_count": pl.Int64, "overlap_buckets": pl.Int64, "longest_run": pl.Int64, "is_covered": pl.Boolean,
    "first_lag_days": pl.Float64, "github_commits_since": pl.Int64,
}  # fmt: skip


def classify(commits: pl.DataFrame, profile: Profile, as_of: datetime) -> Iterator[Piece]:
    """Read every family, in the order of their names. `as_of` is when the histories were collected."""
    at = pl.col("at")
    if profile.is_hub_day_only:
        at = pl.when(pl.col("side") == "HF").then(at.dt.truncate("1d")).otherwise(at)
    # Ties: the Hub first, as its days begin at midnight; within a side by the full time, which a profile may have cut.
    names = pl.col("family", "member").cast(pl.Categorical)
    ordered = commits.select(
        names, is_hub=pl.col("side") == "HF", at=at.cast(MOMENT), full_at=pl.col("at").cast(MOMENT),
    ).sort("family", "at", pl.col("is_hub").not_(), "full_at", "member")  # fmt: skip
    sizes = ordered.group_by("family", maintain_order=True).len()
    start = length = 0
    for size in sizes["len"]:
        if length and length + size > PIECE:
            yield _piece(ordered.slice(start, length), profile, as_of)
            start, length = start + length, 0
        length += size
    if length:
        yield _piece(ordered.slice(start, length), profile, as_of)


def _piece(commits: pl.DataFrame, profile: Profile, as_of: datetime) -> Piece:
    place = pl.int_range(pl.len()).over("family", "is_hub", order_by=["full_at", "member"])
    half = pl.when(place < pl.len().over("family", "is_hub") // 2).then(pl.lit("early")).otherwise(pl.lit("late"))
    commits = commits.with_columns(half=half, day=_days(pl.col("at") - pl.col("at").min().over("family")))
    buckets = _buckets(commits, profile)
    phases = _phases(commits, profile)
    activities = {"all": _activities(buckets)}
    for part in PARTS[1:]:
        piece = commits.filter(half=part)
        piece = piece.with_columns(day=_days(pl.col("at") - pl.col("at").min().over("family")))
        activities[part] = _activities(_buckets(piece, profile))
    results, members = [], []
    delays = _hub_delays(commits)
    facts = {
        part: {row["family"]: row for row in _facts(rows).iter_rows(named=True)}
        for part, rows in {"all": commits, **{part: commits.filter(half=part) for part in PARTS[1:]}}.items()
    }
    for family in activities["all"]:
        for part in PARTS:
            activity = activities[part].get(family, Activity(0, {}))
            row = _result(family, part, activity, facts[part].get(family, {}), profile, as_of)
            if part == "all":
                row |= delays.get(family, {}) | {
                    "overlap_chance": chance(activity.github, union(activity.variants.values())),
                    "phase_agreement": agreement(row["pattern"], [p[family] for p in phases], profile),
                }
            results.append(row)
    for row in _variants(commits).iter_rows(named=True):
        activity = activities["all"][row["family"]]
        variant = activity.variants[row["member"]]
        shared = variant & activity.github
        members.append(
            row
            | {
                "bucket_count": variant.bit_count(),
                "overlap_buckets": shared.bit_count(),
                "longest_run": longest_run(shared),
                "is_covered": shared == variant if activity.github else None,
            }
        )
    texts = pl.col("family", "member").cast(pl.String)
    return Piece(
        pl.DataFrame(results, schema=RESULT),
        pl.DataFrame(members, schema=MEMBER),
        buckets.with_columns(texts).sort(*_KEY, "bucket"),
        _transitions(commits, profile),
        _bursts(commits, profile, as_of),
    )


def _days(duration: pl.Expr) -> pl.Expr:
    """Whole days of durations that are not negative."""
    return duration.dt.total_days()


def _fraction(duration: pl.Expr) -> pl.Expr:
    """Days and parts of them."""
    return duration.dt.total_microseconds() / 86_400_000_000


def _buckets(commits: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    return commits.group_by(*_KEY, bucket=pl.col("day") // profile.window_days).agg(
        commit_count=pl.len().cast(pl.Int64)
    )


def _phases(commits: pl.DataFrame, profile: Profile) -> list[dict[str, Activity]]:
    """The activities that result if the first bucket had begun 0, 1, ... days before the first commit."""
    days = commits.select(*_KEY, "day").unique()
    return [
        _activities(days.select(*_KEY, bucket=(pl.col("day") + phase) // profile.window_days).unique())
        for phase in range(profile.window_days)
    ]


def _activities(buckets: pl.DataFrame) -> dict[str, Activity]:
    found: dict[str, Activity] = {}
    lists = buckets.group_by(*_KEY).agg("bucket").with_columns(pl.col("family", "member").cast(pl.String))
    for family, is_hub, member, active in lists.sort(*_KEY).iter_rows():
        known = found.get(family) or Activity(0, {})
        if is_hub:
            found[family] = known._replace(variants={**known.variants, member: bits(active)})
        else:
            found[family] = known._replace(github=known.github | bits(active))
    return found


def _facts(commits: pl.DataFrame) -> pl.DataFrame:
    """Counts and times of the two sides of each family."""
    at, hub = pl.col("at"), pl.col("is_hub")
    ages = (
        commits.filter(hub)
        .group_by("family", "member")
        .agg(age=_days(at.max() - at.min()))
        .group_by("family")
        .agg(family_age_days=pl.col("age").mean(), variant_count=pl.len())
    )
    sides = commits.group_by("family").agg(
        origin_at=at.min(), last_at=at.max(), github_commits=hub.not_().sum(), hub_commits=hub.sum(),
        first_github_at=at.filter(hub.not_()).min(), first_hub_at=at.filter(hub).min(),
        last_github_at=at.filter(hub.not_()).max(), last_hub_at=at.filter(hub).max(),
    )  # fmt: skip
    return sides.join(ages, on="family", how="left").with_columns(pl.col("family").cast(pl.String))


def _result(
    family: str, part: str, activity: Activity, facts: dict[str, Any], profile: Profile, as_of: datetime
) -> dict[str, Any]:
    """One row of RESULT."""
    reading = read(activity, profile)
    github, hub = activity.github, union(activity.variants.values())
    span = (github | hub).bit_length()
    first, last = facts.get("first_github_at"), facts.get("first_hub_at")
    row = {name: facts.get(name) for name in RESULT} | reading._asdict() | {"family": family, "part": part}
    row |= {
        "span_buckets": span,
        "github_buckets": github.bit_count(),
        "hub_buckets": hub.bit_count(),
        "overlap_buckets": (github & hub).bit_count(),
        "variant_count": facts.get("variant_count") or 0,
        "github_commits": facts.get("github_commits") or 0,
        "hub_commits": facts.get("hub_commits") or 0,
        "first_lag_days": (last - first) / _DAY if first and last else None,
        "github_density": github.bit_count() / span if span else None,
    }
    if part == "all":
        seen = max((as_of - facts["origin_at"]) // (profile.window_days * _DAY) + 1, span)
        row |= {"observable_buckets": seen, "is_short_window": seen < profile.short_buckets}
    return row


def _variants(commits: pl.DataFrame) -> pl.DataFrame:
    """Counts and times of each variant, and how many commits GitHub has after its last one."""
    variants = (
        commits.filter("is_hub")
        .group_by("family", "member")
        .agg(commit_count=pl.len(), first_at=pl.col("at").min(), last_at=pl.col("at").max())
    )
    github = commits.filter(~pl.col("is_hub")).select("family", github_at="at")
    first = github.group_by("family").agg(first_github_at=pl.col("github_at").min(), total=pl.len())
    # In the order of time: the place of the last commit at or before a variant's last one is how many there were.
    reached = github.with_columns(place=pl.int_range(1, pl.len() + 1).over("family"))
    counted = (
        variants.sort("last_at")
        .join_asof(
            reached.sort("github_at"), left_on="last_at", right_on="github_at", by="family", check_sortedness=False
        )
        .join(first, on="family", how="left")
    )
    lag = _fraction(pl.col("first_at") - pl.col("first_github_at"))
    return counted.select(
        pl.col("family", "member").cast(pl.String), "commit_count", "first_at", "last_at", first_lag_days=lag,
        github_commits_since=pl.col("total") - pl.col("place").fill_null(0),
    ).sort("family", "member")  # fmt: skip


def _transitions(commits: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """Neighbouring commits on different sides."""
    late = commits.filter(pl.col("at").dt.year() >= profile.gap_from_year)
    return (
        late.select(
            "family", from_hub=pl.col("is_hub").shift(1).over("family"), is_to_hub="is_hub",
            from_at=pl.col("at").shift(1).over("family"), to_at="at",
        )
        .filter(pl.col("from_hub") != pl.col("is_to_hub"))
        .select(
            pl.col("family").cast(pl.String), pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("family").alias("seq"),
            "is_to_hub", "from_at", "to_at", gap_days=_days(pl.col("to_at") - pl.col("from_at")),
        )
    )  # fmt: skip


def _hub_delays(commits: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """For each Hub commit the time since the last commit on GitHub before it."""
    github = pl.when(~pl.col("is_hub")).then(pl.col("at")).forward_fill().over("family")
    delays = commits.select("family", "is_hub", "at", since=github).filter("is_hub").drop_nulls("since")
    days = _fraction(pl.col("at") - pl.col("since"))
    median = delays.group_by("family").agg(hub_delay_count=pl.len(), hub_delay_median_days=days.median())
    return {
        row.pop("family"): row for row in median.with_columns(pl.col("family").cast(pl.String)).iter_rows(named=True)
    }


def _bursts(commits: pl.DataFrame, profile: Profile, as_of: datetime) -> pl.DataFrame:
    """Commits on GitHub less than a window apart, and how long the Hub took after the first of them to move."""
    gap = timedelta(days=profile.window_days)
    hub = commits.filter("is_hub").select("family", next_hub_at="at").sort("next_hub_at")
    github = commits.filter(~pl.col("is_hub")).select("family", "at")
    begins = (pl.col("at") - pl.col("at").shift(1)).over("family").fill_null(gap) >= gap
    bursts = (
        github.with_columns(seq=begins.cast(pl.Int64).cum_sum().over("family"))
        .group_by("family", "seq")
        .agg(started_at=pl.col("at").min(), ended_at=pl.col("at").max(), commit_count=pl.len().cast(pl.Int64))
        .sort("started_at")
        .join_asof(
            hub, left_on="started_at", right_on="next_hub_at", by="family", strategy="forward", check_sortedness=False
        )
    )
    waited = _fraction(pl.col("next_hub_at").fill_null(pl.lit(as_of, MOMENT)) - pl.col("started_at"))
    return bursts.select(
        pl.col("family").cast(pl.String), "seq", "started_at", "ended_at", "commit_count", "next_hub_at",
        delay_days=pl.max_horizontal(waited, pl.lit(0.0)),
        is_censored=pl.col("next_hub_at").is_null(),
    ).sort("family", "seq")  # fmt: skip
