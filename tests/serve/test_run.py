"""The pages of a release: complete, described, escaped; and one clear line where there is nothing to serve."""

import asyncio
import json
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from peatmoss import release
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.schema import LEDGER, metadata
from peatmoss.serve import application, run
from peatmoss.serve.metadata import FACETS, LABELS, SORTS, queries
from tests.conftest import fill
from tests.release.test_run import HOSTILE, story


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A release whose names are attacks, marked as a demonstration."""
    folder = tmp_path_factory.mktemp("hostile")
    url = f"sqlite:///{shutil.copyfile(sqlite_template, folder / 'a.db')}"
    fill(url, story(demonstration=True))
    return release.run(url, folder / "dist").dist


@pytest.fixture
def dist(demo: str, tmp_path: Path) -> Path:
    return release.run(demo, tmp_path / "dist").dist


def get(dist: Path, *paths: str) -> list[Any]:
    """The answers to some requests."""
    datasette = application(dist)

    async def ask() -> list[Any]:
        return [await datasette.client.get(path) for path in paths]

    return asyncio.run(ask())


def test_every_table_view_and_query_has_a_page(dist: Path) -> None:
    names = [table.name for table in metadata.sorted_tables if table.name not in LEDGER]
    paths = ["/", "/peatmoss", *(f"/peatmoss/{name}" for name in [*names, "overview", "model_overview", "freshness"])]
    paths += [f"/peatmoss/{query.name}" for query in queries()]
    for path, answer in zip(paths, get(dist, *paths), strict=True):
        assert answer.status_code == 200, path
        assert "message-error" not in answer.text, path


def test_the_front_page_says_what_how_fresh_and_how_many_and_its_links_work(dist: Path) -> None:
    (page,) = get(dist, "/")
    manifest = json.loads((dist / "MANIFEST.json").read_text("utf-8"))
    found = {row["name"]: row for row in manifest["overview"]}
    assert f"<b>{found['models']['count']:,}</b>" in page.text
    assert f"of {found['derivation edges resolved']['denominator']:,}" in page.text
    assert manifest["as_of"]["newest"][:10] in page.text
    links = {unescape(link) for link in re.findall(r'href="(/peatmoss[^"]*)"', page.text)}
    assert len(links) > 15
    answers = get(dist, *sorted(links))
    assert [answer.status_code for answer in answers] == [200] * len(links)


def test_tables_and_columns_are_described_from_the_schema(dist: Path) -> None:
    model, view = get(dist, "/peatmoss/model", "/peatmoss/model_overview")
    table = metadata.tables["model"]
    text = unescape(model.text)
    assert str(table.comment) in text
    assert all(str(column.comment) in text for column in table.columns)
    assert "One row per model, with names instead of numbers." in unescape(view.text)
    assert "Licenses as declared, joined by commas" in unescape(view.text)


def test_a_model_is_found_by_a_part_of_its_name(dist: Path) -> None:
    (found,) = get(dist, "/peatmoss/model.json?_search=gemma&_shape=array&_size=100")
    assert found.json()
    assert all("gemma" in row["context_id"].lower() for row in found.json())


def test_the_lineage_goes_both_ways(dist: Path) -> None:
    name = "hfl/llama-3-chinese-8b-instruct-v3"
    (found,) = get(dist, f"/peatmoss/lineage.json?_shape=array&model={name}")
    assert [(row["step"], row["model"]) for row in found.json()] == [
        (-1, "meta-llama/Meta-Llama-3-8B-Instruct"),
        (0, name),
        (1, f"{name}-gguf"),
    ]


def test_a_question_without_rows_says_why(dist: Path) -> None:
    blank, wrong, none = get(
        dist, "/peatmoss/lineage", "/peatmoss/lineage?model=%3Cb%3E", "/peatmoss/cards_read_differently"
    )
    assert "No rows yet: fill in what you ask about" in blank.text
    assert "No rows for this. Names are written in full" in wrong.text
    assert "No rows: nothing in this release answers this question." in none.text
    assert "0 results" not in blank.text + wrong.text + none.text


def test_facets_and_sort_columns_have_an_index_and_labels_exist(dist: Path) -> None:
    (answer,) = get(dist, "/peatmoss.json?sql=select+name,tbl_name,sql+from+sqlite_master&_size=max&_shape=array")
    statements = [(row["tbl_name"], row["sql"] or "") for row in answer.json()]
    for table, columns in [*FACETS.items(), *((table, [column]) for table, column in SORTS.items())]:
        for column in columns:
            assert any(t == table and re.search(rf"\(\"?{column}\"?[,)]", sql) for t, sql in statements), (
                table,
                column,
            )
    assert all(label in metadata.tables[table].columns for table, label in LABELS.items())


def test_there_are_at_least_ten_questions_and_each_is_explained() -> None:
    assert len(queries()) >= 10
    assert all(query.title.endswith("?") and query.description.endswith(".") for query in queries())
    taken = {table.name for table in metadata.sorted_tables}
    assert not taken & {query.name for query in queries()}


def test_hostile_names_are_text_on_every_page(hostile: Path) -> None:
    pages = ["/", "/peatmoss", "/peatmoss/model", "/peatmoss/model/4", "/peatmoss/model_overview", "/peatmoss/reject",
             "/peatmoss/reject_summary", "/peatmoss/card", "/peatmoss/supply_chain_edge", "/peatmoss/_analyze_tables_",
             "/peatmoss/model?_search=%22%3Cscript", "/peatmoss/lineage?model=%3Cscript%3Ealert(1)%3C"]  # fmt: skip
    pages += [f"/peatmoss/{query.name}" for query in queries()]
    for page, answer in zip(pages, get(hostile, *pages), strict=True):
        assert answer.status_code == 200, page
        assert "<script>alert(1)" not in answer.text, page
    (shown,) = get(hostile, "/peatmoss/model.json?_shape=array")
    assert HOSTILE in {row["context_id"] for row in shown.json()}


def test_a_demonstration_says_so_on_every_page(hostile: Path, dist: Path) -> None:
    assert all("Demonstration: records picked by hand" in page.text for page in get(hostile, "/", "/peatmoss/model"))
    manifest = json.loads((dist / "MANIFEST.json").read_text("utf-8"))
    assert ('pt-banner"' in get(dist, "/")[0].text) == (manifest["representative"] is False)


@pytest.mark.parametrize("name", ["peatmoss.db", "MANIFEST.json", "SHA256SUMS"])
def test_a_missing_or_damaged_file_is_one_clear_line(name: str, hostile: Path, tmp_path: Path) -> None:
    dist = Path(shutil.copytree(hostile, tmp_path / "dist"))
    content = (dist / name).read_bytes()
    (dist / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(SourceError, match=r"damaged|unreadable"):
        application(dist)
    (dist / name).unlink()
    with pytest.raises(SourceError, match=r"missing|no release in"):
        application(dist)


def test_a_port_in_use_is_one_clear_line(hostile: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PeatmossError, match=rf"port {port} .*--port"):
            run(hostile, "127.0.0.1", port)
    with pytest.raises(PeatmossError, match="cannot listen"):
        run(hostile, "no such host", 0)


def test_it_answers_over_the_network(hostile: Path) -> None:
    code = "import sys; from pathlib import Path; from peatmoss.serve import run\n"
    code += "run(Path(sys.argv[1]), '127.0.0.1', 0, announce=lambda url: print(url, flush=True))"
    with subprocess.Popen([sys.executable, "-c", code, str(hostile)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            with urllib.request.urlopen(process.stdout.readline().strip(), timeout=20) as answer:  # noqa: S310
                assert b"Five questions" in answer.read()
        finally:
            process.terminate()
