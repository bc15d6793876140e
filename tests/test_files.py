"""Reading bulk files: any compression, bounded memory, damage is never taken for the end."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard

from peatmoss import files
from peatmoss.errors import SourceError

LINES = [f'{{"id": "a/{n}"}}\n'.encode() for n in range(2000)]


def packed(path: Path, content: bytes) -> Path:
    pack = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}.get(path.suffix, bytes)
    path.write_bytes(pack(content))
    return path


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz", "x.jsonl.zst"])
def test_lines_are_the_same_in_every_compression(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / name, b"".join(LINES))
    seen: list[int] = []
    assert list(files.raw_lines(path, seen.append)) == list(enumerate(LINES, start=1))
    assert seen == sorted(seen)
    assert seen[-1] == path.stat().st_size


@pytest.mark.parametrize("name", ["x.jsonl.gz", "x.jsonl.zst"])
def test_a_compressed_file_cut_anywhere_is_damaged(tmp_path: Path, name: str) -> None:
    whole = packed(tmp_path / name, b"".join(LINES)).read_bytes()
    for end in range(1, len(whole), max(1, len(whole) // 40)):
        (tmp_path / name).write_bytes(whole[:end])
        with pytest.raises(SourceError, match="is damaged"):
            list(files.raw_lines(tmp_path / name))


@pytest.mark.parametrize("name", ["x.jsonl.gz", "x.jsonl.zst"])
def test_files_glued_together_are_read_to_the_end(tmp_path: Path, name: str) -> None:
    one = packed(tmp_path / name, LINES[0]).read_bytes()
    (tmp_path / name).write_bytes(one * 3)
    assert [raw for _, raw in files.raw_lines(tmp_path / name)] == [LINES[0]] * 3
    (tmp_path / name).write_bytes(one * 3 + b"trailing rubbish")
    with pytest.raises(SourceError, match="is damaged"):
        list(files.raw_lines(tmp_path / name))


@pytest.mark.parametrize("name", ["x.jsonl.gz", "x.jsonl.zst"])
def test_a_file_with_the_wrong_ending_is_damaged(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(LINES[0])
    with pytest.raises(SourceError, match="is damaged"):
        list(files.raw_lines(tmp_path / name))


def test_blank_lines_and_the_byte_order_mark_are_no_content(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.jsonl", b"\xef\xbb\xbf{}\n\n \t\n{}")
    assert list(files.raw_lines(path)) == [(1, b"{}\n"), (4, b"{}")]


def test_a_line_beyond_the_limit_is_named_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_LINE_BYTES", 10)
    path = packed(tmp_path / "x.jsonl", b"1\n" + b"x" * 35 + b"\n3\n")
    assert list(files.raw_lines(path)) == [(1, b"1\n"), (2, None), (3, b"3\n")]


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot read .*none\.jsonl: No such file"):
        list(files.raw_lines(tmp_path / "none.jsonl"))


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz", "x.csv.zst"])
def test_csv_rows_keep_quotes_newlines_and_long_cells(tmp_path: Path, name: str) -> None:
    long = "x" * 200_000
    path = packed(tmp_path / name, f'\ufeffid,note\r\na,"one\n""two"""\r\n\r\nb,{long}\r\n'.encode())
    assert list(files.csv_rows(path)) == [["id", "note"], ["a", 'one\n"two"'], ["b", long]]


def test_a_damaged_csv_file_is_an_error(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.csv.gz", b"id\n" + b"a\n" * 1000)
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(SourceError, match="is damaged"):
        list(files.csv_rows(path))
