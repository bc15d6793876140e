"""What GitHub's API says of one repository: issues, pull requests, commits, releases. One function a kind.

Each takes (client, owner/name, cursor of the last record or None) and yields records with a cursor, the last one DONE.
A record is a page: ``{"full_name", "issues": [...]}``. Issues and pull requests come from GraphQL, commits and releases
from REST; each list within an issue is read to its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from peatmoss.archive import Record
from peatmoss.errors import NotFound, SourceError
from peatmoss.fetch import github_queries as queries
from peatmoss.fetch.collect import DONE, Moved
from peatmoss.fetch.github_http import GitHub, TooMuch

FIRST = {"issue": 50, "pull_request": 20}
"""How many are asked for at a time; halved as often as GitHub finds it too much."""

Since = Callable[[str], datetime | None]
"""owner/name -> since when what is new is wanted; None: everything."""


def issues(client: GitHub, key: str, cursor: str | None, since: datetime | None = None) -> Iterator[Record]:
    """The issues of a repository, updated at or after `since`."""
    return _threads(client, "issue", key, cursor, since)


def pull_requests(client: GitHub, key: str, cursor: str | None, since: datetime | None = None) -> Iterator[Record]:
    """The pull requests of a repository, updated at or after `since`."""
    return _threads(client, "pull_request", key, cursor, since)


def _threads(client: GitHub, kind: str, key: str, cursor: str | None, since: datetime | None) -> Iterator[Record]:
    """GitHub cannot select pull requests by date: with `since`, the newest come first, up to the first older one."""
    owner, name = key.split("/")
    is_newest_first = kind == "pull_request" and since is not None
    query = queries.threads(kind, is_newest_first)
    first, after = FIRST[kind], cursor
    seen: set[int] = set()
    while True:
        variables: dict[str, Any] = {"owner": owner, "name": name, "first": first, "after": after}
        if kind == "issue":
            variables["since"] = since and _iso(since)
        try:
            data, errors = client.graphql(query, variables)
        except TooMuch as error:
            if first == 1:
                raise SourceError(f"{key}: GitHub does not answer even for a single {kind}: {error}") from error
            first = max(1, first // 2)
            continue
        repository = data.get("repository")
        if repository is None:
            raise _missing(client, key, errors)
        _same(key, repository.get("nameWithOwner"))
        page = repository[queries.connection(kind)]
        nodes = [node for node in page["nodes"] if node]
        is_last = not page["pageInfo"]["hasNextPage"]
        if is_newest_first and since is not None:
            recent = [node for node in nodes if node["updatedAt"] >= _iso(since)]
            is_last = is_last or len(recent) < len(nodes)
            nodes = recent
        nodes = [node for node in nodes if node["number"] not in seen]
        seen.update(node["number"] for node in nodes)
        for node in nodes:
            _complete(client, kind, node)
        after = page["pageInfo"]["endCursor"]
        yield Record(key, DONE if is_last else after, {"full_name": key, queries.LISTED[kind]: nodes})
        if is_last:
            return


def _complete(client: GitHub, kind: str, node: dict[str, Any]) -> None:
    """Read the lists within an issue to their ends."""
    for field in queries.lists(kind):
        connection = node.get(field)
        while connection and connection["pageInfo"]["hasNextPage"]:
            variables = {"id": node["id"], "after": connection["pageInfo"]["endCursor"]}
            data, _ = client.graphql(queries.more(kind, field), variables)
            following = (data.get("node") or {}).get(field)
            if not following:
                break
            connection["nodes"] += following["nodes"]
            connection["pageInfo"] = following["pageInfo"]


def commits(
    client: GitHub, key: str, cursor: str | None, since: datetime | None = None, etag: str | None = None
) -> Iterator[Record]:
    """The commits of the default branch, newest first; without the files that they touch (git has them)."""
    if cursor is None:
        _check_name(client, key)
    path = cursor or f"/repos/{key}/commits"
    params: dict[str, Any] = {} if cursor else {"per_page": 100} | ({"since": _iso(since)} if since else {})
    while True:
        try:
            answer = client.get(path, params, etag=None if cursor else etag)
        except SourceError as error:
            if " 409 " not in f"{error} ":  # how GitHub says that a repository is empty
                raise
            yield Record(key, DONE, {"full_name": key, "commits": []})
            return
        data = {"full_name": key, "commits": answer.data or []}
        if answer.etag and not cursor:
            data["etag"] = answer.etag
        yield Record(key, answer.next or DONE, data)
        if not answer.next:
            return
        path, params, cursor = answer.next, {}, answer.next


def releases(
    client: GitHub, key: str, _: str | None, __: datetime | None = None, etag: str | None = None
) -> Iterator[Record]:
    """The releases of a repository, all in one record; none if the answer says that nothing changed."""
    _check_name(client, key)
    answer = client.get(f"/repos/{key}/releases", {"per_page": 100}, etag=etag)
    if answer.status == 304:
        yield Record(key, DONE, {"full_name": key, "unchanged": True, "etag": etag})
        return
    found = list(answer.data)
    while answer.next:
        following = client.get(answer.next)
        found += following.data
        answer = answer._replace(next=following.next)
    yield Record(key, DONE, {"full_name": key, "releases": found, "etag": answer.etag})


def _check_name(client: GitHub, key: str) -> None:
    """Raise Moved if the repository has another name now, NotFound if it is gone."""
    _same(key, client.get(f"/repos/{key}").data.get("full_name"))


def _same(key: str, name: Any) -> None:
    """GitHub takes any case of letters: that is no other name."""
    if isinstance(name, str) and name.lower() != key.lower():
        raise Moved(name, 301)


def _missing(client: GitHub, key: str, errors: list[dict[str, Any]]) -> SourceError:
    """Why GraphQL has nothing of a repository: REST says it with a status."""
    try:
        _check_name(client, key)
    except NotFound as error:
        return error
    said = "; ".join(str(error.get("message", ""))[:200] for error in errors[:3])
    return SourceError(f"{key}: GitHub's GraphQL gives nothing: {said}")


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
