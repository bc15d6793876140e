"""What GitHub's API says of one repository: issues, pull requests, commits, releases. One function a kind.

Each takes (client, owner/name, cursor of the last record or None) and yields records with a cursor, the last one DONE.
A record is a page: ``{"full_name", "issues": [...]}``. Issues and pull requests come from GraphQL, commits and releases
from REST; each list within an issue is read to its end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from peatmoss.archive import Record
from peatmoss.errors import NotFound, SourceError
from peatmoss.fetch import github_queries as queries
from peatmoss.fetch.collect import DONE, Moved
from peatmoss.fetch.github_http import GitHub, TooMuch

BATCH = 50
"""Repositories in one question at first."""

FIRST = {"issue": 50, "pull_request": 20}
"""How many are asked for at a time; halved as often as GitHub finds it too much."""


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


def commits(client: GitHub, key: str, cursor: str | None, since: datetime | None = None) -> Iterator[Record]:
    """The commits of the default branch, newest first; without the files that they touch (git has them)."""
    path, params = cursor or f"/repos/{key}/commits", {} if cursor else _page(since)
    if cursor is None:
        _check_name(client, key)
    while True:
        answer = client.get(path, params)
        yield Record(key, answer.next or DONE, {"full_name": key, "commits": answer.data or []})
        if not answer.next:
            return
        path, params = answer.next, {}


def _page(since: datetime | None) -> dict[str, Any]:
    return {"per_page": 100} | ({"since": _iso(since)} if since else {})


def releases(client: GitHub, key: str, _: str | None, etag: str | None = None) -> Iterator[Record]:
    """The releases of a repository, all in one record; with the `etag` of an earlier answer possibly `unchanged`."""
    _check_name(client, key)
    path = f"/repos/{key}/releases"
    first = client.get(path, {"per_page": 100}, etag)
    if first.status == 304:
        yield Record(key, DONE, {"full_name": key, "unchanged": True, "etag": etag})
        return
    found, following = list(first.data), first.next
    while following:
        page = client.get(following)
        found, following = found + page.data, page.next
    yield Record(key, DONE, {"full_name": key, "releases": found, "etag": first.etag})


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


class Metadata:
    """Repositories in batches: one question for many keys, halved as often as GitHub finds it too much.

    Without a token there is no GraphQL: then each repository is asked for over REST.
    """

    def __init__(self, client: GitHub, keys: Sequence[str]):
        self.client = client
        self._todo = sorted(set(keys))
        self._size = BATCH
        self._found: dict[str, Any] = {}

    def stop(self) -> None:
        """Let nobody ask any more."""
        self.client.stop()

    def say(self, _: Any, key: str, __: str | None) -> Iterator[Record]:
        """The metadata of a repository: ``{"repository": ...}`` of GraphQL, or the object of REST."""
        if not self.client.has_token:
            data = self.client.get(f"/repos/{key}").data
            _same(key, data.get("full_name"))
            yield Record(key, DONE, data)
            return
        if key not in self._found:
            self._ask(key)
        node = self._found.pop(key)
        if node is None:
            raise _missing(self.client, key, [])
        if node["nameWithOwner"].lower() != key.lower():
            self._found.setdefault(node["nameWithOwner"], node)
            raise Moved(node["nameWithOwner"], 301)
        yield Record(key, DONE, {"repository": node})

    def _ask(self, key: str) -> None:
        """Ask for `key` and for those after it."""
        start = bisect_left(self._todo, key)
        while True:
            names = [key, *(name for name in self._todo[start : start + self._size] if name != key)][: self._size]
            try:
                data, _ = self.client.graphql(*queries.repositories(names))
            except TooMuch as error:
                if self._size == 1:
                    raise SourceError(f"{key}: GitHub does not answer even for one repository: {error}") from error
                self._size = max(1, self._size // 2)
                continue
            self._found |= {name: data.get(f"r{number}") for number, name in enumerate(names)}
            return
