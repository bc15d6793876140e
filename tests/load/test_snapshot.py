"""Snapshots become rows: files, texts, headers, and why something was not read; on both databases, in any order."""

import json
from pathlib import Path
from typing import Any

import pytest

from peatmoss import load
from peatmoss.load import snapshot as loader
from tests.archives import day, put
from tests.conftest import rows

SHA = "a" * 40
HEADER = {
    "format": "safetensors",
    "metadata": {"format": "pt"},
    "tensors": {f"layers.{n}.w": {"dtype": "BF16", "shape": [4, 4]} for n in range(3)}
    | {"head": {"dtype": "F32", "shape": [2]}},
    "header_bytes": 300,
}
FULL: dict[str, Any] = {
    "modelId": "acme/base",
    "sha": SHA,
    "readme": "# Base\n",
    "files": [
        {"type": "file", "path": "LICENSE", "size": 3, "oid": "1" * 40},
        {"type": "file", "path": "config.json", "size": 20, "oid": "2" * 40},
        {"type": "file", "path": "model.bin", "size": 9, "oid": "3" * 40, "lfs": {"oid": "4" * 64, "size": 9}},
        {"type": "file", "path": "model.safetensors", "size": 400, "oid": "5" * 40, "lfs": {"oid": "6" * 64}},
    ],
    "contents": {
        "LICENSE": "MIT", "config.json": '{"a": NaN, "b": [1]}', "bad.json": "{", "sub/NOTICE.txt": "by\0us",
        "model.safetensors.index.json": "{}", "notes.yaml": "a: 1",
    },
    "headers": {"model.safetensors": HEADER},
    "skipped": {"model.bin": "pickle: never opened"},
}  # fmt: skip


def record(data: Any, key: str = "acme/base", **more: Any) -> dict[str, Any]:
    return {"key": key, "cursor": ".", "data": data, **more}


def put_snapshots(root: Path, number: int, *records: Any) -> None:
    put(root, "snapshot", day(number), list(records), layout="records", origin="hub_api")


def test_a_snapshot_becomes_rows_of_everything_it_holds(database: str, tmp_path: Path) -> None:
    put_snapshots(tmp_path, 1, record(FULL))
    load.run(tmp_path, database)
    assert rows(database, "SELECT path, size_bytes, git_sha, lfs_sha256, skipped FROM snapshot_file ORDER BY path") == [
        ("LICENSE", 3, "1" * 40, None, None), ("config.json", 20, "2" * 40, None, None),
        ("model.bin", 9, "3" * 40, "4" * 64, "pickle: never opened"),
        ("model.safetensors", 400, "5" * 40, "6" * 64, None),
    ]  # fmt: skip
    assert rows(database, "SELECT path, content, status FROM config_file ORDER BY path") == [
        ("bad.json", None, "broken"), ("config.json", '{"a":null,"b":[1]}', "ok"),
    ]  # fmt: skip
    assert rows(database, "SELECT path, content, size_bytes FROM license_text ORDER BY path") == [
        ("LICENSE", "MIT", 3), ("sub/NOTICE.txt", "by\ufffdus", 7),
    ]  # fmt: skip
    (header,) = rows(
        database,
        "SELECT path, format, tensor_count, parameter_count, header_bytes, metadata, tensors FROM tensor_header",
    )
    assert header[:6] == ("model.safetensors", "safetensors", 4, 50, 300, '{"format": "pt"}')
    assert json.loads(header[6]) == [["head", "F32", [2]], ["layers.*.w", "BF16", [4, 4], "0-2"]]
    assert rows(database, "SELECT path, dtype, tensor_count, parameter_count FROM tensor_summary ORDER BY dtype") == [
        ("model.safetensors", "BF16", 3, 48), ("model.safetensors", "F32", 1, 2),
    ]  # fmt: skip
    assert rows(database, "SELECT body FROM card") == [("# Base\n",)]
    assert rows(database, "SELECT field, reason FROM reject") == []


def test_the_same_again_and_a_bare_record_change_nothing(database: str, tmp_path: Path) -> None:
    partial = {"modelId": "acme/part", "sha": SHA, "skipped": {"*": "gated"}}
    put_snapshots(tmp_path, 1, record(FULL), record(partial, "acme/part"))
    load.run(tmp_path, database)
    tables = ("snapshot", "snapshot_file", "config_file", "license_text", "tensor_header", "tensor_summary", "card")
    before = [rows(database, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]
    bare = [record({"modelId": name, "sha": SHA}, name) for name in ("acme/base", "acme/part")]
    put_snapshots(tmp_path, 2, *bare)
    put_snapshots(tmp_path, 3, record(FULL))
    load.run(tmp_path, database)
    assert [rows(database, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables] == before
    assert rows(database, "SELECT skipped FROM snapshot ORDER BY model_id") == [(None,), ("gated",)]


def test_a_listing_with_names_leaves_the_details_of_a_snapshot(database: str, tmp_path: Path) -> None:
    put_snapshots(tmp_path, 1, record(FULL))
    load.run(tmp_path, database)
    before = rows(database, "SELECT * FROM snapshot_file ORDER BY path")
    listed = {"id": "acme/base", "sha": SHA, "tags": [], "siblings": [{"rfilename": "LICENSE"}]}
    put(tmp_path, "model", day(2), [listed])
    load.run(tmp_path, database)
    assert rows(database, "SELECT * FROM snapshot_file ORDER BY path") == before


def test_what_cannot_be_true_is_rejected_part_by_part(database: str, tmp_path: Path) -> None:
    wrong = {
        "modelId": "acme/wrong", "sha": SHA,
        "files": [{"path": "ok.txt", "size": 1}, {"size": 2}, {"path": "neg", "size": -1}, 7],
        "headers": {"x.gguf": {"format": "gguf", "tensors": {"t": {"dtype": "F32", "shape": [-1]}}, "header_bytes": 9}},
        "contents": {"config.json": 5},
    }  # fmt: skip
    put_snapshots(
        tmp_path, 1, record(wrong, "acme/wrong"), record({"modelId": "acme/none"}, "acme/none"), record([], "acme/list")
    )
    load.run(tmp_path, database)
    assert rows(database, "SELECT path FROM snapshot_file") == [("ok.txt",)]
    assert rows(database, "SELECT COUNT(*) FROM tensor_header") == [(0,)]
    found = rows(database, "SELECT line, field, reason FROM reject ORDER BY line, field, reason")
    assert [(line, field) for line, field, _ in found] == [(1, "files"), (1, "headers"), (2, ""), (3, "")]
    assert found[0][2] == "not understood: KeyError 'path' (and 2 more)"
    assert found[1][2] == "tensor 't' has an impossible shape"


def test_a_model_that_is_gone_or_moved_is_marked_and_one_not_answered_is_not(database: str, tmp_path: Path) -> None:
    put_snapshots(
        tmp_path, 1, record(FULL),
        record(None, "acme/gone", gone={"status": 404}), record(None, "acme/ill", gone={"status": 503}),
        record(None, "acme/old", gone={"status": 307, "moved_to": "acme/base"}),
    )  # fmt: skip
    load.run(tmp_path, database)
    assert rows(database, "SELECT context_id, gone_reason FROM model ORDER BY context_id") == [
        ("acme/base", None), ("acme/gone", "404"), ("acme/old", "renamed"),
    ]  # fmt: skip
    assert rows(database, "SELECT old_name, new_name FROM model_rename") == [("acme/old", "acme/base")]
    assert rows(database, "SELECT reason FROM reject") == [("nothing known of it: the hub answered 503",)]


def test_a_very_long_header_keeps_its_counts(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("peatmoss.parse.snapshot.MAX_FOLDED", 20)
    monkeypatch.setattr(loader, "MAX_RECORDS", 1)
    put_snapshots(tmp_path, 1, record(FULL))
    load.run(tmp_path, database)
    assert rows(database, "SELECT tensor_count, parameter_count, tensors FROM tensor_header") == [(4, 50, None)]


def test_a_license_of_the_card_counts_where_no_tag_states_one(database: str, tmp_path: Path) -> None:
    models = [
        {"id": "a/tagged", "tags": ["license:mit"], "cardData": {"license": "mit"}},
        {"id": "a/carded", "tags": ["vision"], "cardData": {"license": "bsd-3-clause"}},
        {"id": "a/silent", "tags": []},
    ]
    put(tmp_path, "model", day(1), models)
    load.run(tmp_path, database)
    assert rows(
        database,
        "SELECT m.context_id, l.name FROM model_to_license x JOIN model m ON m.id = x.model_id"
        " JOIN license l ON l.id = x.license_id ORDER BY 1",
    ) == [("a/carded", "bsd-3-clause"), ("a/tagged", "mit")]
    assert rows(database, "SELECT license FROM model_observation ORDER BY model_id") == [
        ("bsd-3-clause",),
        ("",),
        ("mit",),
    ]
