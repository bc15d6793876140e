"""A table of commits (CSV) -> the synchronization pattern of each family in it. No database needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from peatmoss.errors import PeatmossError, SourceError
from peatmoss.parse.sync.commit import is_bot, is_merge
from peatmoss.parse.sync.families import MOMENT, Piece, classify
from peatmoss.parse.sync.profile import PROFILES, Profile

COLUMNS = ("family", "side", "member", "time")
OPTIONAL = ("author", "title")
SIDES = ("GH", "HF")

_FORMATS = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d", "%Y-%m-%dT%H:%M%#z", "%Y-%m-%dT%H:%M")
_READING = ("lag", "type", "intensity", "code", "pattern")
_COUNTS = (
    "variant_count", "github_commits", "hub_commits", "span_buckets", "github_buckets", "hub_buckets",
    "overlap_buckets", "longest_run", "longest_run_member", "variant_bucket_count",
)  # fmt: skip
_CHECKS = ("overlap_chance", "phase_agreement", "observable_buckets", "is_short_window", "github_density")
_DAYS = ("first_lag_days", "family_age_days")


class Answer(NamedTuple):
    """Families one by one, and what of the table could not be read: reason -> (rows, first line)."""

    families: Iterator[dict[str, Any]]
    left_out: dict[str, tuple[int, int]]


def ask(path: Path, profile: str = "paper", as_of: datetime | None = None) -> Answer:
    """Classify the families of a CSV file with the columns family, side (GH or HF), member, time (ISO 8601).

    A time without a zone is UTC. `as_of` is when the histories were collected; by default the newest time in the file.
    The profile `strict` finds bots and merges by the columns author and title, where the file has them.

    Raises PeatmossError if there is no file or a column is missing, SourceError if the file cannot be read.
    """
    chosen = PROFILES[profile]
    commits, left_out = _read(path)
    if not chosen.has_bots:
        commits = commits.filter(~(pl.col("is_bot") | (pl.col("is_merge") & (pl.col("side") == "GH"))))
    newest = commits["at"].max()
    assert newest is None or isinstance(newest, datetime)  # noqa: S101
    until = as_of or newest
    pieces = classify(commits.select("family", "side", "member", "at"), chosen, until) if until else iter(())
    return Answer((family for piece in pieces for family in _families(piece, chosen)), left_out)


def _read(path: Path) -> tuple[pl.DataFrame, dict[str, tuple[int, int]]]:
    """The commits, names as numbers; and the rows that are none."""
    if not path.is_file():
        raise PeatmossError(f"{path} is a folder, not a file" if path.is_dir() else f"no such file: {path}")
    try:
        rows = pl.scan_csv(path, infer_schema=False, glob=False)
        there = rows.collect_schema().names()
        missing = [column for column in COLUMNS if column not in there]
        if missing:
            need = f"it needs {', '.join(COLUMNS)} (optional: {', '.join(OPTIONAL)})"
            raise PeatmossError(f"{path} has no column {', '.join(missing)}: {need}")
        blank = [pl.lit(None, pl.String).alias(column) for column in OPTIONAL if column not in there]
        commits = rows.with_columns(blank).select(
            *(_name(column) for column in ("family", "member")),
            side=pl.col("side").str.strip_chars().str.to_uppercase().cast(pl.Enum(SIDES), strict=False),
            at=_time(pl.col("time")), is_bot=is_bot(pl.col("author"), pl.col("title")),
            is_merge=is_merge(pl.col("title")),
        )  # fmt: skip
        found = commits.collect(engine="streaming")
        problem = (
            pl.when(pl.col("family").is_null() | pl.col("member").is_null())
            .then(pl.lit("no family or no member"))
            .when(pl.col("side").is_null())
            .then(pl.lit("a side that is neither GH nor HF"))
            .when(pl.col("at").is_null())
            .then(pl.lit("no time that can be read (ISO 8601)"))
        )
        wrong = found.select(reason=problem).with_row_index("line", offset=2).drop_nulls("reason")
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror or error}") from error
    except pl.exceptions.PolarsError as error:
        raise SourceError(f"{path} is no CSV table: {' '.join(str(error).split())[:200]}") from error
    counts = wrong.group_by("reason").agg(pl.len(), pl.col("line").min()).sort("reason")
    return found.drop_nulls(["family", "member", "side", "at"]), {r: (n, line) for r, n, line in counts.iter_rows()}


def _name(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text).cast(pl.Categorical).alias(column)


def _time(text: pl.Expr) -> pl.Expr:
    """ISO 8601, to the second, the minute or the day; UTC where no zone is named."""
    text = text.str.strip_chars().str.replace(" ", "T", literal=True).str.replace(" ", "", literal=True)
    return pl.coalesce(
        text.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False).cast(MOMENT) for form in _FORMATS
    )


def _families(piece: Piece, profile: Profile) -> Iterator[dict[str, Any]]:
    """What a reader of JSON gets of each family."""
    results = piece.results.partition_by("family", as_dict=True, maintain_order=True)
    members = piece.members.partition_by("family", as_dict=True)
    buckets = piece.buckets.partition_by("family", as_dict=True)
    gaps = piece.transitions.partition_by("family", as_dict=True)
    bursts = piece.bursts.partition_by("family", as_dict=True)
    for key, rows in results.items():
        whole, *halves = rows.iter_rows(named=True)
        yield {
            "family": whole["family"],
            "profile": profile.name,
            "status": whole["status"],
            **{name: whole[name] for name in (*_READING, *_COUNTS, *_DAYS)},
            "origin_at": whole["origin_at"],
            "last_at": whole["last_at"],
            "buckets": _buckets(buckets[key]),
            "members": [
                {name: value for name, value in member.items() if name != "family"}
                for member in (members[key].iter_rows(named=True) if key in members else ())
            ],
            "halves": {half["part"]: {name: half[name] for name in ("status", *_READING)} for half in halves},
            "switch_gaps": _gaps(gaps.get(key, piece.transitions.clear())),
            "propagation": _propagation(whole, bursts.get(key, piece.bursts.clear())),
            "checks": {name: whole[name] for name in _CHECKS},
        }


def _buckets(buckets: pl.DataFrame) -> dict[str, Any]:
    """The active buckets of each side, those of both, and those of each variant."""
    github = buckets.filter(~pl.col("is_hub"))["bucket"].unique().sort().to_list()
    hub = buckets.filter("is_hub")
    variants = {name[0]: rows["bucket"].to_list() for name, rows in hub.group_by("member", maintain_order=True)}
    active = hub["bucket"].unique().sort().to_list()
    return {"GH": github, "HF": active, "overlap": sorted(set(github) & set(active)), "variants": variants}


def _gaps(gaps: pl.DataFrame) -> dict[str, Any]:
    days = gaps["gap_days"]
    to_hub, to_github = (gaps.filter(pl.col("is_to_hub") == side)["gap_days"] for side in (True, False))
    return {
        "count": days.len(), "mean_days": days.mean(), "median_days": days.median(),
        "to_hub_count": to_hub.len(), "to_hub_mean_days": to_hub.mean(),
        "to_github_count": to_github.len(), "to_github_mean_days": to_github.mean(), "days": days.to_list(),
    }  # fmt: skip


def _propagation(whole: dict[str, Any], bursts: pl.DataFrame) -> dict[str, Any]:
    return {
        "hub_commits_after_github": whole["hub_delay_count"] or 0,
        "hub_delay_median_days": whole["hub_delay_median_days"],
        "bursts": bursts.height,
        "bursts_censored": bursts["is_censored"].sum(),
        "burst_delay_median_days": bursts.filter(~pl.col("is_censored"))["delay_days"].median(),
    }
