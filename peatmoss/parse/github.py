"""What GitHub's REST API says of a repository -> plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from peatmoss.errors import RecordError
from peatmoss.parse.text import clean


def repository_name(name: Any) -> tuple[str, str]:
    """``owner/name`` -> (owner, name). Raises RecordError if it is no repository name."""
    if not isinstance(name, str) or name.count("/") != 1 or len(name) > 200 or clean(name) != name:
        raise RecordError("no repository name (owner/name)", name if isinstance(name, str) else None)
    owner, repository = name.split("/")
    if not owner or not repository or repository in (".", ".."):
        raise RecordError("no repository name (owner/name)", name)
    return owner, repository


def repo(data: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of one ``GET /repos/{owner}/{name}`` object, as columns of `reuse_repository` plus `topics`.

    ``{"repository": ...}`` holds the same in the words of GraphQL. Raises RecordError if a field has a wrong type.
    """
    if "repository" in data:
        data = _as_rest(data["repository"])
    owner, name = repository_name(data.get("full_name"))
    try:
        return {
            "owner": owner,
            "name": name,
            "url": _text(data.get("html_url")) or f"https://github.com/{owner}/{name}",
            "github_id": _count(data.get("id")),
            "description": _text(data.get("description")),
            "homepage_url": _text(data.get("homepage")),
            "default_branch": _text(data.get("default_branch")),
            "primary_language": _text(data.get("language")),
            "license_key": _text((data.get("license") or {}).get("key")),
            "stars": _count(data.get("stargazers_count")),
            "forks": _count(data.get("forks_count")),
            "open_issues": _count(data.get("open_issues_count")),
            "size_bytes": None if data.get("size") is None else 1024 * (_count(data["size"]) or 0),
            "is_fork": _flag(data.get("fork")),
            "fork_parent": _text((data.get("parent") or {}).get("full_name")),
            "is_archived": _flag(data.get("archived")),
            "is_template": _flag(data.get("is_template")),
            "created_at": _moment(data.get("created_at")),
            "updated_at": _moment(data.get("updated_at")),
            "pushed_at": _moment(data.get("pushed_at")),
            "topics": sorted({_text(topic) for topic in data.get("topics") or ()} - {None}),
        }
    except (TypeError, ValueError, AttributeError) as error:
        raise RecordError(f"not understood: {error}", f"{owner}/{name}") from error


_REST = {
    "full_name": "nameWithOwner", "id": "databaseId", "html_url": "url", "description": "description",
    "homepage": "homepageUrl", "stargazers_count": "stargazerCount", "forks_count": "forkCount", "size": "diskUsage",
    "fork": "isFork", "archived": "isArchived", "is_template": "isTemplate", "created_at": "createdAt",
    "updated_at": "updatedAt", "pushed_at": "pushedAt",
}  # fmt: skip


def _as_rest(node: Any) -> Mapping[str, Any]:
    """A repository of GraphQL in the words of REST."""
    try:
        facts = {name: node.get(word) for name, word in _REST.items()}
        counts: list[Any] = [(node.get(name) or {}).get("totalCount") for name in ("issues", "pullRequests")]
        parent, license_info = node.get("parent") or {}, node.get("licenseInfo")
        return facts | {
            "default_branch": (node.get("defaultBranchRef") or {}).get("name"),
            "language": (node.get("primaryLanguage") or {}).get("name"),
            "license": license_info and {"key": license_info.get("key")},
            "open_issues_count": None if None in counts else sum(counts),
            "parent": {"full_name": parent.get("nameWithOwner")},
            "topics": [entry["topic"]["name"] for entry in (node.get("repositoryTopics") or {}).get("nodes") or ()],
        }
    except (AttributeError, TypeError, KeyError) as error:
        raise RecordError(f"not understood: {error}") from error


def search(data: Any) -> tuple[str, list[str]]:
    """``{"query", "repositories": [owner/name, ...]}`` -> the query and the names. Raises RecordError."""
    names = data.get("repositories") if isinstance(data, dict) else None
    query = data.get("query") if isinstance(data, dict) else None
    if not isinstance(query, str) or not query or not isinstance(names, list):
        raise RecordError("neither query nor repositories")
    return clean(query), ["/".join(repository_name(name)) for name in names]


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of a text")
    return clean(value)[:20_000] or None


def _count(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise TypeError(f"{value!r} instead of a count")
    return value


def _flag(value: Any) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise TypeError(f"{value!r} instead of true or false")
    return value


def _moment(value: Any) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).astimezone(UTC).replace(microsecond=0)
