"""The Hub over HTTP: one `Hub` for all threads of a collection.

    hub = Hub()                                            the client's own endpoint and token
    page = hub.json("/api/models", {"limit": 1000})        page.data; page.next is the path of the next page
    blob = hub.bytes("/gpt2/resolve/main/x.gguf", end=8)   the first 8 bytes, blob.total of them in all

The session and its settings are the real client's (HF_ENDPOINT, HF_TOKEN or its login, HF_HUB_OFFLINE). What may pass
(network trouble, cut bodies, 408, 429, 5xx) is tried again with jittered back-off, as long as the host asks or longer;
all threads share one budget per host and kind of call.
Nothing here keeps or shows a token.
"""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import huggingface_hub
import orjson
from huggingface_hub import constants, get_session
from huggingface_hub.errors import OfflineModeIsEnabled
from huggingface_hub.utils import httpx  # type: ignore[attr-defined]  # made on demand

from peatmoss import __version__
from peatmoss.errors import Gated, NotFound, PeatmossError, RateLimited, SourceError, Unauthorized
from peatmoss.fetch.budget import Budget, asked_wait

TRIES = 8
FIRST_TRIES = 3
"""So often while nobody has answered yet: no network, or a wrong address."""
MAX_BACKOFF = 60.0
MAX_WAIT = 3600.0
MAX_JSON_BYTES = 256 * 2**20
MAX_SECONDS = 900.0
_PASSING = {408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524}
_CHUNK = 2**16
Params = Mapping[str, Any]


class Page(NamedTuple):
    """A JSON answer. `path`: where it came from in the end, after redirects; `next`: path of the next page."""

    data: Any
    next: str | None
    path: str
    headers: Mapping[str, str]


class Blob(NamedTuple):
    """Bytes of a file. `total`: its size, if told; `is_cut`: there was more than asked for or allowed."""

    content: bytes
    total: int | None
    etag: str | None
    is_cut: bool


class Failed(SourceError):
    """The host gave the same failing HTTP `status` at every try."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status


class _Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    url: str
    first: Mapping[str, str]
    content: bytes
    is_cut: bool


class Hub:
    """A hub and what it lets us ask. `requests` and `waited` sum up over all threads."""

    def __init__(self, endpoint: str | None = None, timeout: float | None = None):
        self.endpoint = (endpoint or constants.ENDPOINT).rstrip("/")
        if not re.fullmatch(r"https?://[^\s/@]+\S*", self.endpoint):
            raise PeatmossError("HF_ENDPOINT is no address: give for instance https://huggingface.co")
        self._timeout = timeout or max(30.0, float(constants.HF_HUB_DOWNLOAD_TIMEOUT))
        self._budgets: dict[str, Budget] = {"api": Budget(), "resolvers": Budget()}
        self._lock = threading.Lock()
        self.bytes_read = 0
        self._is_reached = False
        token = None if constants.HF_HUB_DISABLE_IMPLICIT_TOKEN else huggingface_hub.get_token()
        self.has_token = token is not None
        self._headers = {"user-agent": f"peatmoss/{__version__}; hf_hub/{huggingface_hub.__version__}"}
        if token:
            self._headers["authorization"] = f"Bearer {token}"

    @property
    def requests(self) -> int:
        """Requests so far."""
        return sum(budget.requests for budget in self._budgets.values())

    @property
    def waited(self) -> float:
        """Seconds that threads waited because the host asked for it or was in trouble."""
        return sum(budget.waited for budget in self._budgets.values())

    def stop(self) -> None:
        """Wake all waiting threads with `Stopped`."""
        for budget in self._budgets.values():
            budget.stop()

    def json(self, path: str, params: Params | None = None, max_bytes: int = MAX_JSON_BYTES) -> Page:
        """One JSON answer.

        Raises NotFound, Gated, Unauthorized, RateLimited, Failed, or SourceError if there is none.
        """
        answer = self._ask(path, params, {}, max_bytes, is_json=True)
        self._check(answer, path)
        if answer.is_cut:
            raise SourceError(f"{_plain(path)}: the answer has more than {max_bytes} bytes")
        return Page(_parsed(answer.content), self._next(answer), self._relative(answer.url), answer.headers)

    def bytes(self, path: str, start: int = 0, end: int | None = None, max_bytes: int = 2**26) -> Blob:
        """The bytes of a file from `start` to before `end`, at most `max_bytes` of them. Raises as `json`."""
        wanted = max_bytes if end is None else min(max_bytes, end - start)
        headers = {"accept-encoding": "identity"}
        if start or end is not None:
            headers["range"] = f"bytes={start}-{'' if end is None else start + wanted - 1}"
        answer = self._ask(path, None, headers, wanted + (start if start else 0), is_json=False)
        etag = answer.first.get("x-linked-etag") or answer.first.get("etag") or answer.headers.get("etag")
        etag = etag.removeprefix("W/").strip('"') if etag else None
        told = re.search(r"/(\d+)$", answer.headers.get("content-range", ""))
        if answer.status == 416:
            return Blob(b"", int(told[1]) if told else None, etag, False)
        self._check(answer, path)
        content, total = answer.content, int(told[1]) if told else None
        if answer.status != 206:  # the host knows no ranges: all of it came
            length = answer.headers.get("content-length", "")
            total, content = int(length) if length.isdigit() else None, content[start:]
        content = content[:wanted]
        more = answer.is_cut if total is None else start + len(content) < total
        return Blob(content, total, etag, more)

    def _ask(self, path: str, params: Params | None, headers: dict[str, str], limit: int, is_json: bool) -> _Answer:
        """Ask until there is an answer worth having."""
        url = self._url(path)
        budget = self._budgets["resolvers" if "/resolve/" in path else "api"]
        failures = waits = 0
        while True:
            budget.take()
            answer, problem = None, ""
            try:
                answer = self._once(url, params, headers, limit)
                self._is_reached = True
                budget.learn(answer.headers)
                if answer.status not in _PASSING:
                    if is_json and answer.status == 200 and not answer.is_cut:
                        _parsed(answer.content)
                    return answer
                problem = f"the host answered {answer.status}"
            except OfflineModeIsEnabled as error:
                raise PeatmossError("the Hub's client is in offline mode: unset HF_HUB_OFFLINE") from error
            except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.TooManyRedirects) as error:
                raise SourceError(f"{_plain(path)}: {type(error).__name__}") from error
            except (httpx.HTTPError, ValueError) as error:
                problem = f"no whole answer ({type(error).__name__})"
            asked = asked_wait(answer.headers) if answer else None
            if asked is not None and asked > MAX_WAIT:
                reset_at = datetime.now(UTC) + timedelta(seconds=asked)
                raise RateLimited(f"the host asks to come back at {reset_at:%Y-%m-%d %H:%M} UTC", reset_at)
            if answer and answer.status == 429:
                waits += 1
            else:
                failures += 1
            if failures >= (TRIES if self._is_reached else FIRST_TRIES) or waits >= 4 * TRIES:
                message = f"{_plain(path)}: {problem}, {failures + waits} times"
                raise Failed(message, answer.status) if answer else SourceError(message)
            if asked is not None:
                budget.pause(asked)
            elif answer and answer.status == 429:
                budget.pause(_backoff(waits))
            else:
                budget.sleep(_backoff(failures))

    def _once(self, url: str, params: Params | None, headers: dict[str, str], limit: int) -> _Answer:
        """One request, its body up to `limit` bytes. A redirect to another host goes there without the token."""
        deadline = time.monotonic() + MAX_SECONDS
        parts: list[bytes] = []
        size = 0
        with get_session().stream(
            "GET", url, params=params, headers=self._headers | headers, timeout=self._timeout, follow_redirects=True
        ) as response:
            for chunk in response.iter_bytes(_CHUNK):
                parts.append(chunk)
                size += len(chunk)
                if size > limit:
                    break
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("too slow")
            first = response.history[0] if response.history else response
            with self._lock:
                self.bytes_read += size
            content = b"".join(parts)[:limit]
            return _Answer(
                response.status_code, response.headers, str(response.url), first.headers, content, size > limit
            )

    def _check(self, answer: _Answer, path: str) -> None:
        """Raise what an unsuccessful answer means."""
        status, code = answer.status, answer.headers.get("x-error-code", "")
        if status < 400:
            return
        said = answer.headers.get("x-error-message", "")
        message = f"{_plain(path)}: {status} {code or said}".strip()[:300]
        if code == "GatedRepo":
            raise Gated(message, status)
        if status == 401 and said.startswith("Invalid "):
            raise Unauthorized("the hub does not accept the token: look at HF_TOKEN, or `hf auth login` anew")
        if status in (401, 403, 404, 410, 451):  # without a token the Hub says 401 for what does not exist
            raise NotFound(message, status)
        raise SourceError(f"the hub refuses {message} {_error_text(answer.content)}".strip()[:400])

    def _url(self, path: str) -> str:
        return path if path.startswith(f"{self.endpoint}/") else f"{self.endpoint}{path}"

    def _relative(self, url: str) -> str:
        return url.removeprefix(self.endpoint)

    def _next(self, answer: _Answer) -> str | None:
        """Path of the next page. A link to another host is not followed, but for the hub that a mirror stands for."""
        found = re.search(r'<([^<>]+)>\s*;[^,]*\brel="?next"?', answer.headers.get("link", ""))
        if not found:
            return None
        url: str = urljoin(answer.url, found[1])
        for endpoint in (self.endpoint, str(constants.ENDPOINT), "https://huggingface.co"):
            if url.startswith(f"{endpoint}/"):
                return url.removeprefix(endpoint)
        raise SourceError(f"the next page is on another host: {urlsplit(url).hostname}")


def _backoff(number: int) -> float:
    """Seconds before try `number` + 1."""
    return random.uniform(0.5, 1) * min(MAX_BACKOFF, 2.0 ** (number - 1))  # noqa: S311


def _parsed(content: bytes) -> Any:
    """JSON; ValueError if it is none. The slow way also knows lone surrogates and numbers beyond 64 bits."""
    try:
        return orjson.loads(content)
    except ValueError:
        try:
            return json.loads(content)
        except RecursionError as error:
            raise ValueError("nested too deep") from error


def _plain(path: str) -> str:
    """A path for messages: without its query, which may hold a signature."""
    return path.split("?")[0][:200]


def _error_text(content: bytes) -> str:
    """What the body says went wrong, if it is the Hub's JSON."""
    try:
        return str(json.loads(content[:4096])["error"])[:200]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
