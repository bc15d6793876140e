"""Issues, pull requests and refs as GitHub's GraphQL and REST APIs list them -> plain values.

Issues and pull requests have the field names of GraphQL, which are those of `gh issue list --json`, too: REST has no
review decision, no hidden comments, and takes four requests a pull request. No e-mail address is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from peatmoss.errors import RecordError
from peatmoss.parse.fields import Problem, Problems, a_count, a_flag, a_list, a_login, a_moment, a_text, an_object
from peatmoss.parse.github import repository_name
from peatmoss.parse.text import clean

Values = dict[str, Any]

_URL = re.compile(r"https?://[^\s<>\"']{1,400}")
_SHA = re.compile(r"[0-9a-f]{7,64}")
_STATES = ("OPEN", "CLOSED", "MERGED")


class Threads(NamedTuple):
    """The issues or pull requests of a page: their repository, them, what was wrong."""

    name: str
    threads: list[Values]
    problems: list[Problem]


def issues(data: Any) -> Threads:
    """``{"full_name", "issues": [...]}`` -> columns of `github_issue`, people, labels, comments; what was wrong.

    Raises RecordError if there is no repository or no list.
    """
    return _threads(data, "issues", lambda *_: {})


def pull_requests(data: Any) -> Threads:
    """``{"full_name", "pull_requests": [...]}``, as `issues`, with reviews, files and commits."""
    return _threads(data, "pull_requests", _pull_request)


def _threads(data: Any, field: str, more: Callable[[Mapping[str, Any], Problems], Values]) -> Threads:
    if not isinstance(data, dict):
        raise RecordError("data is not an object")
    full_name = "/".join(repository_name(data.get("full_name")))
    entries = data.get(field)
    if not isinstance(entries, list):
        raise RecordError(f"{field} is not a list", full_name)
    found: list[Problem] = []
    threads: dict[str, Values] = {}
    for number, entry in enumerate(entries):
        problems = Problems(f"{field}[{number}]", found)
        facts = problems.take("", entry, partial(_parsed, partial(_thread, more=more), problems))
        if facts is not None:
            threads.setdefault(facts["url"], facts)
    return Threads(full_name, list(threads.values()), found)


def _thread(
    entry: Mapping[str, Any], problems: Problems, more: Callable[[Mapping[str, Any], Problems], Values]
) -> Values:
    url, number, state = _url(entry.get("url")), a_count(entry.get("number")), _state(entry.get("state"))
    if url is None or number is None:
        raise ValueError("neither address nor number")
    facts = {
        "url": url,
        "number": number,
        "title": problems.take("title", entry.get("title"), a_text),
        "body": problems.take("body", entry.get("body"), a_text),
        "state": state,
        "closed": state != "OPEN",
        "author": problems.take("author", entry.get("author"), a_login),
        "milestone": problems.take("milestone", entry.get("milestone"), _milestone),
        "created_at": problems.take("createdAt", entry.get("createdAt"), a_moment),
        "updated_at": problems.take("updatedAt", entry.get("updatedAt"), a_moment),
        "closed_at": problems.take("closedAt", entry.get("closedAt"), a_moment),
        "labels": _each(entry, "labels", problems, _label, "name"),
        "assignees": _each(entry, "assignees", problems, lambda node, _: {"login": a_login(node)}, "login"),
        "comments": _each(entry, "comments", problems, _comment, "url"),
    }
    return facts | more(entry, problems)


def _pull_request(entry: Mapping[str, Any], problems: Problems) -> Values:
    simple = {
        "merged_at": ("mergedAt", a_moment),
        "merged_by": ("mergedBy", a_login),
        "base_ref_name": ("baseRefName", a_text),
        "head_ref_name": ("headRefName", a_text),
        "review_decision": ("reviewDecision", a_text),
        "is_draft": ("isDraft", a_flag),
        "is_cross_repository": ("isCrossRepository", a_flag),
        "additions": ("additions", a_count),
        "deletions": ("deletions", a_count),
        "changed_files": ("changedFiles", a_count),
    }
    facts = {column: problems.take(name, entry.get(name), parse) for column, (name, parse) in simple.items()}
    head = problems.take("headRepository", entry.get("headRepository"), an_object) or {}
    merge = problems.take("mergeCommit", entry.get("mergeCommit"), an_object) or {}
    return facts | {
        "head_repository": problems.take("headRepository", head.get("nameWithOwner"), a_text),
        "merge_commit_oid": problems.take("mergeCommit", merge.get("oid"), _oid),
        "requested": _each(entry, "reviewRequests", problems, _requested, "login"),
        "reviews": _each(entry, "reviews", problems, _review, "url"),
        "files": _each(entry, "files", problems, _file, "path"),
        "commits": _each(entry, "commits", problems, _commit, "oid"),
    }


def _each(
    entry: Mapping[str, Any],
    field: str,
    problems: Problems,
    parse: Callable[[Mapping[str, Any], Problems], Values],
    key: str,
) -> list[Values] | None:
    """The nodes of a connection, each key once; None if the record does not speak of them."""
    connection = entry.get(field)
    if connection is None:
        return None
    nodes = connection.get("nodes") if isinstance(connection, dict) else connection
    found: dict[Any, Values] = {}
    for number, node in enumerate(problems.take(field, nodes, a_list) or ()):
        place = Problems(f"{problems.entry}.{field}[{number}]", problems.found)
        if node is None:  # an account or a repository that is gone
            continue
        facts = place.take("", node, partial(_parsed, parse, place))
        if facts is not None and facts[key] is not None:
            found.setdefault(facts[key], facts)
    return list(found.values())


def _parsed(parse: Callable[[Mapping[str, Any], Problems], Values], place: Problems, value: Any) -> Values:
    return parse(an_object(value), place)


def _state(value: Any) -> str:
    if not isinstance(value, str) or value.upper() not in _STATES:
        raise ValueError(f"unknown state {str(value)[:40]!r}")
    return value.upper()


def _url(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _URL.fullmatch(value):
        raise TypeError("no address")
    return clean(value)


def _oid(value: Any) -> str:
    if not isinstance(value, str) or not _SHA.fullmatch(value):
        raise ValueError("no commit hash")
    return value


def _milestone(value: Any) -> Values | None:
    node = an_object(value)
    number = a_count(node.get("number"))
    if number is None:
        return None
    texts = {name: None if node.get(name) is None else a_text(node[name]) for name in ("title", "description")}
    due = node.get("dueOn")
    return {"number": number, **texts, "due_on": None if due is None else a_moment(due)}


def _label(node: Mapping[str, Any], _: Problems) -> Values:
    return {column: a_text(node.get(column) or "") for column in ("name", "description", "color")}


def _said(node: Mapping[str, Any], problems: Problems) -> Values:
    return {
        "url": _url(node.get("url")),
        "author": problems.take("author", node.get("author"), a_login),
        "author_association": problems.take("authorAssociation", node.get("authorAssociation"), a_text),
        "body": problems.take("body", node.get("body"), a_text),
    }


def _comment(node: Mapping[str, Any], problems: Problems) -> Values:
    return _said(node, problems) | {
        "created_at": problems.take("createdAt", node.get("createdAt"), a_moment),
        "updated_at": problems.take("updatedAt", node.get("updatedAt"), a_moment),
        "is_minimized": problems.take("isMinimized", node.get("isMinimized"), a_flag),
    }


def _review(node: Mapping[str, Any], problems: Problems) -> Values:
    return _said(node, problems) | {
        "state": problems.take("state", node.get("state"), a_text),
        "submitted_at": problems.take("submittedAt", node.get("submittedAt"), a_moment),
    }


def _requested(node: Mapping[str, Any], _: Problems) -> Values:
    """A team that was asked has no login."""
    reviewer = node.get("requestedReviewer", node)
    return {"login": None if reviewer is None else a_login(reviewer)}


def _file(node: Mapping[str, Any], _: Problems) -> Values:
    path = node.get("path")
    if not isinstance(path, str) or not path:
        raise TypeError("no path")
    return {
        "path": clean(path),
        "additions": a_count(node.get("additions")),
        "deletions": a_count(node.get("deletions")),
    }


def _commit(node: Mapping[str, Any], _: Problems) -> Values:
    return {"oid": _oid(an_object(node.get("commit", node)).get("oid"))}


# --- refs ----------------------------------------------------------------------------------------------------------


def refs(data: Any) -> tuple[str, list[Values], list[str], list[Problem]]:
    """``{"full_name", "branches"?, "tags"?, "releases"?}`` in the shapes of REST.

    Returns the repository, its refs as columns of `repository_ref`, the kinds that were listed, and what was wrong.
    A record that says ``unchanged`` lists nothing. Raises RecordError if another one does.
    """
    if not isinstance(data, dict):
        raise RecordError("data is not an object")
    full_name = "/".join(repository_name(data.get("full_name")))
    kinds = {"branch": ("branches", _named_ref), "tag": ("tags", _named_ref), "release": ("releases", _release)}
    found: list[Problem] = []
    rows: dict[tuple[str, str], Values] = {}
    listed = []
    for kind, (field, parse) in kinds.items():
        entries = Problems("refs", found).take(field, data.get(field), a_list)
        if entries is None:
            continue
        listed.append(kind)
        for number, entry in enumerate(entries):
            place = Problems(f"{field}[{number}]", found)
            row = place.take("", entry, partial(_parsed, parse, place))
            if row is not None:
                rows.setdefault((kind, row["name"]), {"kind": kind, **row})
    if not listed and data.get("unchanged") is not True:
        raise RecordError("neither branches nor tags nor releases", full_name)
    return full_name, list(rows.values()), listed, found


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("no name")
    return clean(value)


def _named_ref(entry: Mapping[str, Any], problems: Problems) -> Values:
    target = problems.take("commit", entry.get("commit"), an_object) or {}
    tagger = problems.take("tagger", entry.get("tagger"), an_object) or {}
    return {
        "name": _name(entry.get("name")),
        "target_sha": problems.take("commit.sha", target.get("sha"), _oid),
        "title": None,
        "created_at": problems.take("tagger.date", tagger.get("date"), a_moment),
        "is_prerelease": None,
    }


def _release(entry: Mapping[str, Any], problems: Problems) -> Values:
    date = entry.get("published_at") or entry.get("created_at")
    target = entry.get("target_commitish")
    return {
        "name": _name(entry.get("tag_name")),
        "target_sha": target if isinstance(target, str) and _SHA.fullmatch(target) else None,
        "title": problems.take("name", entry.get("name"), a_text),
        "created_at": problems.take("published_at", date, a_moment),
        "is_prerelease": problems.take("prerelease", entry.get("prerelease"), a_flag),
    }
