"""Files of a local folder, and of a git repository at a commit, without a checkout.

    folder_files(path)           what lies there now: symbolic links are not followed, `.git` is left out
    commit_files(path, commit)   what git has at that commit: plumbing only, no hooks, no filters, no submodules

Both yield `File`s in the order of their paths; a file that is too large or not text has no content and says why.
"""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from peatmoss.errors import NotFound, PeatmossError, SourceError

MAX_FILE_BYTES = 5 * 2**20
MAX_FILES = 1_000_000
_SKIP = {".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", ".tox", ".mypy_cache"}
_SNIFF = 8192
GIT = (
    "git", "-c", "safe.directory=*", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false",
    "-c", "protocol.allow=never", "--no-replace-objects",
)  # fmt: skip


class File(NamedTuple):
    """One file. `content` is None where it was not read; `skipped` says why: too large, binary, missing, unreadable."""

    path: str
    blob: str
    size: int
    content: str | None
    skipped: str | None = None


def folder_files(path: Path, max_bytes: int = MAX_FILE_BYTES) -> Iterator[File]:
    """The files under a folder.

    Raises PeatmossError if there is no such folder.
    """
    if not path.is_dir():
        raise PeatmossError(f"no folder at {path}")
    for found in sorted(_walk(path)):
        yield _read(path, found, max_bytes)


def _walk(root: Path) -> Iterator[str]:
    for folder, names, files in os.walk(root, followlinks=False):
        names[:] = sorted(name for name in names if name not in _SKIP)
        for name in files:
            yield os.path.relpath(os.path.join(folder, name), root)  # noqa: PTH118


def _read(root: Path, name: str, max_bytes: int) -> File:
    shown = name.encode("utf-8", "replace").decode("utf-8").replace(os.sep, "/")
    try:
        # O_NOFOLLOW: a link that appears between listing and reading is not followed; O_NONBLOCK: nor does a pipe wait.
        descriptor = os.open(root / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        return File(
            shown, "", 0, None, "symbolic link" if (root / name).is_symlink() else f"unreadable: {error.strerror}"
        )
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return File(shown, "", 0, None, "no regular file")
        if status.st_size > max_bytes:
            return File(shown, "", status.st_size, None, "too large")
        raw = stream.read(max_bytes + 1)
    if len(raw) > max_bytes:
        return File(shown, "", len(raw), None, "too large")
    blob = hashlib.sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()
    return _text(shown, blob, raw)


def _text(path: str, blob: str, raw: bytes) -> File:
    if b"\0" in raw[:_SNIFF]:
        return File(path, blob, len(raw), None, "binary")
    return File(path, blob, len(raw), raw.decode("utf-8", "replace"))


def _run(path: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603
        [*GIT, "-C", str(path), *arguments],
        capture_output=True,
        check=False,
        env=environment(),
        stdin=subprocess.DEVNULL,
    )


def environment() -> dict[str, str]:
    """What git needs and nothing else: no configuration of the machine or the user, no prompts, no lazy fetching."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return keep | {
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C",
    }  # fmt: skip


def resolve_commit(path: Path, commit: str) -> str:
    """The full hash of a commit, branch or tag of the repository at `path`.

    Raises PeatmossError if there is no repository, NotFound if it has no such commit.
    """
    if not path.is_dir():
        raise PeatmossError(f"no folder at {path}")
    if _run(path, "rev-parse", "--git-dir").returncode:
        raise PeatmossError(f"{path} is no git repository: leave --at out to read the folder as it is")
    found = _run(path, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
    if found.returncode:
        raise NotFound(f"{path} has no commit {commit!r}")
    return found.stdout.decode().strip()


def commit_files(path: Path, commit: str, max_bytes: int = MAX_FILE_BYTES) -> Iterator[File]:
    """The files of a git repository (bare or not) at a commit.

    Raises PeatmossError if there is no repository, NotFound if it has no such commit, SourceError if git fails.
    """
    sha = resolve_commit(path, commit)
    entries = []
    for number, entry in enumerate(zero_separated(path, "ls-tree", "-r", "-z", "--full-tree", sha), start=1):
        if number > MAX_FILES:
            raise SourceError(f"more than {MAX_FILES} files")
        meta, _, name = entry.partition(b"\t")
        mode, kind, blob = meta.decode().split()
        shown = name.decode("utf-8", "replace")
        if kind == "blob" and is_ours(mode, shown):
            entries.append((shown, blob))
    yield from blobs(path, sorted(entries), max_bytes)


def is_ours(mode: str, path: str) -> bool:
    """Whether a path of a tree is a file (no link, no submodule) outside the folders that are never read."""
    return mode.startswith("100") and not _SKIP & set(path.split("/")[:-1])


def zero_separated(path: Path, *arguments: str) -> Iterator[bytes]:
    """The parts of a git command's output that end in a zero byte, as they come: never all of them in memory.

    Raises SourceError if the command fails.
    """
    process = subprocess.Popen(  # noqa: S603
        [*GIT, "-C", str(path), *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    try:
        assert process.stdout is not None  # noqa: S101
        rest = b""
        while chunk := process.stdout.read(2**18):
            *whole, rest = (rest + chunk).split(b"\0")
            yield from whole
        if process.wait() or rest.strip():
            raise SourceError(f"git {arguments[0]} failed in {path.name}")
    finally:
        process.kill()
        process.communicate()


def blobs(path: Path, entries: list[tuple[str, str]], max_bytes: int) -> Iterator[File]:
    """Contents of blobs. One process tells the sizes, a second one reads what is small enough."""
    sizes = _sizes(path, entries)
    process = subprocess.Popen(  # noqa: S603
        [*GIT, "-C", str(path), "cat-file", "--batch"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    try:
        source, sink = process.stdout, process.stdin
        assert source is not None  # noqa: S101
        assert sink is not None  # noqa: S101
        for name, blob in entries:
            size = sizes.get(blob)
            if size is None:
                yield File(name, blob, 0, None, "missing")
            elif size > max_bytes:
                yield File(name, blob, size, None, "too large")
            else:
                yield _text(name, blob, _ask(source, sink, blob, path))
    finally:
        process.kill()
        process.wait()


def _ask(source: IO[bytes], sink: IO[bytes], blob: str, path: Path) -> bytes:
    try:
        sink.write(blob.encode() + b"\n")
        sink.flush()
        header = source.readline().split()
        size = int(header[2])
        raw = source.read(size + 1)
    except (OSError, LookupError, ValueError) as error:
        raise SourceError(f"git cat-file in {path} failed at {blob}") from error
    if len(raw) != size + 1:
        raise SourceError(f"git cat-file in {path} ended at {blob}")
    return raw[:-1]


def _sizes(path: Path, entries: list[tuple[str, str]]) -> dict[str, int]:
    """Blob -> size; blobs that a partial clone left out are not in it."""
    wanted = "\n".join(sorted({blob for _, blob in entries}))
    asked = subprocess.run(  # noqa: S603
        [*GIT, "-C", str(path), "cat-file", "--batch-check"],
        input=wanted.encode() + b"\n", capture_output=True, check=False, env=environment(),
    )  # fmt: skip
    found = {}
    for line in asked.stdout.decode().splitlines():
        words = line.split()
        if len(words) == 3 and words[1] == "blob":
            found[words[0]] = int(words[2])
    return found
