"""Commits as the Hub and GitHub list them -> plain values. No e-mail address and no real name is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from peatmoss.errors import RecordError
from peatmoss.parse.fields import LOGIN, Problem, Problems, a_count, a_list, a_moment, a_text, an_object
from peatmoss.parse.github import repository_name
from peatmoss.parse.hub import check_name
from peatmoss.parse.text import clean

CHANGES = {
    "added": "added", "copied": "added", "modified": "modified", "changed": "modified", "removed": "deleted",
    "deleted": "deleted", "renamed": "renamed",
}  # fmt: skip
"""What GitHub and git call a change -> our word. `unchanged` (a mode or nothing) has none."""

_SHA = re.compile(r"[0-9a-f]{7,64}")


class Commits(NamedTuple):
    """The commits of one model or repository: its name, the commits as columns of their table, what was wrong."""

    name: str
    commits: list[dict[str, Any]]
    problems: list[Problem]


def hub_commits(data: Any) -> Commits:
    """``{"modelId", "commits": [{id, title, message, date, authors: [{user}]}]}``, as the Hub's commit list has them.

    From git with ``files: [{filename, status}]`` and without authors.

    Raises RecordError if there is no model or no list.
    """
    data = _record(data)
    return _commits(check_name(data.get("modelId") or data.get("id")), data, _hub_commit)


def repo_commits(data: Any) -> Commits:
    """``{"full_name", "commits": [...]}`` with the entries of GitHub's ``GET /repos/{owner}/{name}/commits``.

    Raises RecordError if there is no repository or no list.
    """
    data = _record(data)
    owner, name = repository_name(data.get("full_name"))
    return _commits(f"{owner}/{name}", data, _repo_commit)


def _record(data: Any) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise RecordError("data is not an object")
    return data


def _commits(
    name: str, data: Mapping[str, Any], parse: Callable[[Mapping[str, Any], Problems], dict[str, Any]]
) -> Commits:
    """Each commit once: pages of a list that grows while it is read overlap."""
    entries = data.get("commits")
    if not isinstance(entries, list):
        raise RecordError("commits is not a list", name)
    problems: list[Problem] = []
    found: dict[str, dict[str, Any]] = {}
    for number, entry in enumerate(entries):
        field = f"commits[{number}]"
        if not isinstance(entry, dict):
            problems.append((field, f"{type(entry).__name__} instead of an object"))
            continue
        sha = entry.get("sha", entry.get("id"))
        if not isinstance(sha, str) or not _SHA.fullmatch(sha):
            problems.append((field, "no commit hash"))
        elif sha not in found:
            found[sha] = {"sha": sha} | parse(entry, Problems(field, problems))
    return Commits(name, list(found.values()), problems)


def _hub_commit(entry: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    return {
        "created_at": problems.take("date", entry.get("date"), a_moment),
        "title": problems.take("title", entry.get("title"), a_text),
        "message": problems.take("message", entry.get("message"), a_text),
        "authors": problems.take("authors", entry.get("authors"), _hub_authors),
        "files": _touched(entry, problems),
    }


def _repo_commit(entry: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    git = problems.take("commit", entry.get("commit"), an_object) or {}
    author = problems.take("commit.author", git.get("author"), an_object) or {}
    committer = problems.take("commit.committer", git.get("committer"), an_object) or {}
    message = problems.take("commit.message", git.get("message"), a_text) or ""
    headline, _, body = message.partition("\n")
    parents = problems.take("parents", entry.get("parents"), a_list)
    return {
        "authored_date": problems.take("commit.author.date", author.get("date"), a_moment),
        "committed_date": problems.take("commit.committer.date", committer.get("date"), a_moment),
        "message_headline": headline.strip() or None,
        "message_body": body.strip() or None,
        "is_merge": None if parents is None else len(parents) > 1,
        "authors": problems.take("author", entry.get("author"), _account) if "author" in entry else None,
        "files": _touched(entry, problems),
    }


def _touched(entry: Mapping[str, Any], problems: Problems) -> list[dict[str, Any]] | None:
    """The files of a commit, None where the answer has no list of them."""
    files = problems.take("files", entry.get("files"), a_list)
    if files is None:
        return None
    found: dict[str, dict[str, Any]] = {}
    for number, item in enumerate(files):
        facts = problems.take(f"files[{number}]", item, _file)
        if facts is not None:
            found.setdefault(facts["path"], facts)
    return list(found.values())


def _file(item: Any) -> dict[str, Any]:
    item = an_object(item)
    path, status = item.get("filename"), item.get("status")
    if not isinstance(path, str) or not path:
        raise TypeError("no file name")
    if status not in (None, "unchanged", *CHANGES):
        raise ValueError(f"unknown change {str(status)[:40]!r}")
    counts = {name: a_count(item.get(name)) for name in ("additions", "deletions")}
    return {"path": clean(path), "change": CHANGES.get(status or ""), **counts}


def _hub_authors(value: Any) -> list[str]:
    """Accounts only: where the Hub knows none it shows the name that git holds, and that is a person's."""
    users = [an_object(item).get("user") for item in a_list(value)]
    return list(dict.fromkeys(user for user in users if isinstance(user, str) and LOGIN.fullmatch(user)))


def _account(value: Any) -> list[str]:
    """GitHub's account of an author; an empty object where it knows none."""
    login = an_object(value).get("login")
    if login is None:
        return []
    if not isinstance(login, str) or not LOGIN.fullmatch(login):
        raise ValueError("no account name")
    return [login]
