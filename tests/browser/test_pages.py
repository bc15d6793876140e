"""The pages in a real browser, at the size of a desktop and of a phone: readable, linked, quick, without errors."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from peatmoss import release
from peatmoss.schema import LEDGER, metadata
from peatmoss.serve.metadata import FACETS
from tests.browser.chromium import SIZES, Browser, browser, program
from tests.browser.serving import serving
from tests.conftest import fill
from tests.release.test_run import HOSTILE, story

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(program() is None, reason="no Chromium or Chrome on the PATH: apt-get install chromium"),
]
TABLES = [table.name for table in metadata.sorted_tables if table.name not in LEDGER]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module")
def dist(_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.run(f"sqlite:///{_demo}", tmp_path_factory.mktemp("release") / "dist").dist


@pytest.fixture(scope="module")
def site(dist: Path) -> Iterator[str]:
    with serving(dist) as address:
        yield address


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[str]:
    """A demonstration whose names are attacks."""
    folder = tmp_path_factory.mktemp("hostile")
    url = f"sqlite:///{shutil.copyfile(sqlite_template, folder / 'a.db')}"
    fill(url, story(demonstration=True))
    with serving(release.run(url, folder / "dist").dist) as address:
        yield address


def links(page: Browser, selector: str) -> list[str]:
    """The addresses of the links in a part of the page."""
    return list(page.ask(f"[...document.querySelectorAll({json.dumps(selector + ' a')})].map(a => a.href)"))


def problems(page: Browser, url: str, size: str) -> list[Any]:
    """What is wrong with a page that holds nothing strange."""
    page.size(size)
    page.open(url)
    found: list[Any] = [f"{url} at {size}: {error}" for error in page.errors]
    if page.ask("document.documentElement.clientWidth") != SIZES[size][0]:
        found.append(f"{url} is not laid out for a {size}")
    if page.ask(OVERFLOW) > 0:
        found.append(f"{url} at {size} is {page.ask(OVERFLOW)} pixels too wide")
    if page.ask("!!document.querySelector('.message-error')"):
        found.append(f"{url}: {page.text('.message-error')}")
    return found


@pytest.mark.parametrize("size", SIZES)
def test_the_front_page_says_what_how_fresh_how_many_and_that_it_is_a_demonstration(
    size: str, page: Browser, site: str, dist: Path
) -> None:
    assert problems(page, f"{site}/", size) == []
    manifest = json.loads((dist / "MANIFEST.json").read_text("utf-8"))
    counts = {row["name"]: row for row in manifest["overview"]}
    text = page.text()
    assert page.text(".pt-banner").startswith("Demonstration: records picked by hand")
    assert f"Data as of {manifest['as_of']['oldest'][:10]} to {manifest['as_of']['newest'][:10]}" in text
    assert f"{counts['models']['count']:,}\nmodels" in re.sub(r"\s*\n\s*", "\n", page.text(".pt-cards"))
    assert f"of {counts['derivation edges resolved']['denominator']:,} named bases" in text
    assert len(links(page, ".pt-questions")) == 5
    assert all(finding in text for finding in manifest["findings"])
    words = page.ask("[...document.querySelectorAll('.pt-stories .pt-kind')].map(e => e.innerText)")
    assert len(words) >= 12
    assert set(words) == {"flag", "acquittal"}


@pytest.mark.parametrize("size", SIZES)
def test_each_story_and_question_leads_to_a_page_with_rows(size: str, page: Browser, site: str) -> None:
    page.size(size)
    page.open(f"{site}/")
    found = []
    for url in links(page, ".pt-stories") + links(page, ".pt-questions"):
        found += problems(page, url, size)
        rows = page.ask("document.querySelectorAll('.rows-and-columns tbody tr').length")
        if not rows:
            found.append(f"{url} has no rows")
        if "/story-" in url and page.text(".pt-story .pt-kind") not in ("flag", "acquittal"):
            found.append(f"{url} does not say what it is")
        if page.text("form.sql h3") != f"{rows} row{'' if rows == 1 else 's'} (show the SQL)":
            found.append(f"{url} says {page.text('form.sql h3')!r}")
    assert found == []


def test_every_question_and_table_opens_on_a_phone(page: Browser, site: str) -> None:
    page.open(f"{site}/")
    urls = [*links(page, ".pt-more"), f"{site}/peatmoss", *(f"{site}/peatmoss/{name}" for name in TABLES)]
    assert [problem for url in urls for problem in problems(page, url, "phone")] == []


def test_tables_are_described_labelled_and_facetted(page: Browser, site: str) -> None:
    for name in ("model", "model_to_base_model", "usage"):
        assert problems(page, f"{site}/peatmoss/{name}", "desktop") == []
        described = page.ask("Object.fromEntries([...document.querySelectorAll('.column-descriptions dt')]"
                             ".map(t => [t.innerText, t.nextElementSibling.innerText]))")  # fmt: skip
        assert described == {c.name: " ".join(str(c.comment).split()) for c in metadata.tables[name].columns}
        assert str(metadata.tables[name].comment) in page.text()
        if page.ask("document.querySelectorAll('.rows-and-columns tbody tr').length"):
            facets = page.ask("[...document.querySelectorAll('.facet-info-name')].map(e => e.innerText.split(' ')[0])")
            assert sorted(facets) == sorted(FACETS[name])
    page.open(f"{site}/peatmoss/model_to_base_model?base_model_name=google/gemma-7b")
    assert page.text(".rows-and-columns td.col-base_model_id a") == "google/gemma-7b"


def test_a_reader_finds_a_model_and_goes_from_story_to_story(page: Browser, site: str) -> None:
    page.size("desktop")
    page.open(f"{site}/")
    page.ask("document.querySelector('.pt-search input').value = 'gemma'")
    page.click(".pt-search button")
    assert page.ask("new URL(location).search") == "?_search=gemma"
    assert "gemma" in page.text(".rows-and-columns tbody tr").lower()
    page.open(f"{site}/")
    first, second = links(page, ".pt-stories")[:2]
    page.click(".pt-stories a")
    assert page.ask("location.href") == first
    page.click(".pt-next a:last-child")
    assert page.ask("location.href") == second
    assert page.errors == []


def test_hostile_text_is_shown_as_text(page: Browser, hostile: str) -> None:
    paths = [
        "/",
        "/peatmoss/model",
        "/peatmoss/model/4",
        "/peatmoss/reject",
        "/peatmoss/card",
        "/peatmoss/lineage?model=",
    ]
    for path in paths:
        assert problems(page, hostile + path, "phone") == []
        assert page.ask("[...document.scripts].filter(s => s.text.includes('alert(')).length") == 0
        assert page.ask("document.querySelectorAll('[onerror], [onload], img').length") == 0
    page.open(f"{hostile}/peatmoss/model/4")
    assert HOSTILE.split("\x1b")[0] in page.ask("document.querySelector('td.col-context_id').textContent")
