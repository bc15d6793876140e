"""The stories of the demonstration are pages with rows; no other release tells them."""

import csv
import json
import sqlite3
from html import unescape
from pathlib import Path

import pytest

from peatmoss import release
from peatmoss.serve.stories import FILE
from tests.serve.test_run import get


@pytest.fixture(scope="module")
def dist(_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.run(f"sqlite:///{_demo}", tmp_path_factory.mktemp("stories") / "dist").dist


def test_each_story_is_a_link_to_a_page_with_rows_and_its_kind_in_words(dist: Path) -> None:
    with FILE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    (front,) = get(dist, "/")
    told = [row for row in rows if f'href="/peatmoss/story-{row["slug"]}"' in front.text]
    assert len(told) >= 12
    assert len(told) == len(rows) or f"{len(rows) - len(told)} of {len(rows)} cannot be told" in front.text
    pages = get(dist, *(f"/peatmoss/story-{row['slug']}" for row in told))
    for row, page in zip(told, pages, strict=True):
        text = unescape(page.text)
        assert page.status_code == 200
        assert f">{row['kind']}</span>" in text
        assert row["title"] in text
        assert row["question"] in text
        assert "<tr>" in text.split("<tbody>")[1], row["slug"]


def test_counts_of_declared_licenses_stand_beside_the_rows(dist: Path) -> None:
    (page,) = get(dist, "/peatmoss/license_reflection?kind=derivation")
    overview = json.loads((dist / "MANIFEST.json").read_text("utf-8"))["overview"]
    (total,) = (row["count"] for row in overview if row["name"] == "derivation edges resolved")
    assert "An automated reading of declared licenses on the dates shown, not legal advice." in page.text
    assert f"of {total:,} not reflected" in " ".join(page.text.replace("<strong>", "").replace("</strong>", "").split())
    (counts,) = get(dist, "/peatmoss/license_outcomes.json?_shape=array")
    assert sum(row["edges"] for row in counts.json() if row["kind"] == "derivation") == total
    assert {row["outcome"] for row in counts.json()} >= {"no lost clause found", "not reflected", "unknown"}


def test_a_release_of_real_data_tells_no_stories(demo: str, tmp_path: Path) -> None:
    with sqlite3.connect(demo.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE shard SET source = '{}'")
    dist = release.run(demo, tmp_path / "dist").dist
    front, story, database = get(dist, "/", "/peatmoss/story-gone", "/peatmoss")
    assert "story-" not in front.text + database.text
    assert "pt-banner" not in front.text
    assert story.status_code == 404
