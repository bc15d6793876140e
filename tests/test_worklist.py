"""Worklists hold what the database lacks, the most downloaded first; a plan counts them at the Hub's limits."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from peatmoss import load, worklist
from peatmoss.cli import app
from tests.archives import day, put

A, B = "a" * 40, "b" * 40


@pytest.fixture
def collected(database: str, tmp_path: Path) -> str:
    files = [{"rfilename": "README.md", "size": 500}, {"rfilename": "model.safetensors", "size": 10**9}]
    put(tmp_path, "model", day(1), [
        model("a/all", 50, usedStorage=9, siblings=files), model("b/none", 70), model("c/some", 60, usedStorage=5),
        model("d/few", 3), {"id": "e/bare", "tags": []},
    ])  # fmt: skip
    put(tmp_path, "model", day(2), [{"key": "z/gone", "cursor": None, "data": None, "gone": {"status": 404}}],
        layout="records")  # fmt: skip
    commits = [{"id": A, "title": "", "date": "2026-01-01T00:00:00.000Z", "authors": []}]
    put(tmp_path, "hub_commit", day(2), [{"modelId": "a/all", "commits": commits}])
    old = [{"id": B, "title": "", "date": "2025-01-01T00:00:00.000Z", "authors": []}]
    put(tmp_path, "hub_commit", day(3), [{"modelId": "c/some", "commits": old}])
    main = [{"name": "main", "ref": "refs/heads/main", "targetCommit": A}]
    put(tmp_path, "hub_ref", day(2), [{"modelId": "a/all", "branches": main}])
    put(tmp_path, "hub_ref", day(3), [{"modelId": "c/some", "branches": [main[0] | {"targetCommit": B}]}])
    put(tmp_path, "discussion", day(2), [{"modelId": "a/all", "discussions": [{"num": 1}]}])
    put(tmp_path, "dataset", day(2), [{"id": "squad", "downloads": 5}])
    load.run(tmp_path, database)
    return database


def model(name: str, downloads: int, **more: Any) -> dict[str, Any]:
    tags = ["dataset:squad", "dataset:xnli", "dataset:a b c"] + (["dataset:glue"] if downloads > 55 else [])
    return {
        "id": name,
        "sha": A,
        "downloads": downloads,
        "tags": tags,
        "lastModified": "2026-01-01T00:00:00.000Z",
    } | more


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("model", ["b/none", "d/few", "e/bare"]),
        ("snapshot", ["b/none", "c/some", "d/few", "e/bare"]),
        ("hub_commit", ["b/none", "c/some", "d/few", "e/bare"]),
        ("hub_ref", ["b/none", "c/some", "d/few", "e/bare"]),
        ("discussion", ["b/none", "c/some", "d/few", "e/bare"]),
        ("dataset", ["xnli", "glue"]),
    ],
)
def test_a_worklist_holds_what_is_lacking(collected: str, kind: str, names: list[str]) -> None:
    assert worklist.keys(collected, kind) == names
    assert worklist.keys(collected, kind, limit=1) == names[:1]
    if kind != "dataset":
        assert worklist.keys(collected, kind, downloads_over=3) == [n for n in names if n[0] in "bc"]
        assert worklist.keys(collected, kind, everything=True) == ["b/none", "c/some", "a/all", "d/few", "e/bare"]


def test_a_plan_counts_calls_bytes_and_hours(collected: str) -> None:
    costs = {cost.kind: cost for cost in worklist.plan(collected, everything=True)}
    assert list(costs) == ["listing", *worklist.KINDS]
    assert {kind: (cost.keys, cost.api_calls) for kind, cost in costs.items()} == {
        "listing": (5, 1), "model": (5, 5), "snapshot": (5, 10), "hub_commit": (5, 5), "hub_ref": (5, 5),
        "discussion": (5, 6), "dataset": (3, 3),
    }  # fmt: skip
    snapshot = costs["snapshot"]
    assert snapshot.file_calls == 1 + 4 * worklist.UNKNOWN_FILES
    assert snapshot.bytes == 500 + 4 * worklist.UNKNOWN_FILES * worklist.FILE_BYTES + 10 * worklist.TREE_BYTES
    big = worklist._cost("model", 3_000_000, 3_000_000, 0, 0)
    assert big.hours == {"anonymous": 500.0, "free": 250.0, "pro": 100.0, "team": 83.33}


def test_the_commands_print_keys_and_a_table(collected: str) -> None:
    printed = CliRunner().invoke(app, ["worklist", "hub_ref", "--limit", "2", "--db", collected])
    assert printed.stdout == "b/none\nc/some\n"
    table = CliRunner().invoke(app, ["plan", "--db", collected]).stdout.splitlines()
    assert table[0].split() == ["kind", "keys", "API", "calls", "files", "GB", "hours:", *worklist.LIMITS]
    assert [line.split()[0] for line in table[1:]] == ["listing", *worklist.KINDS]
