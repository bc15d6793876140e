"""Profiles: how times are read and which commits count. The eight patterns, by type and intensity."""

from __future__ import annotations

from typing import NamedTuple


class Profile(NamedTuple):
    """One way of reading a history. Thresholds are the study's (`sync_profile` shows them in a database)."""

    name: str
    description: str
    is_hub_day_only: bool
    github_time: str
    has_bots: bool
    has_merges: bool
    has_attributes_only: bool
    window_days: int = 14
    rare_buckets: int = 3
    frequent_run: int = 5
    together_variants: int = 3
    together_buckets: int = 3
    gap_from_year: int = 2016
    short_buckets: int = 8


PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            "paper",
            "Replication: the Hub's times cut to the day, GitHub's author dates, every commit counts.",
            is_hub_day_only=True, github_time="authored", has_bots=True, has_merges=True, has_attributes_only=True,
        ),
        Profile(
            "exact",
            "Full times, GitHub's committer dates (author dates where there is none), every commit counts.",
            is_hub_day_only=False, github_time="committed", has_bots=True, has_merges=True, has_attributes_only=True,
        ),
        Profile(
            "strict",
            "As exact, without bots, merges on GitHub, and Hub commits that touch nothing but .gitattributes.",
            is_hub_day_only=False, github_time="committed", has_bots=False, has_merges=False, has_attributes_only=False,
        ),
    )
}  # fmt: skip

PATTERNS = {
    "CSF": ("Frequent", 1),
    "CSS": ("Intermittent", 2),
    "CSR": ("Rare", 3),
    "PSF": ("Dense Partial", 4),
    "PSS": ("Disperse", 5),
    "PSR": ("Sparse", 6),
    "ASS": ("Sporadic Disjoint", 7),
    "VSS": ("Sporadic Disjoint", 7),
    "ASR": ("Rare Disjoint", 8),
    "VSR": ("Rare Disjoint", 8),
}
"""Code (type and intensity) -> the pattern's name and its number in the study. Lag does not enter."""

LAGS = ("upstream_first", "simultaneous", "downstream_first")
TYPES = ("CS", "PS", "VS", "AS")
INTENSITIES = ("F", "S", "R")

TYPE_WORDS = {
    "CS": "complete: every period in which a variant changed also saw work on GitHub",
    "PS": "partial: some periods are shared, and some variant changed while GitHub was idle",
    "VS": "variants only: no period is shared with GitHub, but three or more variants changed together, repeatedly",
    "AS": "asynchronous: no period is shared",
}  # fmt: skip
INTENSITY_WORDS = {
    "F": "frequent: one variant and GitHub worked side by side for at least {frequent_run} periods in a row",
    "S": "sporadic: more than {rare_buckets} active periods of a variant, never {frequent_run} in a row beside GitHub",
    "R": "rare: no variant has more than {rare_buckets} active periods",
}
LAG_WORDS = {
    "upstream_first": "GitHub first",
    "simultaneous": "both in the same first period",
    "downstream_first": "the Hub first",
}
