"""The demonstration corpus: an archive like any other, small, honest about itself, and its stories can be seen."""

import csv
import hashlib
import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from peatmoss import archive, load
from peatmoss.archive import Record, Shard
from peatmoss.release.run import DATABASE, run
from tests.conftest import CORPUS, rows

SHARDS = archive.shards(CORPUS)
FILES = sorted(path for path in CORPUS.rglob("*") if path.is_file())
STORIES = list(csv.DictReader((CORPUS / "stories.csv").read_text("utf-8").splitlines()))
KIND_OF_TABLE = {
    "usage_evidence": "code_file",
    "repository_scan": "code_file",
    "hf_commit": "hub_commit",
    "github_commit": "repo_commit",
}
"""Tables that stories ask, and the kind of shard that fills them."""
KINDS_OF_CODE = {
    "library source": r"^[\w/]+\.py$", "test": r"(^|/)tests?/.*\.py$", "notebook": r"\.ipynb$",
    "settings": r"settings.*\.ya?ml$",
    "workflow": r"^\.github/.*\.yml$", "JavaScript": r"\.js$", "TypeScript": r"\.ts$", "page": r"\.jsx$",
    "checkpoint": r"config\.json$", "vendored": r"diffusers/src/diffusers/", "document": r"\.md$",
}  # fmt: skip


def needs(*kinds: str) -> None:
    """Skip while the loader of a kind is not there."""
    missing = sorted(set(kinds) - load.LOADERS.keys())
    if missing:
        pytest.skip(f"no loader of {', '.join(missing)} yet")


def records(kind: str) -> Iterator[tuple[Shard, Record]]:
    for shard in SHARDS:
        if shard.kind == kind:
            for line in archive.lines(shard):
                assert line.record is not None
                yield shard, line.record


@pytest.fixture(scope="session")
def released(_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a release of the demonstration."""
    folder = tmp_path_factory.mktemp("released")
    shutil.copyfile(_demo, folder / "demo.db")
    run(f"sqlite:///{folder / 'demo.db'}", folder / "dist")
    return folder / "dist" / DATABASE


def ask(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def test_the_corpus_is_smaller_than_five_megabytes() -> None:
    assert sum(path.stat().st_size for path in FILES) < 5_000_000


@pytest.mark.parametrize("shard", SHARDS, ids=lambda shard: shard.name)
def test_every_shard_reads_as_its_description_says(shard: Shard) -> None:
    lines = list(archive.lines(shard))
    assert archive.sha256_file(shard.path) == shard.sha256
    assert [line.problem for line in lines if line.problem] == []
    assert len(lines) == shard.records
    found = {name for line in lines if line.record and isinstance(line.record.data, dict) for name in line.record.data}
    assert sorted(found) == list(shard.fields)


@pytest.mark.parametrize("shard", SHARDS, ids=lambda shard: shard.name)
def test_every_shard_names_its_source_and_calls_itself_a_demonstration(shard: Shard) -> None:
    assert shard.source["demonstration"] is True
    assert shard.source["name"]
    assert len(shard.source["note"]) > 40


def test_it_holds_many_models_and_repositories() -> None:
    models = {r.key for shard, r in records("model") if r.data is not None and shard.hub == "HuggingFace"}
    repositories = {r.key for _, r in records("repo")}
    assert len(models) >= 200
    assert len(repositories) >= 40


def test_it_holds_no_addresses_and_no_tokens() -> None:
    for path in FILES:
        text = path.read_text("utf-8")
        assert re.findall(r"[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}\b", text) == [], path
        assert re.findall(r"\b(?:hf_|ghp_|gho_)[A-Za-z0-9]{16,}", text) == [], path


def test_code_is_sketched_and_says_so_in_every_file() -> None:
    assert all("SKETCHES" in shard.source["note"] for shard in SHARDS if shard.kind == "code_file")
    assert "**The code is sketched.**" in (CORPUS / "README.md").read_text("utf-8")
    for _, record in records("code_file"):
        data = record.data
        if data["type"] != "scan":
            link = f"https://github.com/{record.key}/blob/{data['commit']}/"
            assert f"(sketch: the original code is at {link}" in data["content"], data["path"]


def test_code_files_carry_their_own_hash_and_each_repository_is_closed_by_its_scan() -> None:
    files: list[Any] = []
    seen: Counter[str] = Counter()
    for _, record in records("code_file"):
        data = record.data
        if data["type"] != "scan":
            raw = data["content"].encode()
            assert (data.get("size", len(raw)), len(data["commit"])) == (len(raw), 40)
            assert data["blob"] == hashlib.sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()
            assert record.cursor is None
            if data["type"] == "file":
                files.append((record.key, data["commit"], data["size"]))
        else:
            mine = [size for key, commit, size in files if (key, commit) == (record.key, data["commit"])]
            assert (record.cursor, data["file_count"], data["size_bytes"]) == (record.key, len(mine), sum(mine))
            assert data["status"] == ("scanned" if mine else "no_candidate")
            assert len(mine) == len(files), "files of another repository before its scan"
            seen[data["status"]] += 1
            files = []
    assert files == []
    assert seen["no_candidate"] == 1
    assert 12 <= seen.total() <= 20


def test_code_stands_in_every_kind_of_file_that_can_name_a_model() -> None:
    files = {r.data["path"]: r.data["content"] for _, r in records("code_file") if r.data["type"] == "file"}
    assert [
        kind for kind, pattern in KINDS_OF_CODE.items() if not any(re.search(pattern, path) for path in files)
    ] == []
    for path, content in files.items():
        if path.endswith((".json", ".ipynb")):
            json.loads(content)
        if path.endswith(".py"):
            compile(content, path, "exec")


def test_commits_are_those_of_named_families_on_both_sides() -> None:
    models = {r.key: r.data["commits"] for _, r in records("hub_commit")}
    repositories = {r.key: r.data["commits"] for _, r in records("repo_commit")}
    assert len(models) == len(repositories) >= 3
    assert set(repositories) <= {r.key for _, r in records("repo")}
    assert set(models) <= {r.key for _, r in records("model")}
    assert all(commits for commits in [*models.values(), *repositories.values()])


def test_as_many_stories_acquit_as_accuse() -> None:
    kinds = Counter(story["kind"] for story in STORIES)
    assert set(kinds) == {"flag", "acquittal"}
    assert kinds["flag"] == kinds["acquittal"] >= 6
    assert len({story["slug"] for story in STORIES}) == len(STORIES)
    assert all(re.fullmatch(r"[a-z0-9-]+", story["slug"]) for story in STORIES)
    assert all(story["source"] and story["title"] and story["question"].endswith(".") for story in STORIES)
    assert all(re.match(r"SELECT\b", story["sql"]) and ";" not in story["sql"] for story in STORIES)


def test_the_readme_tells_every_story_and_lists_every_shard() -> None:
    text = (CORPUS / "README.md").read_text("utf-8")
    assert [story["title"] for story in STORIES if f"**{story['title']}**" not in text] == []
    assert [shard.name for shard in SHARDS if f"`{shard.name}` | {shard.records} |" not in text] == []
    assert "demonstration and not representative" in text


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["slug"])
def test_every_story_can_be_seen_in_a_release(story: dict[str, str], released: Path) -> None:
    needs(*(kind for table, kind in KIND_OF_TABLE.items() if table in story["sql"]))
    found = ask(released, story["sql"])
    assert found, story["sql"]


def told(slug: str, released: Path) -> list[tuple[Any, ...]]:
    (sql,) = (story["sql"] for story in STORIES if story["slug"] == slug)
    return ask(released, sql)


@pytest.mark.parametrize(
    ("slug", "licenses"),
    [
        ("license-dropped-llama", ["llama3", "apache-2.0", "apache-2.0"]),
        ("license-dropped-gemma", ["gemma", "apache-2.0", "apache-2.0"]),
        ("license-kept-mistral", ["apache-2.0"] * 4),
        ("license-tightened", ["apache-2.0", "mit", "cc-by-nc-4.0"]),
        ("chain-of-five", ["openrail++", "openrail++", "other", "other", "other", "other"]),
    ],
)
def test_chains_are_whole_and_declare_what_their_story_says(slug: str, licenses: list[str], released: Path) -> None:
    found = told(slug, released)
    assert [row[0] for row in found[1:]] == [row[3] for row in found[:-1]], "each step starts where the last one ended"
    assert [found[0][1], *(row[4] for row in found)] == licenses


def test_one_family_never_meets_and_the_other_keeps_step(released: Path) -> None:
    needs("hub_commit", "repo_commit")
    ((*_, last_on_github, _, first_on_hub, _, on_hub),) = told("never-in-step", released)
    assert last_on_github < first_on_hub
    assert on_hub == 25
    ((_, _, start, end, on_github, first, last, _),) = told("in-step", released)
    assert start < first < last < end
    assert on_github == 74


def test_stories_about_code_show_what_they_claim(released: Path) -> None:
    needs("code_file")
    assert all(row[5] is None for row in told("unresolved-argument", released)), "no model"
    assert all(row[5] is None for row in told("local-path", released)), "no model"
    assert all(row[8] == 0 for row in told("architecture-without-weights", released)), "not used"
    classes = {row[1]: row[7] for row in told("vendored-copy", released)}
    assert classes.pop("inference_hf.py") == "src"
    assert set(classes.values()) == {"vendored"}
    by_place = {(row[1], row[2]): row[5] for row in told("used-in-settings-and-javascript", released)}
    assert by_place["settings.yaml", 42] == "mistralai/Mistral-7B-Instruct-v0.2"
    assert by_place["vanilla-js/index.js", 10] == "Xenova/detr-resnet-50"
    assert by_place["cross-encoder/src/worker.js", 7] == "mixedbread-ai/mxbai-rerank-xsmall-v1"
    found = {row[0] for row in told("used-in-a-test-and-a-notebook", released)}
    assert found >= {"src", "test", "notebook", "example"}


@pytest.mark.parametrize(
    ("kind", "tables"),
    [
        ("hub_commit", ("hf_commit", "hf_commit_to_author")),
        ("repo_commit", ("github_commit", "commit_to_author", "github_user", "github_commit_file")),
        ("code_file", ("repository_scan", "usage", "usage_event", "model_to_reuse_repository", "reuse_file")),
        ("repo_search", ("repository_discovery",)),
        ("repo_ref", ("repository_ref",)),
        ("issue", ("github_issue", "reuse_repo_to_issue", "model_mention")),
        (
            "pull_request",
            ("github_pull_request", "reuse_repo_to_pull_request", "github_pull_request_file", "pull_request_to_commit"),
        ),
    ],
)
def test_every_table_of_commits_and_code_has_rows(kind: str, tables: tuple[str, ...], demo: str) -> None:
    needs(kind)
    assert [table for table in tables if rows(demo, f"SELECT COUNT(*) FROM {table}") == [(0,)]] == []


def test_nothing_but_the_broken_record_is_rejected(demo: str) -> None:
    found = rows(demo, "SELECT DISTINCT s.name FROM reject r JOIN shard s ON s.id = r.shard_id")
    assert found == [("model/20251004T000002Z.hub_dump.broken-on-purpose.jsonl",)]


def test_what_was_not_seen_is_said_with_the_repositories_that_were_searched(released: Path) -> None:
    needs("code_file")
    ((statement, scanned),) = ask(released, "SELECT statement, scanned_count FROM usage_coverage")
    ((count,),) = ask(
        released, "SELECT COUNT(DISTINCT reuse_repository_id) FROM repository_scan WHERE status <> 'failed'"
    )
    assert scanned == count > 5
    assert re.fullmatch(
        rf"not seen in the {count} repositories scanned \(found by [\w, ]+, scanned on \d{{4}}-\d\d-\d\d[^)]*\)",
        statement,
    )


def test_own_use_and_what_is_not_are_counted_apart_and_lose_nothing(released: Path) -> None:
    needs("code_file")
    ((own, vendored, others),) = ask(
        released, "SELECT SUM(usage_count), SUM(vendored_count), SUM(other_count) FROM repository_reuse"
    )
    assert [(own, vendored + others)] == ask(released, "SELECT SUM(is_used), SUM(NOT is_used) FROM usage")
    assert own > vendored > 0
    assert ask(
        released,
        "SELECT SUM(repository_count + fork_count), SUM(mention_count) FROM model_reuse",
    ) == ask(released, "SELECT SUM(usage_count > 0), SUM(usage_count = 0) FROM model_to_reuse_repository")
