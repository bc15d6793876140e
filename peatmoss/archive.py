"""The archive: what upstream said, verbatim, in files.

    archive/<kind>/<as of>.<origin>.<label>.<ext>              one shard
    archive/<kind>/<as of>.<origin>.<label>.<ext>.meta.json    its description; a shard without one is not closed
    archive/<kind>/<as of>.<origin>.<label>.part               a shard being written, append-only

The order of shard names is the order of truth: what a later shard says replaces what an earlier one said.
This module knows nothing of what the kinds mean.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Literal, get_args

import orjson
import zstandard

from peatmoss.errors import PeatmossError, SourceError
from peatmoss.files import COMPRESSED, MAX_LINE_BYTES, lock_file, sync, writing
from peatmoss.files import csv_rows as csv_rows
from peatmoss.files import open_bytes as open_bytes
from peatmoss.files import raw_lines as raw_lines
from peatmoss.files import sha256_file as sha256_file

Layout = Literal["records", "verbatim"]
Coverage = Literal["complete", "top", "filter"]

FORMATS = {"jsonl", "parquet", "csv"}
_META = ".meta.json"
_CHUNK = 2**20


@dataclass(frozen=True)
class Record:
    """One upstream subject.

    key:    its natural key, for instance ``google-bert/bert-base-uncased``
    cursor: where to go on after it, or None if stopping here would leave a hole
    data:   upstream's own JSON, untouched; None if the subject is gone
    gone:   why there is no data: ``{"status": 404}``, or ``{"status": 307, "moved_to": "new/name"}``
    """

    key: str
    cursor: str | None
    data: Any
    gone: dict[str, Any] | None = None


@dataclass(frozen=True)
class Shard:
    """A closed archive file with its description (the content of its ``.meta.json``).

    layout: ``records`` holds one Record a line, as `append` wrote it; ``verbatim`` is a bulk file as published.
    coverage: ``complete`` means that a subject absent from it did not exist as of then.
    fields: the upstream field names that occur in it, so that absent and empty can be told apart.
    columns: for CSV, our field name -> column in the file.
    """

    path: Path
    kind: str
    origin: str
    as_of: datetime
    layout: Layout
    coverage: Coverage
    records: int
    sha256: str
    hub: str = "HuggingFace"
    hub_url: str = "https://huggingface.co"
    fields: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """``<kind>/<file name>``: the identity of a shard, the same in every copy of the archive."""
        return f"{self.kind}/{self.path.name}"

    @property
    def format(self) -> str:
        """``jsonl``, ``parquet`` or ``csv``, whatever the compression."""
        suffixes = [s for s in self.path.suffixes if s not in COMPRESSED]
        return suffixes[-1].removeprefix(".")


@dataclass(frozen=True)
class Line:
    """One line of a JSONL shard: `number` from 1, and either its record or the reason why there is none."""

    number: int
    size: int
    record: Record | None
    problem: str | None = None


def moment(text: str) -> datetime:
    """An ISO date or timestamp -> UTC in whole seconds, as shard names hold it; without a zone it is UTC.

    Raises PeatmossError.
    """
    try:
        parsed = datetime.fromisoformat(text)
        utc = (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError) as error:
        raise PeatmossError(f"{text!r} is no date: give 2022-02-15 or 2022-02-15T08:30:00Z") from error
    if not 2000 <= utc.year < 2100:
        raise PeatmossError(f"{text!r} is no date on which there were models: look at the year")
    return utc


def stamp(moment: datetime) -> str:
    """2022-02-15 00:00 UTC -> ``20220215T000000Z``, as it stands in shard names."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def shard_stem(as_of: datetime, origin: str, label: str) -> str:
    """The file name of a shard without its ending; `label` is reduced to safe characters."""
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", label).strip("-")[:80] or "shard"
    return f"{stamp(as_of)}.{origin}.{safe}"


def _meta(path: Path) -> Path:
    return path.with_name(path.name + _META)


def shards(root: Path, kind: str | None = None) -> list[Shard]:
    """The closed shards, in the order of truth.

    Raises PeatmossError if `root` is no archive, SourceError if a description is unreadable.
    """
    if not root.is_dir():
        raise PeatmossError(f"no archive at {root}: give an existing folder (PEATMOSS_ARCHIVE or --archive)")
    found = [path for path in root.glob(f"{kind or '*'}/*{_META}") if not path.name.startswith(".")]
    return [_read_meta(path) for path in sorted(found, key=lambda p: (p.parent.name, p.name))]


def closed(path: Path) -> Shard | None:
    """The shard at `path`, or None if there is none or it is not closed."""
    return _read_meta(_meta(path)) if _meta(path).exists() else None


def _read_meta(path: Path) -> Shard:
    try:
        meta = json.loads(path.read_text("utf-8"))
        meta["as_of"] = moment(meta["as_of"])
        meta["fields"] = tuple(meta.get("fields", ()))
        shard = Shard(path=path.with_name(path.name.removesuffix(_META)), **meta)
        _check(shard)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, PeatmossError) as error:
        raise SourceError(f"{path}: not a shard description ({error})") from error
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}") from error
    if not shard.path.is_file():
        raise SourceError(f"{path}: describes {shard.path.name}, which is missing")
    return shard


def _check(shard: Shard) -> None:
    """Raise ValueError where a description is not what `Shard` says or does not fit its file's name and folder."""
    texts = [shard.origin, shard.hub, shard.hub_url, *shard.fields, *shard.columns, *shard.columns.values()]
    right = {
        "kind": shard.kind == shard.path.parent.name,
        "layout": shard.layout in get_args(Layout),
        "coverage": shard.coverage in get_args(Coverage),
        "records": type(shard.records) is int and shard.records >= 0,
        "sha256": re.fullmatch("[0-9a-f]{64}", shard.sha256) is not None,
        "source": isinstance(shard.source, dict),
        "texts": all(isinstance(text, str) for text in texts),
        "as_of or origin": shard.path.name.startswith(f"{stamp(shard.as_of)}.{shard.origin}."),
        "format": shard.format in FORMATS,
    }
    wrong = ", ".join(name for name, is_right in right.items() if not is_right)
    if wrong:
        raise ValueError(f"wrong {wrong}")


def close(shard: Shard) -> Shard:
    """Write the description that makes a complete file at `shard.path` a closed shard."""
    meta = dataclasses.asdict(shard)
    del meta["path"]
    meta["as_of"] = shard.as_of.astimezone(UTC).isoformat().replace("+00:00", "Z")
    target = _meta(shard.path)
    part = target.with_name(target.name + ".part")
    with writing(target):
        with part.open("wb") as stream:
            stream.write((json.dumps(meta, indent=2, ensure_ascii=False) + "\n").encode())
            sync(stream)
        part.replace(target)
    return shard


def adopt(source: Path, shard: Shard) -> Shard:
    """Copy a bulk file into the archive, byte for byte, and close it. `shard.path` is where it goes.

    Raises PeatmossError if there is a closed shard of that name, SourceError if the copy fails or has another
    hash than `shard.sha256`. Whatever happens, there is a whole closed shard or none.
    """
    # The description's running file is the lock, because renaming it is the last thing that `close` does.
    lock = shard.path.with_name(shard.path.name + _META + ".part")
    part = shard.path.with_name(shard.path.name + ".part")
    if not source.is_file():
        raise PeatmossError(f"no file at {source}")
    with lock_file(lock):
        if _meta(shard.path).exists():
            lock.unlink()
            raise PeatmossError(f"{shard.name} is closed already; a closed shard is never changed")
        try:
            with writing(shard.path):
                _copy(source, part, shard.sha256)
                part.replace(shard.path)
            return close(shard)
        except BaseException:
            for rest in (part, lock) if _meta(shard.path).exists() else (part, lock, shard.path):
                rest.unlink(missing_ok=True)
            raise


def _copy(source: Path, target: Path, sha256: str) -> None:
    digest = hashlib.sha256()
    with source.open("rb") as stream, target.open("wb") as copy:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            copy.write(chunk)
        sync(copy)
    if digest.hexdigest() != sha256:
        raise SourceError(f"{source} changed while it was read")


class Appender:
    """A shard being written, by one process at a time.

    After a crash, `append` again: what follows the last cursor is cut, a torn line included, and `cursor` says
    where to go on. With `by_key` records of many keys come in any order, each with a cursor of its key: `cursors` holds
    the last one of each, and closing brings the records into the order of their keys.
    """

    def __init__(self, shard: Shard, by_key: bool = False):
        self.shard = shard
        self.by_key = by_key
        self.cursor: str | None = None
        self.cursors: dict[str, str] = {}
        self.records = 0
        self.fields: set[str] = set()
        self._part = shard.path.with_name(shard.path.name.removesuffix(".jsonl.zst") + ".part")
        self._stream = lock_file(self._part)
        try:
            if _meta(shard.path).exists():
                self._part.unlink()
                raise PeatmossError(f"{shard.name} is closed already; a closed shard is never changed")
            with writing(self._part):
                self._recover()
        except BaseException:
            self.stop()
            raise

    def _recover(self) -> None:
        """Cut back to the last record with a cursor: what follows it would be fetched again."""
        end = whole = 0
        pending: list[Any] = []
        with self._part.open("rb") as stream:
            for raw in stream:
                try:
                    record = json.loads(raw)
                    key, data, cursor = record["key"], record["data"], record["cursor"]
                except (ValueError, TypeError, KeyError, RecursionError):
                    break
                if not raw.endswith(b"\n"):
                    break
                end += len(raw)
                pending.append(data)
                if cursor is not None:
                    self.cursor, whole = cursor, end
                    if self.by_key:
                        self.cursors[key] = cursor
                    for item in pending:
                        self._count(item)
                    pending.clear()
        self._stream.truncate(whole)

    def _count(self, data: Any) -> None:
        self.records += 1
        if isinstance(data, dict):
            self.fields.update(data)

    def write(self, record: Record) -> None:
        """Append one record; it is on its way to the disk when this returns (see `flush`)."""
        line = {"key": record.key, "cursor": record.cursor, "data": record.data}
        if record.gone is not None:
            line["gone"] = record.gone
        try:
            raw = orjson.dumps(line)
        except TypeError:  # a lone surrogate or a number beyond 64 bits: rare, but upstream did say it
            raw = json.dumps(line).encode()
        with writing(self._part):
            self._stream.write(raw + b"\n")
        self._count(record.data)
        self.cursor = record.cursor if record.cursor is not None else self.cursor
        if self.by_key and record.cursor is not None:
            self.cursors[record.key] = record.cursor

    def flush(self) -> None:
        """Hand everything written so far to the operating system."""
        with writing(self._part):
            self._stream.flush()

    def stop(self) -> None:
        """Let go of the running file; it stays for the next call."""
        with contextlib.suppress(OSError):  # a full disk: closing writes what is buffered, and `_recover` cuts it
            self._stream.close()

    def finish(self) -> Shard:
        """Compress, describe and close the shard; the running file disappears."""
        target = self.shard.path
        packed = target.with_name(target.name + ".part")
        try:  # under the lock to the end
            with writing(target):
                sync(self._stream)
                with self._part.open("rb") as source, packed.open("wb") as sink:
                    with zstandard.ZstdCompressor(level=9).stream_writer(sink, closefd=False) as writer:
                        for chunk in _sorted_lines(source) if self.by_key else iter(lambda: source.read(_CHUNK), b""):
                            writer.write(chunk)
                    sync(sink)
                packed.replace(target)
            shard = dataclasses.replace(
                self.shard, records=self.records, sha256=sha256_file(target), fields=tuple(sorted(self.fields))
            )
            close(shard)
            self._part.unlink()
        except BaseException:
            packed.unlink(missing_ok=True)
            raise
        finally:
            self.stop()
        return shard


def _sorted_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines in the order of their keys; those of one key stay as they came."""
    places = []
    offset = 0
    for raw in stream:
        places.append((json.loads(raw)["key"], offset, len(raw)))
        offset += len(raw)
    for _, offset, size in sorted(places):
        stream.seek(offset)
        yield stream.read(size)


@contextlib.contextmanager
def append(
    root: Path, kind: str, origin: str, as_of: datetime, label: str, by_key: bool = False, **description: Any
) -> Iterator[Appender]:
    """Start or continue a shard; it is closed when the block ends without an exception.

    On an exception the running file stays, and the next call with the same arguments goes on at its `cursor`.
    Raises PeatmossError if the shard is closed already, or while another process is writing it.
    """
    path = root / kind / (shard_stem(as_of, origin, label) + ".jsonl.zst")
    coverage = description.pop("coverage", "filter")
    appender = Appender(Shard(path, kind, origin, as_of, "records", coverage, 0, "", **description), by_key)
    try:
        yield appender
    except BaseException:
        appender.stop()
        raise
    appender.finish()


def lines(shard: Shard, progress: Callable[[int], None] = lambda _: None) -> Iterator[Line]:
    """The lines of a JSONL shard, each with its record or with the reason why it has none."""
    for number, raw in raw_lines(shard.path, progress):
        if raw is None:
            yield Line(number, MAX_LINE_BYTES, None, f"line longer than {MAX_LINE_BYTES} bytes")
            continue
        try:
            value = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            yield Line(number, len(raw), None, f"invalid JSON: {error}")
            continue
        if not isinstance(value, dict):
            yield Line(number, len(raw), None, f"not a JSON object but {type(value).__name__}")
        elif shard.layout == "verbatim":
            yield Line(number, len(raw), Record("", None, value))
        elif not isinstance(value.get("key"), str):
            yield Line(number, len(raw), None, "no key")
        else:
            yield Line(
                number, len(raw), Record(value["key"], value.get("cursor"), value.get("data"), value.get("gone"))
            )
