"""Snapshots from a loopback Hub: which models, what of them, and what is left out with which reason."""

import hashlib
import json
import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from peatmoss import archive
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.fetch import hub_snapshot
from peatmoss.fetch.hub_api import Selection
from peatmoss.fetch.hub_http import Hub
from peatmoss.fetch.hub_popular import listings, popular, run, snapshots
from peatmoss.fetch.hub_snapshot import text_limit
from tests.archives import day, put
from tests.parse.test_header import PAIRS, TENSORS, gguf_file, head, string
from tests.servers.hub import Content, Faults, Server, _Answer, serving

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
OLD, NEW = "a" * 40, "b" * 40
TENSOR = {"w": {"dtype": "F16", "shape": [8], "data_offsets": [0, 16]}}
ONE = head(TENSOR) + bytes(16)
LONG = head({f"layer.{n}.w": {"dtype": "F16", "shape": [0], "data_offsets": [0, 0]} for n in range(3000)})
SHARD = "model-{}-of-00002.safetensors"
VOCABULARY = string(b"many") + struct.pack("<IIQ", 9, 8, 60_000) + string(b"word") * 60_000
GGUF = gguf_file([VOCABULARY, *PAIRS], TENSORS)
TEXT: dict[str, bytes] = {
    "README.md": b"---\nlicense: mit\n---\n# Model\n", "config.json": b'{"model_type": "bert"}', "LICENSE": b"MIT",
    "sub/config.json": b"{}", "vocab.txt": b"a\nb\n", "pytorch_model.bin": b"\x80\x04pickle",
}  # fmt: skip
CONTENT = Content(
    models=[
        {"id": "o/text", "sha": NEW, "downloads": 900, "lastModified": "2026-11-01T00:00:00.000Z"},
        {"id": "o/one", "sha": NEW, "downloads": 300},
        {"id": "o/shards", "sha": NEW, "downloads": 200},
        {"id": "o/gguf", "sha": NEW, "downloads": 100},
        {"id": "o/gated", "sha": NEW, "downloads": 60},
        {"id": "o/at-threshold", "sha": NEW, "downloads": 50},
        {"id": "o/rare", "sha": NEW, "downloads": 1},
    ],
    files={
        "o/text": TEXT,
        "o/one": {"model.safetensors": ONE, "long.safetensors": LONG, "bad.safetensors": b"no header at all" * 9,
                  "short.gguf": b"GGUF"},
        "o/shards": {SHARD.format("00001"): ONE, SHARD.format("00002"): ONE,
                     "model.safetensors.index.json": json.dumps({"weight_map": {"w": SHARD.format("00001")}}).encode()},
        "o/gguf": {"model-Q4_K.gguf": GGUF + bytes(500_000)},
        "o/gated": {"README.md": b"x"},
        "o/at-threshold": {}, "o/rare": {},
    },
    headers={"o/shards": {"index": {}, "headers": {SHARD.format(n): TENSOR for n in ("00001", "00002", "00009")}}},
    lfs=frozenset({"o/one/model.safetensors", "o/gguf/model-Q4_K.gguf", "o/text/pytorch_model.bin"}),
    moved={"old/name": "o/one"},
    gated=frozenset({"o/gated"}),
    page=3,
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(CONTENT) as server:
        yield server


def data(shard: archive.Shard) -> dict[str, Any]:
    return {line.record.key: line.record.data or line.record.gone for line in archive.lines(shard) if line.record}


def test_a_text_snapshot_holds_card_texts_and_tree_and_never_opens_a_pickle(server: Server) -> None:
    hub = Hub(server.url)
    found = hub_snapshot.snapshot(hub, "o/text", NEW)
    assert found["readme"] == "---\nlicense: mit\n---\n# Model\n"
    assert found["contents"] == {"LICENSE": "MIT", "config.json": '{"model_type": "bert"}', "sub/config.json": "{}"}
    assert [(file["path"], file["size"]) for file in found["files"]] == sorted(
        (path, len(raw)) for path, raw in TEXT.items()
    )
    lfs = {file["path"]: file["lfs"]["oid"] for file in found["files"] if "lfs" in file}
    assert lfs == {"pytorch_model.bin": hashlib.sha256(TEXT["pytorch_model.bin"]).hexdigest()}
    assert found["skipped"] == {"pytorch_model.bin": "pickle: never opened"}
    assert server.asked("pytorch_model.bin") == 0
    assert hub.requests == 2 + 4, "two pages of the tree, four texts"


def test_heads_of_weights_are_read_without_the_weights(server: Server) -> None:
    found = hub_snapshot.snapshot(Hub(server.url), "o/one", NEW)
    assert sorted(found["headers"]) == ["long.safetensors", "model.safetensors"]
    assert found["headers"]["model.safetensors"]["tensors"] == {"w": {"dtype": "F16", "shape": [8]}}
    assert len(found["headers"]["long.safetensors"]["tensors"]) == 3000
    assert server.asked("long.safetensors") == 2, "the first 100 kB, and what was missing"
    assert found["skipped"]["short.gguf"] == "a GGUF file has at least 24 bytes, this one 4"
    assert found["skipped"]["bad.safetensors"].startswith("header of ")


def test_all_shards_are_told_by_one_call_and_what_does_not_fit_is_read_itself(server: Server) -> None:
    found = hub_snapshot.snapshot(Hub(server.url), "o/shards", NEW)
    assert sorted(found["headers"]) == [SHARD.format("00001"), SHARD.format("00002")]
    assert found["headers"][SHARD.format("00001")]["header_bytes"] == len(ONE) - 16
    assert server.asked("safetensors-metadata") == 1
    assert server.asked("of-00002.safetensors") == 0
    stale = replace(CONTENT, headers={"o/shards": {"headers": {SHARD.format("00001"): {"w": {"dtype": "F16"}}}}})
    with serving(stale) as other:
        again = hub_snapshot.snapshot(Hub(other.url), "o/shards", NEW)
        assert other.asked("of-00002.safetensors") == 2
    assert again["headers"] == found["headers"]


def test_a_gguf_head_is_read_step_by_step_until_it_is_whole(server: Server) -> None:
    hub = Hub(server.url)
    found = hub_snapshot.snapshot(hub, "o/gguf", NEW)
    header = found["headers"]["model-Q4_K.gguf"]
    assert (header["header_bytes"], sorted(header["tensors"])) == (
        len(GGUF), ["blk.0.attn_norm.weight", "token_embd.weight"],
    )  # fmt: skip
    assert hub.bytes_read < 2 * len(GGUF)
    assert 2 <= server.asked("/cdn/") <= 5


def test_what_is_too_large_too_many_or_binary_is_named_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "README.md": b"x" * (4 * 2**20 + 1), "config.json": b"\0\1", "LICENSE": b"a", "NOTICE": b"b",
        "a.safetensors": ONE, "b.safetensors": ONE,
    }  # fmt: skip
    monkeypatch.setattr(hub_snapshot, "MAX_TEXTS", 3)
    monkeypatch.setattr(hub_snapshot, "MAX_HEADERS", 1)
    with serving(Content(models=[{"id": "o/m", "sha": NEW}], files={"o/m": files})) as server:
        found = hub_snapshot.snapshot(Hub(server.url), "o/m", NEW)
        assert found["skipped"] == {
            "README.md": "4194305 bytes (more than 4194304)", "config.json": "more than 3 texts",
            "b.safetensors": "more weight files than are read",
        }  # fmt: skip
        assert (found["readme"], found["contents"]) == (None, {"LICENSE": "a", "NOTICE": "b"})
        monkeypatch.setattr(hub_snapshot, "MAX_TEXTS", 9)
        found = hub_snapshot.snapshot(Hub(server.url), "o/m", NEW)
        assert found["skipped"]["config.json"] == "binary"
        monkeypatch.setattr(hub_snapshot, "MAX_FILES", 4)
        found = hub_snapshot.snapshot(Hub(server.url), "o/m", NEW)
        assert (found["skipped"]["*"], len(found["files"])) == ("more than 4 files", 4)


@pytest.mark.parametrize(
    ("path", "is_read"),
    [
        ("README.md", True), ("readme.md", True), ("docs/README.md", False), ("config.json", True),
        ("unet/config.json", True), ("a/b/config.json", True), ("a/b/c/config.json", False),
        ("adapter_config.json", True),
        ("scheduler/scheduler_config.json", True), ("generation_config.json", True), ("model_index.json", True),
        ("quantize_config.json", True), ("tokenizer_config.json", True), ("tokenizer.json", False),
        ("preprocessor_config.json", True), ("model.safetensors.index.json", True), ("LICENSE", True),
        ("LICENCE.txt", True), ("LICENSE-MODEL", True), ("NOTICE", True), ("USE_POLICY.md", True),
        ("Licensed.py", False), ("notice_board.py.bak/x", False), ("model.safetensors", False), ("data.json", False),
    ],
)  # fmt: skip
def test_which_files_are_read_as_text(path: str, is_read: bool) -> None:
    assert (text_limit(path) is not None) == is_read


def test_popular_models_are_collected_strictly_over_the_threshold(server: Server, tmp_path: Path) -> None:
    done = run(tmp_path, hub=Hub(server.url), now=NOW)
    assert sorted(data(done.shard)) == ["o/gated", "o/gguf", "o/one", "o/shards", "o/text"]
    assert data(done.shard)["o/gated"] == {"modelId": "o/gated", "sha": NEW, "skipped": {"*": "gated"}}
    assert done.shard.source["request"] == {"downloads_over": 50}
    assert done.shard.source["listing"] == "live"


def test_only_changed_revisions_are_collected_again(tmp_path: Path) -> None:
    with serving(CONTENT) as server:
        run(tmp_path, Selection(downloads_over=150), hub=Hub(server.url), now=NOW)
    assert snapshots(tmp_path, "text") == {"o/text": NEW, "o/one": NEW, "o/shards": NEW}
    changed = replace(CONTENT, models=[m | {"sha": OLD} if m["id"] == "o/one" else m for m in CONTENT.models])
    with serving(changed) as server:
        later = run(tmp_path, Selection(downloads_over=150), hub=Hub(server.url), now=NOW.replace(hour=13))
        assert server.asked("/o/text/") == 0
    assert (list(data(later.shard)), later.shard.source["unchanged"]) == (["o/one"], 2)
    with serving(changed) as server:  # by name nothing is known of the revision: it is asked for, and is the same
        keys = Selection(keys=("o/one", "old/name", "o/none"))
        named = run(tmp_path, keys, hub=Hub(server.url), now=NOW.replace(hour=14))
        assert server.asked("/tree/") == 0
    assert data(named.shard) == {
        "o/none": {"status": 401}, "o/one": {"modelId": "o/one", "sha": OLD},
        "old/name": {"status": 307, "moved_to": "o/one"},
    }  # fmt: skip


def test_the_newest_listing_of_the_archive_says_what_is_popular(server: Server, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [{"id": "o/one", "downloads": 900, "sha": OLD}], coverage="complete", label="early")
    rows = [
        {"id": "o/text", "downloads": 51, "sha": NEW}, {"id": "o/rare", "downloads": 50, "sha": NEW},
        {"id": "o/gguf", "downloads": "many", "sha": "not a hash"}, {"id": 7, "downloads": 70},
        {"id": "o/shards", "downloads": 99, "sha": OLD}, "not json",
    ]  # fmt: skip
    put(tmp_path, "model", day(2), rows, coverage="complete", label="whole")
    gone = {"key": "o/shards", "cursor": None, "data": None, "gone": {"status": 404}}
    put(tmp_path, "model", day(3), [gone], layout="records", fields={"downloads", "id"}, label="gone")
    put(tmp_path, "model", day(4), [{"id": "o/text", "likes": 3}], label="says-no-downloads")
    shards = listings(tmp_path)
    assert [shard.as_of for shard in shards] == [day(2), day(3)]
    assert popular(shards, 50) == {"o/text": (51, NEW)}
    done = run(tmp_path, hub=Hub(server.url), now=NOW)
    assert (list(data(done.shard)), done.shard.source["listing"]) == (["o/text"], shards[-1].name)
    assert server.asked("/api/models?") == 0


def test_a_listing_whose_revision_is_gone_is_put_right(server: Server, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [{"id": "o/text", "downloads": 99, "sha": OLD, "tags": []}], label="old")
    done = run(tmp_path, hub=Hub(server.url), now=NOW)
    found = data(done.shard)["o/text"]
    assert (found["sha"], found["lastModified"]) == (NEW, "2026-11-01T00:00:00.000Z")


class Broken(dict[str, bytes]):
    """Files of which the server cannot give one."""

    def get(self, path: str, default: Any = None) -> Any:
        if path == "LICENSE":
            raise _Answer(503, b"try again")
        return super().get(path, default)


def test_what_the_host_failed_to_give_is_tried_again_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("peatmoss.fetch.hub_http._backoff", lambda _: 0.0)
    selection = Selection(downloads_over=300)
    with serving(replace(CONTENT, files={"o/text": Broken(TEXT)})) as server:
        first = run(tmp_path, selection, hub=Hub(server.url), now=NOW)
    found = data(first.shard)["o/text"]
    assert (found["incomplete"], found["skipped"]["LICENSE"]) == (True, "HTTP 503")
    assert "config.json" in found["contents"]
    assert snapshots(tmp_path, "text") == {}
    with serving(CONTENT) as server:
        again = run(tmp_path, selection, hub=Hub(server.url), now=NOW.replace(hour=13))
    assert data(again.shard)["o/text"]["contents"]["LICENSE"] == "MIT"
    assert snapshots(tmp_path, "text") == {"o/text": NEW}


def test_whole_repositories_go_to_a_store_by_hash_each_file_once(server: Server, tmp_path: Path) -> None:
    store, keys = tmp_path / "store", Selection(keys=("o/shards", "o/text"))
    with pytest.raises(PeatmossError, match="--store DIR"):
        run(tmp_path / "archive", keys, contents="all", hub=Hub(server.url))
    run(tmp_path / "archive", keys, hub=Hub(server.url), now=NOW)
    done = run(tmp_path / "archive", keys, contents="all", store=store, hub=Hub(server.url), now=NOW.replace(hour=13))
    found = data(done.shard)
    expected = {path: hashlib.sha256(raw).hexdigest() for path, raw in TEXT.items()}
    assert found["o/text"]["stored"] == expected
    assert found["o/text"]["skipped"] == {}
    names = {path.name for path in store.rglob("*") if path.is_file()}
    assert names == {
        hashlib.sha256(raw).hexdigest() for files in ("o/text", "o/shards") for raw in CONTENT.files[files].values()
    }
    for path in store.rglob("*"):
        assert path.is_dir() or hashlib.sha256(path.read_bytes()).hexdigest() == path.name
    before = server.asked("pytorch_model.bin")
    assert before == 2, "the redirect and the file"
    again = run(tmp_path / "archive", keys, contents="all", store=store, hub=Hub(server.url), now=NOW.replace(hour=14))
    assert data(again.shard)["o/text"] == {"modelId": "o/text", "sha": NEW}
    assert server.asked("pytorch_model.bin") == before


def test_with_faults_and_kills_the_archive_holds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("peatmoss.fetch.hub_http._backoff", lambda _: 0.0)
    with serving(CONTENT) as server:
        calm = run(tmp_path / "calm", hub=Hub(server.url), now=NOW)
    with serving(CONTENT, Faults(rate=0.1, kinds=("500", "502", "504", "cut"))) as server:
        for stops_after in (1, 2, 3, 99):
            seen = 0

            def stop(name: str, done: int, _: int, limit: int = stops_after) -> None:
                nonlocal seen
                seen = max(seen, done if name == "snapshot" else 0)
                if seen >= limit:
                    raise KeyboardInterrupt

            try:
                stormy = run(tmp_path / "stormy", hub=Hub(server.url), now=NOW, jobs=3, progress=stop)
            except (KeyboardInterrupt, SourceError):
                continue
            break  # a fast machine may be done before anybody stops it
    assert stormy.shard.sha256 == calm.shard.sha256
