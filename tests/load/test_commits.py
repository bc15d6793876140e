"""Commits become rows once, with accounts and files; a later shard adds and never erases."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from peatmoss import archive, load
from peatmoss.load import batch, commits
from tests.archives import day, put
from tests.conftest import rows

A, B, C = "a" * 40, "b" * 40, "c" * 40
HUB_COMMITS = [
    {"id": A, "title": "initial", "message": "", "date": "2022-03-02T23:29:04.000Z", "authors": [{"user": "ada"}]},
    {"id": B, "title": "weights", "message": "by <a@b.org>", "date": "2022-03-03T00:00:00.000Z",
     "authors": [{"user": "ada"}, {"user": "bob"}]},
]  # fmt: skip


def git(sha: str, **more: Any) -> dict[str, Any]:
    date = {"date": "2024-01-01T00:00:00Z"}
    return {"sha": sha, "commit": {"author": date, "committer": date, "message": "Work\n\nmore"}} | more


def hub_shard(root: Path, number: int, *records: tuple[str, list[Any]], **more: Any) -> None:
    lines = [{"key": m, "cursor": m, "data": {"modelId": m, "commits": c}} for m, c in records]
    put(root, "hub_commit", day(number), lines, layout="records", **more)


def repo_shard(root: Path, number: int, *records: tuple[str, list[Any]]) -> None:
    lines = [{"key": r, "cursor": None, "data": {"full_name": r, "commits": c}} for r, c in records]
    put(root, "repo_commit", day(number), lines, layout="records", origin="github_api")


def content(url: str) -> dict[str, list[tuple[Any, ...]]]:
    on_hub = ["model", "hf_commit", "hf_commit_to_author", "author"]
    on_github = ["reuse_repository", "github_commit", "commit_to_author", "github_user", "github_commit_file"]
    names = [*on_hub, *on_github, "reject"]
    return {name: sorted(rows(url, f"SELECT * FROM {name}"), key=repr) for name in names}


def test_commits_on_the_hub_become_rows_with_their_authors(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [{"id": "acme/base", "downloads": 3}])
    hub_shard(tmp_path, 2, ("acme/base", HUB_COMMITS), ("acme/other", HUB_COMMITS[:1]))
    load.run(tmp_path, database)
    assert rows(
        database,
        "SELECT m.context_id, m.repo_url, m.downloads, c.commit_id, c.title, c.message, c.shard_id FROM hf_commit c "
        "JOIN model m ON m.id = c.model_id ORDER BY 1, 4",
    ) == [
        ("acme/base", "https://huggingface.co/acme/base", 3, A, "initial", None, 2),
        ("acme/base", "https://huggingface.co/acme/base", 3, B, "weights", "by <[e-mail]>", 2),
        ("acme/other", "https://huggingface.co/acme/other", None, A, "initial", None, 2),
    ]
    assert rows(
        database,
        "SELECT m.context_id, c.commit_id, a.name FROM hf_commit_to_author j JOIN hf_commit c ON c.id = j.hf_commit_id "
        "JOIN author a ON a.id = j.author_id JOIN model m ON m.id = c.model_id ORDER BY 1, 2, 3",
    ) == [("acme/base", A, "ada"), ("acme/base", B, "ada"), ("acme/base", B, "bob"), ("acme/other", A, "ada")]
    (first,) = rows(database, "SELECT MIN(created_at) FROM hf_commit")
    assert str(first[0])[:19].replace(" ", "T") == "2022-03-02T23:29:04"


def test_commits_on_github_become_rows_with_accounts_and_files(database: str, tmp_path: Path) -> None:
    put(tmp_path, "repo", day(1), [{"full_name": "acme/code", "stargazers_count": 7}], origin="github_api")
    files = [{"filename": "a.py", "status": "added", "additions": 5, "deletions": 0}, {"filename": "b", "status": "x"}]
    merge = git(B, author={"login": "ada"}, parents=[{"sha": A}, {"sha": C}], files=files)
    repo_shard(tmp_path, 2, ("acme/code", [git(A, author=None, parents=[]), merge]), ("new/one", [git(A)]))
    load.run(tmp_path, database)
    assert rows(
        database,
        "SELECT r.owner, r.name, r.url, r.stars, c.oid, c.message_headline, c.message_body, c.is_merge "
        "FROM github_commit c JOIN reuse_repository r ON r.id = c.reuse_repository_id ORDER BY 1, 5",
    ) == [
        ("acme", "code", "https://github.com/acme/code", 7, A, "Work", "more", False),
        ("acme", "code", "https://github.com/acme/code", 7, B, "Work", "more", True),
        ("new", "one", "https://github.com/new/one", None, A, "Work", "more", None),
    ]
    assert rows(
        database,
        "SELECT c.oid, u.login FROM commit_to_author j JOIN github_commit c ON c.id = j.github_commit_id "
        "JOIN github_user u ON u.id = j.github_user_id",
    ) == [(B, "ada")]
    assert rows(
        database,
        "SELECT c.oid, f.path, f.change, f.additions, f.deletions FROM github_commit_file f "
        "JOIN github_commit c ON c.id = f.github_commit_id",
    ) == [(B, "a.py", "added", 5, 0)]
    assert rows(database, "SELECT line, field, key, reason FROM reject") == [
        (1, "commits[1].files[1]", "acme/code", "unknown change 'x'")
    ]


def test_loading_the_same_commits_again_writes_nothing(database: str, tmp_path: Path) -> None:
    seen = []
    for number in (1, 2):
        hub_shard(tmp_path, number, ("acme/base", HUB_COMMITS))
        repo_shard(tmp_path, number, ("acme/code", [git(A, author={"login": "ada"}, files=[{"filename": "a"}])]))
        load.run(tmp_path, database)
        seen.append(content(database))
    assert seen[0] == seen[1]
    assert len(seen[0]["github_commit_file"]) == 1


def test_a_later_list_that_says_less_erases_nothing_and_one_that_says_more_adds(database: str, tmp_path: Path) -> None:
    repo_shard(tmp_path, 1, ("acme/code", [git(A, author={"login": "ada"}, files=[{"filename": "a"}])]))
    repo_shard(tmp_path, 2, ("acme/code", [{"sha": A, "parents": [{"sha": B}], "commit": {}}, git(B)]))
    load.run(tmp_path, database)
    assert rows(database, "SELECT oid, message_headline, is_merge FROM github_commit ORDER BY oid") == [
        (A, "Work", False),
        (B, "Work", None),
    ]
    assert len(rows(database, "SELECT * FROM commit_to_author")) == 1
    assert len(rows(database, "SELECT * FROM github_commit_file")) == 1
    repo_shard(tmp_path, 3, ("acme/code", [git(A, author={"login": "bob"}, files=[])]))
    load.run(tmp_path, database)
    assert rows(database, "SELECT u.login FROM commit_to_author j JOIN github_user u ON u.id = j.github_user_id") == [
        ("bob",)
    ]
    assert rows(database, "SELECT * FROM github_commit_file") == []


def test_git_adds_the_files_of_commits_that_the_hub_listed_and_leaves_their_accounts(
    database: str, tmp_path: Path
) -> None:
    hub_shard(tmp_path, 1, ("acme/base", HUB_COMMITS))
    files = [{"filename": ".gitattributes", "status": "added"}, {"filename": "m.bin", "status": "removed"}]
    from_git = [{"id": A, "title": "initial", "message": "", "date": "2022-03-02T23:29:04+00:00", "files": files}]
    hub_shard(tmp_path, 2, ("acme/base", from_git), origin="git_clone")
    load.run(tmp_path, database)
    assert rows(database, "SELECT hf_commit_id, path, change FROM hf_commit_file ORDER BY path") == [
        (1, ".gitattributes", "added"), (1, "m.bin", "deleted"),
    ]  # fmt: skip
    assert rows(database, "SELECT COUNT(*) FROM hf_commit_to_author WHERE hf_commit_id = 1") == [(1,)]
    hub_shard(tmp_path, 3, ("acme/base", HUB_COMMITS), label="again")
    load.run(tmp_path, database)
    assert rows(database, "SELECT COUNT(*) FROM hf_commit_file") == [(2,)]


def test_the_pages_of_one_repository_may_be_several_records(database: str, tmp_path: Path) -> None:
    repo_shard(tmp_path, 1, ("acme/code", [git(A), git(B)]), ("acme/code", [git(B), git(C)]), ("acme/code", []))
    assert load.run(tmp_path, database)[0][1:] == (3, 3, 0)
    assert rows(database, "SELECT oid FROM github_commit ORDER BY oid") == [(A,), (B,), (C,)]
    assert rows(database, "SELECT COUNT(*) FROM reuse_repository") == [(1,)]


def test_bad_records_and_bad_entries_are_counted_with_their_reasons(database: str, tmp_path: Path) -> None:
    bad_entries = [{"id": "?"}, {"id": A, "date": "soon", "authors": "me"}, None]
    good = {"key": "acme/base", "cursor": None, "data": {"modelId": "acme/base", "commits": bad_entries}}
    gone = {"key": "acme/gone", "cursor": None, "data": None, "gone": {"status": 404}}
    no_list = {"key": "acme/none", "cursor": None, "data": {"modelId": "acme/none"}}
    put(tmp_path, "hub_commit", day(1), [good, gone, no_list, "{torn", good], layout="records")
    assert load.run(tmp_path, database)[0][1:] == (5, 1, 4)
    assert rows(database, "SELECT line, field, key FROM reject ORDER BY line, field") == [
        (1, "commits[0]", "acme/base"),
        (1, "commits[1].authors", "acme/base"),
        (1, "commits[1].date", "acme/base"),
        (1, "commits[2]", "acme/base"),
        (2, "", "acme/gone"),
        (3, "", "acme/none"),
        (4, "", None),
        (5, "", "acme/base " + A),
        (5, "commits[0]", "acme/base"),
        (5, "commits[1].authors", "acme/base"),
        (5, "commits[1].date", "acme/base"),
        (5, "commits[2]", "acme/base"),
    ]
    assert rows(database, "SELECT context_id FROM model") == [("acme/base",)]
    assert rows(database, "SELECT commit_id, created_at FROM hf_commit") == [(A, None)]


def test_batches_do_not_change_the_rows(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [(f"acme/m{number}", HUB_COMMITS) for number in range(5)]
    hub_shard(tmp_path, 1, *records)
    monkeypatch.setattr(batch, "MAX_RECORDS", 2)
    load.run(tmp_path, database)
    assert rows(database, "SELECT model_id, commit_id FROM hf_commit ORDER BY 1, 2") == [
        (model, sha) for model in range(1, 6) for sha in (A, B)
    ]
    assert rows(database, "SELECT COUNT(*) FROM hf_commit_to_author") == [(15,)]


def test_an_empty_list_leaves_a_bare_subject(database: str, tmp_path: Path) -> None:
    hub_shard(tmp_path, 1, ("acme/base", []))
    repo_shard(tmp_path, 1, ("acme/code", []))
    load.run(tmp_path, database)
    assert rows(database, "SELECT context_id, has_snapshot FROM model") in ([("acme/base", False)], [("acme/base", 0)])
    assert rows(database, "SELECT owner, name FROM reuse_repository") == [("acme", "code")]
    assert rows(database, "SELECT COUNT(*) FROM github_commit") == [(0,)]


def test_a_long_history_is_read_as_columns(tmp_path: Path) -> None:
    entries = [git(f"{number:040x}", author={"login": f"user{number % 7}"}) for number in range(20_000)]
    repo_shard(tmp_path, 1, ("acme/code", entries))
    (shard,) = archive.shards(tmp_path, "repo_commit")
    (piece,) = commits.repo_commit_batches(shard)
    assert piece.facts["commits"].list.len().to_list() == [20_000]
    assert piece.facts.schema["commits"].inner.to_schema()["authored_date"] == pl.Datetime("us", "UTC")  # type: ignore[attr-defined]
