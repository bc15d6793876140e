"""Families in a database -> findings: flags, change types, patterns by profile, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from peatmoss import analyze
from peatmoss.analyze.sync import name_version
from peatmoss.schema import github, hub, ledger, sync
from tests.conftest import fill, rows
from tests.test_link import SHARD, _model
from tests.test_link_upstream import _repo

START = datetime(2023, 1, 1, 12, tzinfo=UTC)
SHA = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def _world(url: str) -> None:
    hub_commits = [
        (1, 1, 1, "Upload model.safetensors"), (2, 1, 30, f"copy of {SHA[:8]}"),
        (3, 2, 30, "Adding Evaluation Results"), (4, 3, 500, "Update README.md"), (5, 1, 60, "lfs"),
    ]  # fmt: skip
    github_commits = [
        (1, 0, "first commit", False), (2, 31, "docs", False), (3, 200, "Merge x", True), (4, 210, "layer", False),
    ]  # fmt: skip
    models = ["acme/rocket-v2", "acme/rocket-1.5", "copy/rocket", "x/alone"]
    families = [("acme/rocket", 1), ("x/nothing", None)]
    link = {"repository_name": "acme/rocket", "source": "card_text", "score": 3, "rank": 1, "is_primary": True}
    fill(
        url,
        {
            ledger.shard: [{**SHARD, "kind": "hub_commit", "as_of": day(600)}],
            hub.model_hub: [{"id": 1, "name": "HuggingFace", "url": "https://h"}],
            hub.model: [_model(n, name) for n, name in enumerate(models, start=1)],
            github.reuse_repository: [_repo(1, "acme", "rocket")],
            hub.hf_commit: [
                {
                    "id": n, "model_id": model, "commit_id": f"{n:040x}", "created_at": day(at), "title": title,
                    "shard_id": 1,
                }
                for n, model, at, title in hub_commits
            ],
            hub.hf_commit_file: [{"hf_commit_id": 5, "path": ".gitattributes", "change": "modified"}],
            hub.author: [{"id": 1, "name": "leaderboard-pr-bot"}],
            hub.hf_commit_to_author: [{"hf_commit_id": 3, "author_id": 1}],
            github.github_commit: [
                {
                    "id": n, "reuse_repository_id": 1, "oid": SHA if n == 2 else f"{n:040x}", "authored_date": day(at),
                    "committed_date": day(at + 1), "message_headline": title, "is_merge": merge, "shard_id": 1,
                }
                for n, at, title, merge in github_commits
            ],
            sync.sync_family: [
                {
                    "id": n, "name": name, "repository_name": name, "reuse_repository_id": repository,
                    "grouping_rule": "repository",
                }
                for n, (name, repository) in enumerate(families, start=1)
            ],
            sync.upstream_link: [{**link, "id": n, "model_id": n, "evidence": "x"} for n in (1, 2, 3, 4)],
            sync.sync_family_member: [
                {
                    "sync_family_id": 2 if n == 4 else 1, "model_id": n, "upstream_link_id": n, "is_excluded": n == 3,
                    "exclusion_reason": "other_owner" if n == 3 else None,
                }
                for n in (1, 2, 3, 4)
            ],
        },
    )  # fmt: skip


@pytest.fixture
def world(database: str) -> str:
    _world(database)
    analyze.run(database, ["sync"])
    return database


def results(url: str, columns: str, where: str = "part = 'all'") -> list[tuple[Any, ...]]:
    return rows(
        url, f"SELECT p.name, f.name, {columns} FROM sync_result r JOIN sync_profile p ON p.id = r.sync_profile_id"
        f" JOIN sync_family f ON f.id = r.sync_family_id WHERE {where} ORDER BY p.id, f.id, r.id",
    )  # fmt: skip


def test_every_family_has_a_result_in_every_profile_and_excluded_models_do_not_count(world: str) -> None:
    assert results(world, "status, lag, code, pattern, github_commits, hub_commits, variant_count") == [
        ("paper", "acme/rocket", "ok", "simultaneous", "PSR", "Sparse", 4, 4, 2),
        ("paper", "x/nothing", "insufficient_both", None, None, None, 0, 0, 0),
        ("exact", "acme/rocket", "ok", "simultaneous", "PSR", "Sparse", 4, 4, 2),
        ("exact", "x/nothing", "insufficient_both", None, None, None, 0, 0, 0),
        ("strict", "acme/rocket", "ok", "simultaneous", "CSR", "Rare", 3, 2, 1),
        ("strict", "x/nothing", "insufficient_both", None, None, None, 0, 0, 0),
    ]


def test_no_commit_is_left_out_and_each_has_its_flags_and_its_change_type(world: str) -> None:
    found = rows(
        world, "SELECT c.platform, COALESCE(h.title, g.message_headline), c.is_merge, c.is_bot, c.is_initial,"
        " c.is_attributes_only, t.name, x.method FROM sync_commit c LEFT JOIN hf_commit h ON h.id = c.hf_commit_id"
        " LEFT JOIN github_commit g ON g.id = c.github_commit_id JOIN commit_change_type x ON x.sync_commit_id = c.id"
        " JOIN change_type t ON t.id = x.change_type_id ORDER BY c.id",
    )  # fmt: skip
    as_bool = [tuple(bool(v) if n in (2, 3, 4) else v for n, v in enumerate(row)) for row in found]
    assert as_bool == [
        ("huggingface", "Upload model.safetensors", False, False, False, None, "model_structure", "rule"),
        ("huggingface", f"copy of {SHA[:8]}", False, False, False, None, "unclear", "rule"),
        ("huggingface", "Adding Evaluation Results", False, True, False, None, "validation_infrastructure", "rule"),
        ("huggingface", "Update README.md", False, False, False, None, "external_documentation", "rule"),
        ("huggingface", "lfs", False, False, False, True, "sharing", "rule"),
        ("github", "first commit", False, False, True, None, "project_metadata", "rule"),
        ("github", "docs", False, False, False, None, "external_documentation", "rule"),
        ("github", "Merge x", True, False, False, None, "sharing", "rule"),
        ("github", "layer", False, False, False, None, "model_structure", "rule"),
    ]


def test_a_hash_is_a_reference_if_the_familys_repository_has_it(world: str) -> None:
    assert rows(world, "SELECT sync_commit_id, kind, target, github_commit_id FROM sync_commit_reference") == [
        (2, "sha", SHA[:8], 2)
    ]


def test_buckets_gaps_bursts_and_variants_are_rows(world: str) -> None:
    assert rows(
        world, "SELECT bucket, github_commits, hub_commits, hub_variants FROM sync_bucket WHERE sync_profile_id = 1"
    ) == [(0, 1, 1, 1), (2, 1, 2, 2), (4, 0, 1, 1), (14, 1, 0, 0), (15, 1, 0, 0)]
    assert rows(
        world, "SELECT m.context_id, bucket, commit_count FROM sync_bucket_member b JOIN model m ON m.id = b.model_id"
        " WHERE sync_profile_id = 1 ORDER BY m.id, bucket",
    ) == [
        ("acme/rocket-v2", 0, 1), ("acme/rocket-v2", 2, 1), ("acme/rocket-v2", 4, 1), ("acme/rocket-1.5", 2, 1),
    ]  # fmt: skip
    assert rows(
        world, "SELECT seq, to_platform, gap_days FROM sync_transition WHERE sync_profile_id = 1 ORDER BY seq"
    ) == [(1, "huggingface", 0), (2, "github", 1), (3, "huggingface", 28), (4, "github", 140)]
    assert rows(
        world, "SELECT m.context_id, commit_count, github_commits_since, name_version FROM sync_result_member r"
        " JOIN model m ON m.id = r.model_id WHERE sync_profile_id = 2 ORDER BY m.id",
    ) == [("acme/rocket-v2", 3, 2, "2"), ("acme/rocket-1.5", 1, 3, "1.5")]  # fmt: skip
    censored = "SUM(CASE WHEN is_censored THEN 1 ELSE 0 END)"
    assert rows(world, f"SELECT COUNT(*), {censored} FROM sync_burst WHERE sync_profile_id = 2") == [(3, 1)]


def test_change_types_of_both_sides_are_compared(world: str) -> None:
    assert rows(
        world, "SELECT SUM(commit_count), MIN(denominator) FROM sync_change_profile WHERE platform = 'github'"
    ) == [(4, 4)]
    assert results(world, "type_jaccard")[0][2] == pytest.approx(2 / 5)


def test_a_second_run_gives_the_same_rows(world: str) -> None:
    select = "SELECT * FROM sync_result ORDER BY id"
    before = rows(world, select)
    analyze.run(world, ["sync"])
    assert rows(world, select) == before


def test_without_commits_there_are_no_results(database: str) -> None:
    found = {row.table: row.rows for row in analyze.run(database, ["sync"])}
    assert found["sync_profile"] == 3
    assert found["sync_result"] == 0


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("a/Qwen2.5-7B", "2.5"), ("a/bge-v1.5", "1.5"), ("a/mistral-7B-v0.1", "0.1"), ("a/rocket-v2", "2"),
        ("a/llama-1.5B", None), ("a/bert-base", None), ("a/model-7b", None), ("gpt2", None), ("a/x-3.1-8b", "3.1"),
    ],
)  # fmt: skip
def test_the_version_in_a_name_is_no_size(name: str, version: str | None) -> None:
    assert name_version(name) == version


def test_the_families_of_the_demonstration_come_out_as_published(demo: str) -> None:
    assert results(demo, "lag, code", "part = 'all' AND p.name = 'paper' AND status = 'ok'") == [
        ("paper", "basel-a/SMET", "simultaneous", "PSR"),
        ("paper", "emrecncelik/zeroshot-turkish", "upstream_first", "CSR"),
        ("paper", "mrm8488/shared_colab_notebooks", "upstream_first", "ASR"),
        ("paper", "t-systems-on-site-services-gmbh/german-STSbenchmark", "upstream_first", "ASS"),
        ("paper", "yangheng95/ABSADatasets", "upstream_first", "PSS"),
    ]
