"""A family explained: in the terminal, as a picture, as a page; one clear line where there is nothing to explain."""

import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from peatmoss import analyze, explain, release
from peatmoss.errors import PeatmossError
from peatmoss.parse.sync.chart import FAINT, HUB, Timeline, lines, svg
from tests.analyze.test_sync import _world
from tests.cli.test_main import run
from tests.serve.test_run import get

ORIGIN = datetime(2023, 1, 1, tzinfo=UTC)
ATTACK = '</text><script>alert("x")</script>\x07'


@pytest.fixture
def world(database: str) -> str:
    _world(database)
    analyze.run(database, ["sync"])
    return database


def test_a_family_is_explained_alike_on_both_databases(world: str) -> None:
    found = explain.run(world, "acme/rocket", "paper")
    report = "\n".join(explain.report(found, 80))
    assert report.startswith("acme/rocket: Sparse (PSR), profile paper\nupstream: https://github.com/acme/rocket\n")
    assert "Lag: both in the same first period" in report
    assert "Type PS, partial" in report
    assert "2 of 3 active periods of the Hub are shared; GitHub has 4 in a span of 16." in report
    assert "Changes of sides to the Hub: 2, after 14.0 days in the mean, 28 at most." in report
    assert "Commits on the Hub name GitHub 1 times." in report
    assert "copy/rocket: excluded (other owner)" in report
    assert "acme/rocket-v2: 3 commits, 2 of 3 periods shared, 2 commits on GitHub since its last, version 2" in report


def test_a_model_leads_to_its_family_and_an_excluded_one_is_told_why(world: str) -> None:
    assert explain.run(world, "acme/rocket-v2", "exact").name == "acme/rocket"
    report = explain.report(explain.run(world, "copy/rocket", "exact"))
    assert report[2] == "copy/rocket itself is not counted: other owner"


def test_a_family_without_commits_says_so(world: str) -> None:
    found = explain.run(world, "x/nothing", "paper")
    assert explain.headline(found) == "x/nothing: no pattern (insufficient both), profile paper"
    assert explain.reasons(found)[0].startswith("Without commits on both sides there is nothing to compare")
    with pytest.raises(PeatmossError, match="x/nothing has no commits to draw"):
        explain.picture(found)


def test_what_is_not_there_is_one_clear_error(world: str) -> None:
    with pytest.raises(PeatmossError, match="no family and no model is called 'nix'"):
        explain.run(world, "nix", "paper")
    with pytest.raises(PeatmossError, match="no profile is called 'odd': there are paper, exact, strict"):
        explain.run(world, "acme/rocket", "odd")


def test_a_model_without_a_family_is_told_its_candidates(demo: str) -> None:
    with pytest.raises(
        PeatmossError, match="no upstream repository of google/gemma-7b is known: neither its card nor any"
    ):
        explain.run(demo, "google/gemma-7b", "paper")


def test_a_timeline_in_the_terminal_fits_and_marks_what_is_shared() -> None:
    short = lines(Timeline(ORIGIN, 14, {0: (1, 0), 2: (8, 3)}), 80)
    assert short[1:4] == ["GitHub  ▃ █", "Hub       ▅", "both      +"]
    long = lines(Timeline(ORIGIN, 14, {0: (1, 0), 999: (8, 3)}), 80)
    assert max(map(len, long[:4])) <= 80
    assert "one column is 14 periods of 14 days" in long[-1]
    assert lines(Timeline(ORIGIN, 14, {})) == []


def test_a_picture_is_well_formed_and_harmless_whatever_a_name_says() -> None:
    drawn = svg(Timeline(ORIGIN, 14, {0: (3, 0), 70: (1, 2)}), ATTACK, [ATTACK])
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own text
    assert "script" not in {element.tag.rpartition("}")[2] for element in root.iter()}
    assert [e.text for e in root.iter() if e.tag.endswith("text")].count(
        '</text><script>alert("x")</script>\ufffd'
    ) == 2
    assert [e.text for e in root.iter() if e.text in ("2024", "2025")] == ["2024", "2025"]


def test_variants_have_a_row_each_where_there_are_several() -> None:
    active = {0: (3, 1), 5: (0, 2)}
    alone = svg(Timeline(ORIGIN, 14, active, {"a/b": [0, 5]}), "x")
    assert "a/b" not in alone
    two = ElementTree.fromstring(svg(Timeline(ORIGIN, 14, active, {"a/b": [0, 5], "a/c<": [5]}), "x"))  # noqa: S314
    assert [e.text for e in two.iter() if (e.text or "").startswith("a/")] == ["a/b", "a/c<"]
    fills = [e.get("fill") for e in two.iter() if e.get("height") == "8.00"]
    assert fills == [HUB, FAINT, FAINT]
    many = svg(Timeline(ORIGIN, 14, active, {f"a/{n:02}": [0] for n in range(40)}), "x")
    assert "and 16 more variants" in many
    assert "and 1 more variant<" in svg(Timeline(ORIGIN, 14, active, {f"a/{n:02}": [0] for n in range(25)}), "x")


def test_the_words_below_a_picture_speak_of_rows_only_where_there_are_some(world: str) -> None:
    found = explain.run(world, "acme/rocket", "paper")
    assert found.timeline
    assert len(found.timeline.variants) == 2
    assert "Rows: variants" in explain.picture(found)
    alone = found._replace(timeline=found.timeline._replace(variants={"acme/rocket-v2": [0]}))
    assert "Rows: variants" not in explain.picture(alone)


def test_a_picture_of_thousands_of_years_is_drawn_quickly() -> None:
    assert len(svg(Timeline(datetime(1, 1, 1, tzinfo=UTC), 14, {0: (1, 0), 200_000: (0, 1)}), "x")) < 5_000


def test_the_command_prints_draws_and_complains(demo: str, tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    done = run("sync", "explain", "basel/ATTACK-BERT", "--plot", str(picture), "--json", db=demo)
    assert picture.read_bytes().startswith(b"\x89PNG"), done.stderr
    told = json.loads(done.stdout)
    assert (told["name"], told["whole"]["code"], told["timeline"]["active"]["0"]) == ("basel-a/SMET", "PSR", [1, 6])
    wrong = run("sync", "explain", "nix", db=demo)
    assert (wrong.returncode, wrong.stderr) == (2, "error: no family and no model is called 'nix' in this database\n")


def test_a_picture_is_a_file_of_a_known_kind(world: str, tmp_path: Path) -> None:
    found = explain.run(world, "acme/rocket", "exact")
    explain.draw(found, tmp_path / "a.svg")
    assert ElementTree.parse(tmp_path / "a.svg").getroot().tag.endswith("svg")  # noqa: S314 - our own file
    with pytest.raises(PeatmossError, match=r"a picture is .svg or .png, not 'a.gif'"):
        explain.draw(found, tmp_path / "a.gif")
    with pytest.raises(PeatmossError, match="cannot write"):
        explain.draw(found, tmp_path / "no" / "a.svg")


def test_the_page_of_a_family_shows_timeline_reasons_and_links_that_work(demo: str, tmp_path: Path) -> None:
    dist = release.run(demo, tmp_path / "dist").dist
    paths = [
        "/-/sync/basel/ATTACK-BERT",
        "/-/sync/basel-a/SMET?profile=exact&_format=svg",
        "/-/sync/nix/<b>",
        "/-/sync/x?profile=<b>",
    ]
    page, picture, missing, odd = get(dist, *paths)
    assert page.status_code == 200
    assert "basel-a/SMET: Sparse (PSR), profile paper" in page.text
    assert "<svg " in page.text
    assert "1 of 3 active periods of the Hub are shared" in page.text
    assert picture.headers["content-type"] == "image/svg+xml"
    ElementTree.fromstring(picture.text)  # noqa: S314 - our own text
    assert (missing.status_code, odd.status_code) == (404, 404)
    assert "nix/&lt;b&gt;" in missing.text
    listed, rows, staleness, versions = get(
        dist,
        "/peatmoss/sync_families?profile=exact",
        "/peatmoss/family_timeline.json?family__exact=basel-a/SMET&profile__exact=paper&_shape=array",
        "/peatmoss/family_staleness.json?family__exact=basel-a/SMET&_shape=array",
        "/peatmoss/family_versions.json?family__exact=basel-a/SMET&_shape=array",
    )
    assert '<a href="/-/sync/basel-a/SMET">basel-a/SMET</a>' in listed.text
    assert next((row["github_commits"], row["hub_commits"]) for row in rows.json()) == (1, 6)
    assert [(row["model"], row["github_commits_since"]) for row in staleness.json()] == [("basel/ATTACK-BERT", 11)]
    assert [row["model"] for row in versions.json()] == ["basel/ATTACK-BERT"]
