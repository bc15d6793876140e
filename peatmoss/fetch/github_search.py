"""Which repositories? Those that code search finds by load signature, those of an account, those of a list.

    {"query", "total_count", "incomplete_results", "is_cut", "repositories": [owner/name, ...]}     one answer a record

GitHub gives at most 1,000 results of a search. A search that has more is split by the size of the files, into as many
parts as it takes; what is more than that at a single size is cut, and the record says so (`is_cut`). Code search looks
at default branches and files below 384 kB only: it finds a part, and cannot be repeated to the same result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from peatmoss.archive import Record
from peatmoss.errors import NotFound, PeatmossError
from peatmoss.fetch.collect import DONE
from peatmoss.fetch.github_http import Answer, GitHub
from peatmoss.parse.code import signatures

MAX_RESULTS = 1000
MAX_FILE_BYTES = 384 * 1024
ACCOUNT = "account "
"""What a key begins with that is an account, not a search."""


def queries(wanted: str) -> list[str]:
    """`all`, names of libraries with commas between them, or a file with one search a line -> searches.

    Raises PeatmossError if there is no such library.
    """
    if Path(wanted).is_file():
        lines = [line.strip() for line in Path(wanted).read_text("utf-8").splitlines()]
        return list(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    every = {
        each for table in (signatures.python(), signatures.javascript()) for group in table.values() for each in group
    }
    libraries = {each.library for each in every}
    names = libraries if wanted == "all" else {name.strip() for name in wanted.split(",")}
    if unknown := sorted(names - libraries):
        raise PeatmossError(
            f"no signatures of {unknown[0]!r} (and no such file): give all, or some of {', '.join(sorted(libraries))}"
        )
    found = set()
    for each in every:
        if each.library in names:
            language = "JavaScript" if each.match == "js" else "Python"
            found |= {f'"{each.parts[-1]}" "{package}" language:{language}' for package in each.packages}
    return sorted(found)


def said(client: GitHub, key: str, cursor: str | None) -> Iterator[Record]:
    """The answers of one search, or the repositories of one account."""
    if key.startswith(ACCOUNT):
        yield from _account(client, key)
        return
    low, width = (int(number) for number in (cursor or f"0:{MAX_FILE_BYTES}").split(":"))
    while True:
        high, query, first = _range(client, key, low, min(low + width, MAX_FILE_BYTES))
        width = max(1, 2 * (high - low))
        names, is_incomplete = _names(client, first)
        total = int(first.data["total_count"])
        data = {
            "query": query, "total_count": total, "incomplete_results": is_incomplete, "is_cut": total > MAX_RESULTS,
            "repositories": names,
        }  # fmt: skip
        yield Record(key, DONE if high >= MAX_FILE_BYTES else f"{high + 1}:{width}", data)
        if high >= MAX_FILE_BYTES:
            return
        low = high + 1


def _range(client: GitHub, key: str, low: int, high: int) -> tuple[int, str, Answer]:
    """The largest range of sizes from `low` on, up to `high`, that has few enough results: its end, and an answer."""
    while True:
        query = key if (low, high) == (0, MAX_FILE_BYTES) else f"{key} size:{low}..{high}"
        answer = client.get("/search/code", {"q": query, "per_page": 100})
        if int(answer.data["total_count"]) <= MAX_RESULTS or low >= high:
            return high, query, answer
        high = low + (high - low) // 2


def _names(client: GitHub, first: Answer) -> tuple[list[str], bool]:
    """The repositories of all pages, and whether GitHub ran out of time on one."""
    names: set[str] = set()
    is_incomplete = False
    answer: Answer | None = first
    while answer is not None:
        names |= {item["repository"]["full_name"] for item in answer.data["items"]}
        is_incomplete = is_incomplete or bool(answer.data.get("incomplete_results"))
        answer = client.get(answer.next) if answer.next else None
    return sorted(names), is_incomplete


def _account(client: GitHub, key: str) -> Iterator[Record]:
    name = key.removeprefix(ACCOUNT)
    try:
        pages = list(client.pages(f"/orgs/{name}/repos", {"type": "public"}))
    except NotFound:
        pages = list(client.pages(f"/users/{name}/repos", {"type": "owner"}))
    names = sorted({item["full_name"] for page in pages for item in page.data})
    yield Record(key, DONE, listed(key, names))


def listed(query: str, names: Sequence[str]) -> dict[str, Any]:
    """What a complete list says, in the form of an answer."""
    return {
        "query": query, "total_count": len(names), "incomplete_results": False, "is_cut": False,
        "repositories": list(names),
    }  # fmt: skip
