"""GitHub's API -> archive: repositories (found by search, account or list), their issues, commits, releases.

Every kind goes through `collect`: a stopped collection goes on with the same command, and what was renamed, is gone or
blocked becomes a record that says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from peatmoss import archive
from peatmoss.archive import Shard
from peatmoss.errors import PeatmossError, RecordError
from peatmoss.fetch import code, git_log, github_keys, github_search
from peatmoss.fetch.collect import DONE, Client, Say, collect, running, tally
from peatmoss.fetch.git import Clones
from peatmoss.fetch.github_http import GitHub
from peatmoss.fetch.hub_api import Collected, Progress
from peatmoss.parse.github import repository_name

API, CLONE = "github_api", "git_clone"
HOST, HOST_URL = "GitHub", "https://github.com"
OVERLAP_SECONDS = 3600


def find(
    root: Path,
    searches: Sequence[str],
    *,
    client: GitHub,
    now: datetime | None = None,
    progress: Progress = lambda *_: None,
) -> tuple[Collected, list[str]]:
    """Ask searches and accounts for repositories; what they found is archived, and returned as names."""
    if not client.has_token and any(not key.startswith(github_search.ACCOUNT) for key in searches):
        raise PeatmossError("code search is for those with an account: set GITHUB_TOKEN")
    result = _collect(root, "repo_search", API, searches, client, github_search.said, 1, {}, now, progress)
    names = {
        name
        for line in archive.lines(result.shard)
        if line.record and line.record.data
        for name in line.record.data["repositories"]
    }
    return result, sorted(names)


def note_list(root: Path, name: str, keys: Sequence[str], now: datetime | None = None) -> None:
    """Archive that a list named these repositories: how they came to be here."""
    given = _given(keys, {"list": name})
    as_of, label = running(root, "repo_search", API, given, now or datetime.now(UTC))
    with archive.append(
        root, "repo_search", API, as_of, label, hub=HOST, hub_url=HOST_URL, source={"name": f"list {name}"}
    ) as shard:
        if shard.cursor is None:
            shard.write(archive.Record(f"list {name}", DONE, github_search.listed(f"list {name}", sorted(set(keys)))))


def run(
    root: Path,
    kind: str,
    keys: Sequence[str],
    *,
    client: GitHub,
    since: str | None = None,
    now: datetime | None = None,
    progress: Progress = lambda *_: None,
) -> Collected:
    """Collect one kind from GitHub's API, by names of repositories.

    `since`: a date, or ``last``: for each repository the last time that it was collected, less an hour.
    Raises PeatmossError if the call makes no sense, SourceError if GitHub fails; what was collected stays.
    """
    for key in keys:
        try:
            repository_name(key)
        except RecordError as error:
            raise PeatmossError(f"{key[:100]!r} is no name of a repository: give one owner/name a line") from error
    if kind in ("issue", "pull_request") and not client.has_token:
        raise PeatmossError(f"GitHub gives {kind}s in bulk to those with an account only: set GITHUB_TOKEN")
    known = _earlier(root, kind) if since == "last" else {}
    fixed = archive.moment(since) if since and since != "last" else None

    def since_of(key: str) -> datetime | None:
        return known[key][0] if key in known else fixed

    says: dict[str, Say] = {
        "issue": lambda c, key, at: github_keys.issues(c, key, at, since_of(key)),
        "pull_request": lambda c, key, at: github_keys.pull_requests(c, key, at, since_of(key)),
        "repo_commit": lambda c, key, at: github_keys.commits(c, key, at, since_of(key)),
        "repo_ref": lambda c, key, at: github_keys.releases(c, key, at, known[key][1] if key in known else None),
    }
    asked: Client = client
    if kind == "repo":
        asked = batches = github_keys.Metadata(client, keys)
        says["repo"] = batches.say
    given = {"since": since} if since else {}
    return _collect(root, kind, API, keys, asked, says[kind], 1, given, now, progress, client)


def clone(
    root: Path,
    kind: str,
    clones: Clones,
    *,
    jobs: int = 2,
    now: datetime | None = None,
    progress: Progress = lambda *_: None,
) -> Collected:
    """Collect one kind from git repositories: code_file, repo_commit, repo_ref; of models on the Hub: hub_commit."""
    say: Say = {
        "code_file": code.records, "repo_commit": git_log.commits, "repo_ref": git_log.refs,
        "hub_commit": git_log.hub_commits,
    }[kind]  # fmt: skip
    given = {name: value for name, value in clones.wanted._asdict().items() if value}
    return _collect(root, kind, CLONE, list(clones.sources), clones, say, jobs, given, now, progress)


def _collect(
    root: Path,
    kind: str,
    origin: str,
    keys: Sequence[str],
    asked: Client,
    say: Say,
    jobs: int,
    given: dict[str, Any],
    now: datetime | None,
    progress: Progress,
    client: GitHub | None = None,
) -> Collected:
    if not keys:
        raise PeatmossError("no repository is named")
    if jobs < 1:
        raise PeatmossError("--jobs is at least 1")
    begun = datetime.now(UTC)
    client = client or (asked if isinstance(asked, GitHub) else None)
    given = _given(keys, given)
    as_of, label = running(root, kind, origin, given, now or begun)
    source = {"name": HOST if origin == API else "git repositories", "request": given}
    home = {} if kind == "hub_commit" else {"hub": HOST, "hub_url": HOST_URL}
    with archive.append(root, kind, origin, as_of, label, by_key=True, source=source, **home) as shard:
        collect(asked, shard, keys, say, jobs, lambda done, total: progress(kind, done, total))
    closed = archive.closed(shard.shard.path)
    assert closed is not None  # noqa: S101
    seconds = (datetime.now(UTC) - begun).total_seconds()
    requests, waited = (client.requests, client.waited) if client else (0, 0.0)
    return Collected(closed, requests, seconds, waited, 0, tally(shard))


def _given(keys: Sequence[str], more: dict[str, Any]) -> dict[str, Any]:
    names = sorted(set(keys))
    digest = hashlib.sha256("\n".join(names).encode("utf-8", "replace")).hexdigest()
    return more | {"keys": len(names), "keys_sha256": digest}


def _earlier(root: Path, kind: str) -> dict[str, tuple[datetime, str | None]]:
    """Repository -> when it was last collected to its end (less the overlap), and the etag of that answer."""
    found: dict[str, tuple[datetime, str | None]] = {}
    shards: list[Shard] = archive.shards(root, kind) if root.is_dir() else []
    for shard in shards:
        if shard.origin != API:
            continue
        when = datetime.fromtimestamp(shard.as_of.timestamp() - OVERLAP_SECONDS, UTC)
        for line in archive.lines(shard):
            if line.record is not None and line.record.cursor == DONE and isinstance(line.record.data, dict):
                found[line.record.key] = when, line.record.data.get("etag")
    return found
