"""Answers of a language model, as records: what was asked of which text, and what came back, verbatim.

Any endpoint that speaks OpenAI's chat completions will do, hosted or local (vLLM, llama.cpp, Ollama). A question is a
`Prompt` (instruction and shape of the answer, the same for many subjects) put to a `Subject`. The key of an answer is
the hash of subject, prompt and model: what is in the archive is never asked again, so the archive is the cache, a
stopped run goes on, and everything after this needs no network.

An answer that is not what was asked for is a status with a reason, never a value:

    ok          JSON of the right shape
    invalid     no JSON, or of another shape
    truncated   cut at the limit of output tokens
    refused     the model declined
    failed      the endpoint gave no answer (its HTTP status is in the reason); asked again by the next run
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from peatmoss import archive
from peatmoss.archive import Record
from peatmoss.errors import PeatmossError, SourceError, Unauthorized
from peatmoss.parse import structured

KIND, ORIGIN = "llm_answer", "llm"
MAX_FAILURES = 5
"""So many failed answers in a row end a run: the endpoint is down."""


class Prompt(NamedTuple):
    """An instruction with the JSON Schema that answers have; `name` says what it is for: card, commit, ..."""

    name: str
    system: str
    schema: dict[str, Any]

    @property
    def sha256(self) -> str:
        """Identity of the instruction and the shape."""
        return _hash(self.name, self.system, json.dumps(self.schema, sort_keys=True))


class Subject(NamedTuple):
    """What is asked about: its name, the hash of the text that it is, and the question as it goes to the model."""

    name: str
    sha256: str
    text: str


@dataclass(frozen=True)
class Endpoint:
    """Where to ask and what it may cost; prices are per million tokens."""

    url: str
    model: str
    api_key: str = field(default="", repr=False)
    price_in: float = 0.0
    price_out: float = 0.0
    max_output_tokens: int = 4_000
    timeout: float = 120.0
    retries: int = 3
    is_strict: bool = True

    @property
    def shown_url(self) -> str:
        """The address without user, password and query."""
        parts = urlsplit(self.url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """In the currency of the prices."""
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1e6


@dataclass
class Spent:
    """The ledger of a run."""

    asked: int = 0
    known: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    statuses: dict[str, int] = field(default_factory=dict)
    stopped: str | None = None


def answer_key(subject: Subject, prompt: Prompt, model: str) -> str:
    """The key of an answer: subject, prompt and model."""
    return _hash(subject.sha256, prompt.sha256, model)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()


def run(
    root: Path, prompt: Prompt, subjects: Iterable[Subject], endpoint: Endpoint, *,
    max_cost: float | None = None, max_tokens: int | None = None, limit: int | None = None, workers: int = 4,
    now: datetime | None = None, progress: Callable[[int, Spent], None] = lambda *_: None,
) -> Spent:  # fmt: skip
    """Ask about every subject that the archive has no answer for. Nothing is written if there is nothing to ask.

    The run ends before a question that could pass `max_cost` or `max_tokens` (in and out together), counted with the
    longest answer allowed. Raises SourceError if the endpoint is down or refuses the key; what was answered stays, and
    the next run goes on.
    """
    if urlsplit(endpoint.url).scheme not in ("http", "https"):
        raise PeatmossError(f"{endpoint.shown_url!r} is no address: give one such as http://localhost:11434/v1")
    known = set(answered(root))
    spent = Spent()
    label = f"{prompt.name}-{endpoint.model}"
    as_of = _running(root, label) or _free(root, label, now or datetime.now(UTC))
    todo = _todo(subjects, prompt, endpoint, known, spent, limit)
    first = next(todo, None)
    if first is None and not _running(root, label):
        return spent
    ask = _client(endpoint, prompt)
    (root / KIND).mkdir(parents=True, exist_ok=True)
    source = {
        "endpoint": endpoint.shown_url,
        "model": endpoint.model,
        "prompt": prompt.name,
        "prompt_sha256": prompt.sha256,
    }
    with archive.append(root, KIND, ORIGIN, as_of, label, source=source) as shard:
        for record in _ask(
            ask, [] if first is None else _chain(first, todo), prompt, endpoint, spent, max_cost, max_tokens, workers
        ):
            shard.write(record)
            shard.flush()
            progress(spent.asked, spent)
    return spent


def answered(root: Path) -> Iterator[str]:
    """Keys of the answers in an archive that need not be asked again."""
    if not root.is_dir():
        return
    parts = [part for part in sorted((root / KIND).glob(f"*.{ORIGIN}.*.part")) if ".meta." not in part.name]
    for path in [shard.path for shard in archive.shards(root, KIND)] + parts:
        for _, raw in archive.raw_lines(path):
            try:
                line = json.loads(raw or b"")
                if line["data"]["status"] != "failed":
                    yield line["key"]
            except (ValueError, KeyError, TypeError):
                continue  # the torn last line of a stopped run


def _running(root: Path, label: str) -> datetime | None:
    """When the unfinished shard of a stopped run was begun."""
    ending = archive.shard_stem(datetime.now(UTC), ORIGIN, label).partition(".")[2]
    for part in sorted((root / KIND).glob(f"*.{ending}.part")):
        return datetime.strptime(part.name.partition(".")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return None


def _free(root: Path, label: str, now: datetime) -> datetime:
    """The first second from `now` on at which there is no shard of that label."""
    as_of = now.replace(microsecond=0)
    while archive.closed(root / KIND / f"{archive.shard_stem(as_of, ORIGIN, label)}.jsonl.zst"):
        as_of += timedelta(seconds=1)
    return as_of


def _todo(
    subjects: Iterable[Subject], prompt: Prompt, endpoint: Endpoint, known: set[str], spent: Spent, limit: int | None
) -> Iterator[tuple[str, Subject]]:
    left = limit if limit is not None else -1
    for subject in subjects:
        if left == 0:
            spent.stopped = f"limit of {limit:,} questions"
            return
        key = answer_key(subject, prompt, endpoint.model)
        if key in known:
            spent.known += 1
            continue
        known.add(key)
        left -= 1
        yield key, subject


def _chain(first: tuple[str, Subject], rest: Iterator[tuple[str, Subject]]) -> Iterator[tuple[str, Subject]]:
    yield first
    yield from rest


def _ask(
    ask: Callable[[Subject], dict[str, Any]], todo: Iterable[tuple[str, Subject]], prompt: Prompt, endpoint: Endpoint,
    spent: Spent, max_cost: float | None, max_tokens: int | None, workers: int,
) -> Iterator[Record]:  # fmt: skip
    """Records in the order of the questions, at most twice `workers` of them on their way."""
    waiting: deque[tuple[str, Subject, Future[dict[str, Any]], int]] = deque()
    reserved = failures = 0
    with ThreadPoolExecutor(max(1, workers)) as pool:
        try:
            for key, subject in todo:
                size = (len(subject.text) + len(prompt.system)) // 2 + 200  # tokens, with room: no text has more
                most = size + endpoint.max_output_tokens
                while waiting and (
                    len(waiting) >= 2 * workers or _over(endpoint, spent, reserved + most, max_cost, max_tokens)
                ):
                    record, reserved, failures = _take(waiting, prompt, endpoint, spent, reserved, failures)
                    yield record
                if over := _over(endpoint, spent, reserved + most, max_cost, max_tokens):
                    spent.stopped = over
                    break
                reserved += most
                waiting.append((key, subject, pool.submit(ask, subject), most))
            while waiting:
                record, reserved, failures = _take(waiting, prompt, endpoint, spent, reserved, failures)
                yield record
        finally:
            for _, _, future, _ in waiting:
                future.cancel()


def _over(
    endpoint: Endpoint, spent: Spent, reserved: int, max_cost: float | None, max_tokens: int | None
) -> str | None:
    """Why the next question would pass the budget, or None. Reserved tokens count at the dearer price."""
    if max_tokens is not None and spent.tokens_in + spent.tokens_out + reserved > max_tokens:
        return f"budget of {max_tokens:,} tokens"
    if max_cost is not None and spent.cost + reserved * max(endpoint.price_in, endpoint.price_out) / 1e6 > max_cost:
        return f"budget of {max_cost:g}"
    return None


def _take(
    waiting: deque[tuple[str, Subject, Future[dict[str, Any]], int]], prompt: Prompt, endpoint: Endpoint, spent: Spent,
    reserved: int, failures: int,
) -> tuple[Record, int, int]:  # fmt: skip
    key, subject, future, most = waiting.popleft()
    answer = future.result()
    usage = answer["usage"]
    cost = endpoint.cost(usage["tokens_in"], usage["tokens_out"])
    spent.asked += 1
    spent.tokens_in += usage["tokens_in"]
    spent.tokens_out += usage["tokens_out"]
    spent.cost += cost
    spent.statuses[answer["status"]] = spent.statuses.get(answer["status"], 0) + 1
    failures = failures + 1 if answer["status"] == "failed" else 0
    if failures >= MAX_FAILURES:
        raise SourceError(f"{endpoint.shown_url} failed {failures} times in a row, last: {answer['reason']}")
    data = {
        "prompt": prompt.name, "prompt_sha256": prompt.sha256,
        "subject": subject.name, "subject_sha256": subject.sha256,
        "model": endpoint.model, **answer, "cost": cost,
    }  # fmt: skip
    return Record(key, key, data), reserved - most, failures


def _client(endpoint: Endpoint, prompt: Prompt) -> Callable[[Subject], dict[str, Any]]:
    """What asks one question. The client retries 408, 409, 429 and 5xx itself, honouring Retry-After."""
    try:
        import openai
    except ImportError as error:
        raise PeatmossError("the client is not installed: pip install 'peatmoss[llm]'") from error
    client = openai.OpenAI(
        base_url=endpoint.url,
        api_key=endpoint.api_key or "none",
        timeout=endpoint.timeout,
        max_retries=endpoint.retries,
    )
    shape: dict[str, Any] = {"type": "json_object"}
    if endpoint.is_strict:
        shape = {"type": "json_schema", "json_schema": {"name": prompt.name, "schema": prompt.schema, "strict": True}}

    def ask(subject: Subject) -> dict[str, Any]:
        try:
            said = client.chat.completions.create(
                model=endpoint.model,
                messages=[{"role": "system", "content": prompt.system}, {"role": "user", "content": subject.text}],
                response_format=shape,  # type: ignore[call-overload]
                temperature=0,
                max_tokens=endpoint.max_output_tokens,
            )
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            raise Unauthorized(
                f"{endpoint.shown_url} refuses the key (HTTP {error.status_code}): set PEATMOSS_LLM_KEY"
            ) from error
        except openai.APIStatusError as error:
            return _no_answer(f"HTTP {error.status_code}")
        except openai.APIError as error:
            return _no_answer(type(error).__name__)
        except ValueError as error:  # an answer that is no JSON at all
            return _no_answer(f"unreadable: {type(error).__name__}")
        return _judged(said, prompt)

    return ask


def _no_answer(reason: str) -> dict[str, Any]:
    return {
        "status": "failed",
        "reason": reason,
        "answer": None,
        "text": None,
        "usage": {"tokens_in": 0, "tokens_out": 0},
    }


def _judged(said: Any, prompt: Prompt) -> dict[str, Any]:
    """What came back, with its status."""
    usage = getattr(said, "usage", None)
    tokens = {
        "tokens_in": int(getattr(usage, "prompt_tokens", 0) or 0),
        "tokens_out": int(getattr(usage, "completion_tokens", 0) or 0),
    }
    choices = getattr(said, "choices", None)
    if not choices:
        return _no_answer("no choices in the answer") | {"usage": tokens}
    message = choices[0].message
    text = message.content or ""
    found: dict[str, Any] = {"status": "ok", "reason": None, "answer": None, "text": text, "usage": tokens}
    if choices[0].finish_reason == "length":
        return found | {"status": "truncated", "reason": "cut at the limit of output tokens"}
    if getattr(message, "refusal", None) or choices[0].finish_reason == "content_filter":
        return found | {"status": "refused", "reason": getattr(message, "refusal", None) or "content filter"}
    try:
        answer = structured.json_of(text)
    except ValueError as error:
        return found | {"status": "invalid", "reason": str(error)}
    if wrong := structured.problem(answer, prompt.schema):
        return found | {"status": "invalid", "reason": wrong}
    return found | {"answer": answer}
