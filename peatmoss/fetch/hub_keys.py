"""What the Hub's API says of one model or dataset: its details, refs, commits, discussions. One function a kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from peatmoss.archive import Record
from peatmoss.errors import SourceError
from peatmoss.fetch.collect import DONE, Moved, Say
from peatmoss.fetch.hub_http import Hub, Page, Params

MODEL_FIELDS = (
    "author", "baseModels", "cardData", "childrenModelCount", "config", "createdAt", "disabled", "downloads",
    "downloadsAllTime", "evalResults", "gated", "gguf", "lastModified", "library_name", "likes", "model-index",
    "pipeline_tag", "private", "safetensors", "sha", "siblings", "tags", "trendingScore", "usedStorage",
)  # fmt: skip
"""A listing serves all of these but baseModels, childrenModelCount and usedStorage."""

DATASET_FIELDS = (
    "author", "cardData", "createdAt", "disabled", "downloads", "downloadsAllTime", "gated", "lastModified", "likes",
    "mainSize", "paperswithcode_id", "private", "sha", "tags", "trendingScore", "usedStorage",
)  # fmt: skip


def models(hub: Hub, key: str, _: str | None) -> Iterator[Record]:
    """The details of a model."""
    yield Record(key, DONE, _one(hub, "models", key, {"expand": list(MODEL_FIELDS)}))


def model_with_security(hub: Hub, key: str, _: str | None) -> Iterator[Record]:
    """The same and, from a second answer, the status of the Hub's security scans."""
    data = _one(hub, "models", key, {"expand": list(MODEL_FIELDS)})
    scanned = _one(hub, "models", key, {"securityStatus": True})
    yield Record(key, DONE, data | {"securityRepoStatus": scanned.get("securityRepoStatus")})


def datasets(hub: Hub, key: str, _: str | None) -> Iterator[Record]:
    """The details of a dataset."""
    yield Record(key, DONE, _one(hub, "datasets", key, {"expand": list(DATASET_FIELDS)}))


def hub_refs(hub: Hub, key: str, _: str | None) -> Iterator[Record]:
    """Branches, tags, converted copies and pull requests: ``{"modelId", "branches", "tags", ...}``."""
    page = _page(hub, "models", key, "/refs", {"include_prs": 1})
    yield Record(key, DONE, {"modelId": key} | _object(page.data, key))


def hub_commits(hub: Hub, key: str, cursor: str | None) -> Iterator[Record]:
    """The commits of the main branch, one record a page: ``{"modelId", "commits"}``."""
    path = cursor
    while True:
        page = hub.json(path) if path else _page(hub, "models", key, "/commits/main", {"limit": 1000})
        path = page.next
        yield Record(key, path or DONE, {"modelId": key, "commits": page.data})
        if not path:
            return


def discussions(hub: Hub, key: str, cursor: str | None) -> Iterator[Record]:
    """Discussions and pull requests with their events, one record each: ``{"modelId", "discussions"}``.

    They are asked for in the order of their numbers, so that one opened meanwhile moves none of the others.
    """
    after = int(cursor) if cursor else 0
    numbers = [number for number in _discussion_numbers(hub, key) if number > after]
    if not numbers:
        yield Record(key, DONE, {"modelId": key, "discussions": []})
    for place, number in enumerate(numbers, start=1):
        page = _page(hub, "models", key, f"/discussions/{number}", {"diff": 1})
        is_last = place == len(numbers)
        yield Record(key, DONE if is_last else str(number), {"modelId": key, "discussions": [page.data]})


def _discussion_numbers(hub: Hub, key: str) -> list[int]:
    numbers: set[int] = set()
    number = 0
    while True:
        data = _object(_page(hub, "models", key, "/discussions", {"p": number}).data, key)
        try:
            found = {int(item["num"]) for item in data["discussions"]}
            total = int(data["count"])
        except (LookupError, TypeError, ValueError) as error:
            raise SourceError(f"{key}: not understood what the hub lists as discussions") from error
        if found <= numbers or len(numbers | found) >= total:
            return sorted(numbers | found)
        numbers |= found
        number += 1


def _one(hub: Hub, what: str, key: str, params: Params) -> dict[str, Any]:
    """The details of a subject; Moved if the answer is about another name."""
    data = _object(_page(hub, what, key, "", params).data, key)
    if isinstance(name := data.get("id"), str) and name != key:
        raise Moved(name)
    return data


def _page(hub: Hub, what: str, key: str, rest: str, params: Params) -> Page:
    """One answer about `key`; Moved if the hub redirects to another name."""
    start = f"/api/{what}/"
    page = hub.json(f"{start}{quote(key)}{rest}", params)
    path = page.path.split("?")[0]
    if path != f"{start}{quote(key)}{rest}" and path.startswith(start) and path.endswith(rest):
        new = path.removeprefix(start).removesuffix(rest)
        if new != quote(key):
            raise Moved(new)
    return page


def _object(data: Any, key: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise SourceError(f"{key}: the hub answered with no object")
    return data


SAY: Mapping[str, Say] = {
    "model": models,
    "dataset": datasets,
    "hub_commit": hub_commits,
    "hub_ref": hub_refs,
    "discussion": discussions,
}
"""Kind -> how it is asked for by key."""
