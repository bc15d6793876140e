"""Commits: what the Hub and GitHub list becomes values; people's names and addresses stay outside."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from peatmoss.errors import RecordError
from peatmoss.parse.commits import Commits, hub_commits, repo_commits

A, B = "a" * 40, "b" * 40


def on_hub(*commits: Any, model: Any = "acme/base") -> Commits:
    return hub_commits({"modelId": model, "commits": list(commits)})


def on_github(*commits: Any) -> Commits:
    return repo_commits({"full_name": "acme/code", "commits": list(commits)})


def message(text: Any) -> Any:
    (commit,) = on_github({"sha": A, "commit": {"message": text}}).commits
    return commit["message_headline"], commit["message_body"]


def test_a_commit_on_the_hub_has_its_date_texts_and_accounts() -> None:
    entry = {
        "id": A,
        "title": "Add weights",
        "message": "in two formats\x00",
        "date": "2022-03-02T23:29:04.000Z",
        "authors": [{"user": "ada"}, {"user": "bot-1"}, {"user": "ada"}],
    }
    assert on_hub(entry) == (
        "acme/base",
        [
            {
                "sha": A,
                "created_at": datetime(2022, 3, 2, 23, 29, 4, tzinfo=UTC),
                "title": "Add weights",
                "message": "in two formats\ufffd",
                "authors": ["ada", "bot-1"],
                "files": None,
            }
        ],
        [],
    )


def test_a_commit_on_github_has_both_dates_in_utc_its_account_and_its_files() -> None:
    entry = {
        "sha": A,
        "commit": {
            "author": {"name": "Ada L.", "email": "ada@example.org", "date": "2024-01-02T03:04:05+02:00"},
            "committer": {"name": "GitHub", "date": "2024-01-02T03:04:06Z"},
            "message": "Load another model\r\n\r\nIt is smaller.",
        },
        "author": {"login": "ada"},
        "parents": [{"sha": B}],
        "files": [
            {"filename": "a.py", "status": "modified", "additions": 1, "deletions": 2},
            {"filename": "b.py", "status": "removed"},
            {"filename": "c.py", "status": "copied"},
            {"filename": "d.py", "status": "unchanged"},
        ],
    }
    assert on_github(entry) == (
        "acme/code",
        [
            {
                "sha": A,
                "authored_date": datetime(2024, 1, 2, 1, 4, 5, tzinfo=UTC),
                "committed_date": datetime(2024, 1, 2, 3, 4, 6, tzinfo=UTC),
                "message_headline": "Load another model",
                "message_body": "It is smaller.",
                "is_merge": False,
                "authors": ["ada"],
                "files": [
                    {"path": "a.py", "change": "modified", "additions": 1, "deletions": 2},
                    {"path": "b.py", "change": "deleted", "additions": None, "deletions": None},
                    {"path": "c.py", "change": "added", "additions": None, "deletions": None},
                    {"path": "d.py", "change": None, "additions": None, "deletions": None},
                ],
            }
        ],
        [],
    )


def test_what_a_list_does_not_say_is_unknown_and_not_empty() -> None:
    (commit,) = on_github({"sha": A, "commit": {}}).commits
    assert {name for name, value in commit.items() if value is not None} == {"sha"}
    (commit,) = on_github({"sha": A, "author": {}, "parents": [{"sha": A}, {"sha": B}], "files": []}).commits
    assert (commit["authors"], commit["is_merge"], commit["files"]) == ([], True, [])
    (commit,) = on_github({"sha": A, "author": None}).commits
    assert commit["authors"] is None


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("one line", ("one line", None)),
        ("\nsecond line only", ("second line only", None)),
        ("title\nbody\nmore", ("title", "body\nmore")),
        ("title\n\nSigned-off-by: A B <a.b+c@mail.example.co.uk>", ("title", "Signed-off-by: A B <[e-mail]>")),
        ("clone git@github.com:acme/code", ("clone git@github.com:acme/code", None)),
        ("bump icon@2x and @types/node", ("bump icon@2x and @types/node", None)),
        ("\x1b[31mred", ("\ufffd[31mred", None)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_a_message_is_split_and_cleaned_and_loses_addresses(text: Any, stored: Any) -> None:
    assert message(text) == stored


def test_a_person_s_name_is_not_taken_for_an_account() -> None:
    assert on_hub({"id": A, "authors": [{"user": "Ada Lovelace"}, {"user": "a@b.org"}, {"user": "ada"}, {}]}) == (
        "acme/base",
        [{"sha": A, "created_at": None, "title": None, "message": None, "authors": ["ada"], "files": None}],
        [],
    )
    assert on_github({"sha": A, "author": {"login": "dependabot[bot]"}}).commits[0]["authors"] == ["dependabot[bot]"]


def test_a_commit_that_stands_on_two_pages_counts_once() -> None:
    _, commits, problems = on_hub({"id": A, "title": "first"}, {"id": B}, {"id": A, "title": "again"})
    assert ([(c["sha"], c["title"]) for c in commits], problems) == ([(A, "first"), (B, None)], [])


def test_a_bad_entry_costs_that_entry_and_a_bad_field_that_field() -> None:
    _, commits, problems = on_github(
        7,
        {"sha": "HEAD"},
        {
            "sha": A,
            "commit": {"author": {"date": "yesterday"}, "committer": [], "message": 5},
            "author": {"login": "a b"},
            "parents": "none",
            "files": [{"status": "added"}, {"filename": "x", "status": "eaten"}, {"filename": "y", "additions": -1}, 3],
        },
    )
    assert [commit["sha"] for commit in commits] == [A]
    assert commits[0]["files"] == []
    assert sorted(field for field, _ in problems) == [
        "commits[0]",
        "commits[1]",
        "commits[2].author",
        "commits[2].commit.author.date",
        "commits[2].commit.committer",
        "commits[2].commit.message",
        "commits[2].files[0]",
        "commits[2].files[1]",
        "commits[2].files[2]",
        "commits[2].files[3]",
        "commits[2].parents",
    ]
    assert all(reason for _, reason in problems)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ([], "data is not an object"),
        (None, "data is not an object"),
        ({"commits": []}, "no model id"),
        ({"modelId": "acme/base"}, "commits is not a list"),
        ({"modelId": "acme/base", "commits": {"id": A}}, "commits is not a list"),
    ],
)
def test_a_record_without_a_subject_or_a_list_is_rejected(data: Any, reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        hub_commits(data)


@pytest.mark.parametrize("name", ["code", "a/b/c", "/x", None, 7, "acme/..", "ac\x00me/code"])
def test_a_repository_needs_an_owner_and_a_name(name: Any) -> None:
    with pytest.raises(RecordError, match="no repository name"):
        repo_commits({"full_name": name, "commits": []})


def test_a_hostile_message_is_read_in_linear_time() -> None:
    started = time.perf_counter()
    for text in ("a" * 2_000_000 + "@", "a." * 1_000_000 + "@b", "@" + "a." * 1_000_000, "x@" + "a-" * 1_000_000):
        message(text)
    assert time.perf_counter() - started < 10
