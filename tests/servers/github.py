"""A loopback server that speaks GitHub's API (REST and GraphQL) as the real PyGithub uses it.

    with serving(World({"acme/app": Repo(issues=[...])})) as server:
        GitHub(server.url, "token")

Shapes and headers follow recorded exchanges: redirects by number after a rename, pagination by Link, errors with
`documentation_url`, primary limits as 403 with `X-RateLimit-Reset`, secondary ones with `Retry-After` or without.
"""

from __future__ import annotations

import contextlib
import copy
import json
import re
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Json = dict[str, Any]
DOCS = "https://docs.github.com/rest"


@dataclass
class Repo:
    """A repository. issues, pulls: nodes of GraphQL whose lists are plain lists; the others as in REST."""

    facts: Json = field(default_factory=dict)
    issues: list[Json] = field(default_factory=list)
    pulls: list[Json] = field(default_factory=list)
    commits: list[Json] = field(default_factory=list)
    releases: list[Json] = field(default_factory=list)
    number: int = 1


@dataclass
class World:
    """What there is. moved: old -> new name; blocked: name -> status; files: (repository, size) that search finds.

    limit: how many repositories, or issues, one GraphQL question may ask for; faults: what the next answers are.
    """

    repos: dict[str, Repo] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    blocked: dict[str, int] = field(default_factory=dict)
    files: list[tuple[str, int]] = field(default_factory=list)
    accounts: dict[str, list[str]] = field(default_factory=dict)
    limit: int = 100
    limit_answer: str = "error"
    search_cap: int = 1000
    page: int = 100
    faults: deque[str] = field(default_factory=deque)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, world: World):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.world = world
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.asked: list[str] = []
        self.not_modified = 0
        self.tokens: set[str | None] = set()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no trouble of ours."""


class _Answer(Exception):
    def __init__(self, status: int, body: Any, **headers: str):
        self.status, self.body = status, body
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._serve(lambda: self._rest())

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._serve(lambda: (self._graphql(asked["query"], asked["variables"]), {}))

    def _serve(self, answer: Any) -> None:
        server = self.server
        server.asked.append(self.path)
        server.tokens.add(self.headers.get("authorization"))
        fault = server.world.faults.popleft() if server.world.faults else ""
        try:
            if fault:
                self._fail(fault)
            body, headers = answer()
            status = 200
        except _Answer as other:
            status, body, headers = other.status, other.body, other.headers
        raw = b"" if status == 304 else json.dumps(body).encode()
        self.send_response(status)
        for name, value in ({"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "4999"} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(raw) + (100 if fault == "cut" else 0)))
        self.end_headers()
        self.wfile.write(raw)
        if fault == "cut":
            self.close_connection = True

    def _fail(self, fault: str) -> None:
        if fault == "primary":
            body = {"message": "API rate limit exceeded for user ID 1.", "documentation_url": DOCS}
            raise _Answer(403, body, X_RateLimit_Remaining="0", X_RateLimit_Reset=str(int(time.time())))
        if fault == "secondary":
            body = {"message": "You have exceeded a secondary rate limit.", "documentation_url": DOCS}
            raise _Answer(403, body, Retry_After="0")
        if fault == "429":
            raise _Answer(429, {"message": "too many"}, Retry_After="0")
        if fault == "graphql":
            reset = str(int(time.time()))
            errors = [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]
            raise _Answer(200, {"errors": errors}, X_RateLimit_Remaining="0", X_RateLimit_Reset=reset)
        if fault.isdigit():
            raise _Answer(int(fault), {"message": "Server Error"})

    # --- REST ---

    def _rest(self) -> tuple[Any, dict[str, str]]:
        world, url = self.server.world, urlsplit(self.path)
        path, query = unquote(url.path), {name: values[0] for name, values in parse_qs(url.query).items()}
        if path == "/search/code":
            return self._search(query, url)
        if match := re.fullmatch(r"/(orgs|users)/([^/]+)/repos", path):
            kind = "org" if match[2].endswith("-org") else "user"
            if match[2] not in world.accounts or not match[1].startswith(kind):
                raise _Answer(404, {"message": "Not Found", "documentation_url": DOCS, "status": "404"})
            return self._page([{"full_name": name} for name in world.accounts[match[2]]], query, url)
        if match := re.fullmatch(r"/repositories/(\d+)(/.*)?", path):
            name = next(name for name, repo in world.repos.items() if repo.number == int(match[1]))
            return self._of_repository(name, match[2] or "", query, url)
        match = re.fullmatch(r"/repos/([^/]+/[^/]+)(/.*)?", path)
        assert match, path
        name, rest = match[1], match[2] or ""
        if name in world.moved:
            number = world.repos[world.moved[name]].number
            there = f"{self.server.url}/repositories/{number}{rest}" + (f"?{url.query}" if url.query else "")
            raise _Answer(
                301, {"message": "Moved Permanently", "url": there, "documentation_url": DOCS}, Location=there
            )
        if name in world.blocked:
            status = world.blocked[name]
            block = {"reason": "dmca", "created_at": "2024-01-01T00:00:00Z", "html_url": "https://github.com/dmca"}
            raise _Answer(status, {"message": "Repository access blocked", "block": block})
        found = next((each for each in world.repos if each.lower() == name.lower()), None)
        if found is None:
            raise _Answer(404, {"message": "Not Found", "documentation_url": DOCS, "status": "404"})
        return self._of_repository(found, rest, query, url)

    def _of_repository(self, name: str, rest: str, query: dict[str, str], url: Any) -> tuple[Any, dict[str, str]]:
        repo = self.server.world.repos[name]
        if not rest:
            return {"id": repo.number, "full_name": name, "html_url": f"https://github.com/{name}"} | repo.facts, {}
        if rest == "/commits":
            if not repo.commits:
                raise _Answer(409, {"message": "Git Repository is empty.", "documentation_url": DOCS})
            since = query.get("since", "")
            items = [c for c in repo.commits if c["commit"]["committer"]["date"] >= since]
            return self._page(items, query, url)
        assert rest == "/releases", rest
        return self._page(repo.releases, query, url)

    def _page(self, items: list[Any], query: dict[str, str], url: Any) -> tuple[Any, dict[str, str]]:
        size, number = min(int(query.get("per_page", "30")), self.server.world.page), int(query.get("page", "1"))
        page = items[(number - 1) * size : number * size]
        etag = f'W/"{abs(hash(json.dumps([page, len(items)])))}"'
        if self.headers.get("if-none-match") == etag:
            self.server.not_modified += 1
            raise _Answer(304, None, ETag=etag)
        headers = {"ETag": etag}
        if number * size < len(items):
            rest = "&".join(f"{name}={value}" for name, value in query.items() if name != "page")
            headers["Link"] = f'<{self.server.url}{url.path}?{rest}&page={number + 1}>; rel="next"'
        return page, headers

    def _search(self, query: dict[str, str], url: Any) -> tuple[Any, dict[str, str]]:
        if not self.headers.get("authorization"):
            raise _Answer(401, {"message": "Requires authentication", "documentation_url": DOCS})
        sizes = re.search(r"size:(\d+)\.\.(\d+)", query["q"])
        low, high = (int(sizes[1]), int(sizes[2])) if sizes else (0, 10**9)
        hits = [{"repository": {"full_name": name}} for name, size in self.server.world.files if low <= size <= high]
        items, headers = self._page(hits[: self.server.world.search_cap], query, url)
        return {"total_count": len(hits), "incomplete_results": False, "items": items}, headers

    # --- GraphQL ---

    def _graphql(self, query: str, variables: Json) -> Json:
        world = self.server.world
        if "node(id:" in query:
            return {"data": {"node": self._more(query, variables)}}
        aliases = re.findall(r"(r\d+): repository\(owner: \$(\w+), name: \$(\w+)\)", query)
        size = variables.get("first", len(aliases))
        if size > world.limit:
            if world.limit_answer == "502":
                raise _Answer(502, {"message": "Server Error"})
            error = {"type": "RESOURCE_LIMITS_EXCEEDED", "message": "Resource limits for this query exceeded."}
            return {"data": None, "errors": [error]}
        if not aliases:
            return self._threads(query, variables)
        data: Json = {}
        errors = []
        for alias, owner, name in aliases:
            full = f"{variables[owner]}/{variables[name]}"
            data[alias] = self._node(full)
            if data[alias] is None:
                said = f"Could not resolve to a Repository with the name '{full}'."
                errors.append({"type": "NOT_FOUND", "path": [alias], "message": said})
        return {"data": data} | ({"errors": errors} if errors else {})

    def _node(self, full: str) -> Json | None:
        world = self.server.world
        full = world.moved.get(full, full)
        found = next((each for each in world.repos if each.lower() == full.lower()), None)
        if found is None or found in world.blocked:
            return None
        repo = world.repos[found]
        return {
            "nameWithOwner": found, "databaseId": repo.number, "url": f"https://github.com/{found}",
            "stargazerCount": 0, "issues": {"totalCount": len(repo.issues)},
            "pullRequests": {"totalCount": len(repo.pulls)}, "repositoryTopics": {"nodes": []},
        } | repo.facts  # fmt: skip

    def _threads(self, query: str, variables: Json) -> Json:
        node = self._node(f"{variables['owner']}/{variables['name']}")
        if node is None:
            return {"data": {"repository": None}, "errors": [{"type": "NOT_FOUND", "message": "Could not resolve"}]}
        repo = self.server.world.repos[node["nameWithOwner"]]
        is_pull = "pullRequests(" in query
        items = sorted(repo.pulls if is_pull else repo.issues, key=lambda item: str(item["updatedAt"]))
        if "direction: DESC" in query:
            items.reverse()
        if variables.get("since"):
            items = [item for item in items if item["updatedAt"] >= variables["since"]]
        start = int(variables["after"] or 0)
        page = items[start : start + variables["first"]]
        connection = {
            "pageInfo": {"hasNextPage": start + len(page) < len(items), "endCursor": str(start + len(page))},
            "nodes": [self._cut(item, query) for item in page],
        }
        field = "pullRequests" if is_pull else "issues"
        return {"data": {"repository": {"nameWithOwner": node["nameWithOwner"], field: connection}}}

    def _cut(self, item: Json, query: str) -> Json:
        """The first entries of each list, as the query asks for them."""
        item = copy.deepcopy(item)
        for name, first in re.findall(r"(\w+)\(first: (\d+)\)", query):
            items = item.get(name, [])
            info = {"hasNextPage": len(items) > int(first), "endCursor": str(first)}
            item[name] = {"pageInfo": info, "nodes": items[: int(first)]}
        return item

    def _more(self, query: str, variables: Json) -> Json:
        every = [item for repo in self.server.world.repos.values() for item in (*repo.issues, *repo.pulls)]
        item = next(item for item in every if item["id"] == variables["id"])
        found = re.search(r"(\w+)\(first: 100, after", query)
        assert found
        start = int(variables["after"])
        nodes = item[found[1]][start : start + 100]
        info = {"hasNextPage": start + 100 < len(item[found[1]]), "endCursor": str(start + 100)}
        return {found[1]: {"pageInfo": info, "nodes": nodes}}


@contextlib.contextmanager
def serving(world: World) -> Iterator[Server]:
    """A running server."""
    server = Server(world)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
