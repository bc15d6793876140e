"""Code of repositories becomes scans and usages: once, in order, and again without a trace."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from peatmoss import archive, load
from peatmoss.load import Loader, reuse
from peatmoss.parse.code import DETECTOR_VERSION
from tests.archives import day, put
from tests.conftest import rows

LOAD = "from transformers import AutoModel\nAutoModel.from_pretrained('{}')\n"


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(load.LOADERS, "code_file", Loader(reuse.code_batches, reuse.write_scans, lambda *_: None))


def file(repo: str, path: str, content: str | None, commit: str = "c1", **more: Any) -> dict[str, Any]:
    data = {
        "type": "file",
        "commit": commit,
        "path": path,
        "blob": str(hash(content)),
        "size": len(content or ""),
        "content": content,
    }
    return {"key": repo, "cursor": None, "data": data | more}


def scan(repo: str, commit: str = "c1", status: str = "scanned", **more: Any) -> dict[str, Any]:
    data = {
        "type": "scan",
        "host": "github.com",
        "commit": commit,
        "status": status,
        "reason": None,
        "file_count": 1,
        "size_bytes": 9,
    }
    return {"key": repo, "cursor": repo, "data": data | more}


def shard(root: Path, number: int, lines: list[Any]) -> archive.Shard:
    return put(root, "code_file", day(number), lines, layout="records", origin="git_clone")


SCANS = (
    "SELECT r.owner, r.name, r.url, s.commit_sha, s.status, s.reason, s.file_count, s.size_bytes, s.detector_version"
    " FROM repository_scan s JOIN reuse_repository r ON r.id = s.reuse_repository_id"
    " ORDER BY r.owner, r.name, s.commit_sha"
)
USAGES = (
    "SELECT r.name, s.commit_sha, u.path, u.line, u.ordinal, u.call, u.hub, u.resolved_name, u.method, u.role,"
    " u.path_class"
    " FROM usage u JOIN repository_scan s ON s.id = u.repository_scan_id JOIN reuse_repository r"
    " ON r.id = s.reuse_repository_id ORDER BY r.name, s.commit_sha, u.path, u.line, u.ordinal"
)


def test_a_repository_becomes_a_scan_with_its_usages(database: str, tmp_path: Path) -> None:
    both = "from transformers import AutoModel, AutoTokenizer\nN = 'o/m-1'\n"
    both += "AutoModel.from_pretrained(N); AutoTokenizer.from_pretrained(N)\n"
    shard(tmp_path, 1, [
        file("acme/app", "main.py", both),
        file("acme/app", "big.bin", None, skipped="too large"),
        scan("acme/app"),
        scan("acme/none", status="no_candidate"),
    ])  # fmt: skip
    (done,) = load.run(tmp_path, database)
    assert (done.records, done.rows, done.rejects) == (4, 4, 0)
    assert rows(database, SCANS) == [
        (
            "acme",
            "app",
            "https://github.com/acme/app",
            "c1",
            "scanned",
            "files left out: 1 too large",
            1,
            9,
            DETECTOR_VERSION,
        ),
        ("acme", "none", "https://github.com/acme/none", "c1", "no_candidate", None, 1, 9, DETECTOR_VERSION),
    ]
    assert rows(database, USAGES) == [
        ("app", "c1", "main.py", 2, 1, "AutoModel.from_pretrained", "hf", "o/m-1", "variable", "load", "src"),
        ("app", "c1", "main.py", 2, 2, "AutoTokenizer.from_pretrained", "hf", "o/m-1", "variable", "tokenizer", "src"),
    ]


def test_the_same_commit_scanned_again_replaces_its_usages(database: str, tmp_path: Path) -> None:
    shard(
        tmp_path, 1, [file("a/b", "x.py", LOAD.format("o/m-1")), file("a/b", "y.py", LOAD.format("o/m-2")), scan("a/b")]
    )
    load.run(tmp_path, database)
    shard(
        tmp_path,
        2,
        [
            file("a/b", "x.py", LOAD.format("o/m-3")),
            scan("a/b"),
            file("a/b", "x.py", LOAD.format("o/m-4"), "c2"),
            scan("a/b", "c2"),
        ],
    )
    load.run(tmp_path, database)
    assert [(row[1], row[2], row[7]) for row in rows(database, USAGES)] == [
        ("c1", "x.py", "o/m-3"),
        ("c2", "x.py", "o/m-4"),
    ]
    before = rows(database, "SELECT * FROM usage ORDER BY id")
    shard(tmp_path, 3, [file("a/b", "x.py", LOAD.format("o/m-3")), scan("a/b")])
    load.run(tmp_path, database)
    assert rows(database, "SELECT * FROM usage ORDER BY id") == before


def test_what_is_known_of_a_repository_stays(database: str, tmp_path: Path) -> None:
    put(
        tmp_path,
        "repo",
        day(1),
        [{"full_name": "a/b", "html_url": "https://github.com/a/b", "stargazers_count": 7}],
        origin="github_api",
    )
    shard(tmp_path, 2, [file("a/b", "x.py", LOAD.format("o/m-1")), scan("a/b")])
    load.run(tmp_path, database)
    assert rows(database, "SELECT owner, name, stars FROM reuse_repository") == [("a", "b", 7)]


def test_broken_records_become_rejects_and_harm_nothing_else(database: str, tmp_path: Path) -> None:
    lines = [
        "{",
        {"key": "a/b", "cursor": None, "data": {"type": "other"}},
        file("a/b", "x.py", "def ((", blob=None),
        file("a/b", "", "x"),
        file("a/b", "y.py", LOAD.format("o/m-1") + "\x00\x07"),
        scan("a/b", file_count=None),
        file("torn/one", "x.py", LOAD.format("o/m-2")),
        file("c/d", "x.py", LOAD.format("o/m-3")),
        scan("c/d", status="odd"),
        scan("no-name"),
        file("torn/two", "x.py", LOAD.format("o/m-4")),
    ]
    shard(tmp_path, 1, lines)
    (done,) = load.run(tmp_path, database)
    assert (done.records, done.rows, done.rejects) == (len(lines), 3, 8), "every line counts once"
    assert [row[7] for row in rows(database, USAGES)] == ["o/m-1"]
    assert [row[6] for row in rows(database, SCANS)] == [2]
    assert rows(database, "SELECT line, field, key FROM reject ORDER BY line") == [
        (1, "", None), (2, "", "a/b"), (4, "", "a/b"), (7, "", "torn/one"), (8, "", "c/d"), (9, "", "c/d"),
        (10, "", "no-name"), (11, "", "torn/two"),
    ]  # fmt: skip


def test_batches_are_bounded_and_the_same_with_an_executor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reuse, "MAX_REPOSITORIES", 2)
    lines = [line for i in range(5) for line in (file(f"a/r{i}", "x.py", LOAD.format(f"o/m-{i}")), scan(f"a/r{i}"))]
    one = shard(tmp_path, 1, lines)
    plain = list(reuse.code_batches(one))
    assert [(batch.records, batch.facts["key"].to_list()) for batch in plain] == [
        (4, ["a/r0@c1", "a/r1@c1"]), (4, ["a/r2@c1", "a/r3@c1"]), (2, ["a/r4@c1"]),
    ]  # fmt: skip
    with ThreadPoolExecutor(2) as executor:
        pooled = list(reuse.code_batches(one, executor))
    assert [batch.facts.equals(other.facts) for batch, other in zip(plain, pooled, strict=True)] == [True] * 3


def test_a_blob_is_read_once_however_many_commits_hold_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    original = reuse.code.python_source.read
    monkeypatch.setattr(reuse.code.python_source, "read", lambda text: (seen.append(text), original(text))[1])
    text = LOAD.format("o/only-in-this-test")
    lines = [line for i in range(3) for line in (file("a/b", "x.py", text, f"c{i}", blob="b1"), scan("a/b", f"c{i}"))]
    (batch,) = reuse.code_batches(shard(tmp_path, 1, lines))
    assert seen == [text]
    assert [len(found) for found in batch.facts["usages"]] == [1, 1, 1]


def test_a_repository_that_takes_too_long_fails_with_the_reason_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = reuse.code.examine
    monkeypatch.setattr(reuse, "MAX_SECONDS", 0.2)
    monkeypatch.setattr(
        reuse.code, "examine", lambda texts, keep: time.sleep(9) if "slow.py" in texts else original(texts, keep)
    )
    lines = [file("a/slow", "slow.py", "x = 1\n"), scan("a/slow")]
    lines += [file("a/b", "x.py", LOAD.format("o/m-1")), scan("a/b")]
    (batch,) = reuse.code_batches(shard(tmp_path, 1, lines))
    assert batch.facts.select("key", "status", "reason", pl.col("usages").list.len()).rows() == [
        ("a/slow@c1", "failed", "budget of time: nothing was kept", 0),
        ("a/b@c1", "scanned", None, 1),
    ]
