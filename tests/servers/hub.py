"""A loopback server that speaks the Hub's HTTP API as the real client uses it.

    with serving(Content(models=[...])) as server:
        HfApi(endpoint=server.url).model_info("a/b")

Shapes follow recorded answers and the client's source. `Faults` make it fail; `Limits` make it count as the Hub does.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import itertools
import json
import random
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import orjson

Json = dict[str, Any]
SORTS = {"downloads", "likes", "lastModified", "createdAt", "trendingScore"}
NOT_IN_LISTS = {"baseModels", "childrenModelCount", "usedStorage"}


@dataclass
class Content:
    """What there is to serve. `models` may make its items when asked; the rest is by name of the model.

    files: path -> bytes; large ones (LFS) are those in `lfs`, answered by a redirect to another path
    moved: old name -> new name; gated, broken (always 500): names; datasets: as models
    """

    models: Sequence[Json] = ()
    files: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    lfs: frozenset[str] = frozenset()
    commits: Mapping[str, Sequence[Json]] = field(default_factory=dict)
    refs: Mapping[str, Json] = field(default_factory=dict)
    discussions: Mapping[str, Sequence[Json]] = field(default_factory=dict)
    datasets: Sequence[Json] = ()
    security: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, Json] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    gated: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    page: int = 1000


@dataclass
class Faults:
    """`rate` of the answers go wrong, each in one of `kinds`, by the dice of `seed`."""

    rate: float = 0.0
    kinds: tuple[str, ...] = ("429", "500", "502", "504", "cut", "slow")
    seed: int = 1
    slow_seconds: float = 0.2


@dataclass
class Limits:
    """At most `quota` answers per `window` seconds, told as the Hub tells it."""

    quota: int = 0
    window: int = 300


def oid(content: bytes) -> str:
    """Git's hash of a blob."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()  # noqa: S324


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, content: Content, faults: Faults, limits: Limits, token: str | None, port: int = 0):
        super().__init__(("127.0.0.1", port), _Handler)
        self.content, self.limits, self.token = content, limits, token
        self.faults, self.dice = faults, random.Random(faults.seed)  # noqa: S311
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.requests: list[str] = []
        self.tokens: set[str | None] = set()
        self.cdn_tokens: set[str | None] = set()
        self.lock = threading.Lock()
        self.is_closed = False
        self.window_at, self.used = time.monotonic(), 0
        self.sorted: dict[str, list[Json]] = {}
        self._by_name: dict[str, Json] | None = None

    @property
    def by_name(self) -> dict[str, Json]:
        with self.lock:
            if self._by_name is None:
                self._by_name = {model["id"]: model for model in self.content.models}
            return self._by_name

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no trouble of ours."""

    def asked(self, part: str) -> int:
        """How often a path with this part was asked for."""
        return sum(part in path for path in self.requests)


class _Answer(Exception):
    """An answer other than 200 with JSON."""

    def __init__(self, status: int, body: Any = b"", **headers: str):
        self.status, self.body = status, body
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 2**16
    server: Server

    def log_message(self, *_: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        server, path = self.server, self.path
        if server.is_closed:  # a connection that was kept alive
            self.close_connection = True
            return
        with server.lock:
            server.requests.append(path)
            server.tokens.add(self.headers.get("authorization"))
            fault = server.dice.choice(server.faults.kinds) if server.dice.random() < server.faults.rate else None
            rate = self._count(server)
        try:
            if rate and rate["left"] < 0:
                raise _Answer(429, {"error": "rate limited"})
            if fault and fault.isdigit():
                raise _Answer(int(fault), {"error": "trouble"}, Retry_After="0")
            if fault == "slow":
                time.sleep(server.faults.slow_seconds)
            if server.token and self.headers.get("authorization", f"Bearer {server.token}") != f"Bearer {server.token}":
                raise _Answer(401, {"error": "x"}, X_Error_Message="Invalid credentials in Authorization header")
            url = urlsplit(path)
            body, headers = self._route(unquote(url.path), parse_qs(url.query))
            status = 200
        except _Answer as answer:
            status, body, headers = answer.status, answer.body, answer.headers
        if rate:
            headers |= {
                "RateLimit": f'"api";r={max(0, rate["left"])};t={rate["seconds"]}',
                "RateLimit-Policy": f'"fixed window";"api";q={server.limits.quota};w={server.limits.window}',
            }
        self._send(status, body, headers, fault == "cut")

    def _count(self, server: Server) -> dict[str, int] | None:
        if not server.limits.quota:
            return None
        now = time.monotonic()
        if now >= server.window_at + server.limits.window:
            server.window_at, server.used = now, 0
        server.used += 1
        seconds = int(server.window_at + server.limits.window - now)
        return {"left": server.limits.quota - server.used, "seconds": seconds}

    def _send(self, status: int, body: Any, headers: Mapping[str, str], is_cut: bool) -> None:
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if not isinstance(body, bytes):
            self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        if is_cut:
            self.send_header("Connection", "close")
            self.close_connection = True
            raw = raw[: len(raw) // 2]
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)
        self.wfile.flush()

    def _route(self, path: str, query: dict[str, list[str]]) -> tuple[Any, dict[str, str]]:
        content = self.server.content
        if path == "/api/models":
            return self._listing(content.models, query)
        if path == "/api/datasets":
            return self._listing(content.datasets, query)
        if found := re.fullmatch(r"/api/models/((?:[^/]+/)?[^/]+?)((?:/(?:revision|tree|commits|refs|discussions|"
                                 r"safetensors-metadata)(?:/.*)?)?)", path):  # fmt: skip
            return self._model(self._name(found[1], "/api/models/", found[2]), found[2].split("/")[1:], query)
        if found := re.fullmatch(r"/api/datasets/(.+)", path):
            for item in content.datasets:
                if item["id"] == found[1]:
                    return self._fields(item, query), {}
            raise self._missing()
        if found := re.fullmatch(r"/(.+?)/resolve/([^/]+)/(.+)", path):
            name = self._name(found[1], "/", f"/resolve/{found[2]}/{found[3]}")
            return self._file(name, found[2], found[3])
        if found := re.fullmatch(r"/cdn/([^/]+/[^/]+|[^/]+)/-/(.+)", path):
            self.server.cdn_tokens.add(self.headers.get("authorization"))
            return self._content(content.files[found[1]][found[2]], {})
        raise _Answer(404, {"error": "Sorry, we can't find the page you are looking for."})

    def _missing(self) -> _Answer:
        """As the Hub does: who has no token does not learn whether it is missing or private."""
        status = 404 if self.headers.get("authorization") else 401
        return _Answer(status, {"error": "Repository not found"}, X_Error_Code="RepoNotFound",
                       X_Error_Message="Repository not found")  # fmt: skip

    def _name(self, name: str, before: str, after: str) -> str:
        """A name that exists; a moved one is redirected."""
        if new := self.server.content.moved.get(name):
            query = f"?{urlsplit(self.path).query}" if urlsplit(self.path).query else ""
            location = f"{before}{new}{quote(after)}{query}"
            raise _Answer(307, f"Temporary Redirect. Redirecting to {location}".encode(), Location=location)
        return name

    def _listing(self, items: Sequence[Json], query: dict[str, list[str]]) -> tuple[Any, dict[str, str]]:
        first = {name: values[0] for name, values in query.items()}
        items = self._chosen(items, first)
        size = max(1, min(int(first.get("limit", self.server.content.page)), self.server.content.page))
        start = int(base64.urlsafe_b64decode(first["cursor"])) if "cursor" in first else 0
        page = [self._fields(item, query, NOT_IN_LISTS) for item in itertools.islice(_slice(items, start, size), size)]
        headers = {}
        if start + size < len(items):
            cursor = base64.urlsafe_b64encode(str(start + size).encode()).decode()
            kept = [(name, value) for name, values in query.items() for value in values if name != "cursor"]
            link = "&".join(f"{quote(name)}={quote(value)}" for name, value in [*kept, ("cursor", cursor)])
            headers["Link"] = f'<{self.server.url}{urlsplit(self.path).path}?{link}>; rel="next"'
        return page, headers

    def _chosen(self, items: Sequence[Json], first: dict[str, str]) -> Sequence[Json]:
        tests = {
            "author": lambda m, v: m["id"].startswith(f"{v}/"),
            "search": lambda m, v: v.lower() in m["id"].lower(),
            "filter": lambda m, v: v in m.get("tags", ()),
            "pipeline_tag": lambda m, v: m.get("pipeline_tag") == v,
            "library": lambda m, v: m.get("library_name") == v,
        }
        wanted = {name: first[name] for name in tests if name in first}
        sort = first.get("sort")
        if sort is not None and sort not in SORTS:
            raise _Answer(400, {"error": f"Invalid sort parameter {sort}"})
        if not wanted and not (sort and isinstance(items, list)):
            return items
        key = json.dumps([wanted, sort, id(items)])
        with self.server.lock:
            if key not in self.server.sorted:
                chosen = [m for m in items if all(tests[name](m, value) for name, value in wanted.items())]
                if sort:
                    chosen.sort(key=lambda m: (m.get(sort) is not None, m.get(sort)), reverse=True)
                self.server.sorted[key] = chosen
            return self.server.sorted[key]

    @staticmethod
    def _fields(item: Json, query: dict[str, list[str]], never: set[str] = frozenset()) -> Json:  # type: ignore[assignment]
        expand = query.get("expand") or query.get("expand[]")
        if not expand:
            return {name: value for name, value in item.items() if name not in never}
        wanted = ({"id", "_id", *expand}) - never
        return {name: value for name, value in item.items() if name in wanted}

    def _model(self, name: str, rest: list[str], query: dict[str, list[str]]) -> tuple[Any, dict[str, str]]:
        content, what = self.server.content, rest[0] if rest else ""
        info = self.server.by_name.get(name)
        if info is None:
            raise self._missing()
        if name in content.broken:
            raise _Answer(500, {"error": "Internal Error"})
        if name in content.gated and what in ("tree", "safetensors-metadata"):
            self._gate(name)
        if what in ("", "revision"):
            if len(rest) > 1 and rest[1] not in ("main", info.get("sha")):
                raise _Answer(404, {"error": "Invalid rev id"}, X_Error_Code="RevisionNotFound")
            more = {"securityRepoStatus": content.security[name]} if "securityStatus" in query else {}
            return self._fields(info, query) | more, {}
        if what == "commits":
            return self._listing(content.commits.get(name, ()), {"limit": ["50"]} | query)
        if what == "refs":
            refs = content.refs.get(name) or {"branches": [], "converts": [], "tags": []}
            return refs if "include_prs" in query else {k: v for k, v in refs.items() if k != "pullRequests"}, {}
        if what == "discussions":
            return self._discussions(name, rest[1:], query), {}
        if what == "tree":
            if len(rest) > 1 and rest[1] not in ("main", info.get("sha")):
                raise _Answer(404, {"error": "Invalid rev id"}, X_Error_Code="RevisionNotFound")
            return self._tree(name, rest[2:], query)
        headers = content.headers.get(name)
        if headers is None:
            raise _Answer(404, {"error": "Entry not found"}, X_Error_Code="EntryNotFound")
        return headers, {}

    def _gate(self, name: str) -> None:
        if not self.headers.get("authorization"):
            message = f"Access to model {name} is restricted. You must have access to it and be authenticated."
            raise _Answer(401, {"error": message}, X_Error_Code="GatedRepo", X_Error_Message=message)
        message = f"Access to model {name} is restricted and you are not in the authorized list."
        raise _Answer(403, {"error": message}, X_Error_Code="GatedRepo", X_Error_Message=message)

    def _discussions(self, name: str, rest: list[str], query: dict[str, list[str]]) -> Json:
        found = list(self.server.content.discussions.get(name, ()))
        if rest:
            for item in found:
                if str(item["num"]) == rest[0]:
                    return item
            raise _Answer(404, {"error": "Discussion not found"})
        start = 10 * int(query.get("p", ["0"])[0])
        brief = [{k: v for k, v in item.items() if k not in ("events", "diff", "changes")} for item in found]
        return {"discussions": brief[start : start + 10], "count": len(found), "start": start}

    def _tree(self, name: str, under: list[str], query: dict[str, list[str]]) -> tuple[Any, dict[str, str]]:
        prefix = "".join(f"{part}/" for part in under)
        entries: list[Json] = []
        for path, raw in sorted(self.server.content.files.get(name, {}).items()):
            if not path.startswith(prefix):
                continue
            if query.get("recursive", [""])[0].lower() not in ("true", "1") and "/" in path[len(prefix) :]:
                continue
            entry: Json = {"type": "file", "path": path, "size": len(raw), "oid": oid(raw)}
            if self._is_lfs(name, path):
                entry["lfs"] = {"oid": hashlib.sha256(raw).hexdigest(), "size": len(raw), "pointerSize": 134}
            entries.append(entry)
        return self._listing(
            entries, {name: values for name, values in query.items() if name in ("limit", "cursor", "recursive")}
        )

    def _is_lfs(self, name: str, path: str) -> bool:
        return f"{name}/{path}" in self.server.content.lfs

    def _file(self, name: str, revision: str, path: str) -> tuple[Any, dict[str, str]]:
        info = self.server.by_name.get(name)
        if info is None:
            raise self._missing()
        if name in self.server.content.gated:
            self._gate(name)
        if revision not in ("main", info.get("sha")):
            raise _Answer(404, {"error": "Invalid rev id"}, X_Error_Code="RevisionNotFound")
        raw = self.server.content.files.get(name, {}).get(path)
        if raw is None:
            raise _Answer(404, b"Entry not found", X_Error_Code="EntryNotFound")
        headers = {"X-Repo-Commit": info.get("sha") or "", "ETag": f'"{oid(raw)}"'}
        if self._is_lfs(name, path):
            linked = {"X_Linked_Etag": f'"{hashlib.sha256(raw).hexdigest()}"', "X_Linked_Size": str(len(raw))}
            location = f"http://localhost:{self.server.server_address[1]}/cdn/{name}/-/{quote(path)}"  # another host
            raise _Answer(302, b"Found", Location=location, X_Repo_Commit=headers["X-Repo-Commit"], **linked)
        return self._content(raw, headers)

    def _content(self, raw: bytes, headers: dict[str, str]) -> tuple[Any, dict[str, str]]:
        headers = {"Accept-Ranges": "bytes", "ETag": f'"{oid(raw)}"'} | headers
        if self.headers.get("if-none-match") == headers["ETag"]:
            raise _Answer(304, b"", **{name.replace("-", "_"): value for name, value in headers.items()})
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))
        if not found:
            return raw, headers
        start, end = int(found[1]), min(int(found[2] or len(raw) - 1), len(raw) - 1)
        told = {name.replace("-", "_"): value for name, value in headers.items()}
        if start >= len(raw):
            raise _Answer(416, b"", Content_Range=f"bytes */{len(raw)}", **told)
        raise _Answer(206, raw[start : end + 1], Content_Range=f"bytes {start}-{end}/{len(raw)}", **told)


def _slice(items: Sequence[Json], start: int, size: int) -> Iterator[Json]:
    return (items[number] for number in range(start, min(start + size, len(items))))


@contextlib.contextmanager
def serving(
    content: Content, faults: Faults | None = None, limits: Limits | None = None, token: str | None = None
) -> Iterator[Server]:
    """A running server, on a free port."""
    server = Server(content, faults or Faults(), limits or Limits(), token)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.is_closed = True
        server.shutdown()
        server.server_close()
        thread.join()
