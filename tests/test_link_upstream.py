"""Models become families of the repository they were released from; doing it again changes nothing."""

from typing import Any

from peatmoss import link
from peatmoss.parse.sync import upstream
from peatmoss.schema import github, hub, ledger, reuse, sync
from tests.conftest import fill, rows
from tests.test_link import SHARD, T1, T2, _model

LINKS = """SELECT m.context_id, l.repository_name, l.reuse_repository_id, l.score, l.rank, l.is_primary
    FROM upstream_link l JOIN model m ON m.id = l.model_id ORDER BY m.context_id, l.rank"""
MEMBERS = """SELECT f.name, m.context_id, x.is_excluded, x.exclusion_reason FROM sync_family_member x
    JOIN sync_family f ON f.id = x.sync_family_id JOIN model m ON m.id = x.model_id ORDER BY f.name, m.context_id"""


def _card(id_: int, body: str, front: str | None = None) -> dict[str, Any]:
    return {
        "snapshot_id": id_, "front_matter": front, "front_matter_status": "ok" if front else "none", "body": body,
        "sha256": "0", "size_bytes": 1,
    }  # fmt: skip


def _repo(id_: int, owner: str, name: str) -> dict[str, Any]:
    return {"id": id_, "host": "github.com", "owner": owner, "name": name, "url": "https://x", "shard_id": 1}


def _world(url: str) -> None:
    names = ["acme/rocket-7b", "acme/rocket-13b", "copy/rocket-7b-gguf", "lone/thing", "acme/no-card", "pt"]
    hubs = [{"id": 1, "name": "HuggingFace", "url": "https://h"}, {"id": 2, "name": "PyTorch", "url": "https://p"}]
    new = "Code: https://github.com/acme/rocket-code"
    fill(
        url,
        {
            ledger.shard: [SHARD],
            hub.model_hub: hubs,
            hub.model: [_model(n, name, hub_id=1 + (name == "pt")) for n, name in enumerate(names, start=1)],
            hub.snapshot: [
                {"id": n, "model_id": model, "revision": str(n), "as_of": T2 if n == 2 else T1, "shard_id": 1}
                for n, model in ((1, 1), (2, 1), (3, 2), (4, 3), (5, 4), (6, 6))
            ],
            hub.card: [
                _card(1, "https://github.com/old/place"),
                _card(2, new),
                _card(3, "", '{"code": "https://github.com/Acme/Rocket"}'),
                _card(4, new),
                _card(5, "word " * 30 + "https://github.com/some/thing-else"),
                _card(6, new),
            ],
            github.reuse_repository: [_repo(1, "acme", "Rocket"), _repo(2, "acme", "tools")],
            github.repository_rename: [
                {
                    "id": 1, "host": "github.com", "old_name": "acme/rocket-code", "new_name": "acme/rocket",
                    "as_of": T1, "shard_id": 1,
                }
            ],
            reuse.repository_scan: [
                {
                    "id": 1, "reuse_repository_id": 2, "commit_sha": "0", "detector_version": "1", "status": "scanned",
                    "file_count": 1, "size_bytes": 1, "scanned_at": T1, "shard_id": 1,
                }
            ],
            reuse.usage: [
                {
                    "id": 1, "repository_scan_id": 1, "path": "a.py", "line": 1, "ordinal": 1, "method": "literal",
                    "confidence": 1, "role": "load", "path_class": "src", "is_used": True, "hub": "hf",
                    "resolved_name": "acme/no-card",
                }
            ],
        },
    )  # fmt: skip


def test_families_follow_the_newest_card_renames_the_code_and_the_owner(database: str) -> None:
    _world(database)
    derived = {name: (count, changed) for name, count, changed in link.run(database).derived}
    assert rows(database, LINKS) == [
        ("acme/no-card", "acme/tools", 2, 8, 1, True),
        ("acme/rocket-13b", "acme/Rocket", 1, 6, 1, True),
        ("acme/rocket-7b", "acme/Rocket", 1, 8, 1, True),
        ("copy/rocket-7b-gguf", "acme/Rocket", 1, 5, 1, True),
        ("lone/thing", "some/thing-else", None, 2, 1, True),
    ]
    assert rows(database, MEMBERS) == [
        ("acme/Rocket", "acme/rocket-13b", False, None),
        ("acme/Rocket", "acme/rocket-7b", False, None),
        ("acme/Rocket", "copy/rocket-7b-gguf", True, "other_owner"),
        ("acme/tools", "acme/no-card", False, None),
        ("some/thing-else", "lone/thing", False, None),
    ]
    assert derived["upstream_link"] == (5, 5)
    assert derived["sync_family"] == (3, 3)
    assert derived["sync_family_member"] == (5, 5)
    again = {name: changed for name, _, changed in link.run(database).derived}
    assert (again["upstream_link"], again["sync_family"], again["sync_family_member"]) == (0, 0, 0)


def test_a_decision_by_hand_moves_a_model_and_findings_about_families_that_are_no_more_go(
    database: str, monkeypatch: Any
) -> None:
    _world(database)
    link.run(database)
    family = rows(database, "SELECT id FROM sync_family WHERE name = 'some/thing-else'")[0][0]
    profile = {
        "id": 1, "name": "paper", "description": "x", "is_hub_day_only": True, "github_time": "authored",
        "has_bots": True,
        "has_merges": True, "has_attributes_only": True, "window_days": 14, "rare_buckets": 3, "frequent_run": 5,
        "together_variants": 3, "together_buckets": 3, "gap_from_year": 2016, "short_buckets": 8,
    }  # fmt: skip
    bucket = {
        "sync_profile_id": 1, "sync_family_id": family, "bucket": 0, "start_at": T1, "github_commits": 1,
        "hub_commits": 0, "hub_variants": 0,
    }  # fmt: skip
    fill(database, {sync.sync_profile: [profile], sync.sync_bucket: [bucket]})
    decided = {"lone/thing": upstream.Override("acme/rocket", "acme rockets", "told so")}
    monkeypatch.setattr(upstream, "overrides", lambda: decided)
    monkeypatch.setattr("peatmoss.link.upstream.overrides", lambda: decided)
    link.run(database)
    assert ("acme rockets", "lone/thing", False, None) in rows(database, MEMBERS)
    assert rows(database, "SELECT name, grouping_rule FROM sync_family ORDER BY id") == [
        ("acme/Rocket", "repository"), ("acme/tools", "repository"), ("acme rockets", "manual"),
    ]  # fmt: skip
    assert rows(database, "SELECT COUNT(*) FROM sync_bucket") == [(0,)]


def test_the_families_of_the_demonstration_are_linked(demo: str) -> None:
    assert rows(demo, "SELECT name FROM sync_family ORDER BY name") == [
        ("basel-a/SMET",), ("deepset-ai/FARM",), ("emrecncelik/zeroshot-turkish",),
        ("kleinay/seq2seq_constrained_decoding",), ("mrm8488/shared_colab_notebooks",),
        ("pyannote/pyannote-audio",), ("t-systems-on-site-services-gmbh/german-STSbenchmark",),
        ("yangheng95/ABSADatasets",),
    ]  # fmt: skip
