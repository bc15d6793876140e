"""Every statistic has a denominator, and what nobody asked for is counted apart."""

from datetime import UTC, datetime

from peatmoss import analyze, link
from peatmoss.schema import github, hub, ledger
from tests.conftest import fill, rows

T = datetime(2024, 1, 1, tzinfo=UTC)


def test_unknown_is_not_absent(database: str) -> None:
    model = {"model_hub_id": 1, "repo_url": "u", "has_snapshot": False, "shard_id": 1}
    fill(
        database,
        {
            ledger.shard: [
                {"id": 1, "name": "model/x", "kind": "model", "origin": "o", "as_of": T, "coverage": "filter",
                 "sha256": "0", "record_count": 0, "loaded_count": 0, "reject_count": 0}
            ],
            hub.model_hub: [{"id": 1, "name": "HuggingFace", "url": "https://h"}],
            hub.model: [
                {**model, "id": 1, "context_id": "a/a", "gated": "no", "downloads": 5},
                {**model, "id": 2, "context_id": "b/b", "gated": "manual", "downloads": 7},
                {**model, "id": 3, "context_id": "c/c", "gone_at": T, "gone_reason": "404"},
            ],
            hub.license: [{"id": 1, "name": "mit"}],
            hub.model_to_license: [{"model_id": 1, "license_id": 1}],
            hub.model_observation: [
                {"model_id": 1, "as_of": T, "license": "mit", "shard_id": 1},
                {"model_id": 2, "as_of": T, "license": "", "shard_id": 1},
                {"model_id": 3, "as_of": T, "likes": 1, "shard_id": 1},
            ],
            hub.model_to_base_model: [
                {"model_id": 2, "base_model_name": n, "relation": r, "declared_in": "tag", "shard_id": 1}
                for n, r in [("a/a", "finetune"), ("A/A", "merge"), ("b/b", "unknown"), ("x", "unknown")]
            ],
            github.reuse_repository: [
                {"id": n, "host": "github.com", "owner": "o", "name": str(n), "url": "u", "shard_id": 1, **more}
                for n, more in [
                    (1, {"license_key": "mit", "github_id": 1, "is_archived": True}),
                    (2, {"license_key": "other", "github_id": 2, "is_archived": False}),
                    (3, {"github_id": 3, "is_archived": False}),
                    (4, {}),
                ]
            ],
        },
    )  # fmt: skip
    link.run(database)
    analyze.run(database)
    found = {(s, n): (c, d) for s, n, c, d in rows(database, "SELECT subject, name, count, denominator FROM statistic")}
    expected = {
        ("model", "has_license"): (1, 3),
        ("model", "has_license_unknown"): (1, 3),
        ("model", "is_gated"): (1, 3),
        ("model", "gated_unknown"): (1, 3),
        ("model", "is_gone"): (1, 3),
        ("model", "downloads_unknown"): (1, 3),
        ("model", "has_base_model"): (1, 3),
        ("model", "has_card"): (0, 3),
        ("model", "has_card_unknown"): (3, 3),
        ("popular_model", "has_license"): (1, 2),
        ("popular_model", "downloads_unknown"): (0, 2),
        ("edge", "resolved_exact"): (2, 4),
        ("edge", "resolved_case"): (1, 4),
        ("edge", "unresolved"): (1, 4),
        ("edge", "relation_stated"): (2, 4),
        ("edge", "relation_unknown"): (2, 4),
        ("edge", "is_self_reference"): (1, 4),
        ("repository", "has_license"): (1, 4),
        ("repository", "has_other_license"): (1, 4),
        ("repository", "has_license_unknown"): (1, 4),
        ("repository", "is_archived"): (1, 4),
        ("repository", "archived_unknown"): (1, 4),
        ("repository", "is_scanned"): (0, 4),
    }
    assert {key: found.get(key) for key in expected} == expected


def test_an_empty_database_has_all_statistics_over_nothing(database: str) -> None:
    analyze.run(database)
    found = rows(database, "SELECT count, denominator FROM statistic")
    assert len(found) > 50
    assert set(found) == {(0, 0)}


def test_the_ways_to_resolve_an_edge_add_up(demo: str) -> None:
    ways = "('resolved_exact', 'resolved_rename', 'resolved_case', 'unresolved')"
    ((total, denominator),) = rows(
        demo, f"SELECT SUM(count), MAX(denominator) FROM statistic WHERE subject = 'edge' AND name IN {ways}"
    )
    assert total == denominator > 0
