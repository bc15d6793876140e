"""Loading: what upstream said becomes rows, once, in order, and nothing is lost."""

import contextlib
from pathlib import Path
from typing import Any

import pytest

from peatmoss import db, load, migrate
from peatmoss.archive import Shard
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.load import batch, shape
from peatmoss.schema import LEDGER, metadata
from tests.archives import day, put
from tests.conftest import rows

FULL = {
    "id": "acme/base",
    "sha": "aaaaaaa1",
    "createdAt": "2022-03-02T23:29:04.000Z",
    "lastModified": "2025-12-01T00:00:00.000Z",
    "private": False,
    "gated": "auto",
    "disabled": False,
    "downloads": 100,
    "likes": 5,
    "pipeline_tag": "fill-mask",
    "library_name": "transformers",
    "tags": [
        "transformers",
        "pytorch",
        "bert",
        "fill-mask",
        "en",
        "license:mit",
        "dataset:glue",
        "arxiv:1810.04805",
        "region:us",
    ],
    "config": {"architectures": ["BertForMaskedLM"], "model_type": "bert"},
    "safetensors": {"parameters": {"F32": 7}, "total": 7},
    "siblings": [{"rfilename": "README.md"}, {"rfilename": "model.safetensors"}],
}
CHILD = {
    "id": "zoo/child",
    "sha": "bbbbbbb1",
    "downloads": 1,
    "likes": 0,
    "tags": ["base_model:acme/base", "base_model:finetune:acme/base", "license:other"],
    "cardData": {"base_model": "acme/base"},
}


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every table but the ledger, whole."""
    names = [t.name for t in metadata.sorted_tables if t.name not in LEDGER]
    return {name: sorted(rows(url, f"SELECT * FROM {name}"), key=repr) for name in names}


def linked(url: str, table: str, model: str) -> list[str]:
    name = "abbreviation" if table == "language" else "name"
    found = rows(
        url,
        f"SELECT t.{name} FROM model m JOIN model_to_{table} j ON j.model_id = m.id "
        f"JOIN {table} t ON t.id = j.{table}_id WHERE m.context_id = '{model}' ORDER BY 1",
    )
    return [row[0] for row in found]


def test_a_model_becomes_a_row_with_everything_it_declares(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [FULL])
    assert load.run(tmp_path, database) == [("model/20260101T000000Z.hub_dump.test.jsonl", 1, 1, 0)]
    (row,) = rows(
        database,
        "SELECT context_id, model_hub_id, sha, repo_url, downloads, likes, model_type, gated, parameter_count, "
        "gone_at, shard_id FROM model",
    )
    assert row == ("acme/base", 1, "aaaaaaa1", "https://huggingface.co/acme/base", 100, 5, "bert", "auto", 7, None, 1)
    assert rows(database, "SELECT is_private, is_created_at_floor FROM model") in ([(False, True)], [(0, 1)])
    kinds = ("author", "architecture", "dataset", "framework", "language", "library", "license", "model_task", "paper")
    assert {kind: linked(database, kind, "acme/base") for kind in kinds} == {
        "author": ["acme"],
        "architecture": ["BertForMaskedLM"],
        "dataset": ["glue"],
        "framework": ["pytorch"],
        "language": ["en"],
        "library": ["transformers"],
        "license": ["mit"],
        "model_task": ["fill-mask"],
        "paper": ["arxiv:1810.04805"],
    }
    assert linked(database, "tag", "acme/base") == ["bert", "en", "fill-mask", "pytorch", "region:us", "transformers"]
    assert rows(database, "SELECT dtype, count FROM parameter_count") == [("F32", 7)]
    assert rows(database, "SELECT path, kind FROM snapshot_file ORDER BY 1") == [
        ("README.md", "card"),
        ("model.safetensors", "weights"),
    ]
    assert rows(database, "SELECT d.name FROM model_task t JOIN domain d ON d.id = t.domain_id") == [
        ("natural-language-processing",)
    ]


def test_one_edge_named_plainly_qualified_and_in_the_card_counts_once(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [CHILD])
    load.run(tmp_path, database)
    assert rows(database, "SELECT base_model_name, relation, declared_in FROM model_to_base_model") == [
        ("acme/base", "finetune", "tag")
    ]


def test_a_source_that_says_nothing_of_the_tags_leaves_them_and_their_edges(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [CHILD])
    put(tmp_path, "model", day(2), [{"id": "zoo/child", "cardData": {"base_model": "acme/base", "license": "mit"}}])
    load.run(tmp_path, database)
    assert rows(database, "SELECT relation, declared_in, shard_id FROM model_to_base_model") == [("finetune", "tag", 1)]
    assert linked(database, "license", "zoo/child") == ["mit"], "the newest statement about the license"
    assert rows(database, "SELECT license FROM model_observation ORDER BY as_of") == [("other",), ("mit",)]


def test_loading_again_changes_nothing(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [FULL, CHILD])
    load.run(tmp_path, database)
    before = everything(database)
    assert load.run(tmp_path, database) == []
    assert everything(database) == before


def test_the_same_facts_at_a_later_date_only_add_the_shard(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [FULL, CHILD])
    load.run(tmp_path, database)
    before = everything(database)
    put(tmp_path, "model", day(2), [FULL, CHILD])
    load.run(tmp_path, database)
    after = everything(database)
    assert len(after.pop("shard")) == 2
    before.pop("shard")
    assert after == before


def test_changes_and_removals_arrive_and_history_stays(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [FULL])
    changed = FULL | {"downloads": 200, "tags": ["transformers", "license:apache-2.0"]}
    del changed["pipeline_tag"], changed["config"]
    put(tmp_path, "model", day(2), [changed], fields=set(FULL))
    load.run(tmp_path, database)
    assert rows(database, "SELECT downloads, model_type, shard_id FROM model") == [(200, None, 2)]
    kinds = ("tag", "language", "architecture", "model_task", "license")
    assert [linked(database, kind, "acme/base") for kind in kinds] == [
        ["transformers"], [], [], [], ["apache-2.0"],
    ]  # fmt: skip
    assert rows(database, "SELECT downloads, license, shard_id FROM model_observation ORDER BY as_of") == [
        (100, "mit", 1),
        (200, "apache-2.0", 2),
    ]


def test_an_observation_is_written_only_when_something_changed(database: str, tmp_path: Path) -> None:
    for number, downloads in enumerate((7, 7, 9, 9, 7), start=1):
        put(tmp_path, "model", day(number), [{"id": "a/b", "downloads": downloads}])
    load.run(tmp_path, database)
    assert rows(database, "SELECT downloads, shard_id FROM model_observation ORDER BY as_of") == [
        (7, 1),
        (9, 3),
        (7, 5),
    ]


def test_two_sources_of_one_date_complete_one_observation(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [{"id": "a/b", "downloads": 7}], label="one")
    put(tmp_path, "model", day(1), [{"id": "a/b", "likes": 3}], label="two")
    load.run(tmp_path, database)
    assert rows(database, "SELECT downloads, likes FROM model_observation") == [(7, 3)]


def test_every_line_is_a_row_or_a_reject_with_its_reason(database: str, tmp_path: Path) -> None:
    lines: list[Any] = [
        FULL,
        '{"id": "cut of',
        "[]",
        {"sha": "no id"},
        {"id": 7},
        {"id": "a\nb"},
        {"id": "x" * 10_000},
        b'{"id": "\xff"}',
        {"id": "quote\"/it's", "downloads": "many"},
        {"id": "작가/🦙"},
        FULL | {"downloads": 1},
    ]
    put(tmp_path, "model", day(1), lines, fields=set(FULL))
    (result,) = load.run(tmp_path, database)
    assert (result.records, result.rows, result.rejects) == (11, 3, 8)
    assert [r[0] for r in rows(database, "SELECT context_id FROM model ORDER BY id")] == [
        "acme/base",
        "quote\"/it's",
        "작가/🦙",
    ]
    found = rows(database, "SELECT line, field, reason FROM reject ORDER BY line")
    reasons = [
        (2, "", "invalid JSON"), (3, "", "not a JSON object"), (4, "", "no model id"), (5, "", "not a text"),
        (6, "", "control character"), (7, "", "10000 characters"), (8, "", "invalid JSON"),
        (9, "downloads", "not understood"), (11, "", "repeats line 1 of this shard"),
    ]  # fmt: skip
    assert [(line, field) for line, field, _ in found] == [(line, field) for line, field, _ in reasons]
    assert all(part in reason for (_, _, reason), (_, _, part) in zip(found, reasons, strict=True)), found
    assert rows(database, "SELECT record_count, loaded_count, reject_count FROM shard") == [(11, 3, 8)]


def test_a_model_that_moved_is_kept_under_its_old_name(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [{"id": "bert-base-uncased", "downloads": 9}])
    moved = {
        "key": "bert-base-uncased",
        "cursor": None,
        "data": None,
        "gone": {"status": 307, "moved_to": "google-bert/bert-base-uncased"},
    }
    put(tmp_path, "model", day(2), [moved], layout="records")
    put(tmp_path, "model", day(3), [moved], layout="records")
    load.run(tmp_path, database)
    assert rows(database, "SELECT downloads, gone_reason, shard_id FROM model") == [(9, "renamed", 2)]
    assert rows(database, "SELECT old_name, new_name, shard_id FROM model_rename") == [
        ("bert-base-uncased", "google-bert/bert-base-uncased", 2)
    ]


def test_what_a_complete_listing_lacks_is_gone_and_may_come_back(database: str, tmp_path: Path) -> None:
    both, one = [{"id": "a/kept", "likes": 1}, {"id": "a/lost", "likes": 1}], [{"id": "a/kept", "likes": 1}]
    put(tmp_path, "model", day(1), both, coverage="complete")
    put(tmp_path, "model", day(2), one, coverage="filter")
    load.run(tmp_path, database)
    assert rows(database, "SELECT COUNT(*) FROM model WHERE gone_at IS NOT NULL") == [(0,)], "a part proves nothing"
    put(tmp_path, "model", day(3), one, coverage="complete")
    load.run(tmp_path, database)
    assert rows(database, "SELECT context_id, gone_reason FROM model ORDER BY 1") == [
        ("a/kept", None),
        ("a/lost", "absent"),
    ]
    put(tmp_path, "model", day(4), both, coverage="complete")
    load.run(tmp_path, database)
    assert rows(database, "SELECT COUNT(*) FROM model WHERE gone_at IS NOT NULL") == [(0,)]


def test_models_of_two_hubs_may_share_a_name(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [{"id": "resnet", "likes": 1}])
    put(tmp_path, "model", day(2), [{"id": "resnet", "likes": 2}], hub="PyTorch", hub_url="https://pytorch.org/hub")
    put(tmp_path, "model", day(3), [{"id": "resnet", "likes": 3}], hub="Elsewhere", hub_url="https://models.invalid")
    load.run(tmp_path, database)
    assert rows(database, "SELECT model_hub_id, repo_url, likes FROM model ORDER BY 1") == [
        (1, "https://huggingface.co/resnet", 1),
        (2, "https://pytorch.org/hub/resnet", 2),
        (3, "https://models.invalid/resnet", 3),
    ]


def test_a_card_belongs_to_its_revision_even_of_a_model_that_no_listing_named(database: str, tmp_path: Path) -> None:
    put(
        tmp_path,
        "snapshot",
        day(1),
        [{"modelId": "a/b", "sha": "c0ffee1", "readme": "---\nlicense: mit\n---\nHello"}, {"modelId": "a/b"}],
    )
    load.run(tmp_path, database)
    query = (
        "SELECT m.context_id, s.revision, c.front_matter, c.body FROM card c "
        "JOIN snapshot s ON s.id = c.snapshot_id JOIN model m ON m.id = s.model_id"
    )
    assert rows(database, query) == [("a/b", "c0ffee1", '{"license":"mit"}', "Hello")]
    assert rows(database, "SELECT line, reason FROM reject") == [(2, "no revision")]


def test_repositories_with_topics_license_and_renames(database: str, tmp_path: Path) -> None:
    repo = {
        "full_name": "o/r",
        "id": 5,
        "stargazers_count": 9,
        "size": 2,
        "fork": False,
        "license": {"key": "mit"},
        "topics": ["nlp", "bert"],
    }
    put(
        tmp_path,
        "repo",
        day(1),
        [repo, {"full_name": "nonsense"}, repo | {"full_name": "o/bad", "id": "x"}],
        origin="github_api",
    )
    moved = {"key": "o/r", "cursor": None, "data": None, "gone": {"status": 301, "moved_to": "new/r"}}
    put(tmp_path, "repo", day(2), [moved], origin="github_api", layout="records")
    load.run(tmp_path, database)
    assert rows(database, "SELECT host, owner, name, stars, size_bytes, gone_reason FROM reuse_repository") == [
        ("github.com", "o", "r", 9, 2048, "renamed")
    ]
    assert rows(database, "SELECT topic FROM repository_topic ORDER BY 1") == [("bert",), ("nlp",)]
    assert rows(database, "SELECT new_name FROM repository_rename") == [("new/r",)]
    assert rows(database, "SELECT line FROM reject ORDER BY 1") == [(2,), (3,)]


def test_interrupted_after_any_batch_and_resumed_gives_the_same_rows(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = [
        FULL | {"id": f"o{i % 3}/m{i}", "sha": f"{i:07x}", "tags": [f"t{i % 5}", "license:mit"]} for i in range(30)
    ]
    put(tmp_path, "model", day(1), [*models, "broken", models[0]], coverage="complete")
    put(tmp_path, "model", day(2), models[5:], coverage="complete")
    monkeypatch.setattr(batch, "MAX_RECORDS", 4)
    load.run(tmp_path, database)
    undisturbed = everything(database)
    engine = db.connect(database)
    migrate.reset(engine)
    engine.dispose()

    class Stop(Exception):
        pass

    stops: list[tuple[str, int]] = []

    def stop(shard: str, done: int, _: int) -> None:
        if (shard, done) not in stops:
            stops.append((shard, done))
            raise Stop

    for _ in range(20):
        with contextlib.suppress(Stop):
            load.run(tmp_path, database, stop)
    assert len(stops) == 15, "eight batches and seven"
    assert everything(database) == undisturbed


def test_a_shard_older_than_what_is_loaded_is_refused(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(2), [FULL])
    load.run(tmp_path, database)
    put(tmp_path, "model", day(1), [FULL])
    with pytest.raises(PeatmossError, match=r"is older than .* --rebuild"):
        load.run(tmp_path, database)


def test_a_shard_that_changed_or_is_damaged_is_refused(database: str, tmp_path: Path) -> None:
    shard: Shard = put(tmp_path, "model", day(1), [FULL])
    good = shard.path.read_bytes()
    shard.path.write_bytes(good[:-5])
    with pytest.raises(SourceError, match="damaged"):
        load.run(tmp_path, database)
    assert rows(database, "SELECT COUNT(*) FROM model") == [(0,)]
    shard.path.write_bytes(good)
    load.run(tmp_path, database)
    put(tmp_path, "model", day(1), [FULL, CHILD])
    with pytest.raises(PeatmossError, match="changed after it was loaded"):
        load.run(tmp_path, database)


def test_one_writer_at_a_time(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [FULL])
    with db.ingest(database, "load") as sink:
        sink.query("SELECT * FROM model")
        with pytest.raises(PeatmossError, match=r"locked|another peatmoss process"):
            load.run(tmp_path, database)


def test_indexes_are_complete_after_a_load(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [FULL])
    load.run(tmp_path, database)
    engine = db.connect(database)
    catalogue = (
        "SELECT name FROM sqlite_master" if engine.dialect.name == "sqlite" else "SELECT indexname FROM pg_indexes"
    )
    engine.dispose()
    assert {row[0] for row in rows(database, catalogue)} >= shape.secondary_indexes().keys()
