"""`status` tells what is loaded, what waits, and what was rejected; it needs no archive and changes nothing."""

from datetime import UTC, datetime

from peatmoss import archive, migrate, status
from peatmoss.schema import ledger
from tests.conftest import CORPUS, fill

T = datetime(2024, 1, 1, tzinfo=UTC)


def test_an_empty_database_has_no_revision(empty_database: str) -> None:
    found = status.ask(empty_database, migrate.head())
    assert (found.revision, found.kinds, found.tables) == (None, [], [])


def test_a_database_of_another_revision_is_not_looked_into(database: str) -> None:
    assert status.ask(database, "9999")[1:4] == (migrate.head(), "9999", [])


def test_rejects_are_counted_by_reason_with_numbers_aside(database: str) -> None:
    shard = {
        "id": 1, "name": "model/x", "kind": "model", "origin": "o", "as_of": T, "coverage": "filter", "sha256": "0",
        "record_count": 9, "loaded_count": 0, "reject_count": 3,
    }  # fmt: skip
    reject = {"shard_id": 1, "field": ""}
    fill(
        database,
        {
            ledger.shard: [shard],
            ledger.checkpoint: [{"id": 1, "shard": "model/x", "batch_count": 3, "state": "open"}],
            ledger.reject: [
                {**reject, "id": 1, "line": 1, "reason": "repeats line 4 of this shard"},
                {**reject, "id": 2, "line": 2, "reason": "no model id"},
                {**reject, "id": 3, "line": 3, "reason": "repeats line 77 of this shard"},
            ],
        },
    )
    found = status.ask(database, migrate.head())
    assert found.rejects == [("", "repeats line N of this shard", 2), ("", "no model id", 1)]
    assert found.open_checkpoints == [("model/x", 3)]
    assert found.kinds == []  # a shard that is not done is not loaded


def test_what_waits_in_an_archive_is_counted_by_kind(database: str) -> None:
    kinds = status.ask(database, migrate.head(), CORPUS).kinds
    shards = archive.shards(CORPUS)
    assert {k.kind: (k.loaded, k.pending) for k in kinds} == {
        kind: (0, sum(s.kind == kind for s in shards)) for kind in {s.kind for s in shards}
    }
    assert max(k.newest_pending for k in kinds if k.newest_pending) == max(s.as_of for s in shards)


def test_after_a_load_nothing_waits(demo: str) -> None:
    kinds = status.ask(demo, migrate.head(), CORPUS).kinds
    assert {k.pending for k in kinds} == {0}
    assert sum(k.loaded for k in kinds) == len(archive.shards(CORPUS))
    assert status.ask(demo, migrate.head()).kinds[0].pending is None
    counts = dict(status.ask(demo, migrate.head()).tables)
    assert counts["model"] > 300
