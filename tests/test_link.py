"""Names are resolved by exact name, rename and case, in that order; doing it again changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from peatmoss import link
from peatmoss.schema import github, hub, ledger, reuse
from tests.conftest import fill, rows

T1, T2 = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
SHARD = {
    "id": 1, "name": "model/x", "kind": "model", "origin": "hub_dump", "as_of": T1, "coverage": "filter", "sha256": "0",
    "record_count": 0, "loaded_count": 0, "reject_count": 0,
}  # fmt: skip
EDGES = "SELECT base_model_name, base_model_id, resolution FROM model_to_base_model ORDER BY base_model_name"


def _model(id_: int, name: str, gone: str | None = None, hub_id: int = 1) -> dict[str, Any]:
    return {
        "id": id_, "context_id": name, "model_hub_id": hub_id, "repo_url": f"https://h/{name}", "has_snapshot": False,
        "gone_at": T1 if gone else None, "gone_reason": gone, "shard_id": 1,
    }  # fmt: skip


def _edge(name: str, model_id: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "model_id": model_id,
        "base_model_name": name,
        "relation": "finetune",
        "declared_in": "tag",
        "shard_id": 1,
        **more,
    }


def _rename(id_: int, old: str, new: str) -> dict[str, Any]:
    return {"id": id_, "model_hub_id": 1, "old_name": old, "new_name": new, "as_of": T1, "shard_id": 1}


def _world(url: str, models: list[Any], edges: list[Any] = [], renames: list[Any] = []) -> None:  # noqa: B006
    hubs = [{"id": 1, "name": "HuggingFace", "url": "https://h"}, {"id": 2, "name": "PyTorch", "url": "https://p"}]
    fill(
        url,
        {
            ledger.shard: [SHARD],
            hub.model_hub: hubs,
            hub.model: models,
            hub.model_rename: renames,
            hub.model_to_base_model: edges,
        },
    )


def test_each_rule_resolves_what_is_its_own_and_the_summary_counts_all(database: str) -> None:
    _world(
        database,
        [_model(1, "me/mine"), _model(2, "Org/Base"), _model(3, "new/name"), _model(4, "old/name", "renamed")],
        [_edge("Org/Base"), _edge("old/name"), _edge("ORG/base"), _edge("no/such")],
        [_rename(1, "old/name", "new/name")],
    )
    summary = link.run(database)
    assert sorted(rows(database, EDGES)) == [
        ("ORG/base", 2, "case"),
        ("Org/Base", 2, "exact"),
        ("no/such", None, None),
        ("old/name", 3, "rename"),
    ]
    assert summary.names[0] == link.Linked("model_to_base_model", 4, 1, 1, 0, 1, 1, 0, 3)


@pytest.mark.parametrize(
    ("models", "renames", "name", "expected"),
    [
        # A chain is followed to its end, over names that have no row.
        ([(2, "c/c", None)], [("a/a", "b/b"), ("b/b", "c/c")], "a/a", (2, "rename")),
        # The new name has no row: the old row counts, as what it is.
        ([(2, "a/a", "renamed")], [("a/a", "b/b")], "a/a", (2, "exact")),
        # The last row on the way counts if none is alive.
        ([(2, "a/a", "renamed"), (3, "b/b", "404")], [("a/a", "b/b"), ("b/b", "c/c")], "a/a", (3, "rename")),
        # Moved there and back: the living name wins for both.
        ([(2, "a/a", None), (3, "b/b", "renamed")], [("a/a", "b/b"), ("b/b", "a/a")], "a/a", (2, "exact")),
        ([(2, "a/a", None), (3, "b/b", "renamed")], [("a/a", "b/b"), ("b/b", "a/a")], "b/b", (2, "rename")),
        # A circle of dead names ends, and gives a row of it.
        ([(2, "a/a", "renamed")], [("a/a", "b/b"), ("b/b", "a/a")], "a/a", (2, "exact")),
        ([], [("a/a", "b/b"), ("b/b", "a/a")], "a/a", (None, None)),
        ([(2, "d/d", None)], [("a/a", "b/b"), ("b/b", "b/b")], "a/a", (None, None)),
        # The old name was given to another model, which is alive.
        ([(2, "a/a", None), (3, "b/b", None)], [("a/a", "b/b")], "a/a", (2, "exact")),
        # Another spelling of an old name.
        ([(2, "b/b", None)], [("a/a", "b/b")], "A/a", (2, "case")),
        # Two candidates are no answer; two spellings of one model are.
        ([(2, "a/A", None), (3, "A/a", None)], [], "a/a", (None, None)),
        ([(2, "a/A", None), (3, "A/a", "renamed")], [("A/a", "a/A")], "a/a", (2, "case")),
        # Gone is not forgotten.
        ([(2, "a/a", "404")], [], "a/a", (2, "exact")),
        # Letters outside ASCII have no case here, on any server.
        ([(2, "a/Ä", None)], [], "a/ä", (None, None)),
    ],
)
def test_renames_and_case(
    database: str, models: list[Any], renames: list[Any], name: str, expected: tuple[int | None, str | None]
) -> None:
    _world(
        database,
        [_model(1, "me/mine"), *(_model(*m) for m in models)],
        [_edge(name)],
        [_rename(n, *r) for n, r in enumerate(renames, 1)],
    )
    link.run(database)
    assert rows(database, EDGES) == [(name, *expected)]


def test_a_chain_longer_than_the_bound_ends(database: str) -> None:
    chain = [_rename(n, f"a/{n}", f"a/{n + 1}") for n in range(1, link.MAX_MOVES + 9)]
    _world(database, [_model(1, "me/mine"), _model(2, f"a/{len(chain) + 1}")], [_edge("a/1"), _edge("a/20")], chain)
    link.run(database)
    assert rows(database, EDGES) == [("a/1", None, None), ("a/20", 2, "rename")]


def test_a_base_model_is_looked_up_on_the_same_hub_only(database: str) -> None:
    _world(database, [_model(1, "me/mine", hub_id=2), _model(2, "a/a")], [_edge("a/a")])
    link.run(database)
    assert rows(database, EDGES) == [("a/a", None, None)]


def test_a_model_that_names_itself_is_its_own_base(database: str) -> None:
    _world(database, [_model(1, "a/a")], [_edge("a/a")])
    link.run(database)
    assert rows(database, EDGES) == [("a/a", 1, "exact")]


def test_again_changes_nothing_and_what_is_gone_is_cleared(database: str) -> None:
    _world(database, [_model(1, "me/mine"), _model(2, "a/a")], [_edge("a/a"), _edge("b/b", base_model_id=2)])
    assert [n.changed for n in link.run(database).names] == [2, 0, 0, 0]
    again = link.run(database)
    assert [n.changed for n in again.names] == [0, 0, 0, 0]
    assert [changed for _, _, changed in again.derived] == [0] * 6
    assert rows(database, EDGES) == [("a/a", 2, "exact"), ("b/b", None, None)]


def _code(url: str) -> None:
    """Two repositories; the first was scanned twice, and its second scan sees less."""
    scan = {"detector_version": "1", "status": "scanned", "file_count": 1, "size_bytes": 1, "shard_id": 1}
    usage = {"ordinal": 1, "hub": "hf", "method": "literal", "confidence": 1.0, "role": "load", "path_class": "src"}
    repo = {"host": "github.com", "owner": "o", "url": "u", "shard_id": 1}
    issue = {"id": 1, "url": "u", "number": 1, "state": "OPEN", "shard_id": 1}
    fill(
        url,
        {
            github.reuse_repository: [{"id": n, "name": f"r{n}", **repo} for n in (1, 2)],
            reuse.repository_scan: [
                {"id": 1, "reuse_repository_id": 1, "commit_sha": "c1", "scanned_at": T1, **scan},
                {"id": 2, "reuse_repository_id": 1, "commit_sha": "c2", "scanned_at": T2, **scan},
                {"id": 3, "reuse_repository_id": 2, "commit_sha": "c3", "scanned_at": T1, **scan},
            ],
            reuse.usage: [
                {**usage, "id": n, "repository_scan_id": s, "path": p, "line": n, "resolved_name": m, "is_used": used}
                for n, s, p, m, used in [
                    (1, 1, "a.py", "a/a", True),
                    (2, 1, "a.py", "a/a", True),
                    (3, 2, "a.py", "a/a", True),
                    (4, 2, "README", "a/a", False),
                    (5, 1, "b.py", "b/b", False),
                    (6, 3, "a.py", None, True),
                    (7, 3, "a.py", "A/A", True),
                ]
            ]
            + [{**usage, "id": 8, "repository_scan_id": 3, "path": "a.py", "line": 8, "resolved_name": "a/a",
                "is_used": True, "hub": "ollama"}],
            reuse.usage_event: [
                {"id": 1, "reuse_repository_id": 1, "path": "a.py", "name": "a/a", "event": "added", "commit_sha": "c1",
                 "committed_at": T1, "shard_id": 1}
            ],
            github.github_issue: [issue],
            reuse.model_mention: [{"id": 1, "name": "b/b", "github_issue_id": 1, "url": "u", "position": 0}],
        },
    )  # fmt: skip


def test_usages_become_a_mapping_with_counts_and_dates(database: str) -> None:
    _world(database, [_model(1, "a/a"), _model(2, "b/b")])
    _code(database)
    summary = link.run(database)
    assert rows(database, "SELECT id, model_id, resolution FROM usage ORDER BY id") == [
        (1, 1, "exact"), (2, 1, "exact"), (3, 1, "exact"), (4, 1, "exact"), (5, 2, "exact"),
        (6, None, None), (7, 1, "case"), (8, None, None),
    ]  # fmt: skip
    mapping = (
        "SELECT model_id, reuse_repository_id, usage_count, mention_count, first_seen_at < last_seen_at"
        " FROM model_to_reuse_repository ORDER BY 1, 2"
    )
    # The counts are those of the last scan that saw the model there.
    assert rows(database, mapping) == [(1, 1, 1, 1, True), (1, 2, 1, 0, False), (2, 1, 0, 1, False)]
    assert rows(database, "SELECT id, path, model_id, reuse_repository_id FROM reuse_file ORDER BY id") == [
        (1, "README", 1, 1), (2, "a.py", 1, 1), (3, "b.py", 2, 1), (4, "a.py", 1, 2),
    ]  # fmt: skip
    assert rows(database, "SELECT model_id, resolution FROM usage_event") == [(1, "exact")]
    assert rows(database, "SELECT model_id, resolution FROM model_mention") == [(2, "exact")]
    assert [n[:8] for n in summary.names[1:]] == [
        ("usage", 8, 5, 0, 0, 1, 1, 1),
        ("usage_event", 1, 1, 0, 0, 0, 0, 0),
        ("model_mention", 1, 1, 0, 0, 0, 0, 0),
    ]
    assert summary.derived[:3] == [
        ("model.has_snapshot", 0, 0),
        ("model_to_reuse_repository", 3, 3),
        ("reuse_file", 4, 4),
    ]
    again = link.run(database)
    assert {n.changed for n in again.names} | {changed for _, _, changed in again.derived} == {0}


def test_names_of_other_hubs_are_found_where_their_models_lie(database: str) -> None:
    named = [
        "pytorch/vision/resnet50",
        "pytorch/vision/ResNet50_Weights.IMAGENET1K_V2",
        "pytorch/audio/WAV2VEC2_BASE",
        "pytorch/text/XLMR_BASE_ENCODER",
        "pytorch/vision/both",
        "pytorch/audio/both",
    ]
    on_pytorch = [_model(n, name, hub_id=2) for n, name in enumerate(named, start=1)]
    timm = [
        "timm/vit_base.augreg",
        "timm/resnet50.a1_in1k",
        "timm/resnet50.tv_in1k",
        "timm/resnet50x.a",
        "spacy/en_core",
    ]
    _world(database, [*on_pytorch, *(_model(n, name) for n, name in enumerate(timm, start=11))])
    expected = {
        ("torchvision", "resnet50"): (1, "namespace"),
        ("torchvision", "ResNet50"): (None, None),
        ("torch.hub", "pytorch/vision/resnet50"): (1, "exact"),
        ("torch.hub", "pytorch/vision/ResNet50"): (1, "case"),
        ("torchvision", "no_such"): (None, None),
        ("torchvision", "ResNet50_Weights.IMAGENET1K_V2"): (2, "namespace"),
        ("torchaudio", "WAV2VEC2_BASE"): (3, "namespace"),
        ("torchtext", "XLMR_BASE_ENCODER"): (4, "namespace"),
        ("torchaudio", "both"): (None, None),
        ("timm", "timm/vit_base"): (11, "namespace"),
        ("timm", "timm/vit_base.augreg"): (11, "exact"),
        ("timm", "timm/resnet50"): (None, None),
        ("spacy", "spacy/en_core"): (15, "exact"),
        ("hf", "resnet50"): (None, None),
        ("open_clip", "timm/vit_base"): (None, None),
    }
    repo = {"id": 1, "host": "github.com", "owner": "o", "name": "r", "url": "u", "shard_id": 1}
    fill(
        database,
        {
            github.reuse_repository: [repo],
            reuse.usage_event: [
                {"id": n, "reuse_repository_id": 1, "path": hub_name, "name": name, "hub": hub_name, "event": "added",
                 "commit_sha": "c1", "committed_at": T1, "shard_id": 1}
                for n, (hub_name, name) in enumerate(expected, start=1)
            ],
        },
    )  # fmt: skip
    link.run(database)
    found = rows(database, "SELECT hub, name, model_id, resolution FROM usage_event ORDER BY id")
    assert {(row[0], row[1]): row[2:] for row in found} == expected


def test_a_mapping_that_holds_no_longer_is_removed(database: str) -> None:
    _world(database, [_model(1, "a/a"), _model(2, "b/b")])
    _code(database)
    link.run(database)
    _execute(database, "DELETE FROM usage WHERE resolved_name = 'b/b'")
    summary = link.run(database)
    assert summary.derived[1:3] == [("model_to_reuse_repository", 2, 1), ("reuse_file", 3, 1)]
    assert rows(database, "SELECT DISTINCT model_id FROM model_to_reuse_repository") == [(1,)]


def test_a_model_has_a_snapshot_when_content_of_a_revision_is_here(database: str) -> None:
    _world(database, [_model(1, "a/a"), _model(2, "b/b"), {**_model(3, "c/c"), "has_snapshot": True}])
    fill(
        database,
        {
            hub.snapshot: [{"id": n, "model_id": n, "revision": "r", "as_of": T1, "shard_id": 1} for n in (1, 2, 3)],
            hub.config_file: [{"snapshot_id": 1, "path": "config.json", "content": "{}", "status": "ok"}],
            hub.snapshot_file: [{"snapshot_id": 2, "path": "x", "kind": "other"}],
        },
    )
    assert link.run(database).derived[0] == ("model.has_snapshot", 1, 2)
    assert [bool(r[0]) for r in rows(database, "SELECT has_snapshot FROM model ORDER BY id")] == [True, False, False]


def test_the_corpus_is_linked_as_its_stories_say(demo: str) -> None:
    edges = dict(rows(demo, "SELECT resolution, COUNT(*) FROM model_to_base_model GROUP BY 1"))
    assert sum(edges.values()) == rows(demo, "SELECT COUNT(*) FROM model_to_base_model")[0][0]
    assert edges["exact"] > 50


def _execute(url: str, sql: str) -> None:
    from sqlalchemy import create_engine, text

    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(sql))
    engine.dispose()
