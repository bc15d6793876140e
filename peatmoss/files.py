"""Bytes on disk: read with any compression as lines or CSV rows in bounded memory; written by one process at a time.

What the disk or a damaged file does is one clear SourceError.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import fcntl
import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, cast

import zstandard

from peatmoss.errors import PeatmossError, SourceError

MAX_LINE_BYTES = 64 * 2**20
COMPRESSED = {".zst", ".gz"}
_CHUNK = 2**20
csv.field_size_limit(MAX_LINE_BYTES)  # the standard library's 128 KiB is less than a long card


class _Watched(io.FileIO):
    """A file that tells how many of its bytes were read."""

    def __init__(self, path: Path, progress: Callable[[int], None]):
        super().__init__(path, "rb")
        self._progress = progress

    def readinto(self, buffer: Any) -> int | None:
        count = super().readinto(buffer)
        self._progress(self.tell())
        return count


class _Zstd(io.RawIOBase):
    """The content of any number of zstd frames. zstandard's own reader takes a torn frame for the end of the file."""

    def __init__(self, source: IO[bytes]):
        self._source = source
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._is_between_frames = True
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            raw = self._frame.unused_data
            if self._frame.eof:
                self._frame, self._is_between_frames = zstandard.ZstdDecompressor().decompressobj(), True
            raw = raw or self._source.read(4096)  # little, so that a bomb of a file stays in bounds
            if not raw:
                if not self._is_between_frames:
                    raise EOFError("compressed file ended in the middle of a frame")
                return 0
            self._ready = memoryview(self._frame.decompress(raw))
            self._is_between_frames = False
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size


@contextlib.contextmanager
def open_bytes(path: Path, progress: Callable[[int], None] = lambda _: None) -> Iterator[IO[bytes]]:
    """A file's content, decompressed by its ending. `progress` is told the bytes of the file that were read.

    Raises SourceError if the file cannot be read, or decompressed to its end.
    """
    try:
        with io.BufferedReader(_Watched(path, progress), _CHUNK) as source:
            if path.suffix.lower() == ".gz":
                yield cast(IO[bytes], gzip.GzipFile(fileobj=source))
            elif path.suffix.lower() == ".zst":
                yield io.BufferedReader(_Zstd(source), _CHUNK)
            else:
                yield source
    except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError, csv.Error) as error:
        raise SourceError(f"{path} is damaged: {error}") from error
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror or error}") from error


def raw_lines(path: Path, progress: Callable[[int], None] = lambda _: None) -> Iterator[tuple[int, bytes | None]]:
    """(number, line) of a text file of any compression, without blank lines; None for a line above MAX_LINE_BYTES.

    Raises SourceError if the file cannot be decompressed to its end.
    """
    number = 0
    with open_bytes(path, progress) as stream:
        while raw := stream.readline(MAX_LINE_BYTES):
            number += 1
            if len(raw) == MAX_LINE_BYTES and not raw.endswith(b"\n"):
                while not raw.endswith(b"\n") and (raw := stream.readline(MAX_LINE_BYTES)):
                    pass
                yield number, None
            elif not raw.isspace():
                yield number, raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw


def csv_rows(path: Path, progress: Callable[[int], None] = lambda _: None) -> Iterator[list[str]]:
    """The header and the rows of a CSV file of any compression, without blank ones.

    Raises SourceError if the file cannot be decompressed to its end or a cell is above MAX_LINE_BYTES.
    """
    with open_bytes(path, progress) as stream:
        text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
        yield from filter(None, csv.reader(text))


def sha256_file(path: Path) -> str:
    """Hex digest of a file, read in chunks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """A full or read-only disk is one line, not a traceback."""
    try:
        yield
    except OSError as error:
        raise SourceError(f"cannot write {path}: {error.strerror or error}") from error


def lock_file(path: Path) -> IO[bytes]:
    """`path` open for appending, by one process at a time: the lock ends with the stream or the process."""
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("ab")
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.close()
            raise PeatmossError(f"another process is writing {path}: wait until it has ended") from error
    return stream


def sync(stream: IO[bytes]) -> None:
    """Bring what was written to the disk."""
    stream.flush()
    os.fsync(stream.fileno())
