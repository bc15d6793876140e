"""The replication script: its tests agree with the study's published tables, and with scipy where it has the test."""

from pathlib import Path

import pytest
from scipy import stats

from benchmarks import sync_labels, sync_replication
from tests.analyze.test_sync_table import REAL


def test_the_published_tables_give_the_published_statistics(capsys: pytest.CaptureFixture[str]) -> None:
    assert sync_replication.published() == 0, capsys.readouterr().out


def test_dunn_on_two_groups_is_kruskal_wallis() -> None:
    groups = {"a": [1, 2, 2, 3, 9], "b": [2, 5, 6, 6, 7, 8]}
    ((_, _, p),) = sync_replication.dunn(groups)
    assert p == pytest.approx(stats.kruskal(*groups.values()).pvalue)


def test_published_gaps_are_made_again_and_a_wrong_one_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "family,source,target,prev_commit,next_commit,days_difference\n"
    rows = "a,GH,HF,2023-12-06 13:06:47,2023-12-23 00:00:00,16\na,HF,GH,2023-12-23 00:00:00,2023-12-23 21:07:20,0\n"
    path = tmp_path / "gaps.csv"
    path.write_text(head + rows)
    assert sync_replication.gaps(path) == 0
    path.write_text(head + rows.replace(",16\n", ",17\n"))
    assert sync_replication.gaps(path) == 2
    assert "1 of 2 published gaps come out, 1 others do" in capsys.readouterr().out


def test_a_table_without_a_second_row_has_no_statistic() -> None:
    assert sync_replication.independence([[1, 2], [0, 0]])[1] == 0


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real data in {REAL} (PEATMOSS_REAL_DATA)")
def test_a_table_of_commits_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "commits.csv"
    sync_replication.convert(REAL, table)
    sync_replication.report(table, "paper")
    said = capsys.readouterr().out
    assert "10 families with commits on both sides, profile paper" in said
    assert "lag x pattern: chi2 5.8, df 5" in said


def test_agreement_beyond_chance_and_each_difference_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sync_labels.kappa(["a", "a", "b", "b"], ["a", "a", "b", "a"]) == (3, pytest.approx(0.5))
    path = tmp_path / "hub.csv"
    path.write_text(
        "title;files;manual_classification;oussama_classification;automatic_classification\n"
        "Update README.md;README.md;external documentation;external documentation;sharing\n"
        "hmm;config.json;sharing;sharing;sharing\n"
    )
    sync_labels.report(path, "hub")
    said = capsys.readouterr().out
    assert "first annotator / our rules: 1 = 0.500" in said
    assert "'hmm' [config.json]: sharing / sharing, rules parameter_tuning" in said
