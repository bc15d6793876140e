"""Putting a release into its folder: all of it, or nothing.

    dist/.release.part/    being written; removed if the release fails, or by the next one
    dist/.release.ready/   complete; renamed from .part in one step, then its files are moved into dist/

A kill before the rename leaves the old release as it was; one after it is completed by the next run.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from peatmoss.errors import PeatmossError, SourceError

SUMS = "SHA256SUMS"
_DISK = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM")


@contextlib.contextmanager
def disk_errors(dist: Path) -> Iterator[None]:
    """Turn a full or read-only disk into one clear line."""
    try:
        yield
    except OSError as error:
        raise SourceError(f"cannot write the release to {dist}: {error.strerror or error}") from error
    except sqlite3.Error as error:
        if not getattr(error, "sqlite_errorname", "").startswith(_DISK):
            raise
        raise SourceError(f"cannot write the release to {dist}: {error}") from error


@contextlib.contextmanager
def building(dist: Path) -> Iterator[Path]:
    """A fresh folder for the files of a release; they are moved into `dist` if the block succeeds.

    Raises SourceError if the folder cannot be written, PeatmossError if another release is being written there.
    """
    part, ready = dist / ".release.part", dist / ".release.ready"
    with disk_errors(dist):
        dist.mkdir(parents=True, exist_ok=True)
        with _alone(dist):
            _settle(ready, dist)
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            try:
                yield part
                write_sums(part)
                for path in _files(part):
                    _flush(path)
                part.rename(ready)
            finally:
                shutil.rmtree(part, ignore_errors=True)
            _settle(ready, dist)


@contextlib.contextmanager
def _alone(dist: Path) -> Iterator[None]:
    handle = os.open(dist, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PeatmossError(f"another release is being written to {dist}: wait for it") from error
        yield
    finally:
        os.close(handle)


def _settle(ready: Path, dist: Path) -> None:
    """Move a complete release into place; the checksums come last, so that they never vouch for a mixture."""
    if not ready.is_dir():
        return
    if (ready / SUMS).is_file():
        for name in set(sums(dist)) - set(sums(ready)):
            (dist / name).unlink(missing_ok=True)
    for path in sorted(_files(ready), key=lambda path: (path.name == SUMS, path)):
        target = dist / path.relative_to(ready)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    shutil.rmtree(ready)
    _flush(dist)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_sums(folder: Path) -> None:
    """SHA256SUMS over all files of a folder, as `sha256sum -c` reads it."""
    rows = []
    for path in _files(folder):
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        rows.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    (folder / SUMS).write_text("".join(rows), encoding="utf-8")


def sums(folder: Path) -> dict[str, str]:
    """The files that SHA256SUMS lists, with their hashes; none if there is no such list."""
    try:
        text = (folder / SUMS).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in text.splitlines()) if name}
    return {
        name: digest for name, digest in listed.items() if not Path(name).is_absolute() and ".." not in Path(name).parts
    }
