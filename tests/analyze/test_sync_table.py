"""A CSV table of commits -> families, without a database."""

import json
import os
from pathlib import Path

import pytest

from benchmarks import sync_classify
from peatmoss.analyze import sync_table
from peatmoss.errors import PeatmossError, SourceError
from tests.cli.test_main import run

REAL = Path(os.environ.get("PEATMOSS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data")) / "sync"
SEW = """family,side,member,time
sew,GH,asapp/sew,2021-09-01T10:00:00Z
sew,GH,asapp/sew,2021-09-20 12:00:00+02:00
sew,GH,asapp/sew,2021-10-14
sew,GH,asapp/sew,2021-10-30T08:00
sew,HF,asapp/sew-tiny,2021-10-14T09:00:00.000Z
sew,HF,asapp/sew-tiny,2021-10-30T09:00:00
sew,HF,asapp/sew-mid,2021-10-15T09:00:00+0000
sew,HF,asapp/sew-mid,2023-07-20T09:00:00.0000Z
"""


def table(folder: Path, text: str) -> Path:
    path = folder / "commits.csv"
    path.write_text(text, "utf-8")
    return path


def test_a_table_gives_one_object_a_family_with_the_sets_of_buckets(tmp_path: Path) -> None:
    (family,) = sync_table.ask(table(tmp_path, SEW)).families
    assert {key: family[key] for key in ("family", "lag", "type", "intensity", "code", "pattern", "status")} == {
        "family": "sew", "lag": "upstream_first", "type": "PS", "intensity": "R", "code": "PSR", "pattern": "Sparse",
        "status": "ok",
    }  # fmt: skip
    assert family["buckets"] == {
        "GH": [0, 1, 3, 4], "HF": [3, 4, 49], "overlap": [3, 4],
        "variants": {"asapp/sew-mid": [3, 49], "asapp/sew-tiny": [3, 4]},
    }  # fmt: skip


def test_what_cannot_be_read_is_left_out_and_counted_with_its_first_line(tmp_path: Path) -> None:
    broken = (
        SEW
        + "sew,HF,asapp/sew-mid,yesterday\nsew,hub,x,2021-01-01\n,GH,x,2021-01-01\nsew,hf,asapp/sew-mid,2023-13-01\n"
    )
    answer = sync_table.ask(table(tmp_path, broken))
    assert answer.left_out == {
        "no family or no member": (1, 12),
        "a side that is neither GH nor HF": (1, 11),
        "no time that can be read (ISO 8601)": (2, 10),
    }
    assert [family["hub_commits"] for family in answer.families] == [4]


def test_strict_leaves_bots_and_merges_out_where_the_table_can_tell(tmp_path: Path) -> None:
    text = (
        "family,side,member,time,author,title\n"
        "f,GH,r,2023-01-01,someone,First commit\nf,GH,r,2023-02-01,someone,Merge pull request #3 from a/b\n"
        "f,GH,r,2023-03-01,dependabot[bot],Bump x\nf,HF,v,2023-01-01,someone,Update README.md\n"
        "f,HF,v,2023-04-01,SFconvertbot,Adding `safetensors` variant of this model\n"
    )
    counts = {}
    for profile in ("paper", "exact", "strict"):
        (family,) = sync_table.ask(table(tmp_path, text), profile).families
        counts[profile] = (family["github_commits"], family["hub_commits"], family["code"])
    assert counts == {"paper": (3, 2, "PSR"), "exact": (3, 2, "PSR"), "strict": (1, 1, "CSR")}


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("family,side,time\nf,GH,2023-01-01\n", PeatmossError, "has no column member"),
        ("", SourceError, "is no CSV table"),
        (None, PeatmossError, "no such file"),
    ],
)
def test_a_file_that_is_no_table_of_commits_is_one_clear_line(
    tmp_path: Path, text: str | None, error: type[PeatmossError], message: str
) -> None:
    path = tmp_path / "nothing.csv" if text is None else table(tmp_path, text)
    with pytest.raises(error, match=message):
        sync_table.ask(path)


def test_a_table_without_rows_has_no_families(tmp_path: Path) -> None:
    assert list(sync_table.ask(table(tmp_path, "family,side,member,time\n")).families) == []


def test_the_command_says_that_there_is_nothing_to_classify(tmp_path: Path) -> None:
    path = table(tmp_path, "family,side,member,time\nf,GH,r,never\n")
    done = run("sync", "classify", "--commits", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "1 row left out: no time that can be read (ISO 8601) (first: line 2)",
        f"error: {path} has no commit that can be read: nothing to classify",
    ]


def test_a_hostile_date_costs_no_time(tmp_path: Path) -> None:
    text = "family,side,member,time\nf,GH,r,0001-01-01\nf,HF,v,9999-12-31T23:59:59Z\n"
    (family,) = sync_table.ask(table(tmp_path, text)).families
    assert family["code"] == "ASR"
    assert family["checks"]["overlap_chance"] is None


def test_the_command_prints_json_lines_or_one_line_a_family(tmp_path: Path) -> None:
    path = str(table(tmp_path, SEW + "sew,HF,x,never\n"))
    done = run("sync", "classify", "--commits", path, "--json")
    assert [json.loads(line)["code"] for line in done.stdout.splitlines()] == ["PSR"]
    assert "1 row left out: no time that can be read" in done.stderr
    assert (
        run("sync", "classify", "--commits", path).stdout
        == "sew  PSR  Sparse  upstream_first  2 of 3 Hub periods shared\n"
    )


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real data in {REAL} (PEATMOSS_REAL_DATA)")
def test_the_development_families_come_out_as_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert sync_classify.published(REAL) == 0, capsys.readouterr().out
