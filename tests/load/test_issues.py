"""Issues, pull requests and refs become rows with everything around them; a later record replaces what it lists."""

from pathlib import Path
from typing import Any

from peatmoss import load
from peatmoss.schema import github
from tests.archives import day, put
from tests.conftest import rows

LEDGER = ("run", "shard", "checkpoint")
A, B = "a" * 40, "b" * 40
PAGE = "https://github.com/acme/app"


def comment(number: int, author: str | None = "bob", **more: Any) -> dict[str, Any]:
    return {
        "url": f"{PAGE}/issues/1#issuecomment-{number}", "author": author and {"login": author},
        "body": f"Text {number}",
        "authorAssociation": "NONE", "createdAt": "2024-01-02T00:00:00Z", "updatedAt": "2024-01-02T00:00:00Z",
        "isMinimized": False,
    } | more  # fmt: skip


def issue(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "url": f"{PAGE}/issues/{number}", "number": number, "title": "Loading fails", "body": "See ada@example.org",
        "state": "OPEN", "author": {"login": "ada"}, "createdAt": "2024-01-01T00:00:00Z",
        "updatedAt": "2024-01-02T00:00:00Z", "closedAt": None,
        "milestone": {"number": 3, "title": "v1", "description": None, "dueOn": None},
        "labels": {"nodes": [{"name": "bug", "description": "Broken", "color": "d73a4a"}]},
        "assignees": {"nodes": [{"login": "cyd"}]}, "comments": {"nodes": [comment(1), comment(2, None)]},
    } | more  # fmt: skip


def pull(number: int = 7, **more: Any) -> dict[str, Any]:
    return issue(number) | {
        "url": f"{PAGE}/pull/{number}", "state": "MERGED", "mergedAt": "2024-01-03T00:00:00Z",
        "mergedBy": {"login": "ada"}, "baseRefName": "main", "headRefName": "fix", "isDraft": False,
        "isCrossRepository": True, "headRepository": {"nameWithOwner": "bob/app"}, "mergeCommit": {"oid": B},
        "reviewDecision": "APPROVED", "additions": 5, "deletions": 1, "changedFiles": 1,
        "comments": {"nodes": [comment(9, url=f"{PAGE}/pull/7#issuecomment-9")]},
        "reviewRequests": {"nodes": [{"requestedReviewer": {"login": "eve"}}, {"requestedReviewer": None}]},
        "reviews": {"nodes": [{"url": f"{PAGE}/pull/7#pullrequestreview-1", "author": {"login": "eve"}, "body": "",
                               "authorAssociation": "MEMBER", "state": "APPROVED",
                               "submittedAt": "2024-01-02T00:00:00Z"}]},
        "files": {"nodes": [{"path": "a.py", "additions": 5, "deletions": 1, "changeType": "MODIFIED"}]},
        "commits": {"nodes": [{"commit": {"oid": A}}]},
    } | more  # fmt: skip


def shard(root: Path, number: int, kind: str, *entries: Any) -> None:
    lines = [{"key": "acme/app", "cursor": ".", "data": {"full_name": "acme/app", f"{kind}s": list(entries)}}]
    put(root, kind, day(number), lines, layout="records", origin="github_api")


def content(url: str) -> dict[str, list[tuple[Any, ...]]]:
    tables = [table.name for table in github.reuse_repository.metadata.sorted_tables]
    return {name: sorted(rows(url, f"SELECT * FROM {name}"), key=repr) for name in tables if name not in LEDGER}


def test_an_issue_becomes_rows_with_its_people_labels_milestone_and_comments(database: str, tmp_path: Path) -> None:
    shard(tmp_path, 1, "issue", issue())
    load.run(tmp_path, database)
    assert rows(
        database,
        "SELECT i.url, i.number, i.title, i.body, i.state, i.closed, u.login, m.number, m.title FROM github_issue i "
        "JOIN github_user u ON u.id = i.author_id JOIN github_milestone m ON m.id = i.milestone_id",
    ) == [(f"{PAGE}/issues/1", 1, "Loading fails", "See [e-mail]", "OPEN", False, "ada", 3, "v1")]
    assert rows(database, "SELECT owner, name FROM reuse_repository") == [("acme", "app")]
    assert rows(database, "SELECT reuse_repository_id, github_issue_id FROM reuse_repo_to_issue") == [(1, 1)]
    assert rows(
        database,
        "SELECT c.url, u.login, c.body, c.is_minimized, c.issue_id, c.pull_request_id FROM github_comment c "
        "LEFT JOIN github_user u ON u.id = c.author_id ORDER BY c.url",
    ) == [
        (f"{PAGE}/issues/1#issuecomment-1", "bob", "Text 1", False, 1, None),
        (f"{PAGE}/issues/1#issuecomment-2", None, "Text 2", False, 1, None),
    ]
    joined = "FROM issue_to_label j JOIN github_label l ON l.id = j.github_label_id"
    assert rows(database, f"SELECT l.name, l.description, l.color {joined}") == [("bug", "Broken", "d73a4a")]
    joined = "FROM issue_to_assignee j JOIN github_user u ON u.id = j.github_user_id"
    assert rows(database, f"SELECT u.login {joined}") == [("cyd",)]


def test_a_pull_request_becomes_rows_with_reviews_files_and_commits(database: str, tmp_path: Path) -> None:
    shard(tmp_path, 1, "pull_request", pull())
    load.run(tmp_path, database)
    assert rows(
        database,
        "SELECT p.url, p.state, p.closed, m.login, p.base_ref_name, p.head_ref_name, p.head_repository, "
        "p.merge_commit_oid, p.review_decision, p.is_draft, p.is_cross_repository, p.additions, p.deletions, "
        "p.changed_files FROM github_pull_request p JOIN github_user m ON m.id = p.merged_by_id",
    ) == [(f"{PAGE}/pull/7", "MERGED", True, "ada", "main", "fix", "bob/app", B, "APPROVED", False, True, 5, 1, 1)]
    assert rows(
        database,
        "SELECT r.url, u.login, r.state, r.body, r.pull_request_id FROM github_review r "
        "JOIN github_user u ON u.id = r.author_id",
    ) == [(f"{PAGE}/pull/7#pullrequestreview-1", "eve", "APPROVED", None, 1)]
    assert rows(database, "SELECT path, additions, deletions FROM github_pull_request_file") == [("a.py", 5, 1)]
    joined = "FROM pull_request_to_commit j JOIN github_commit c ON c.id = j.github_commit_id"
    assert rows(database, f"SELECT j.github_pull_request_id, c.oid {joined}") == [(1, A)]
    joined = "FROM pull_request_to_review_requests j JOIN github_user u ON u.id = j.github_user_id"
    assert rows(database, f"SELECT u.login {joined}") == [("eve",)]
    assert rows(database, "SELECT url, issue_id, pull_request_id FROM github_comment") == [
        (f"{PAGE}/pull/7#issuecomment-9", None, 1)
    ]


def test_a_later_record_replaces_what_it_lists_and_leaves_the_rest(database: str, tmp_path: Path) -> None:
    shard(tmp_path, 1, "issue", issue(), issue(2))
    load.run(tmp_path, database)
    first = content(database)
    shard(tmp_path, 2, "issue", issue())
    load.run(tmp_path, database)
    assert content(database) == first
    later = issue(state="CLOSED", labels={"nodes": []}, comments={"nodes": [comment(2, None, body="Edited")]})
    del later["assignees"]
    shard(tmp_path, 3, "issue", later)
    load.run(tmp_path, database)
    assert rows(database, "SELECT number, state, closed FROM github_issue ORDER BY number") == [
        (1, "CLOSED", True), (2, "OPEN", False),
    ]  # fmt: skip
    assert rows(database, "SELECT github_issue_id FROM issue_to_label") == [(2,)]
    assert rows(database, "SELECT github_issue_id FROM issue_to_assignee ORDER BY 1") == [(1,), (2,)]
    assert rows(database, "SELECT body FROM github_comment WHERE issue_id = 1") == [("Edited",)]


def test_models_in_texts_become_mentions_and_follow_the_text(database: str, tmp_path: Path) -> None:
    body = "`facebook/bart-large` fails, zeta/app-2 does not; see https://hf.co/t5-team/t5-small-x"
    named = comment(1, body="bert-base-uncased works")
    shard(tmp_path, 1, "issue", issue(title="With acme/app", body=body, comments={"nodes": [named]}))
    review = pull()["reviews"]["nodes"][0] | {"body": "Why not google/mt5-small?"}
    shard(tmp_path, 1, "pull_request", pull(reviews={"nodes": [review]}))
    load.run(tmp_path, database)
    query = (
        "SELECT url, position, name, github_issue_id, github_pull_request_id FROM model_mention ORDER BY url, position"
    )
    found = rows(database, query)
    text = f"With acme/app\n\n{body}"
    assert found == [
        (f"{PAGE}/issues/1", text.index("facebook"), "facebook/bart-large", 1, None),
        (f"{PAGE}/issues/1", text.index("zeta"), "zeta/app-2", 1, None),
        (f"{PAGE}/issues/1", text.index("https"), "t5-team/t5-small-x", 1, None),
        (f"{PAGE}/issues/1#issuecomment-1", 0, "bert-base-uncased", 1, None),
        (f"{PAGE}/pull/7#pullrequestreview-1", 8, "google/mt5-small", None, 1),
    ]
    shard(tmp_path, 2, "issue", issue(body="Solved.", comments={"nodes": []}))
    load.run(tmp_path, database)
    assert rows(database, query) == found[-1:]


def test_what_is_wrong_with_a_record_is_noted_and_the_rest_counts(database: str, tmp_path: Path) -> None:
    odd = issue(createdAt="soon", labels={"nodes": [{"name": 5}, None]}, comments={"nodes": [comment(1, body=7)]})
    shard(tmp_path, 1, "issue", odd, issue(2, state="ODD"), issue(3, url=None), "text", issue(1))
    gone = {"key": "acme/gone", "cursor": None, "data": None, "gone": {"status": 404}}
    put(tmp_path, "issue", day(2), [gone], layout="records", origin="github_api")
    load.run(tmp_path, database)
    assert rows(database, "SELECT number, created_at FROM github_issue") == [(1, None)]
    assert rows(database, "SELECT shard_id, line, field, reason FROM reject ORDER BY shard_id, line, field") == [
        (1, 1, "issues[0].comments[0].body", "int instead of a text"),
        (1, 1, "issues[0].createdAt", "Invalid isoformat string: 'soon'"),
        (1, 1, "issues[0].labels[0]", "int instead of a text"),
        (1, 1, "issues[1]", "unknown state 'ODD'"),
        (1, 1, "issues[2]", "neither address nor number"),
        (1, 1, "issues[3]", "str instead of an object"),
        (2, 1, "", "nothing of it: the answer was 404"),
    ]


def test_refs_of_a_listed_kind_are_replaced(database: str, tmp_path: Path) -> None:
    def refs(number: int, **lists: Any) -> None:
        line = {"key": "acme/app", "cursor": "acme/app", "data": {"full_name": "acme/app", **lists}}
        put(tmp_path, "repo_ref", day(number), [line], layout="records", origin="git_clone")

    tag = {"name": "v1", "commit": {"sha": A}, "tagger": {"date": "2024-01-01T00:00:00Z"}}
    release = {"tag_name": "v1", "name": "First", "target_commitish": "main", "prerelease": True,
               "published_at": "2024-01-02T00:00:00Z"}  # fmt: skip
    refs(1, branches=[{"name": "main", "commit": {"sha": B}}], tags=[tag, {"name": "v0", "commit": {"sha": B}}])
    refs(2, releases=[release])
    refs(3, tags=[tag, {"name": ""}])
    load.run(tmp_path, database)
    assert rows(
        database, "SELECT kind, name, target_sha, title, is_prerelease FROM repository_ref ORDER BY kind, name"
    ) == [("branch", "main", B, None, None), ("release", "v1", None, "First", True), ("tag", "v1", A, None, None)]
    assert rows(database, "SELECT field, reason FROM reject") == [("tags[1]", "no name")]
