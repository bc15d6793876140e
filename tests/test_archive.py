"""What the archive promises: verbatim, resumable, closed or not there."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from peatmoss import archive
from peatmoss.archive import Line, Record, Shard
from peatmoss.errors import PeatmossError, SourceError

AS_OF = datetime(2022, 2, 15, tzinfo=UTC)
NAME = "20220215T000000Z.hub_api.all"
RECORDS = [
    Record("a/one", "p1", {"id": "a/one", "likes": 1}),
    Record("a/two", None, {"id": "a/two", "note": 'quote " newline \n emoji 🤗'}),
    Record("a/three", "p2", {"id": "a/three"}),
    Record("a/four", "p3", None, {"status": 404}),
    Record("a/five", None, {"id": "a/five", "sha": "0" * 40}),
]


def write_after(root: Path, cursor_of: dict[str | None, int]) -> Shard:
    with archive.append(root, "model", "hub_api", AS_OF, "all") as shard:
        for record in RECORDS[cursor_of[shard.cursor] :]:
            shard.write(record)
    return archive.shards(root)[0]


def cursors() -> dict[str | None, int]:
    """Cursor -> the record to go on with, as an upstream would know it."""
    return {None: 0} | {record.cursor: i + 1 for i, record in enumerate(RECORDS) if record.cursor}


def write_and_fail(root: Path, records: list[Record]) -> None:
    """Leave a running shard behind."""
    with contextlib.suppress(ConnectionError), archive.append(root, "model", "hub_api", AS_OF, "all") as shard:
        for record in records:
            shard.write(record)
        raise ConnectionError


def content(shard: Shard) -> list[Record | None]:
    return [line.record for line in archive.lines(shard)]


def bulk_shard(root: Path, source: Path, name: str = "20220215T000000Z.hub_dump.x.jsonl", **changes: Any) -> Shard:
    facts: dict[str, Any] = {"kind": "model", "origin": "hub_dump", "as_of": AS_OF, "layout": "verbatim"}
    facts |= {"coverage": "filter", "records": 1, "sha256": archive.sha256_file(source)} | changes
    return Shard(path=root / "model" / name, **facts)


def run_python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_finished_shard_holds_what_was_written_and_describes_it(tmp_path: Path) -> None:
    shard = write_after(tmp_path, cursors())
    assert content(shard) == RECORDS
    assert shard.name == f"model/{NAME}.jsonl.zst"
    assert (shard.records, shard.fields) == (5, ("id", "likes", "note", "sha"))
    assert shard.sha256 == archive.sha256_file(shard.path)
    assert sorted(p.name for p in shard.path.parent.iterdir()) == [f"{NAME}.jsonl.zst", f"{NAME}.jsonl.zst.meta.json"]


def test_a_shard_cut_at_any_byte_goes_on_to_the_same_records(tmp_path: Path) -> None:
    write_and_fail(tmp_path / "whole", RECORDS)
    running = (tmp_path / "whole" / "model" / f"{NAME}.part").read_bytes()
    undisturbed = write_after(tmp_path / "undisturbed", cursors())
    for end in range(len(running) + 1):
        root = tmp_path / "cut"
        (root / "model").mkdir(parents=True)
        (root / "model" / f"{NAME}.part").write_bytes(running[:end])
        shard = write_after(root, cursors())
        assert content(shard) == RECORDS, f"cut at byte {end}"
        assert (shard.records, shard.fields, shard.sha256) == (5, undisturbed.fields, undisturbed.sha256)
        shutil.rmtree(root)


@pytest.mark.parametrize("noise", [b"\0" * 100, b"[]\n", b'{"key": 1}\n', b"\xff\xfe\n", b"[" * 5000 + b"\n"])
def test_noise_at_the_end_of_a_running_shard_is_cut(tmp_path: Path, noise: bytes) -> None:
    part = tmp_path / "model" / f"{NAME}.part"
    part.parent.mkdir()
    part.write_bytes(b'{"key":"a/one","cursor":"p1","data":{"id":"a/one","likes":1}}\n' + noise)
    assert content(write_after(tmp_path, cursors())) == RECORDS


def test_a_writer_killed_by_sigkill_loses_nothing_it_flushed(tmp_path: Path) -> None:
    killed = run_python(
        "import os, signal, sys, pathlib, datetime as d\n"
        "from peatmoss import archive\n"
        "as_of = d.datetime(2022, 2, 15, tzinfo=d.UTC)\n"
        "with archive.append(pathlib.Path(sys.argv[1]), 'model', 'hub_api', as_of, 'all') as shard:\n"
        "    shard.write(archive.Record('a/one', 'p1', {'id': 'a/one', 'likes': 1}))\n"
        "    shard.flush()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n",
        tmp_path,
    )
    assert killed.returncode == -signal.SIGKILL
    assert archive.shards(tmp_path) == []
    with archive.append(tmp_path, "model", "hub_api", AS_OF, "all") as shard:
        assert (shard.cursor, shard.records) == ("p1", 1)
        for record in RECORDS[1:]:
            shard.write(record)
    assert content(archive.shards(tmp_path)[0]) == RECORDS


def test_what_orjson_cannot_write_is_kept_and_does_not_stop_a_restart(tmp_path: Path) -> None:
    odd = Record("a/odd", "p1", {"id": "a/odd", "text": "\ud800", "number": 2**70})
    write_and_fail(tmp_path, [odd])
    with archive.append(tmp_path, "model", "hub_api", AS_OF, "all") as shard:
        assert (shard.cursor, shard.records) == ("p1", 1)
        shard.write(Record("a/two", "p2", {"id": "a/two"}))
    first, second = archive.lines(archive.shards(tmp_path)[0])
    assert first.record is None
    assert "invalid JSON" in str(first.problem)
    assert second.record == Record("a/two", "p2", {"id": "a/two"})


def test_two_writers_of_one_shard_are_one_too_many(tmp_path: Path) -> None:
    with archive.append(tmp_path, "model", "hub_api", AS_OF, "all") as first:
        first.write(RECORDS[0])
        with pytest.raises(PeatmossError, match="another process is writing"):
            archive.append(tmp_path, "model", "hub_api", AS_OF, "all").__enter__()
    assert content(archive.shards(tmp_path)[0]) == RECORDS[:1]


def test_a_closed_shard_is_never_written_again(tmp_path: Path) -> None:
    shard = write_after(tmp_path, cursors())
    before = shard.path.read_bytes()
    with pytest.raises(PeatmossError, match="closed already"):
        archive.append(tmp_path, "model", "hub_api", AS_OF, "all").__enter__()
    bulk = tmp_path / "x.jsonl"
    bulk.write_text("{}\n")
    archive.adopt(bulk, bulk_shard(tmp_path, bulk))
    with pytest.raises(PeatmossError, match="closed already"):
        archive.adopt(bulk, bulk_shard(tmp_path, bulk))
    assert shard.path.read_bytes() == before
    assert len(archive.shards(tmp_path)) == 2
    assert not list(tmp_path.rglob("*.part"))


def test_an_adopted_file_is_the_same_to_the_byte(tmp_path: Path) -> None:
    bulk = tmp_path / "odd name [1] é.jsonl.gz"
    bulk.write_bytes(os.urandom(3_000_000))
    wanted = bulk_shard(tmp_path / "a" / "b", bulk, "20220215T000000Z.hub_dump.x.jsonl.gz", columns={"id": "ï"})
    assert archive.adopt(bulk, wanted) == wanted == archive.closed(wanted.path)
    assert wanted.path.read_bytes() == bulk.read_bytes()
    assert archive.shards(tmp_path / "a" / "b", "model") == [wanted]


def test_a_file_that_changes_while_it_is_adopted_is_not_taken_in(tmp_path: Path) -> None:
    bulk = tmp_path / "x.jsonl"
    bulk.write_text("{}\n")
    shard = bulk_shard(tmp_path / "archive", bulk)
    bulk.write_text("{}\n{}\n")
    with pytest.raises(SourceError, match="changed while"):
        archive.adopt(bulk, shard)
    assert list((tmp_path / "archive" / "model").iterdir()) == []
    with pytest.raises(PeatmossError, match="no file at"):
        archive.adopt(tmp_path / "none", shard)


def test_a_full_disk_is_one_line_and_leaves_no_closed_shard(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: the same error of the same system call."""
    bulk = tmp_path / "x.jsonl"
    bulk.write_bytes(os.urandom(200_000))
    code = (
        "import pathlib, resource, sys, datetime as d\n"
        "from peatmoss import archive\n"
        "from peatmoss.errors import SourceError\n"
        "root, bulk, what = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]\n"
        "as_of = d.datetime(2022, 2, 15, tzinfo=d.UTC)\n"
        "path = root / 'model' / '20220215T000000Z.hub_dump.x.jsonl'\n"
        "shard = archive.Shard(path, 'model', 'hub_dump', as_of, 'verbatim', 'filter', 1, archive.sha256_file(bulk))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try:\n"
        "    if what == 'adopt':\n"
        "        archive.adopt(bulk, shard)\n"
        "    with archive.append(root, 'model', 'hub_api', as_of, 'all') as running:\n"
        "        running.write(archive.Record('a', 'p1', {'id': 'a'}))\n"
        "        running.flush()\n"
        "        running.write(archive.Record('b', 'p2', {'text': 'x' * 200_000}))\n"
        "except SourceError as error:\n"
        "    print(error)\n"
    )
    for what in ("adopt", "append"):
        result = run_python(code, tmp_path / "archive", bulk, what)
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout.startswith("cannot write ")
        assert result.stdout.endswith(": File too large\n")
        assert archive.shards(tmp_path / "archive") == []
    assert [p.name for p in (tmp_path / "archive" / "model").iterdir()] == [f"{NAME}.part"]
    with archive.append(tmp_path / "archive", "model", "hub_api", AS_OF, "all") as shard:
        assert (shard.cursor, shard.records) == ("p1", 1)


def test_an_archive_that_cannot_be_a_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SourceError, match=r"cannot write .*Not a directory"):
        archive.append(tmp_path / "file", "model", "hub_api", AS_OF, "all").__enter__()
    with pytest.raises(PeatmossError, match="no archive at"):
        archive.shards(tmp_path / "file")


def test_shards_come_in_the_order_of_truth(tmp_path: Path) -> None:
    for day in (3, 1, 2):
        with archive.append(tmp_path, "model", "hub_api", datetime(2024, 1, day, tzinfo=UTC), "x") as shard:
            shard.write(RECORDS[0])
    (tmp_path / "model" / "._20240101T000000Z.hub_api.x.jsonl.zst.meta.json").write_bytes(b"\0 of a Mac")
    (tmp_path / "model" / "20240104T000000Z.hub_api.x.part").write_text("running")
    assert [shard.as_of.day for shard in archive.shards(tmp_path)] == [1, 2, 3]
    assert archive.shards(tmp_path, "repo") == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"as_of": "yesterday"}, "no date"),
        ({"as_of": 7}, "must be str"),
        ({"as_of": "2023-02-15"}, "wrong as_of or origin"),
        ({"origin": "../x"}, "wrong as_of or origin"),
        ({"path": "/etc/passwd"}, "multiple values"),
        ({"colour": "red"}, "colour"),
        ({"layout": "poem"}, "wrong layout"),
        ({"coverage": None}, "wrong coverage"),
        ({"records": -1}, "wrong records"),
        ({"records": True}, "wrong records"),
        ({"sha256": "abc"}, "wrong sha256"),
        ({"sha256": 12}, "expected string"),
        ({"kind": "repo"}, "wrong kind"),
        ({"columns": []}, "no attribute"),
        ({"columns": {"id": 3}}, "wrong texts"),
        ({"fields": [1]}, "wrong texts"),
        ({"fields": 1}, "not iterable"),
        ({"source": "x"}, "wrong source"),
        ({"hub": {}}, "wrong texts"),
    ],
)
def test_a_hostile_description_is_one_clear_error(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    shard = write_after(tmp_path, cursors())
    path = shard.path.with_name(shard.path.name + ".meta.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(SourceError, match=f"not a shard description.*{reason}"):
        archive.shards(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"as_of": "2022-02-15"}', "[" * 100_000, '"\\ud800"'])
def test_a_description_that_is_none_is_one_clear_error(tmp_path: Path, text: str) -> None:
    shard = write_after(tmp_path, cursors())
    shard.path.with_name(shard.path.name + ".meta.json").write_text(text)
    with pytest.raises(SourceError, match="not a shard description"):
        archive.shards(tmp_path)


def test_a_description_without_its_file_is_an_error(tmp_path: Path) -> None:
    write_after(tmp_path, cursors()).path.unlink()
    with pytest.raises(SourceError, match=f"describes {NAME}.jsonl.zst, which is missing"):
        archive.shards(tmp_path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("x.jsonl.gz", "jsonl"), ("x.csv", "csv"), ("gz.parquet", "parquet"), ("v1-csv.jsonl.zst", "jsonl")],
)
def test_the_format_is_the_last_ending_that_is_no_compression(tmp_path: Path, name: str, expected: str) -> None:
    bulk = tmp_path / "bulk"
    bulk.write_text("x")
    assert bulk_shard(tmp_path, bulk, f"20220215T000000Z.hub_dump.{name}").format == expected


def test_lines_tell_why_there_is_no_record(tmp_path: Path) -> None:
    path = tmp_path / "model" / "20220215T000000Z.hub_dump.x.jsonl"
    path.parent.mkdir()
    path.write_text('{"id": 1}\n\n{"id"\n[1]\n{"key": 3}\n')
    shard = bulk_shard(tmp_path, path)
    found = list(archive.lines(shard))
    assert found[0] == Line(1, 10, Record("", None, {"id": 1}))
    assert [(line.number, (line.problem or "")[:24]) for line in found[1:]] == [
        (3, "invalid JSON: unexpected"),
        (4, "not a JSON object but li"),
        (5, ""),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-02-15", datetime(2022, 2, 15, tzinfo=UTC)),
        ("2022-02-15T08:30:00.9Z", datetime(2022, 2, 15, 8, 30, tzinfo=UTC)),
        ("2022-02-15 01:00+02:00", datetime(2022, 2, 14, 23, tzinfo=UTC)),
    ],
)
def test_a_moment_is_utc_in_whole_seconds(text: str, expected: datetime) -> None:
    assert archive.moment(text) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "2022-02-30", "0222-02-15", "2202-02-15", "0001-01-01T00:00+23:00"])
def test_a_moment_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(PeatmossError, match="no date"):
        archive.moment(text)


def test_labels_become_safe_file_names() -> None:
    assert archive.shard_stem(AS_OF, "hub_dump", "../a b\n[*].gz") == "20220215T000000Z.hub_dump.a-b-gz"
    assert archive.shard_stem(AS_OF, "hub_dump", "é" * 300) == "20220215T000000Z.hub_dump.shard"


def test_leftovers_of_a_killed_closing_are_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    bulk = tmp_path / "x.jsonl"
    bulk.write_text("{}\n")
    wanted = bulk_shard(tmp_path, bulk)
    for rest in (NAME + ".jsonl.zst", NAME + ".jsonl.zst.part", NAME + ".jsonl.zst.meta.json.part"):
        (folder / rest).write_text("half")
    for rest in ("", ".part", ".meta.json.part"):
        (folder / (wanted.path.name + rest)).write_text("half")
    assert archive.adopt(bulk, wanted) == wanted
    assert content(write_after(tmp_path, cursors())) == RECORDS
    assert sorted(p.name for p in folder.iterdir()) == sorted(
        name + end for name in (f"{NAME}.jsonl.zst", wanted.path.name) for end in ("", ".meta.json")
    )
