"""Code of repositories -> records of kind `code_file`, one repository at one commit at a time.

    {"type": "file", "commit", "path", "blob", "size", "content"}        every file that the detector may read
    {"type": "change", "commit", "committed_at", "path", "blob"}         with --history: what each commit did to it
    {"type": "scan", "host", "commit", "status", "reason", ...}          closes the repository, and carries the cursor

A repository in which no file has one of the literals without which no model can be named gives the closing line only.
`content` of a change is there once a blob; a file that a change took away has the blob null.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from peatmoss.archive import Record
from peatmoss.errors import SourceError
from peatmoss.fetch import git
from peatmoss.fetch.budget import Stopped
from peatmoss.fetch.collect import DONE
from peatmoss.fetch.git import Clones, Wanted
from peatmoss.fetch.git_clone import File, blobs, commit_files, folder_files, is_ours, resolve_commit, zero_separated
from peatmoss.parse import code

MAX_SECONDS = 900
MAX_BYTES = 400 * 2**20
"""Larger ones hold data, and the detector reads none of them."""
MAX_HISTORY_BYTES = 256 * 2**20
_CHUNK_BYTES = 16 * 2**20
_LFS = "version https://git-lfs.github.com/spec/"


class _Spent(SourceError):
    """A budget ran out: what was read so far counts, and the closing line says so."""


class _Budget:
    """Time and bytes that one repository may take."""

    def __init__(self) -> None:
        self.end = time.monotonic() + MAX_SECONDS
        self.left = MAX_BYTES

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise _Spent(f"cut short after {MAX_BYTES} bytes")
        if time.monotonic() > self.end:
            raise _Spent(f"cut short after {MAX_SECONDS} s")


def records(clones: Clones, key: str, cursor: str | None) -> Iterator[Record]:
    """One repository. What keeps it from being read becomes its closing line.

    The cursor of a line is ``<commit>:<lines so far>``: what goes on after it goes on at that commit.
    """
    found = clones.sources[key]
    at, passed = _place(cursor)
    wanted = clones.wanted._replace(at=at, before="") if at else clones.wanted
    scan: dict[str, Any] = {"type": "scan", "host": found.host, "commit": None, "status": "failed", "reason": None}
    try:
        with clones.opened(found, "newest" if wanted.is_newest_only else "history") as path:
            for number, data in enumerate(_scanned(path, wanted, scan), start=1):
                if number > passed:
                    yield Record(key, f"{scan['commit'] or ''}:{number}", data)
    except SourceError as error:
        if isinstance(error, Stopped):
            raise
        scan["reason"] = str(error)
    yield Record(key, DONE, scan)


def _place(cursor: str | None) -> tuple[str, int]:
    commit, _, number = (cursor or ":0").rpartition(":")
    return commit, int(number)


def _scanned(path: Path, wanted: Wanted, scan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The lines of one repository; fills its closing line `scan`."""
    is_git = git.is_repository(path)
    if is_git:
        scan["commit"] = commit = _commit(path, wanted)
    elif not wanted.is_newest_only:
        raise SourceError("no git repository: a folder has no commits, no dates and no history")
    budget = _Budget()
    read: Counts = Counts()
    try:
        if _is_candidate(_files(path, scan["commit"]), read):
            digest = hashlib.sha1(usedforsecurity=False)
            read = Counts()
            for file in _files(path, scan["commit"]):
                budget.take(len(file.content or ""))
                read.add(file)
                if not is_git:
                    digest.update(f"{file.path}\0{file.blob}\0".encode("utf-8", "replace"))
                yield {"type": "file", "commit": scan["commit"], **_fields(file)}
            scan["commit"] = scan["commit"] or f"folder-{digest.hexdigest()}"
            scan["status"] = "scanned"
        else:
            scan["commit"] = scan["commit"] or "folder"
            scan["status"] = "no_candidate"
        if wanted.history:
            yield from _history(path, commit, budget, scan)
    except _Spent as error:
        scan["status"] = "scanned" if scan["status"] == "failed" else scan["status"]
        scan["commit"] = scan["commit"] or "folder"
        scan["reason"] = str(error)
    scan["file_count"], scan["size_bytes"] = read.files, read.size


class Counts:
    """How much was read."""

    def __init__(self) -> None:
        self.files = self.size = 0

    def add(self, file: File) -> None:
        """Count a file that has a content."""
        if file.content is not None:
            self.files += 1
            self.size += file.size


def _commit(path: Path, wanted: Wanted) -> str:
    if wanted.at:
        return resolve_commit(path, wanted.at)
    if wanted.before:
        return git.commit_before(path, wanted.before)
    try:
        return resolve_commit(path, "HEAD")
    except SourceError as error:
        raise SourceError("the repository has no commit") from error


def _files(path: Path, commit: str | None) -> Iterator[File]:
    """The files that the detector may read; of one that has no content the reason, if its name says that it would."""
    for file in commit_files(path, commit) if commit else folder_files(path):
        kind = code.kind_of(file.path, file.content or "")
        if not kind:
            continue
        if file.content is not None and file.content.startswith(_LFS):
            yield file._replace(content=None, skipped="LFS pointer")
        elif file.content is not None and not code.is_read(kind, file.path, file.size):
            yield file._replace(content=None, skipped=f"too large for {kind}")
        else:
            yield file


def _is_candidate(files: Iterable[File], read: Counts) -> bool:
    """Whether any file can name a model at all. Looks at a bounded amount of text at a time, up to the first hit."""
    texts: dict[str, str] = {}
    size = 0
    for file in files:
        read.add(file)
        if file.content is not None:
            texts[f"{len(texts)}/{file.path}"] = file.content
            size += len(file.content)
        if size > _CHUNK_BYTES:
            if code.is_candidate(texts):
                return True
            texts, size = {}, 0
    return code.is_candidate(texts)


def _fields(file: File) -> dict[str, Any]:
    fields = {"path": file.path, "blob": file.blob, "size": file.size, "content": file.content}
    return fields | ({"skipped": file.skipped} if file.skipped else {})


# --- history -------------------------------------------------------------------------------------------------------


class _Change(NamedTuple):
    commit: str
    committed_at: str
    path: str
    blob: str | None


def _history(path: Path, commit: str, budget: _Budget, scan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What each commit on the way to `commit` (first parents) did to the files that the detector may read.

    `base`: in a clone without its older commits, what the oldest one has was there before, nobody knows since when.
    """
    changes = []
    for change in _changes(path, commit):
        budget.take(0)
        if _may_be_read(change.path):
            changes.append(change)
    names = {change.blob: change.path for change in changes if change.blob}
    entries = sorted((name, blob) for blob, name in names.items())
    if not _is_candidate(_versions(path, entries), Counts()):
        scan["history"] = 0
        return
    texts: dict[str, str] = {}
    unread: set[str] = set()
    size = 0
    for file in _versions(path, entries):
        budget.take(0)
        if file.content is None:
            unread.add(file.blob)
            continue
        size += len(file.content)
        if size > MAX_HISTORY_BYTES:
            scan["reason"] = f"history left out: more than {MAX_HISTORY_BYTES} bytes"
            return
        texts[file.blob] = file.content
    left_out = {change.path for change in changes if change.blob in unread}
    base = changes[0].commit if changes and git.is_shallow(path) else None
    scan["history"] = len({change.commit for change in changes})
    for change in changes:
        if change.path in left_out:
            continue
        line: dict[str, Any] = {"type": "change", **change._asdict()}
        if change.blob in texts:
            line["content"] = texts.pop(change.blob)
        if change.commit == base:
            line["base"] = True
        yield line


def _may_be_read(path: str) -> bool:
    """By its name; what has no ending shows only inside what it is."""
    base = path.rpartition("/")[2]
    return bool(code.kind_of(path, "")) or "." not in base.lstrip(".")


def _versions(path: Path, entries: list[tuple[str, str]]) -> Iterator[File]:
    """The versions, with an empty text for what is nothing to read."""
    for file in blobs(path, entries, _MAX_VERSION_BYTES):
        is_read = file.content is None or code.kind_of(file.path, file.content)
        yield file if is_read else file._replace(content="")


_MAX_VERSION_BYTES = 2**20
"""A file that was larger than this at some time is left out of the history."""


def _changes(path: Path, commit: str) -> Iterator[_Change]:
    parts = zero_separated(
        path, "log", "--first-parent", "--diff-merges=first-parent", "--reverse", "--raw", "-z", "--no-abbrev",
        "--no-renames", "--no-ext-diff", "--no-textconv", "--format=%x01%H %cI",
        commit, "--",
    )  # fmt: skip
    sha = date = ""
    for part in parts:
        entry = part.lstrip(b"\n")
        if entry.startswith(b"\x01"):
            sha, date = entry[1:].decode("ascii", "replace").split(" ", 1)
        elif entry.startswith(b":"):
            _, mode, _, blob, status = entry[1:].decode("ascii", "replace").split()
            name = next(parts, b"").decode("utf-8", "replace")
            if status == "D":
                yield _Change(sha, date, name, None)
            elif is_ours(mode, name):
                yield _Change(sha, date, name, blob)
            else:
                yield _Change(sha, date, name, None)
