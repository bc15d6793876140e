"""Refs, discussions, datasets, evaluation results and risk facts become rows; a later shard brings removals, too."""

from pathlib import Path
from typing import Any

import pytest

from peatmoss import load
from tests.archives import day, put
from tests.conftest import rows

A, B = "a" * 40, "b" * 40


def shard(root: Path, kind: str, number: int, *records: dict[str, Any]) -> None:
    put(root, kind, day(number), [{"cursor": "."} | record for record in records], layout="records", origin="hub_api")


def refs(name: str, **lists: list[Any]) -> dict[str, Any]:
    return {"key": name, "data": {"modelId": name, "branches": [], "tags": [], "converts": []} | lists}


def ref(name: str, full: str, target: Any = A) -> dict[str, Any]:
    return {"name": name, "ref": full, "targetCommit": target}


def test_refs_are_those_of_the_newest_record(database: str, tmp_path: Path) -> None:
    main = ref("main", "refs/heads/main")
    pull = ref("pr/1", "refs/pr/1", None)
    shard(
        tmp_path, "hub_ref", 1,
        refs("a/one", branches=[main], tags=[ref("v1", "refs/tags/v1")], pullRequests=[pull, {"name": "x"}, 5]),
        refs("b/two", branches=[main]), {"key": "c/three", "data": None, "gone": {"status": 404}},
        {"key": "d/four", "data": {"modelId": "d/four"}},
    )  # fmt: skip
    load.run(tmp_path, database)
    query = (
        "SELECT m.context_id, r.kind, r.name, r.ref, r.target_commit FROM hf_git_ref r"
        " JOIN model m ON m.id = r.model_id ORDER BY 1, 4"
    )
    assert rows(database, query) == [
        ("a/one", "branch", "main", "refs/heads/main", A),
        ("a/one", "pull_request", "pr/1", "refs/pr/1", None),
        ("a/one", "tag", "v1", "refs/tags/v1", A),
        ("b/two", "branch", "main", "refs/heads/main", A),
    ]
    assert rows(database, "SELECT line, field, reason FROM reject ORDER BY 1, 2") == [
        (1, "pullRequests[1]", "not understood: no ref"),
        (1, "pullRequests[2]", "not understood: int instead of an object"),
        (3, "", "nothing there: the answer was 404"),
        (4, "", "no list of refs"),
    ]
    shard(tmp_path, "hub_ref", 2, refs("a/one", branches=[ref("main", "refs/heads/main", B)]))
    load.run(tmp_path, database)
    assert rows(database, query) == [
        ("a/one", "branch", "main", "refs/heads/main", B),
        ("b/two", "branch", "main", "refs/heads/main", A),
    ]


def event(number: int, kind: str, **data: Any) -> dict[str, Any]:
    return {"id": f"e{number}", "type": kind, "createdAt": "2026-01-02T03:04:05.000Z", "author": {"name": "ada"},
            "data": data}  # fmt: skip


def talk(number: int, *events: Any, **more: Any) -> dict[str, Any]:
    return {
        "num": number, "title": "Mail me at ada@example.org", "status": "open", "isPullRequest": False,
        "createdAt": "2026-01-02T00:00:00.000Z", "author": {"name": "ada"}, "events": list(events),
    } | more  # fmt: skip


def discussions(name: str, *found: dict[str, Any]) -> dict[str, Any]:
    return {"key": name, "data": {"modelId": name, "discussions": list(found)}}


def test_discussions_and_their_events_become_rows_without_addresses(database: str, tmp_path: Path) -> None:
    comment = event(1, "comment", edited=True, hidden=False, latest={"raw": "see ada@example.org"})
    pull = talk(
        2, event(2, "commit", subject="Fix", oid=A), event(3, "status-change", status="merged"),
        event(4, "title-change", **{"from": "x", "to": "y"}), "odd", title=None, isPullRequest=True, status="merged",
        changes={"base": "main", "mergeCommitId": B}, diff="-a\n+b", author=None,
    )  # fmt: skip
    shard(tmp_path, "discussion", 1, discussions("a/one", talk(1, comment)), discussions("a/one", pull),
          discussions("b/none"))  # fmt: skip
    load.run(tmp_path, database)
    assert rows(
        database,
        "SELECT m.context_id, d.num, d.title, d.status, d.is_pull_request, d.target_branch, d.merge_commit_oid, d.diff,"
        " a.name FROM discussion d JOIN model m ON m.id = d.model_id LEFT JOIN author a ON a.id = d.author_id"
        " ORDER BY 2",
    ) == [
        ("a/one", 1, "Mail me at [e-mail]", "open", False, None, None, None, "ada"),
        ("a/one", 2, None, "merged", True, "main", B, "-a\n+b", None),
    ]
    query = (
        "SELECT event_id, type, content, edited, hidden, new_status, summary, oid, old_title, new_title"
        " FROM discussion_event ORDER BY 1"
    )
    assert rows(database, query) == [
        ("e1", "comment", "see [e-mail]", True, False, None, None, None, None, None),
        ("e2", "commit", None, None, None, None, "Fix", A, None, None),
        ("e3", "status-change", None, None, None, "merged", None, None, None, None),
        ("e4", "title-change", None, None, None, None, None, None, "x", "y"),
    ]
    assert rows(database, "SELECT field FROM reject") == [("discussions.2.events[3]",)]
    shard(tmp_path, "discussion", 2, discussions("a/one", talk(1, event(9, "comment"), status="closed")))
    load.run(tmp_path, database)
    assert rows(database, "SELECT num, status FROM discussion ORDER BY 1") == [(1, "closed"), (2, "merged")]
    assert [row[0] for row in rows(database, query)] == ["e2", "e3", "e4", "e9"]


def test_datasets_are_described_and_models_keep_naming_them(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [{"id": "a/one", "tags": ["dataset:squad", "dataset:old"]}])
    squad = {"id": "squad", "sha": A, "downloads": 7, "likes": 2, "gated": "auto", "tags": ["license:mit", "x"],
             "createdAt": "2022-03-02T23:29:22.000Z", "private": False}  # fmt: skip
    shard(
        tmp_path, "dataset", 2, {"key": "squad", "data": squad}, {"key": "new/set", "data": {"id": "new/set"}},
        {"key": "old", "data": None, "gone": {"status": 307, "moved_to": "new/set"}},
        {"key": "lost", "data": None, "gone": {"status": 404}}, {"key": "odd", "data": None, "gone": {"status": 500}},
    )  # fmt: skip
    load.run(tmp_path, database)
    page = "https://huggingface.co/datasets/"
    query = "SELECT name, url, sha, downloads, gated, renamed_to, gone_reason FROM dataset ORDER BY 1"
    assert rows(database, query) == [
        ("lost", f"{page}lost", None, None, None, None, "404"),
        ("new/set", f"{page}new/set", None, None, None, None, None),
        ("old", f"{page}old", None, None, None, "new/set", "renamed"),
        ("squad", f"{page}squad", A, 7, "auto", None, None),
    ]
    licenses = (
        "SELECT d.name, l.name FROM dataset_to_license j JOIN dataset d ON d.id = j.dataset_id"
        " JOIN license l ON l.id = j.license_id ORDER BY 1"
    )
    assert rows(database, licenses) == [("squad", "mit")]
    assert rows(database, "SELECT COUNT(*) FROM model_to_dataset") == [(2,)]
    assert rows(database, "SELECT key, reason FROM reject") == [("odd", "nothing known of it: the hub answered 500")]
    shard(tmp_path, "dataset", 3, {"key": "squad", "data": {"id": "squad", "downloads": 9, "tags": []}},
          {"key": "lost", "data": {"id": "lost", "likes": 1}})  # fmt: skip
    load.run(tmp_path, database)
    assert rows(database, query)[0] == ("lost", f"{page}lost", None, None, None, None, None)
    assert rows(database, query)[3] == ("squad", f"{page}squad", A, 9, "auto", None, None)
    assert rows(database, licenses) == []


MODEL_INDEX = [
    {"name": "one", "results": [{
        "task": {"type": "question-answering"}, "dataset": {"name": "SQuAD", "type": "squad", "split": "validation"},
        "metrics": [{"type": "f1", "value": 82.5, "verified": True}, {"type": "em", "value": "79.1 %"},
                    {"value": "good"}],
        "source": {"name": "Open Board", "url": "https://example.org"},
    }, "odd"]}, 7,
]  # fmt: skip
EVAL_RESULTS = [
    {"data": {"dataset": {"id": "cais/hle", "task_id": "hle"}, "value": 0.2, "date": "2026-01-01", "verifyToken": "t"}},
    {"filename": "x.yaml", "error": "no dataset"},
]
RESULTS = (
    "SELECT declared_in, position, task, dataset_name, dataset_id, metric, value_text, value, is_verified, source_name"
    " FROM evaluation_result ORDER BY 1, 2"
)


def test_evaluation_results_come_from_both_places_and_each_keeps_its_own(database: str, tmp_path: Path) -> None:
    base = {"id": "a/one", "tags": []}
    put(tmp_path, "model", day(1), [base | {"model-index": MODEL_INDEX, "evalResults": EVAL_RESULTS}])
    load.run(tmp_path, database)
    squad = ("question-answering", "SQuAD", "squad")
    expected = [
        ("eval_results", 1, "hle", "cais/hle", "cais/hle", None, "0.2", 0.2, True, None),
        ("model_index", 1, *squad, "f1", "82.5", 82.5, True, "Open Board"),
        ("model_index", 2, *squad, "em", "79.1 %", 79.1, False, "Open Board"),
        ("model_index", 3, *squad, None, "good", None, False, "Open Board"),
    ]
    assert rows(database, RESULTS) == expected
    put(tmp_path, "model", day(2), [base | {"cardData": {"model-index": []}}], fields={"id", "tags", "cardData"})
    load.run(tmp_path, database)
    assert rows(database, RESULTS) == expected[:1]
    put(tmp_path, "model", day(3), [base | {"likes": 3}])
    load.run(tmp_path, database)
    assert rows(database, RESULTS) == expected[:1]


def siblings(*paths: str) -> list[dict[str, str]]:
    return [{"rfilename": path} for path in paths]


def test_risk_facts_are_what_the_hub_says_and_unknown_stays_unknown(database: str, tmp_path: Path) -> None:
    issue = {"scansDone": True, "filesWithIssues": [{"path": "model.pkl", "level": "unsafe"}]}
    put(tmp_path, "model", day(1), [
        {"id": "a/pickle", "tags": ["custom_code"], "siblings": siblings("pytorch_model.bin", "README.md"),
         "securityRepoStatus": issue, "gated": "manual"},
        {"id": "b/safe", "tags": [], "siblings": siblings("pytorch_model.bin", "model.safetensors"),
         "securityRepoStatus": {"scansDone": True, "filesWithIssues": []}, "gated": False},
        {"id": "c/none", "tags": [], "siblings": siblings("README.md"), "config": {"auto_map": {"AutoModel": "m.M"}},
         "securityRepoStatus": {"scansDone": False, "filesWithIssues": []}},
        {"id": "d/unknown"}, {"id": "e/broken", "securityRepoStatus": 5},
    ])  # fmt: skip
    load.run(tmp_path, database)
    query = "SELECT context_id, needs_remote_code, is_pickle_only, scan_status, gated FROM model ORDER BY 1"
    expected = [
        ("a/pickle", True, True, "issues", "manual"),
        ("b/safe", False, False, "clean", "no"),
        ("c/none", True, None, "pending", None),
        ("d/unknown", None, None, None, None),
        ("e/broken", None, None, None, None),
    ]

    def flags(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [
            (name, *(None if v is None else bool(v) for v in (code, pickle)), *rest)
            for name, code, pickle, *rest in found
        ]

    assert flags(rows(database, query)) == expected
    issues = "SELECT m.context_id, i.path, i.level FROM model_scan_issue i JOIN model m ON m.id = i.model_id"
    assert rows(database, issues) == [("a/pickle", "model.pkl", "unsafe")]
    put(tmp_path, "model", day(2), [{"id": "a/pickle", "downloads": 4}])
    load.run(tmp_path, database)
    assert flags(rows(database, query)) == expected
    assert rows(database, issues) == [("a/pickle", "model.pkl", "unsafe")]
    put(
        tmp_path,
        "model",
        day(3),
        [{"id": "a/pickle", "securityRepoStatus": {"scansDone": True, "filesWithIssues": []}}],
    )
    load.run(tmp_path, database)
    assert flags(rows(database, query))[0] == ("a/pickle", True, True, "clean", "manual")
    assert rows(database, issues) == []


@pytest.mark.parametrize("status", [500, 503])
def test_what_the_hub_failed_to_answer_is_a_reject_and_nothing_is_gone(
    database: str, tmp_path: Path, status: int
) -> None:
    put(tmp_path, "model", day(1), [{"id": "a/one"}])
    shard(tmp_path, "model", 2, {"key": "a/one", "data": None, "gone": {"status": status}})
    load.run(tmp_path, database)
    assert rows(database, "SELECT context_id, gone_at FROM model") == [("a/one", None)]
    assert rows(database, "SELECT reason FROM reject") == [(f"nothing known of it: the hub answered {status}",)]
