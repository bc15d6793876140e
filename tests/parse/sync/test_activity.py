"""Vectors and invariants of the study's three dimensions, on sets of buckets."""

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peatmoss.parse.sync.activity import Activity, agreement, bits, chance, crowded, longest_run, numbers, read, union
from peatmoss.parse.sync.profile import PATTERNS, PROFILES

PAPER = PROFILES["paper"]


def span(first: int, last: int) -> list[int]:
    return list(range(first, last + 1))


def family(github: list[int], *variants: list[int]) -> Activity:
    return Activity(bits(github), {f"v{n}": bits(variant) for n, variant in enumerate(variants)})


class Case(NamedTuple):
    name: str
    github: list[int]
    variants: list[list[int]]
    lag: str | None
    code: str


ODD = [1, 3, 5, 7]
CASES = [
    Case("sew", [0, 1, 3, 4], [[3, 4, 49], [3, 4, 49]], "upstream_first", "PSR"),
    Case("fastchat", span(0, 40), [[2, 3, 7]], "upstream_first", "CSR"),
    Case("contriever", [12, 25, 31], [[0, 11]], "downstream_first", "ASR"),
    Case("wanli", [1, 14, 17, 28, 30], [[0, 4, 10, 16, 25, 31]], "downstream_first", "ASS"),
    Case("four buckets are not rare", span(0, 20), [[0, 2, 4, 6]], "simultaneous", "CSS"),
    Case("a run of exactly five", span(0, 9), [span(0, 4)], None, "CSF"),
    Case("a run of four", span(0, 9), [span(0, 3)], None, "CSS"),
    Case("one late variant makes it partial", span(0, 9), [span(0, 4), [30]], None, "PSF"),
    Case("a run across variants does not count", span(0, 7), [[0, 2, 4, 6], ODD], None, "CSS"),
    Case("a run beside other buckets", [*span(0, 4), 6], [[*span(0, 4), 6]], None, "CSF"),
    Case("gaps break runs", [0, 2, 4, 6, 8, 10], [[0, 2, 4, 6, 8, 10]], None, "CSS"),
    Case("three variants in four buckets", [0], [ODD, ODD, ODD], "upstream_first", "VSS"),
    Case("three variants in three buckets", [0], [[1, 2, 3]] * 3, "upstream_first", "VSR"),
    Case("two variants are no variant synchronization", [0], [ODD, ODD], None, "ASS"),
    Case("only two buckets with three variants", [0], [[1, 2, 3], [1, 2, 3], [1, 2]], None, "ASR"),
    Case("the Hub first, then both", [5], [[0, 5]], "downstream_first", "PSR"),
    Case("overlap in a run of four", span(0, 5), [[1, 2, 3, 4, 6, 7]], "upstream_first", "PSS"),
    Case("three buckets are rare", span(0, 2), [span(0, 2)], None, "CSR"),
    Case("four are not", span(0, 3), [span(0, 3)], None, "CSS"),
    Case("any overlap beats variants among themselves", [0, 9], [[9], *[span(1, 6)] * 3], None, "PSS"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_vectors_of_the_study_come_out_as_stated(case: Case) -> None:
    reading = read(family(case.github, *case.variants), PAPER)
    assert reading.code == case.code
    assert reading.pattern == PATTERNS[case.code][0]
    assert case.lag in (None, reading.lag)


def test_every_pattern_has_its_name() -> None:
    assert {code: name for code, (name, _) in PATTERNS.items()} == {
        "CSF": "Frequent", "CSS": "Intermittent", "CSR": "Rare", "PSF": "Dense Partial", "PSS": "Disperse",
        "PSR": "Sparse", "ASS": "Sporadic Disjoint", "VSS": "Sporadic Disjoint", "ASR": "Rare Disjoint",
        "VSR": "Rare Disjoint",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("activity", "status"),
    [
        (family([1]), "insufficient_hub"),
        (family([], [1]), "insufficient_github"),
        (family([]), "insufficient_both"),
    ],
)
def test_a_side_without_commits_gives_a_status_and_no_pattern(activity: Activity, status: str) -> None:
    reading = read(activity, PAPER)
    assert (reading.status, reading.lag, reading.code, reading.pattern) == (status, None, None, None)


BUCKETS = st.sets(st.integers(0, 40), max_size=25).map(lambda s: bits(sorted(s)))
SOME = st.sets(st.integers(0, 40), min_size=1, max_size=25).map(lambda s: bits(sorted(s)))
FAMILIES = st.builds(
    lambda github, variants: Activity(github, {f"v{n}": v for n, v in enumerate(variants)}),
    SOME, st.lists(SOME, min_size=1, max_size=6),
)  # fmt: skip
ORDER = {"AS": 0, "VS": 0, "PS": 1, "CS": 2}


@settings(deadline=None)
@given(FAMILIES)
def test_structure_of_the_dimensions_holds(activity: Activity) -> None:
    reading = read(activity, PAPER)
    overlap = (activity.github & union(activity.variants.values())).bit_count()
    if reading.type == "CS":
        assert reading.lag != "downstream_first"
    if reading.type in ("AS", "VS"):
        assert reading.lag != "simultaneous"
        assert overlap == 0
    if reading.intensity == "F":
        assert overlap >= 5
        assert reading.type in ("CS", "PS")
    if len(activity.variants) < 3:
        assert reading.type != "VS"


@settings(deadline=None)
@given(FAMILIES, st.integers(0, 30))
def test_moving_all_dates_changes_nothing(activity: Activity, by: int) -> None:
    moved = Activity(activity.github << by, {name: v << by for name, v in activity.variants.items()})
    assert read(moved, PAPER) == read(activity, PAPER)


@settings(deadline=None)
@given(FAMILIES, BUCKETS)
def test_more_work_on_github_only_moves_towards_complete(activity: Activity, more: int) -> None:
    before, after = read(activity, PAPER), read(activity._replace(github=activity.github | more), PAPER)
    assert ORDER[str(after.type)] >= ORDER[str(before.type)]
    assert after.type == before.type or ORDER[str(after.type)] > ORDER[str(before.type)]


@settings(deadline=None)
@given(FAMILIES, st.randoms())
def test_the_order_of_variants_changes_nothing(activity: Activity, random: object) -> None:
    items = list(activity.variants.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    assert read(activity._replace(variants=dict(items)), PAPER) == read(activity, PAPER)


@settings(deadline=None)
@given(st.sets(st.integers(0, 200)))
def test_a_set_of_buckets_survives_being_a_number(buckets: set[int]) -> None:
    assert numbers(bits(buckets)) == sorted(buckets)


@settings(deadline=None)
@given(BUCKETS)
def test_the_longest_run_is_the_one_that_counting_finds(activity: int) -> None:
    active, best, run = set(numbers(activity)), 0, 0
    for bucket in range(42):
        run = run + 1 if bucket in active else 0
        best = max(best, run)
    assert longest_run(activity) == best


@settings(deadline=None)
@given(st.lists(BUCKETS, max_size=7), st.integers(1, 4))
def test_crowded_buckets_are_those_that_counting_finds(variants: list[int], count: int) -> None:
    expected = [b for b in range(41) if sum(v >> b & 1 for v in variants) >= count]
    assert numbers(crowded(variants, count)) == expected


@settings(deadline=None)
@given(SOME, SOME)
def test_chance_is_the_share_of_shifts_that_overlap_as_much(github: int, hub: int) -> None:
    n = (github | hub).bit_length()
    ours, theirs = set(numbers(github)), set(numbers(hub))
    shifted = [len({(b + s) % n for b in ours} & theirs) for s in range(n)]
    assert chance(github, hub) == sum(overlap >= shifted[0] for overlap in shifted) / n


def test_activity_in_every_bucket_overlaps_by_chance_alone() -> None:
    assert chance(bits(span(0, 30)), bits([3, 9])) == 1.0
    assert chance(bits([0, 1, 4]), bits([0, 1, 4, 13])) == 1 / 14
    assert chance(0, bits([3])) is None
    assert chance(1, 1 << 5_000) is None


def test_agreement_is_the_share_of_phases_with_the_same_pattern() -> None:
    phases = [family([0], [0])] * 3 + [family([0], [1])]
    assert agreement("Rare", phases, PAPER) == 0.75
    assert agreement(None, phases, PAPER) is None
