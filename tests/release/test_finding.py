"""Findings: sentences with the place to look at; and the view of licenses that three of them read."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from peatmoss import analyze
from peatmoss.release import lines, run
from peatmoss.release.finding import FOLDER, WANTED
from peatmoss.release.run import Summary
from peatmoss.schema import github, hub, ledger, reuse
from tests.conftest import fill
from tests.release.test_run import DAY, HOSTILE, model, shard, story

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def repository(number: int, name: str, license_key: str | None) -> dict[str, Any]:
    return {"id": number, "host": "github.com", "owner": "o", "name": name, "url": f"https://github.com/o/{name}",
            "license_key": license_key, "shard_id": 1}  # fmt: skip


def scan(number: int) -> dict[str, Any]:
    return {"id": number, "reuse_repository_id": number, "commit_sha": COMMIT, "detector_version": "1",
            "status": "scanned", "file_count": 1, "size_bytes": 1, "scanned_at": DAY, "shard_id": 1}  # fmt: skip


def usage(number: int, scan_id: int, line: int, model_id: int | None, **other: Any) -> dict[str, Any]:
    return {"id": number, "repository_scan_id": scan_id, "path": "src/a.py", "line": line, "ordinal": 1,
            "call": "pipeline", "argument": "'x'", "resolved_name": f"m/{model_id}", "method": "literal",
            "confidence": 1.0, "role": "load", "path_class": "src", "is_used": True, "model_id": model_id,
            "resolution": "exact" if model_id else None} | other  # fmt: skip


def chain() -> dict[Any, list[dict[str, Any]]]:
    """Models 1 (cc-by-nc-4.0) -> 2 (mit) -> 3 (none); 4 (mit), 5 (other); repositories under MIT and unknown."""
    licenses = ["cc-by-nc-4.0", "mit", "other"]
    return {
        ledger.shard: [shard(record_count=5, loaded_count=5, reject_count=0)],
        hub.model_hub: [{"id": 1, "name": "HuggingFace", "url": "https://huggingface.co"}],
        hub.model: [model(n, f"m/{n}") for n in range(1, 6)],
        hub.model_rename: [
            {"id": 1, "model_hub_id": 1, "old_name": "old/2", "new_name": "m/2", "as_of": DAY, "shard_id": 1}
        ],
        hub.license: [{"id": n, "name": name} for n, name in enumerate(licenses, 1)],
        hub.model_to_license: [{"model_id": m, "license_id": n} for m, n in ((1, 1), (2, 2), (4, 2), (5, 3))],
        hub.model_to_base_model: [
            {"model_id": m, "base_model_name": f"m/{b}", "relation": "finetune", "declared_in": "tag",
             "base_model_id": b, "resolution": "exact", "shard_id": 1} for m, b in ((2, 1), (3, 2), (4, 2), (5, 4))
        ],
        github.reuse_repository: [repository(1, "free", "MIT"), repository(2, "silent", None)],
        reuse.repository_scan: [scan(1), scan(2)],
        reuse.model_to_reuse_repository: [
            {"model_id": m, "reuse_repository_id": r, "usage_count": 1, "mention_count": 0, "first_seen_at": DAY,
             "last_seen_at": DAY} for m in (1, 2) for r in (1, 2)
        ],
        reuse.usage: [
            usage(1, 1, 7, 1),
            usage(2, 1, 8, 2),
            usage(3, 2, 9, 1),
            usage(4, 2, 10, 2, argument="'old/2'"),
            usage(5, 2, 11, None, resolved_name=None, argument="args.model"),
            usage(6, 2, 12, 1, is_used=False, role="mention"),
        ],
    }  # fmt: skip


def released(url: str, dist: Path) -> Summary:
    analyze.run(url, ["licenses"])
    return run(url, dist)


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    folder = tmp_path_factory.mktemp("findings")
    url = f"sqlite:///{shutil.copyfile(sqlite_template, folder / 'a.db')}"
    fill(url, chain())
    return released(url, folder / "dist").dist


def asked(dist: Path, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(dist / "peatmoss.db") as connection:
        return connection.execute(sql).fetchall()


def test_each_query_answers_one_sentence_with_the_place_and_the_counts(dist: Path) -> None:
    found = {path.stem: asked(dist, path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.sql"))}
    assert found == {
        "1_license_of_a_used_model": [(
            "m/1 is under CC-BY-NC-4.0; github.com/o/free uses it at src/a.py:7 at 0123456789, and the license of the "
            "repository, MIT, does not reflect that (1 of 4 uses of models in this release are not reflected, 2 "
            "unknown).",
        )],
        "2_license_of_a_used_derivation": [(
            "m/1 is under CC-BY-NC-4.0; m/2, derived from it (finetune), is under MIT, which does not reflect that; "
            "github.com/o/free uses it at src/a.py:8 at 0123456789 (1 of 4 derivations; 2 unknown).",
        )],
        "3_name_that_moved": [(
            "github.com/o/silent names old/2 at src/a.py:10 at 0123456789, which is called m/2 now; the old name is "
            "followed (1 of 5 resolved usages).",
        )],
        "4_name_that_nothing_decides": [(
            "github.com/o/silent loads a model at src/a.py:11 at 0123456789 by args.model, whose value the code does "
            "not say: it is counted, without a name (1 of 5 usages).",
        )],
        "5_license_of_a_derivation": [],
    }  # fmt: skip
    assert all(path.read_text("utf-8").startswith("-- ") for path in FOLDER.glob("*.sql"))


def test_every_edge_has_an_outcome_and_unknowns_are_kept_with_their_cause(dist: Path) -> None:
    found = asked(
        dist, "SELECT model, used_by, outcome, reason_code, tier, evidence FROM license_reflection ORDER BY kind, 1, 2"
    )
    assert found == [
        ("m/1", "m/2", "not reflected", "text", "A", "stated in the tags or the card of m/2"),
        ("m/2", "m/3", "unknown", "downstream_not_collected", "A", "stated in the tags or the card of m/3"),
        ("m/2", "m/4", "no lost clause found", "identity", "A", "stated in the tags or the card of m/4"),
        ("m/4", "m/5", "unknown", "downstream_unresolved", "A", "stated in the tags or the card of m/5"),
        ("m/1", "github.com/o/free", "not reflected", "text", "C", "src/a.py:7 at 0123456789"),
        ("m/1", "github.com/o/silent", "unknown", "downstream_not_collected", "C", "src/a.py:9 at 0123456789"),
        ("m/2", "github.com/o/free", "no lost clause found", "identity", "C", "src/a.py:8 at 0123456789"),
        ("m/2", "github.com/o/silent", "unknown", "downstream_not_collected", "C", "src/a.py:10 at 0123456789"),
    ]


def test_a_clause_dropped_earlier_in_the_chain_is_named_with_its_edge(dist: Path) -> None:
    found = asked(dist, "SELECT model, origin, depth, state, first_loss FROM license_chain ORDER BY 1")
    assert found == [
        ("m/2", "m/1", 1, "lost here", "m/1 -> m/2"),
        ("m/3", "m/1", 2, "unknown", "m/1 -> m/2"),
        ("m/4", "m/1", 2, "dropped earlier in the chain", "m/1 -> m/2"),
        ("m/5", "m/1", 3, "unknown", "m/1 -> m/2"),
    ]


def test_where_nothing_is_known_of_the_repository_the_finding_says_so(tmp_path: Path, sqlite_template: Path) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'a.db')}"
    fill(url, chain() | {github.reuse_repository: [repository(1, "one", None), repository(2, "two", "other")]})
    assert released(url, tmp_path / "dist").manifest["findings"][0] == (
        "m/1 is under CC-BY-NC-4.0; github.com/o/one uses it at src/a.py:7 at 0123456789, and whether its own license "
        "reflects that is not known (none is recorded; 0 of 4 uses of models in this release are not reflected, "
        "4 unknown)."
    )


def test_without_code_a_derivation_is_shown_by_its_page(tmp_path: Path, sqlite_template: Path) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'a.db')}"
    fill(url, chain() | {reuse.usage: [], reuse.model_to_reuse_repository: []})
    assert released(url, tmp_path / "dist").manifest["findings"] == [
        "m/1 is under CC-BY-NC-4.0; m/2, derived from it (finetune), is under MIT, which does not reflect that; "
        "see https://huggingface.co/2 (1 of 4 derivations; 2 unknown)."
    ]


def test_nothing_accuses() -> None:
    root = FOLDER.parent.parent
    texts = [path.read_text("utf-8") for path in [*root.glob("release/**/*.sql"), *root.glob("serve/**/*.sql")]]
    texts += [path.read_text("utf-8") for path in root.glob("serve/templates/*")]
    assert [text for text in texts if any(word in text.lower() for word in ("violat", "conflict", "illegal"))] == []


def test_the_summary_ends_with_three_findings_and_stays_short(tmp_path: Path, sqlite_template: Path) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'a.db')}"
    rejects = [
        {"id": n, "shard_id": 1, "line": n, "field": "", "key": "k", "reason": f"reason {n}"} for n in range(1, 6)
    ]
    content = chain() | {
        ledger.shard: [shard(record_count=10, reject_count=5, loaded_count=5)],
        ledger.reject: rejects,
    }
    content[reuse.usage][0]["path"] = HOSTILE
    fill(url, content)
    summary = released(url, tmp_path / "dist")
    shown = lines(summary)
    assert len(shown) == 20
    assert shown[-WANTED - 1] == "Found in it:"
    assert "\\x1b[31m\\u202e:7 at 0123456789" in shown[-3]
    assert all(line.isprintable() for line in shown)
    assert summary.manifest["license_reflection"] == [
        {"kind": "derivation", "outcome": "no lost clause found", "count": 1, "denominator": 4},
        {"kind": "derivation", "outcome": "not reflected", "count": 1, "denominator": 4},
        {"kind": "derivation", "outcome": "unknown", "count": 2, "denominator": 4},
        {"kind": "usage", "outcome": "no lost clause found", "count": 1, "denominator": 4},
        {"kind": "usage", "outcome": "not reflected", "count": 1, "denominator": 4},
        {"kind": "usage", "outcome": "unknown", "count": 2, "denominator": 4},
    ]


def test_a_release_without_such_rows_says_nothing_of_it(tmp_path: Path, sqlite_template: Path) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'a.db')}"
    fill(url, story())
    summary = released(url, tmp_path / "dist")
    assert summary.manifest["findings"] == []
    assert not [line for line in lines(summary) if "Found in it" in line]
