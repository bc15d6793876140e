"""The bulk way in: compares first, writes differences, assigns ids itself."""

import contextlib
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import inspect

from peatmoss import db
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.load import shape
from peatmoss.schema import hub, ledger
from tests.conftest import rows


def names(*values: str) -> pl.DataFrame:
    return pl.DataFrame({"name": list(values), "url": [f"https://{v}.invalid" for v in values]})


def test_upsert_tells_new_changed_and_same_and_keeps_ids(database: str) -> None:
    with db.ingest(database, "test") as sink:
        first = sink.upsert(hub.model_hub, names("b", "a"), ("name",))
        assert first.select("name", "id", "change").rows() == [("b", 1, "new"), ("a", 2, "new")]
        again = names("a", "c", "b").with_columns(url=pl.Series(["https://a.invalid", "x", "changed"]))
        second = sink.upsert(hub.model_hub, again, ("name",))
        assert second.select("name", "id", "change").rows() == [("a", 2, "same"), ("c", 3, "new"), ("b", 1, "changed")]
        sink.commit()
    assert rows(database, "SELECT id, name, url FROM model_hub ORDER BY id") == [
        (1, "b", "changed"),
        (2, "a", "https://a.invalid"),
        (3, "c", "x"),
    ]


def test_columns_to_keep_are_written_once(database: str) -> None:
    with db.ingest(database, "test") as sink:
        sink.upsert(hub.model_hub, names("a"), ("name",), keep=("url",))
        other = names("a").with_columns(url=pl.lit("other"))
        assert sink.upsert(hub.model_hub, other, ("name",), keep=("url",))["change"].to_list() == ["same"]
        sink.commit()
    assert rows(database, "SELECT url FROM model_hub") == [("https://a.invalid",)]


def test_what_is_not_committed_is_not_there(database: str) -> None:
    with db.ingest(database, "test") as sink:
        sink.upsert(hub.model_hub, names("a"), ("name",))
    assert rows(database, "SELECT COUNT(*) FROM model_hub") == [(0,)]


def test_interned_names_get_ids_once_in_byte_order_without_control_characters(database: str) -> None:
    with db.ingest(database, "test") as sink:
        found = sink.intern(hub.tag, pl.Series(["z", "B", "a\x00b", "z", "é"]))
        assert dict(found.rows()) == {"B": 1, "a\x00b": 2, "z": 3, "é": 4}
        sink.commit()
    with db.ingest(database, "test") as sink:
        assert dict(sink.intern(hub.tag, pl.Series(["y", "z"])).rows()) == {"y": 5, "z": 3}
        sink.commit()
    assert [r[0] for r in rows(database, "SELECT name FROM tag ORDER BY id")] == ["B", "a\ufffdb", "z", "é", "y"]


def test_a_column_that_begins_with_many_nulls_is_read_whole(database: str) -> None:
    count = 5000
    frame = pl.DataFrame({"id": range(1, count + 1), "name": [f"n{i:04}" for i in range(count)]})
    frame = frame.with_columns(url=pl.when(pl.col("id") == count).then(pl.lit("https://last.invalid")))
    with db.ingest(database, "test") as sink:
        sink.append(hub.dataset, frame)
        read = sink.read(hub.dataset, "SELECT id, url FROM dataset ORDER BY id")
    assert read["url"].drop_nulls().to_list() == ["https://last.invalid"]


def test_progress_and_checkpoint(database: str) -> None:
    with db.ingest(database, "test") as sink:
        assert sink.progress("model/x") == (0, False)
        sink.checkpoint("model/x", 3, done=False)
        assert sink.progress("model/x") == (3, False)
        sink.checkpoint("model/x", 3, done=True)
        sink.commit()
    assert rows(database, "SELECT shard, batch_count, state FROM checkpoint") == [("model/x", 3, "done")]
    assert ledger.checkpoint.name == "checkpoint"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "not a database URL"),
        ("mysql://x/y", "mysql is not supported"),
        ("sqlite://", "needs a file"),
        ("sqlite:////no/such/folder/x.db", "no such folder: /no/such/folder"),
        ("postgresql://nobody@127.0.0.1:1/x", "onnection refused"),
    ],
)
def test_a_wrong_url_is_one_clear_line(url: str, message: str) -> None:
    with pytest.raises(PeatmossError, match=message) as caught:
        db.connect(url)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("this is no database, though it is long enough to look like one " * 20)
    with pytest.raises(SourceError, match="not a database"):
        db.connect(f"sqlite:///{tmp_path}/x.db")


def test_a_password_is_never_shown() -> None:
    with pytest.raises(PeatmossError) as caught:
        db.connect("postgresql://user:secret-word@127.0.0.1:1/x")
    assert "secret-word" not in str(caught.value)


def test_each_run_is_in_the_ledger_and_an_interrupted_one_has_no_end(database: str) -> None:
    with db.ingest(database, "load"):
        pass
    with contextlib.suppress(KeyboardInterrupt), db.ingest(database, "link"):
        raise KeyboardInterrupt
    assert rows(database, "SELECT verb, finished_at IS NULL FROM run ORDER BY id") in (
        [("load", 0), ("link", 1)],
        [("load", False), ("link", True)],
    )


def test_what_was_dropped_before_the_first_load_is_restored_and_enforced(database: str) -> None:
    engine = db.connect(database)
    before = {t: sorted(str(k["name"]) for k in inspect(engine).get_foreign_keys(t)) for t in ("usage", "model_to_tag")}
    engine.dispose()
    with db.ingest(database, "load") as sink:
        shape.relax(sink)
        shape.relax(sink)
        shape.restore(sink)
        shape.restore(sink)
    engine = db.connect(database)
    found = inspect(engine)
    assert {t: sorted(str(k["name"]) for k in found.get_foreign_keys(t)) for t in ("usage", "model_to_tag")} == before
    indexes = {str(i["name"]) for t in found.get_table_names() for i in found.get_indexes(t)}
    assert indexes >= shape.secondary_indexes().keys()
    engine.dispose()


def test_a_column_that_begins_with_thousands_of_nulls_keeps_its_type(database: str) -> None:
    connection = db.adbc_connect(db.parse_url(database))
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 5000)"
            " SELECT n, CASE WHEN n > 4000 THEN 'late' END AS said FROM number ORDER BY n"
        )
        assert cursor.fetch_polars()["said"].drop_nulls().to_list() == ["late"] * 1000
