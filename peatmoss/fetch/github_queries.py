"""The GraphQL questions that we ask GitHub. Names come in as variables, never as text of the query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

REPOSITORY = """
nameWithOwner databaseId url description homepageUrl stargazerCount forkCount diskUsage isFork isArchived isTemplate
isDisabled createdAt updatedAt pushedAt primaryLanguage { name } licenseInfo { key spdxId }
defaultBranchRef { name } parent { nameWithOwner } repositoryTopics(first: 100) { nodes { topic { name } } }
issues(states: OPEN) { totalCount } pullRequests(states: OPEN) { totalCount }
"""

_MORE = "pageInfo { hasNextPage endCursor }"
_PERSON = "login"
_COMMENT = f"url author {{ {_PERSON} }} authorAssociation body createdAt updatedAt isMinimized"
_REVIEW = f"url author {{ {_PERSON} }} authorAssociation state body submittedAt"

NESTED: Mapping[str, str] = {
    "comments": _COMMENT,
    "labels": "name description color",
    "assignees": _PERSON,
    "reviews": _REVIEW,
    "files": "path additions deletions changeType",
    "commits": "commit { oid }",
    "reviewRequests": f"requestedReviewer {{ ... on User {{ {_PERSON} }} }}",
}
"""Lists within an issue or a pull request -> what is asked of an entry. They are read to their ends."""

_THREAD = f"""
id url number title body state createdAt updatedAt closedAt author {{ {_PERSON} }}
milestone {{ number title description dueOn }}
"""
_PULL = f"""
mergedAt mergedBy {{ {_PERSON} }} baseRefName headRefName headRepository {{ nameWithOwner }} mergeCommit {{ oid }}
reviewDecision isDraft isCrossRepository additions deletions changedFiles
"""
_LISTS = {
    "issue": {"comments": 50, "labels": 50, "assignees": 20},
    "pull_request": {
        "comments": 50, "labels": 50, "assignees": 20, "reviews": 30, "files": 50, "commits": 50, "reviewRequests": 20,
    },
}  # fmt: skip
_CONNECTION = {"issue": "issues", "pull_request": "pullRequests"}
LISTED = {"issue": "issues", "pull_request": "pull_requests"}
"""Kind -> the name of its list in a record."""
_TYPE = {"issue": "Issue", "pull_request": "PullRequest"}


def repositories(names: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Query and variables for the metadata of many repositories: `r0`, `r1`, ... in the answer."""
    parts, variables = [], {}
    for number, name in enumerate(names):
        variables[f"o{number}"], variables[f"n{number}"] = name.split("/")
        parts.append(f"r{number}: repository(owner: $o{number}, name: $n{number}) {{ {REPOSITORY} }}")
    declared = ", ".join(f"${name}: String!" for name in variables)
    return f"query({declared}) {{ {' '.join(parts)} }}", variables


def threads(kind: str, is_newest_first: bool) -> str:
    """Query for a page of issues or pull requests of one repository."""
    lists = " ".join(
        f"{name}(first: {first}) {{ {_MORE} nodes {{ {NESTED[name]} }} }}" for name, first in _LISTS[kind].items()
    )
    since = ", filterBy: {since: $since}" if kind == "issue" else ""
    declared = ", $since: DateTime" if kind == "issue" else ""
    direction = "DESC" if is_newest_first else "ASC"
    return (
        f"query($owner: String!, $name: String!, $first: Int!, $after: String{declared}) {{"
        f" repository(owner: $owner, name: $name) {{ nameWithOwner {_CONNECTION[kind]}(first: $first, after: $after,"
        f" orderBy: {{field: UPDATED_AT, direction: {direction}}}{since}) {{ {_MORE} nodes {{"
        f" {_THREAD} {_PULL if kind == 'pull_request' else ''} {lists} }} }} }} }}"
    )


def more(kind: str, field: str) -> str:
    """Query for the rest of a list within an issue or a pull request."""
    return (
        f"query($id: ID!, $after: String) {{ node(id: $id) {{ ... on {_TYPE[kind]} {{"
        f" {field}(first: 100, after: $after) {{ {_MORE} nodes {{ {NESTED[field]} }} }} }} }} }}"
    )


def connection(kind: str) -> str:
    """The field of a repository that lists this kind."""
    return _CONNECTION[kind]


def lists(kind: str) -> tuple[str, ...]:
    """The lists within an entry of this kind."""
    return tuple(_LISTS[kind])
