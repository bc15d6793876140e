"""A local folder, or a commit of a local repository, read for the mapper within a bound of memory.

two passes: 1. every file that may be read is searched for a literal, as bytes, and let go
2. if there is one: the files that resolution needs are read, up to MAX_TEXT_BYTES in all
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

from peatmoss.errors import PeatmossError
from peatmoss.fetch.git_clone import _SKIP, MAX_FILE_BYTES, commit_files
from peatmoss.parse.code import kinds, prefilter

MAX_TEXT_BYTES = 192 * 2**20
MAX_FILES = 1_000_000
_SMALL_BYTES = 20_000
_CHUNK_BYTES = 16 * 2**20
_WORTH_A_PROCESS = 256 * 2**20

Progress = Callable[[str, int, int], None]
Chunk = tuple[str, list[tuple[str, int]]]


class Folder(NamedTuple):
    """texts: path -> text of what resolution needs; skipped: reason -> files; seen and bytes: what was searched."""

    texts: dict[str, str]
    skipped: Counter[str]
    seen: int
    bytes: int


def folder(path: Path, progress: Progress = lambda *_: None) -> Folder:
    """The files under a folder that the mapper needs, if any of them can name a model at all.

    Raises PeatmossError if there is no such folder.
    """
    if not path.is_dir():
        raise PeatmossError(f"no folder at {path}")
    skipped: Counter[str] = Counter()
    sizes: dict[str, int] = {}
    for name, size in _listed(path, skipped):
        if len(sizes) >= MAX_FILES:
            skipped["budget of files"] += 1
        else:
            sizes[name] = size
    total = sum(sizes.values())
    hits: set[str] = set()
    done = 0
    chunks = list(_chunks(str(path), sorted(sizes.items())))
    prefilter.has_literal(b"")  # compiled here, once, for the processes too
    with _pool(total) as pool:
        for found, (_, chunk) in zip((pool.map if pool else map)(searched, chunks), chunks, strict=True):
            hits |= found
            done += sum(size for _, size in chunk)
            progress("search", done // 2**20, total // 2**20)
    texts: dict[str, str] = {}
    left = MAX_TEXT_BYTES
    if hits:
        for name in sorted(sizes, key=lambda name: (name not in hits, name)):
            if not _is_needed(name, sizes[name], name in hits):
                continue
            if sizes[name] > left:
                skipped["budget of bytes"] += 1
                continue
            raw = _bytes(str(path), name, sizes[name])
            if raw is None or b"\0" in raw[:8192]:
                skipped["binary or unreadable"] += 1
                continue
            texts[name.encode("utf-8", "replace").decode("utf-8").replace(os.sep, "/")] = raw.decode("utf-8", "replace")
            left -= len(raw)
    return Folder(dict(sorted(texts.items())), skipped, len(sizes), total)


def commit(path: Path, at: str) -> Folder:
    """The same for a commit of a git repository."""
    texts: dict[str, str] = {}
    skipped: Counter[str] = Counter()
    seen = total = 0
    left = MAX_TEXT_BYTES
    for file in commit_files(path, at):
        seen += 1
        total += file.size
        if file.content is None:
            skipped[file.skipped or "not read"] += 1
        elif kinds.kind_of(file.path, file.content):
            left -= len(file.content)
            if left < 0:
                skipped["budget of bytes"] += 1
            else:
                texts[file.path] = file.content
    return Folder(texts, skipped, seen, total)


def _listed(root: Path, skipped: Counter[str]) -> Iterator[tuple[str, int]]:
    """(path, size) of the files whose kind and size are read; links are not followed."""
    stack = [""]
    while stack:
        here = stack.pop()
        try:
            entries = sorted(os.scandir(os.path.join(root, here)), key=lambda entry: entry.name)  # noqa: PTH118
        except OSError:
            skipped["unreadable"] += 1
            continue
        for entry in entries:
            name = f"{here}/{entry.name}" if here else entry.name
            if entry.is_symlink():
                skipped["symbolic link"] += 1
            elif entry.is_dir(follow_symlinks=False):
                if entry.name not in _SKIP:
                    stack.append(name)
            else:
                yield from _one(entry, name, skipped)


def _one(entry: os.DirEntry[str], name: str, skipped: Counter[str]) -> Iterator[tuple[str, int]]:
    kind = kinds.kind_of(name, "")
    if not kind and not kinds.is_unclear(name):
        skipped["no code, configuration or list"] += 1
        return
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        skipped["unreadable"] += 1
        return
    if not stat.S_ISREG(status.st_mode):
        skipped["no regular file"] += 1
    elif status.st_size > MAX_FILE_BYTES or (kind and not kinds.is_read(kind, name, status.st_size)):
        skipped["too large"] += 1
    else:
        yield name, status.st_size


def _chunks(root: str, files: list[tuple[str, int]]) -> Iterator[Chunk]:
    chunk: list[tuple[str, int]] = []
    size = 0
    for file in files:
        chunk.append(file)
        size += file[1]
        if size >= _CHUNK_BYTES:
            yield root, chunk
            chunk, size = [], 0
    if chunk:
        yield root, chunk


def searched(chunk: Chunk) -> set[str]:
    """The files of a chunk that have a literal. A function of its own, so that other processes can run it."""
    root, files = chunk
    found = set()
    for name, size in files:
        raw = _bytes(root, name, size)
        if raw is not None and prefilter.has_literal(raw):
            found.add(name)
    return found


def _bytes(root: str, name: str, size: int) -> bytes | None:
    """The bytes of a file that is still regular and not much larger than it was when it was listed."""
    try:
        descriptor = os.open(os.path.join(root, name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # noqa: PTH118
    except OSError:
        return None
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        return stream.read(size + 1) if stat.S_ISREG(os.fstat(descriptor).st_mode) else None


def _is_needed(name: str, size: int, is_hit: bool) -> bool:
    """Whether resolution may ask for a file: all programs; of data only what is small or has a literal."""
    return is_hit or kinds.kind_of(name, "") in ("python", "javascript", "shell", "list") or size < _SMALL_BYTES


def _pool(total: int) -> Executor | nullcontext[None]:
    workers = os.cpu_count() or 1
    return ProcessPoolExecutor(workers) if total > _WORTH_A_PROCESS and workers > 1 else nullcontext()
