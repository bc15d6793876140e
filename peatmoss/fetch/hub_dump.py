"""Bulk files about models -> archive, byte for byte, as of the date when their data was taken.

Parquet        columns as in the public dump cfahlgren1/hub-stats
JSONL          one answer of ``/api/models`` a line, or one `huggingface_hub.ModelInfo`, bare or as the ``metadata``
               beside a ``card``; .gz and .zst too
CSV            with the columns named in a TOML file (see `columns`); .gz and .zst too
cards          JSONL of ``{"modelId", "sha", "readme"}`` becomes a shard of kind ``snapshot``

A file is looked through once before it is taken in. What is no such dump is refused; a bad line among good ones is
counted here and becomes a reject row at load.
"""

from __future__ import annotations

import dataclasses
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from peatmoss import archive
from peatmoss.archive import Coverage, Shard
from peatmoss.errors import PeatmossError, RecordError, SourceError
from peatmoss.fetch import columns as mapping
from peatmoss.parse import hub as parse

API_FIELDS = (
    "id", "sha", "author", "createdAt", "lastModified", "private", "gated", "disabled", "downloads", "downloadsAllTime",
    "likes", "trendingScore", "pipeline_tag", "library_name", "tags", "config", "safetensors", "gguf", "cardData",
    "baseModels", "siblings", "usedStorage",
)  # fmt: skip
"""What the Hub can say of a model and a database can hold: a file that lacks some of it says so."""

FOREIGN = {"paperswithcode_id": "datasets", "citation": "datasets", "sdk": "Spaces"}
"""Fields that only other things on the Hub have."""

HUB, HUB_URL = "HuggingFace", "https://huggingface.co"

Progress = Callable[[str, int, int], None]


class Fetched(NamedTuple):
    """A shard, and whether it came in now or was there already.

    `shard.source` names the file, its size, ``missing_columns`` (fields it lacks), and how many of its lines are
    unusable (``problems``, ``first_problem``).
    """

    shard: Shard
    is_new: bool


class _Content(NamedTuple):
    """What looking through a file found."""

    records: int
    fields: set[str]
    problems: int = 0
    first_problem: str = ""


def run(
    root: Path,
    paths: Sequence[Path],
    *,
    as_of: str,
    coverage: Coverage = "filter",
    hub: str = HUB,
    hub_url: str = HUB_URL,
    columns: Path | None = None,
    readmes: Path | None = None,
    progress: Progress = lambda *_: None,
) -> list[Fetched]:
    """Take bulk files into the archive at `root`. `progress` is told (file, bytes looked through, bytes in all).

    All are looked through before the first is taken in. Raises PeatmossError if the call makes no sense, SourceError
    if a file is damaged or no such dump, or the archive cannot be written.
    """
    _check_call(paths, coverage, hub, hub_url)
    named = mapping.read(columns) if columns else None
    endings = [_ending(path) for path in paths]
    if named and not any("csv" in ending for ending in endings):
        raise PeatmossError("a column mapping is for CSV files, and there is none here: leave out --columns")
    date = archive.moment(as_of)
    todo = [("model", path, ending) for path, ending in zip(paths, endings, strict=True)]
    if readmes:
        if (ending := _ending(readmes)) not in (".jsonl", ".jsonl.gz", ".jsonl.zst"):
            raise PeatmossError(f"{readmes}: cards come as .jsonl, .jsonl.gz or .jsonl.zst")
        todo.append(("snapshot", readmes, ending))
    planned: dict[Path, tuple[Path, Fetched]] = {}
    for kind, path, ending in todo:
        label = path.name[: -len(ending)]
        target = root / kind / (archive.shard_stem(date, "hub_dump", label) + ending)
        if target in planned:
            raise PeatmossError(f"{path} and {planned[target][0]} would both be {target.name}: rename one of them")
        part_of = coverage if kind == "model" else "filter"  # a model without a card is no missing model
        digest = _sha256(path)
        blank = Shard(path, kind, "hub_dump", date, "verbatim", part_of, 0, digest, hub=hub, hub_url=hub_url)
        planned[target] = path, _plan(blank, target, ending, named, progress)
    for path, fetched in planned.values():
        if fetched.is_new:
            archive.adopt(path, fetched.shard)
    return [fetched for _, fetched in planned.values()]


def _check_call(paths: Sequence[Path], coverage: Coverage, hub: str, hub_url: str) -> None:
    if coverage == "complete" and len(paths) > 1:
        raise PeatmossError("complete means that one file lists every model: give one file, or another --coverage")
    if (hub == HUB) != (hub_url == HUB_URL):
        raise PeatmossError("another hub needs both its name and its address: --hub NAME --hub-url URL")
    if not re.fullmatch(r"https?://[^\s/]+\S*", hub_url) or not hub.strip() or not hub.isprintable():
        raise PeatmossError(
            f"no hub: {hub!r} at {hub_url!r}; give for instance --hub Example --hub-url https://hub.example"
        )


def _ending(path: Path) -> str:
    """The ending that says how to read a file, in lower case; PeatmossError if there is nothing to read."""
    try:
        facts = path.stat()
    except OSError as error:
        raise PeatmossError(f"no file at {path} ({error.strerror})") from error
    if not stat.S_ISREG(facts.st_mode):
        raise PeatmossError(f"{path} is not a file but a folder or a device")
    if not facts.st_size:
        raise SourceError(f"{path} is empty")
    found = re.fullmatch(r".+?(\.parquet|\.(?:jsonl|csv)(?:\.gz|\.zst)?)", path.name.lower(), re.DOTALL)
    if not found:
        raise PeatmossError(f"{path}: the name has to end in .parquet, .jsonl or .csv (the last two also .gz or .zst)")
    return found[1]


def _sha256(path: Path) -> str:
    try:
        return archive.sha256_file(path)
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}") from error


def _plan(blank: Shard, target: Path, ending: str, named: mapping.Columns | None, progress: Progress) -> Fetched:
    """What `blank`, a file outside the archive, will be inside it. Nothing is written yet."""
    path = blank.path
    is_csv = ".csv" in ending
    shard = dataclasses.replace(blank, path=target)
    options: dict[str, str] = {}
    if is_csv and named:
        shard, options = dataclasses.replace(shard, columns=named.columns), named.options
    if known := archive.closed(target):
        _check_same(path, shard, options, known)
        return Fetched(known, is_new=False)
    if ending == ".parquet":
        content = _scan_parquet(path)
    elif is_csv:
        content = _scan_csv(path, named, lambda done: progress(path.name, done, path.stat().st_size))
    else:
        fields_of = _model_fields if blank.kind == "model" else _card_fields
        content = _scan_jsonl(blank, fields_of, lambda done: progress(path.name, done, path.stat().st_size))
    if content.records == 0:
        raise SourceError(f"{path} is empty")
    if content.problems == content.records:
        raise SourceError(f"{path} is no dump of {blank.kind}s, no record is usable: {content.first_problem}")
    source: dict[str, Any] = {
        "name": path.name.encode("utf-8", "replace").decode(),
        "sha256": blank.sha256,
        "bytes": path.stat().st_size,
        **options,
    }
    if blank.kind == "model":
        has = parse.canonical(content.fields) | ({"trendingScore"} if "trending_score" in content.fields else set())
        if not is_csv:
            _recognise(path, has)
        source["missing_columns"] = [name for name in API_FIELDS if name not in has]
    if content.problems:
        source |= {"problems": content.problems, "first_problem": content.first_problem}
    fields = tuple(sorted(content.fields))
    return Fetched(dataclasses.replace(shard, records=content.records, fields=fields, source=source), is_new=True)


def _check_same(path: Path, wanted: Shard, options: Mapping[str, str], known: Shard) -> None:
    """The same file once more changes nothing; the same name for something else is a mistake."""
    if known.sha256 != wanted.sha256:
        raise PeatmossError(f"{known.name} holds another file than {path}: give another --as-of, or rename the file")
    said = {name: (getattr(known, name), getattr(wanted, name)) for name in ("coverage", "hub", "hub_url", "columns")}
    said["tags_separator"] = known.source.get("tags_separator"), options.get("tags_separator")
    for name, (before, now) in said.items():
        if before != now:
            raise PeatmossError(
                f"{known.name} holds this file with {name} {before!r}, not {now!r}: "
                "delete it and its .meta.json from the archive to take it in anew"
            )


def _recognise(path: Path, fields: set[str]) -> None:
    """An id alone makes no dump of models. `fields` are spelled as the API does."""
    known = fields & set(API_FIELDS) - {"id"}
    if "readme" in fields and known <= {"sha"}:
        raise SourceError(f"{path} holds cards, not models: give it with --readmes")
    if not known:
        raise SourceError(f"{path} is no dump of models: besides the id it has no field that the Hub's API has")
    foreign = sorted(fields & FOREIGN.keys())
    if foreign and not fields & {"pipeline_tag", "library_name"}:
        raise SourceError(f"{path} is no dump of models but of {FOREIGN[foreign[0]]}: it has a field {foreign[0]}")


def _scan_parquet(path: Path) -> _Content:
    try:
        scan = pl.scan_parquet(path, glob=False)
        schema = scan.collect_schema()
        ids = [name for name in schema if parse.canonical([name]) == {"id"}]
        if not ids:
            raise SourceError(f"{path} is no dump of models: no column id; it has {_some(list(schema))}")
        if schema[ids[0]] not in (pl.String, pl.Categorical, pl.Enum):
            raise SourceError(f"{path} is no dump of models: its column {ids[0]} holds {schema[ids[0]]}, not texts")
        counts = scan.select(records=pl.len(), named=pl.col(ids[0]).count()).collect(engine="streaming")
    except pl.exceptions.PolarsError as error:
        raise SourceError(f"{path} is not a whole Parquet file: {str(error).splitlines()[0]}") from error
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror or str(error).splitlines()[0]}") from error
    records, named = counts.row(0)
    return _Content(records, set(schema), records - named, "a row without an id" if records > named else "")


def _scan_csv(path: Path, named: mapping.Columns | None, progress: Callable[[int], None]) -> _Content:
    rows = archive.csv_rows(path, progress)
    header = next(rows, None)
    if header is None:
        return _Content(0, set())
    if named is None:
        raise PeatmossError(f"{path} is CSV: name its columns with --columns FILE; it has {_some(header)}")
    if absent := [name for name in named.columns.values() if name not in header]:
        raise PeatmossError(f"{path} has no column {absent[0]!r}; it has {_some(header)}")
    if twice := [name for name in header if header.count(name) > 1]:
        raise SourceError(f"{path} has two columns {twice[0]!r}")
    at = header.index(named.columns["id"])
    number = problems = 0
    first = ""
    for number, row in enumerate(rows, start=1):
        try:
            if len(row) != len(header):
                raise RecordError(f"{len(row)} columns instead of {len(header)}")
            parse.check_name(row[at])
        except RecordError as error:
            problems += 1
            first = first or f"row {number}: {error.reason}"
    return _Content(number, set(named.columns), problems, first)


def _scan_jsonl(
    blank: Shard, fields_of: Callable[[dict[str, Any]], Mapping[str, Any]], progress: Callable[[int], None]
) -> _Content:
    fields: set[str] = set()
    records = problems = 0
    first = ""
    for line in archive.lines(blank, progress):
        records += 1
        try:
            if line.record is None:
                raise RecordError(line.problem or "no record")
            fields.update(fields_of(line.record.data))
        except RecordError as error:
            problems += 1
            first = first or f"line {line.number}: {error.reason}"
    return _Content(records, fields, problems, first)


def _model_fields(data: dict[str, Any]) -> Mapping[str, Any]:
    """The upstream fields of a usable line, wrapped or not."""
    fields, _ = parse.unwrap(data)
    parse.check_name(fields.get("id"))
    inner = data.get("metadata")
    return inner if isinstance(inner, dict) else data


def _card_fields(data: dict[str, Any]) -> Mapping[str, Any]:
    name = parse.check_name(data.get("modelId") or data.get("id"))
    if "readme" not in data:
        raise RecordError("no readme", name)
    if not isinstance(data.get("sha"), str):
        raise RecordError("no revision", name)
    return data


def _some(names: Sequence[str]) -> str:
    """The first names of a list, for a message."""
    shown = [name if name.isprintable() else repr(name) for name in names[:12]]
    return ", ".join(name[:40] for name in shown) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
