"""The same models as JSON, Parquet and CSV are the same rows; what a dump lacks or has too much of does no harm."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from peatmoss import archive, db, load, migrate
from peatmoss.errors import SourceError
from peatmoss.fetch import hub_dump
from tests.archives import day, put
from tests.conftest import rows
from tests.load.test_load import everything, linked

MODELS: list[dict[str, Any]] = [
    {
        "id": "a/one",
        "createdAt": "2024-01-02T03:04:05Z",
        "lastModified": "2024-05-06T07:08:09Z",
        "downloads": 10,
        "likes": 2,
        "pipeline_tag": "fill-mask",
        "library_name": "transformers",
        "tags": ["transformers", "safetensors", "en", "license:mit", "dataset:glue", "base_model:adapter:a/two"],
        "baseModels": {"relation": "adapter", "models": [{"id": "a/two"}]},
        "gguf": {"context_length": 4096},
    },
    {
        "id": "a/two",
        "createdAt": "2024-01-02T03:04:05Z",
        "lastModified": "2024-01-02T03:04:05Z",
        "downloads": 0,
        "likes": 0,
        "tags": [],
    },
]
CSV = ("id", "createdAt", "lastModified", "downloads", "likes", "pipeline_tag", "library_name")


def frame(models: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(models).with_columns(pl.col("createdAt", "lastModified").str.to_datetime("%+", time_zone="UTC"))


def core(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows but those that name the shard's file."""
    found = everything(url)
    found.pop("shard")
    return found


def test_parquet_and_json_give_the_same_rows(database: str, tmp_path: Path) -> None:
    put(tmp_path / "json", "model", day(1), MODELS)
    load.run(tmp_path / "json", database)
    from_json = core(database)
    engine = db.connect(database)
    migrate.reset(engine)
    engine.dispose()
    frame(MODELS).write_parquet(tmp_path / "models.parquet")
    hub_dump.run(tmp_path / "parquet", [tmp_path / "models.parquet"], as_of="2026-01-01")
    load.run(tmp_path / "parquet", database)
    assert core(database) == from_json
    assert rows(database, "SELECT base_model_name, relation, declared_in FROM model_to_base_model") == [
        ("a/two", "adapter", "base_models")
    ]


def test_csv_gives_the_same_rows_as_far_as_its_columns_go(database: str, tmp_path: Path) -> None:
    less = [{k: v for k, v in model.items() if k in (*CSV, "tags")} for model in MODELS]
    put(tmp_path / "json", "model", day(1), less)
    load.run(tmp_path / "json", database)
    from_json = core(database)
    engine = db.connect(database)
    migrate.reset(engine)
    engine.dispose()
    table = frame(MODELS).select(*(pl.col(c).alias(f"x_{c}") for c in CSV), labels=pl.col("tags").list.join("|"))
    table.write_csv(tmp_path / "models.csv")
    mapping = "\n".join(f'{c} = "x_{c}"' for c in CSV)
    (tmp_path / "columns.toml").write_text(f'[columns]\n{mapping}\ntags = "labels"\n[options]\ntags_separator = "|"\n')
    hub_dump.run(tmp_path / "csv", [tmp_path / "models.csv"], as_of="2026-01-01", columns=tmp_path / "columns.toml")
    load.run(tmp_path / "csv", database)
    assert core(database) == from_json


def test_a_dump_of_another_era_lacks_columns_and_has_others(database: str, tmp_path: Path) -> None:
    frame(MODELS).select("id", "likes", trendingScore=pl.lit(1.5), novelty=pl.lit("x")).write_parquet(
        tmp_path / "m.parquet"
    )
    hub_dump.run(tmp_path, [tmp_path / "m.parquet"], as_of="2026-01-01")
    load.run(tmp_path, database)
    assert rows(database, "SELECT context_id, likes, downloads FROM model ORDER BY id") == [
        ("a/one", 2, None),
        ("a/two", 0, None),
    ]


def test_every_row_of_a_parquet_dump_is_a_row_or_a_reject(database: str, tmp_path: Path) -> None:
    names = ["a/b", None, "", "c\nd", "x" * 600, "a/b", "ok/name"]
    pl.DataFrame({"id": names, "downloads": [1, 2, 3, 4, 5, 6, -7]}).write_parquet(tmp_path / "m.parquet")
    hub_dump.run(tmp_path, [tmp_path / "m.parquet"], as_of="2026-01-01")
    (result,) = load.run(tmp_path, database)
    assert (result.records, result.rows, result.rejects) == (7, 2, 5)
    assert rows(database, "SELECT line, field, reason FROM reject ORDER BY line") == [
        (2, "", "no model id"),
        (3, "", "no model id"),
        (4, "", "control character in the model id"),
        (5, "", "model id of 600 characters"),
        (6, "", "repeats line 1 of this shard"),
        (7, "downloads", "wrong type or out of range"),
    ]


def test_ragged_and_nonsensical_csv_rows_are_rejects(database: str, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text('id,n,w\na/b,5,2024-01-01\nc/d,many,never\nshort\n"e\n/f",1,\n"g""h",2,\n')
    (tmp_path / "c.toml").write_text('[columns]\nid = "id"\ndownloads = "n"\nlastModified = "w"\n')
    hub_dump.run(tmp_path, [tmp_path / "m.csv"], as_of="2026-01-01", columns=tmp_path / "c.toml")
    (result,) = load.run(tmp_path, database)
    assert (result.records, result.rows, result.rejects) == (5, 3, 2)
    assert rows(database, "SELECT context_id, downloads FROM model ORDER BY id") == [
        ("a/b", 5),
        ("c/d", None),
        ('g"h', 2),
    ]
    assert rows(database, "SELECT line, field, reason FROM reject ORDER BY line, field") == [
        (2, "downloads", "wrong type or out of range"),
        (2, "lastModified", "wrong type or out of range"),
        (3, "", "1 columns instead of 3"),
        (4, "", "control character in the model id"),
    ]


def test_damage_inside_a_parquet_file_is_one_clear_line(database: str, tmp_path: Path) -> None:
    pl.DataFrame({"id": [f"a/{i}" for i in range(5000)]}).write_parquet(tmp_path / "m.parquet")
    raw = bytearray((tmp_path / "m.parquet").read_bytes())
    raw[200:400] = bytes(200)
    target = tmp_path / "model" / "20260101T000000Z.hub_dump.m.parquet"
    target.parent.mkdir()
    target.write_bytes(raw)
    archive.close(
        archive.Shard(target, "model", "hub_dump", day(1), "verbatim", "filter", 5000, archive.sha256_file(target))
    )
    with pytest.raises(SourceError, match="cannot read"):
        load.run(tmp_path, database)
    assert rows(database, "SELECT COUNT(*) FROM model") == [(0,)]


def test_records_of_the_api_keep_dtypes_and_merge_with_a_dump_that_has_none(database: str, tmp_path: Path) -> None:
    put(tmp_path, "model", day(1), [MODELS[0] | {"safetensors": {"parameters": {"BF16": 3}, "total": 3}}])
    put(tmp_path, "model", day(2), [{"id": "a/one", "likes": 9}])
    load.run(tmp_path, database)
    assert rows(database, "SELECT likes, parameter_count FROM model") == [(9, 3)]
    assert rows(database, "SELECT dtype, count FROM parameter_count") == [("BF16", 3)]
    assert linked(database, "license", "a/one") == ["mit"]


def test_a_full_disk_is_one_clear_line_and_nothing_is_lost(tmp_path: Path, sqlite_template: Path) -> None:
    """The limit on file sizes stands in for a full disk."""
    models = [{"id": f"o/m{i}", "tags": [f"tag-{i}-{'x' * 100}"]} for i in range(5000)]
    put(tmp_path, "model", day(1), models)
    database = tmp_path / "work.db"
    database.write_bytes(sqlite_template.read_bytes())
    code = (
        "import sys; from pathlib import Path; from peatmoss import load; from peatmoss.errors import PeatmossError\n"
        f"try: load.run(Path({str(tmp_path)!r}), 'sqlite:///{database}')\n"
        "except PeatmossError as error: sys.exit(f'one line: {error}')"
    )
    limit = database.stat().st_size + 100_000
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 1
    assert done.stderr.startswith("one line: database sqlite:///"), done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert json.loads(json.dumps(load.run(tmp_path, f"sqlite:///{database}")))[0][2] == 5000
