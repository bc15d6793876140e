"""Sets of active buckets -> lag, type, intensity. A set is an integer whose bit b says: bucket b is active."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from peatmoss.parse.sync.profile import PATTERNS, Profile

MAX_SPAN = 2_000
"""Buckets over which shifts are tried: 76 years."""


class Activity(NamedTuple):
    """Active buckets of a family: of its repository, and of each variant (in the order of their names)."""

    github: int
    variants: Mapping[str, int]


class Reading(NamedTuple):
    """What the buckets say. Without commits on one side only `status` says something."""

    status: str
    lag: str | None = None
    type: str | None = None
    intensity: str | None = None
    code: str | None = None
    pattern: str | None = None
    longest_run: int = 0
    longest_run_member: str | None = None
    variant_bucket_count: int = 0


def bits(buckets: Iterable[int]) -> int:
    """Bucket numbers -> a set."""
    found = 0
    for bucket in buckets:
        found |= 1 << bucket
    return found


def numbers(activity: int) -> list[int]:
    """A set -> its bucket numbers, ascending."""
    found = []
    while activity:
        lowest = activity & -activity
        found.append(lowest.bit_length() - 1)
        activity ^= lowest
    return found


def union(variants: Iterable[int]) -> int:
    """Buckets in which some variant is active."""
    found = 0
    for variant in variants:
        found |= variant
    return found


def longest_run(activity: int) -> int:
    """How many buckets in a row are active, at most."""
    length = 0
    while activity:
        activity &= activity >> 1
        length += 1
    return length


def crowded(variants: Iterable[int], count: int) -> int:
    """Buckets in which at least `count` variants are active."""
    at_least = [0] * count  # at_least[n]: buckets with more than n variants so far
    for variant in variants:
        for n in range(count - 1, 0, -1):
            at_least[n] |= at_least[n - 1] & variant
        at_least[0] |= variant
    return at_least[-1]


def read(activity: Activity, profile: Profile) -> Reading:
    """Lag, type and intensity, in the order of the study's tests.

    status: ok, or insufficient_github, insufficient_hub, insufficient_both where a side has no commits: an empty set
    would be covered by anything.
    """
    github, hub = activity.github, union(activity.variants.values())
    if not github or not hub:
        missing = "both" if not github and not hub else "hub" if github else "github"
        return Reading(f"insufficient_{missing}")
    variants = [variant for variant in activity.variants.values() if variant]
    together = crowded(variants, profile.together_variants).bit_count()
    runs = {name: longest_run(variant & github) for name, variant in activity.variants.items()}
    run = max(runs.values())
    kind, intensity = _type(github, hub, together, profile), _intensity(variants, run, profile)
    code = kind + intensity
    longest = min(name for name, length in runs.items() if length == run) if run else None
    return Reading("ok", _lag(github, hub), kind, intensity, code, PATTERNS[code][0], run, longest, together)


def _lag(github: int, hub: int) -> str:
    first = (github | hub) & -(github | hub)
    if github & hub & first:
        return "simultaneous"
    return "upstream_first" if github & first else "downstream_first"


def _type(github: int, hub: int, together: int, profile: Profile) -> str:
    if not hub & ~github:
        return "CS"
    if hub & github:
        return "PS"
    return "VS" if together >= profile.together_buckets else "AS"


def _intensity(variants: Sequence[int], run: int, profile: Profile) -> str:
    if all(variant.bit_count() <= profile.rare_buckets for variant in variants):
        return "R"
    return "F" if run >= profile.frequent_run else "S"


def chance(github: int, hub: int) -> float | None:
    """How often a shifted history overlaps as much as the real one.

    The share of all circular shifts of GitHub's activity over the family's span that share at least as many buckets
    with the Hub's. None without two sides, and where a span beyond MAX_SPAN says that a date is wrong.
    """
    span = (github | hub).bit_length()
    if not github or not hub or span > MAX_SPAN:
        return None
    whole = (1 << span) - 1
    observed = (github & hub).bit_count()
    reached = 0
    for shift in range(span):
        shifted = (github << shift | github >> (span - shift)) & whole
        reached += (shifted & hub).bit_count() >= observed
    return reached / span


def agreement(whole: str | None, phases: Sequence[Activity], profile: Profile) -> float | None:
    """The share of day phases (origins moved back by 0 to 13 days) that give the same pattern."""
    if whole is None or not phases:
        return None
    return sum(read(phase, profile).pattern == whole for phase in phases) / len(phases)
