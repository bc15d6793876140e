"""Commits with dates -> buckets, halves, switch gaps, propagation."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peatmoss.parse.sync import families
from peatmoss.parse.sync.families import Piece, classify
from peatmoss.parse.sync.profile import PROFILES

PAPER, EXACT = PROFILES["paper"], PROFILES["exact"]
AS_OF = datetime(2024, 10, 9, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def table(**sides: list[str]) -> pl.DataFrame:
    """One family; GH, and the variants by their names."""
    rows = [
        ("f", "GH" if member == "GH" else "HF", member, at(time)) for member, times in sides.items() for time in times
    ]
    return frame(rows)


def frame(rows: list[tuple[str, str, str, datetime]]) -> pl.DataFrame:
    columns = {"family": pl.String, "side": pl.String, "member": pl.String, "at": families.MOMENT}
    return pl.DataFrame(rows, schema=columns, orient="row")


def only(commits: pl.DataFrame, profile: Any = PAPER, as_of: datetime = AS_OF) -> Piece:
    (piece,) = classify(commits, profile, as_of)
    return piece


def whole(piece: Piece) -> dict[str, Any]:
    return piece.results.filter(part="all").row(0, named=True)


def buckets(piece: Piece, is_hub: bool) -> list[int]:
    return piece.buckets.filter(pl.col("is_hub") == is_hub)["bucket"].unique().sort().to_list()


WANLI = table(
    GH=[
        "2022-04-20T20:23:00", "2022-04-22T00:21:53", "2022-10-21T20:44:56", "2022-10-21T20:45:33",
        "2022-12-01T22:11:22", "2023-04-27T22:31:30", "2023-05-24T18:57:28",
    ],
    wanli=["2022-03-30", "2022-06-07", "2022-08-19", "2022-11-14", "2023-03-17", "2023-06-14"],
)  # fmt: skip


def test_the_dates_of_a_published_family_give_its_buckets_its_pattern_and_its_switch_gaps() -> None:
    piece = only(WANLI)
    assert buckets(piece, is_hub=False) == [1, 14, 17, 28, 30]
    assert buckets(piece, is_hub=True) == [0, 4, 10, 16, 25, 31]
    result = whole(piece)
    assert (result["lag"], result["code"], result["pattern"]) == ("downstream_first", "ASS", "Sporadic Disjoint")
    assert result["first_lag_days"] == pytest.approx(-21.8, abs=0.06)
    assert piece.transitions.select("is_to_hub", "gap_days").rows() == [
        (False, 21), (True, 45), (False, 63), (True, 23), (False, 17), (True, 105), (False, 41), (True, 20),
    ]  # fmt: skip


def test_a_day_on_the_hub_begins_at_midnight_before_the_work_on_github() -> None:
    piece = only(table(GH=["2022-05-04T07:26:18"], v=["2022-05-04"]))
    result = whole(piece)
    assert (result["lag"], result["code"]) == ("simultaneous", "CSR")
    assert piece.transitions.select("is_to_hub", "gap_days").rows() == [(False, 0)]


def test_a_gap_counts_whole_days() -> None:
    piece = only(table(GH=["2023-06-30T18:36:16"], v=["2023-11-21"]))
    assert piece.transitions.select("is_to_hub", "gap_days").rows() == [(True, 143)]
    assert whole(piece)["code"] == "ASR"


@pytest.mark.parametrize(
    ("profile", "hub", "bucket"),
    [(EXACT, "2023-01-15T09:59", 0), (EXACT, "2023-01-15T10:00", 1), (PAPER, "2023-01-15T10:00", 0)],
)
def test_buckets_are_half_open_and_the_replication_cuts_hub_times_to_the_day(
    profile: Any, hub: str, bucket: int
) -> None:
    assert buckets(only(table(GH=["2023-01-01T10:00"], v=[hub]), profile), is_hub=True) == [bucket]


def test_halves_are_cut_on_each_side_by_number_and_the_middle_commit_is_late() -> None:
    piece = only(table(GH=["2023-01-01", "2023-03-01", "2023-06-01"], v=["2023-01-02", "2023-06-02"], w=["2023-09-01"]))
    halves = {row["part"]: row for row in piece.results.iter_rows(named=True)}
    assert [halves[part]["github_commits"] for part in ("all", "early", "late")] == [3, 1, 2]
    assert [halves[part]["hub_commits"] for part in ("all", "early", "late")] == [3, 1, 2]
    assert halves["early"]["code"] == "CSR"
    assert halves["late"]["origin_at"] == at("2023-03-01")
    assert (halves["late"]["code"], halves["late"]["lag"]) == ("PSR", "upstream_first")


def test_a_half_without_commits_on_one_side_has_no_pattern() -> None:
    piece = only(table(GH=["2023-01-01", "2023-02-01"], v=["2023-01-02"]))
    early = piece.results.filter(part="early").row(0, named=True)
    assert (early["status"], early["code"], early["pattern"]) == ("insufficient_hub", None, None)


def test_a_family_without_a_side_is_kept_with_its_status() -> None:
    piece = only(table(GH=["2023-01-01"]))
    assert piece.results["status"].to_list()[0] == "insufficient_hub"
    assert whole(piece)["variant_count"] == 0
    assert piece.members.height == 0


def test_bursts_wait_for_the_next_hub_commit_and_are_censored_where_none_came() -> None:
    piece = only(
        table(GH=["2023-01-01", "2023-01-10", "2023-01-24", "2023-06-01"], v=["2023-01-05", "2023-02-03"]), EXACT
    )
    assert piece.bursts.select("started_at", "commit_count", "next_hub_at", "delay_days", "is_censored").rows() == [
        (at("2023-01-01"), 2, at("2023-01-05"), 4.0, False),
        (at("2023-01-24"), 1, at("2023-02-03"), 10.0, False),
        (at("2023-06-01"), 1, None, float((AS_OF - at("2023-06-01")).days), True),
    ]
    result = whole(piece)
    assert (result["hub_delay_count"], result["hub_delay_median_days"]) == (2, 7.0)


def test_a_variant_knows_what_happened_on_github_after_it() -> None:
    piece = only(table(GH=["2023-01-01", "2023-05-01", "2023-06-01"], v=["2023-01-02"], w=["2022-12-01"]), EXACT)
    assert piece.members.select("member", "github_commits_since", "is_covered", "first_lag_days").rows() == [
        ("v", 2, True, 1.0),
        ("w", 3, False, -31.0),
    ]


def test_a_short_window_is_one_of_fewer_than_eight_observable_buckets() -> None:
    commits = table(GH=["2023-01-01"], v=["2023-01-02"])
    assert whole(only(commits, as_of=at("2023-04-08")))["is_short_window"]
    assert not whole(only(commits, as_of=at("2023-04-09")))["is_short_window"]


def test_the_age_of_a_family_is_the_mean_of_whole_days_between_first_and_last_commit_of_its_variants() -> None:
    piece = only(table(GH=["2023-01-01"], v=["2023-01-01", "2023-01-11"], w=["2023-01-01"]))
    assert whole(piece)["family_age_days"] == 5.0


def test_pieces_hold_whole_families_and_answer_as_one_would(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        (f"f{n}", side, "m", AS_OF - timedelta(days=(n * 37 + k * 11) % 900))
        for n in range(7)
        for k in range(6)
        for side in ("GH", "HF")
    ]
    one = only(frame(rows), EXACT)
    monkeypatch.setattr(families, "PIECE", 20)
    many = list(classify(frame(rows), EXACT, AS_OF))
    assert len(many) == 7
    for field in Piece._fields:
        assert pl.concat([getattr(piece, field) for piece in many]).equals(getattr(one, field)), field


COMMITS = st.lists(
    st.tuples(
        st.sampled_from(["f", "g"]),
        st.sampled_from([("GH", "repo"), ("HF", "a"), ("HF", "b"), ("HF", "c")]),
        st.integers(0, 700 * 24),
    ),
    min_size=1,
    max_size=40,
).map(lambda rows: [(f, s, m, datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=h)) for f, (s, m), h in rows])


@settings(max_examples=25, deadline=None)
@given(COMMITS, st.randoms())
def test_order_and_repetition_of_commits_change_no_pattern(rows: list[Any], random: Any) -> None:
    mixed = list(rows)
    random.shuffle(mixed)
    columns = ["family", "lag", "code", "span_buckets", "overlap_buckets", "longest_run", "phase_agreement"]
    expected = only(frame(rows), EXACT)
    for other in (frame(mixed), frame(rows + mixed)):
        piece = only(other, EXACT)
        assert (
            piece.results.filter(part="all").select(columns).equals(expected.results.filter(part="all").select(columns))
        )
        assert piece.transitions.equals(expected.transitions)


@settings(max_examples=25, deadline=None)
@given(COMMITS, st.integers(1, 2_000))
def test_moving_every_date_by_days_changes_nothing_but_dates(rows: list[Any], days: int) -> None:
    moved = [(f, s, m, time + timedelta(days=days)) for f, s, m, time in rows]
    dates = pl.selectors.temporal()
    before, after = only(frame(rows), EXACT), only(frame(moved), EXACT, AS_OF + timedelta(days=days))
    assert after.results.select(~dates).equals(before.results.select(~dates))
    assert after.members.select(~dates).equals(before.members.select(~dates))
    assert after.transitions.select(~dates).equals(before.transitions.select(~dates))


@settings(max_examples=25, deadline=None)
@given(COMMITS)
def test_presence_in_a_bucket_agrees_with_counting_days_one_by_one(rows: list[Any]) -> None:
    piece = only(frame(rows), EXACT)
    for family in {row[0] for row in rows}:
        mine = [row for row in rows if row[0] == family]
        first = min(row[3] for row in mine)
        expected = sorted({(side == "HF", member, (time - first).days // 14) for _, side, member, time in mine})
        assert piece.buckets.filter(family=family).select("is_hub", "member", "bucket").rows() == expected
