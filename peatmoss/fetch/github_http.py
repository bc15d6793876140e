"""GitHub through PyGithub's requester: REST and GraphQL, one question at a time, as GitHub wants it.

What GitHub asks to wait (primary and secondary limits, 403 and 429) is waited here and not in PyGithub, so that a user
sees why and can stop. A redirect (301) is followed; what an answer is about stands in the answer.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import github
import requests
from github.Requester import Requester

from peatmoss.errors import NotFound, PeatmossError, SourceError, Unauthorized
from peatmoss.fetch.budget import Stopped, asked_wait

API_URL = "https://api.github.com"
TRIES = 6
MAX_WAIT_SECONDS = 2 * 3600
SECONDARY_WAIT = 60.0
BETWEEN = 0.1
"""Seconds between two questions: GitHub takes 900 a minute before it calls it abuse."""

_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')
_TOO_MUCH = re.compile(r"resource limits|timeout|timed out|something went wrong|node limit", re.I)
_GONE = (403, 404, 410, 451)


class Answer(NamedTuple):
    """One answer of REST. status: 200 or 304; next: address of the next page."""

    status: int
    data: Any
    etag: str | None
    next: str | None


class TooMuch(SourceError):
    """GitHub would answer a smaller question."""


class GitHub:
    """A client for one host. `say` is told when it has to wait, and until when."""

    def __init__(
        self, api_url: str = "", token: str = "", say: Callable[[str], object] = lambda _: None, pace: float = BETWEEN
    ):
        url = (api_url or API_URL).rstrip("/")
        if not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", url):
            raise PeatmossError(f"{url!r} is no address of an API: give for instance https://github.example/api/v3")
        self._url, self._say = url, say
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._has_token = bool(token)
        self.requests = 0
        self.waited = 0.0
        auth = github.Auth.Token(token) if token else None
        client = github.Github(
            auth=auth, base_url=url, retry=None, timeout=60, seconds_between_requests=pace,
            seconds_between_writes=pace, user_agent="peatmoss",
        )  # fmt: skip
        self._requester: Requester = client.requester

    @property
    def has_token(self) -> bool:
        """GraphQL and code search are for those with an account only."""
        return self._has_token

    def stop(self) -> None:
        """Let nobody ask any more, and wake whoever waits."""
        self._stopped.set()

    def get(self, path: str, params: Mapping[str, Any] | None = None, etag: str | None = None) -> Answer:
        """One page of REST; with `etag` possibly 304 and no data.

        Raises NotFound (with the status) for what is gone, blocked or private, SourceError for the rest.
        """
        if "://" in path and not path.startswith(self._url + "/"):
            raise SourceError("GitHub answered with an address elsewhere")
        headers = {"If-None-Match": etag} if etag else {}
        status, found, text = self._ask("GET", path, dict(params or {}), headers, None)
        if status == 304:
            return Answer(status, None, etag, None)
        if status == 409:  # how GitHub says that a repository is empty
            return Answer(status, [], None, None)
        data = _parsed(text, path)
        if status in _GONE:
            raise NotFound(f"{path}: {_message(data) or status}", status)
        if status >= 400:
            raise SourceError(f"GitHub answered {status} for {path}: {_message(data)}")
        following = _NEXT.search(found.get("link", ""))
        return Answer(status, data, found.get("etag"), following[1] if following else None)

    def pages(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[Answer]:
        """All pages of REST."""
        answer = self.get(path, {"per_page": 100, **(params or {})})
        yield answer
        while answer.next:
            answer = self.get(answer.next)
            yield answer

    def graphql(self, query: str, variables: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The data and the errors of a query; parts that are not there are null in the data.

        Raises TooMuch if GitHub would answer a smaller question, SourceError if there are no data.
        """
        asked = {"query": query, "variables": dict(variables)}
        status, _, text = self._ask("POST", self._requester.graphql_url, {}, {}, asked)
        if status in (502, 504):
            raise TooMuch(f"GraphQL: {status}")
        answer = _parsed(text, "graphql")
        if status >= 400 or not isinstance(answer, dict):
            raise SourceError(f"GitHub's GraphQL answered {status}: {_message(answer)}")
        errors = [error for error in answer.get("errors") or () if isinstance(error, dict)]
        said = "; ".join(str(error.get("message", ""))[:200] for error in errors[:3])
        if any(error.get("type") in ("RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED") for error in errors):
            raise TooMuch(f"GraphQL: {said}")
        if errors and _TOO_MUCH.search(said):
            raise TooMuch(f"GraphQL: {said}")
        data = answer.get("data")
        if not isinstance(data, dict):
            raise SourceError(f"GitHub's GraphQL: {said or 'no data'}")
        return data, errors

    def _ask(
        self, verb: str, url: str, params: dict[str, Any], headers: dict[str, Any], body: Any
    ) -> tuple[int, Mapping[str, str], str]:
        """One question until it has an answer: waits as GitHub asks, and tries again what fails on the way."""
        failures = 0
        while True:
            if self._stopped.is_set():
                raise Stopped("stopped")
            try:
                status, found, text = self._once(verb, url, params, headers, body)
            except (requests.RequestException, OSError) as error:
                failures += 1
                if failures >= TRIES:
                    raise SourceError(f"cannot reach GitHub: {type(error).__name__}") from error
                self._wait(0.25 * 2**failures)
                continue
            if status == 401:
                raise Unauthorized("GitHub does not take this token (GITHUB_TOKEN)")
            wait = _limit(status, found, text, verb == "POST")
            if wait is not None:
                self._wait(wait, "its rate limit")
            elif status >= 500 and (status not in (502, 504) or verb == "GET") and failures < TRIES - 1:
                failures += 1
                self._wait(0.25 * 2**failures)
            else:
                return status, found, text

    def _once(
        self, verb: str, url: str, params: dict[str, Any], headers: dict[str, Any], body: Any
    ) -> tuple[int, Mapping[str, str], str]:
        with self._lock:
            self.requests += 1
            return self._requester.requestJson(verb, url, params, dict(headers), body)

    def _wait(self, seconds: float, why: str = "") -> None:
        if seconds > MAX_WAIT_SECONDS:
            raise SourceError(f"GitHub asks to wait {seconds:.0f} s: come back later, or use another token")
        if why:
            until = datetime.fromtimestamp(time.time() + seconds, UTC)
            self._say(f"GitHub asks to wait until {until:%H:%M:%S} UTC for {why}")
        if self._stopped.wait(seconds):
            raise Stopped("stopped")
        self.waited += seconds


def _limit(status: int, headers: Mapping[str, str], text: str, is_graphql: bool) -> float | None:
    """Seconds to wait if the answer is about a limit."""
    said = text.lower()
    is_primary = headers.get("x-ratelimit-remaining") == "0" and (status in (403, 429) or "rate_limited" in said)
    is_limit = status == 429 or (status in (200, 403) and (is_primary or "rate limit" in said))
    if not is_limit or (status == 200 and not (is_graphql and '"rate_limited"' in said)):
        return None
    if headers.get("retry-after") or is_primary:
        return max(asked_wait(headers) or 0.0, 0.0) + 1.0
    return SECONDARY_WAIT


def _parsed(text: str, path: str) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except (ValueError, RecursionError) as error:
        raise SourceError(f"GitHub's answer for {path} is no JSON") from error


def _message(data: Any) -> str:
    return str(data.get("message", ""))[:200] if isinstance(data, dict) else ""
