"""Commits, branches and tags of repositories, from git, in the shapes of GitHub's REST API and of the Hub's.

    {"full_name", "host", "commits": [{"sha", "commit", "parents", "files"}, ...]}       PAGE commits a record
    {"modelId", "commits": [{"id", "title", "message", "date", "parents", "files"}, ...]}   as well, of a model
    {"full_name", "host", "branches": [...], "tags": [...]}                              one record a repository

Names and addresses of authors stay where they are: git knows no accounts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from peatmoss.archive import Record
from peatmoss.errors import NotFound, SourceError
from peatmoss.fetch import git
from peatmoss.fetch.budget import Stopped
from peatmoss.fetch.collect import DONE, GONE
from peatmoss.fetch.git import Clones, Part, Source
from peatmoss.fetch.git_clone import resolve_commit, zero_separated

PAGE = 500
MAX_MESSAGE = 20_000
MAX_FILES = 1000
Shape = Callable[[Source, list[dict[str, Any]]], dict[str, Any]]
_CHANGES = {"A": "added", "C": "added", "M": "modified", "T": "modified", "D": "removed", "R": "renamed"}


def commits(clones: Clones, key: str, cursor: str | None) -> Iterator[Record]:
    """See `_pages`; what keeps a repository from being read is told of it alone."""
    return _told(key, _pages(clones, key, cursor, _as_github, "history"))


def hub_commits(clones: Clones, key: str, cursor: str | None) -> Iterator[Record]:
    """The commits of a model as the Hub lists them, with the files that each touched, which the Hub does not tell."""
    return _told(key, _pages(clones, key, cursor, _as_hub, "trees"))


def _as_github(source: Source, page: list[dict[str, Any]]) -> dict[str, Any]:
    return {"full_name": source.key, "host": source.host, "commits": page}


def _as_hub(source: Source, page: list[dict[str, Any]]) -> dict[str, Any]:
    commits = []
    for one in page:
        title, _, message = one["commit"]["message"].partition("\n")
        commits.append({
            "id": one["sha"], "title": title.strip(), "message": message.strip(),
            "date": one["commit"]["committer"]["date"], "parents": one["parents"], "files": one["files"],
        })  # fmt: skip
    return {"modelId": source.key, "commits": commits}


def refs(clones: Clones, key: str, _: str | None) -> Iterator[Record]:
    """See `_refs`; what keeps a repository from being read is told of it alone."""
    return _told(key, _refs(clones, key))


def _told(key: str, records: Iterator[Record]) -> Iterator[Record]:
    try:
        yield from records
    except (NotFound, Stopped):
        raise
    except SourceError as error:
        yield Record(key, f"{GONE}git", None, {"status": "git", "reason": str(error)})


def _pages(clones: Clones, key: str, cursor: str | None, shape: Shape, part: Part) -> Iterator[Record]:
    """The commits that lead to the newest one of the default branch (or to --at), newest first, with their files."""
    found = clones.sources[key]
    at, _, passed = (cursor or ":0").rpartition(":")
    with clones.opened(found, part) as path:
        _require(path)
        try:
            at = at or resolve_commit(path, clones.wanted.at or "HEAD")
        except SourceError:
            yield Record(key, DONE, shape(found, []))
            return
        before = clones.wanted.before
        every = _log(path, at, before, "--no-renames") if part == "trees" else _commits(path, at, before)
        number = int(passed)
        page = list(islice(every, number, number + PAGE))
        while True:
            following = list(islice(every, PAGE))
            number += len(page)
            yield Record(key, f"{at}:{number}" if following else DONE, shape(found, page))
            if not following:
                return
            page = following


def _require(path: Path) -> None:
    if not git.is_repository(path):
        raise SourceError(f"{path} is no git repository")


def _commits(path: Path, at: str, before: str) -> Iterator[dict[str, Any]]:
    """From the first commit that touches a file that a partial clone left out, without renames and line counts."""
    count = 0
    try:
        for commit in _log(path, at, before, "--numstat", "-M"):
            count += 1
            yield commit
    except SourceError:
        yield from islice(_log(path, at, before, "--no-renames"), count, None)


def _log(path: Path, at: str, before: str, *how: str) -> Iterator[dict[str, Any]]:
    limit = [f"--before={before}"] if before else []
    parts = zero_separated(
        path, "log", "--diff-merges=first-parent", "--raw", *how, "-z", "--no-abbrev", "--no-ext-diff", "--no-textconv",
        "--format=%x01%H%x02%P%x02%aI%x02%cI%x02%B", *limit, at, "--",
    )  # fmt: skip
    commit: dict[str, Any] | None = None
    files: dict[str, dict[str, Any]] = {}
    for part in parts:
        entry = part.lstrip(b"\n")
        if entry.startswith(b"\x01"):
            if commit is not None:
                yield commit | {"files": list(files.values())[:MAX_FILES]}
            commit, files = _commit(entry[1:].decode("utf-8", "replace")), {}
        elif entry.startswith(b":"):
            status = entry.rsplit(b" ", 1)[1].decode("ascii", "replace")[:1]
            name = next(parts, b"")
            name = next(parts, b"") if status in ("R", "C") else name
            shown = name.decode("utf-8", "replace")
            files[shown] = {"filename": shown, "status": _CHANGES.get(status, "modified")}
        elif entry.count(b"\t") >= 2:
            added, deleted, name = entry.split(b"\t", 2)
            if not name:  # a rename: the two names follow
                next(parts, b"")
                name = next(parts, b"")
            counts = files.get(name.decode("utf-8", "replace"))
            if counts is not None and added.isdigit() and deleted.isdigit():
                counts |= {"additions": int(added), "deletions": int(deleted)}
    if commit is not None:
        yield commit | {"files": list(files.values())[:MAX_FILES]}


def _commit(header: str) -> dict[str, Any]:
    sha, parents, authored, committed, message = header.split("\x02", 4)
    return {
        "sha": sha,
        "commit": {
            "author": {"date": authored}, "committer": {"date": committed}, "message": message.strip()[:MAX_MESSAGE],
        },
        "parents": [{"sha": parent} for parent in parents.split()],
    }  # fmt: skip


def _refs(clones: Clones, key: str) -> Iterator[Record]:
    """Branches and tags, with the commits that they point to."""
    found = clones.sources[key]
    with clones.opened(found, "refs") as path:
        _require(path)
        form = "--format=%(refname)%00%(objectname)%00%(*objectname)%00%(creatordate:iso-strict)%00"
        parts = zero_separated(path, "for-each-ref", form, "refs/heads", "refs/tags")
        lists: dict[str, list[dict[str, Any]]] = {"branches": [], "tags": []}
        for name in parts:
            sha, peeled, date = (next(parts, b"").decode("ascii", "replace") for _ in range(3))
            shown = name.lstrip(b"\n").decode("utf-8", "replace")
            if not shown:
                continue
            ref: dict[str, Any] = {"name": shown.split("/", 2)[2], "commit": {"sha": peeled or sha}}
            if shown.startswith("refs/tags/"):
                lists["tags"].append(ref | ({"tagger": {"date": date}} if date else {}))
            else:
                lists["branches"].append(ref)
    yield Record(key, DONE, {"full_name": key, "host": found.host, **lists})
