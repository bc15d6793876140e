"""Bulk files come into the archive byte for byte, or are refused in one line and leave nothing."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard

from peatmoss import archive
from peatmoss.archive import Shard
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.fetch import FETCHERS, hub_dump

REAL = (
    Path(os.environ.get("PEATMOSS_REAL_DATA") or Path(__file__).parents[2] / ".." / "shared" / "data").resolve() / "hub"
)
real_data = pytest.mark.skipif(not REAL.is_dir(), reason=f"no real data at {REAL}: set PEATMOSS_REAL_DATA")

MODEL = {"id": "a/one", "sha": "0" * 40, "likes": 3, "tags": ["x"]}
OLD_MODEL = {"modelId": "a/one", "lastModified": "2022-01-20T12:13:34.000Z", "tags": []}
MODEL_INFO = {
    "id": "a/one",
    "created_at": "2023-12-01 15:17:36+00:00",
    "card_data": "license: mit",
    "trending_score": 1,
}
CARD = {"modelId": "a/one", "sha": "0" * 40, "readme": "# One"}


def jsonl(path: Path, *records: Any) -> Path:
    """Records as JSONL, texts as they are, packed as the name says."""
    text = "".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records).encode()
    pack = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}.get(path.suffix.lower(), bytes)
    path.write_bytes(pack(text))
    return path


def mapping(
    tmp_path: Path, text: str = '[columns]\nid = "model"\ntags = "words"\n[options]\ntags_separator = ";"'
) -> Path:
    path = tmp_path / "columns.toml"
    path.write_text(text)
    return path


def hub_stats(rows: int = 3) -> pl.DataFrame:
    """The columns of cfahlgren1/hub-stats, as far as their types matter."""
    return pl.DataFrame(
        {
            "_id": [f"{n:024x}" for n in range(rows)],
            "id": [f"a/{n}" for n in range(rows)],
            "author": ["a"] * rows,
            "createdAt": ["2024-01-01T00:00:00.000Z"] * rows,
            "tags": [["pytorch"]] * rows,
            "downloads": list(range(rows)),
            "cardData": ['{"license": "mit"}'] * rows,
            "baseModels": [{"relation": "finetune", "models": [{"_id": "1", "id": "a/0"}]}] * rows,
            "safetensors": [{"parameters": {"F32": 3}, "total": 3}] * rows,
        }
    )


def fetch(root: Path, *paths: Path, **options: Any) -> Shard:
    """The first shard that a fetch makes."""
    return hub_dump.run(root, paths, **{"as_of": "2022-02-15", **options})[0].shard


def refused(tmp_path: Path, error: type[PeatmossError], reason: str, *paths: Path, **options: Any) -> None:
    """A fetch fails in one line and writes nothing."""
    with pytest.raises(error, match=reason) as caught:
        fetch(tmp_path / "archive", *paths, **options)
    assert type(caught.value) is error
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize("name", ["m.jsonl", "m.jsonl.gz", "m.jsonl.zst", "M.JSONL.GZ"])
def test_jsonl_is_kept_verbatim_and_described(tmp_path: Path, name: str) -> None:
    path = jsonl(tmp_path / name, MODEL, OLD_MODEL | {"modelId": "a/two"})
    shard = fetch(tmp_path / "archive", path)
    assert shard.path.name == f"20220215T000000Z.hub_dump.{name[0]}{name[1:].lower()}"
    assert shard.path.read_bytes() == path.read_bytes()
    assert shard == Shard(
        path=tmp_path / "archive" / "model" / shard.path.name,
        kind="model",
        origin="hub_dump",
        as_of=archive.moment("2022-02-15"),
        layout="verbatim",
        coverage="filter",
        records=2,
        sha256=archive.sha256_file(path),
        fields=("id", "lastModified", "likes", "modelId", "sha", "tags"),
        source={
            "name": name,
            "sha256": archive.sha256_file(path),
            "bytes": path.stat().st_size,
            "missing_columns": [
                "author", "createdAt", "private", "gated", "disabled", "downloads", "downloadsAllTime", "trendingScore",
                "pipeline_tag", "library_name", "config", "safetensors", "gguf", "cardData", "baseModels", "siblings",
                "usedStorage",
            ],
        },
    )  # fmt: skip
    assert archive.shards(tmp_path / "archive") == [shard]


def test_model_info_dumps_name_the_same_fields(tmp_path: Path) -> None:
    wrapped = [
        {"model_id": "a/one", "metadata": MODEL_INFO, "card": "# One"},
        {"model_id": "a/two", "metadata": None, "card": None},
        {"model_id": "a/three", "metadata": OLD_MODEL, "card": None},
    ]
    bare = fetch(tmp_path / "archive", jsonl(tmp_path / "bare.jsonl", MODEL_INFO))
    shard = fetch(tmp_path / "archive", jsonl(tmp_path / "wrapped.jsonl", *wrapped))
    assert bare.fields == ("card_data", "created_at", "id", "trending_score")
    assert shard.fields == ("card_data", "created_at", "id", "lastModified", "modelId", "tags", "trending_score")
    assert not {"cardData", "createdAt", "trendingScore"} & set(bare.source["missing_columns"])
    assert shard.records == 3
    assert shard.source["problems"] == 1
    assert shard.source["first_problem"] == "line 2: no metadata beside the model id"


def test_bad_lines_among_good_ones_are_counted_not_fatal(tmp_path: Path) -> None:
    lines = ['{"id": "a/', MODEL, [], "", {"id": None}, {"id": "a\nb"}, {"id": 7}, {"id": "x" * 10_000}, '{"id": NaN}']
    shard = fetch(tmp_path / "archive", jsonl(tmp_path / "m.jsonl", *lines))
    assert (shard.records, shard.source["problems"]) == (8, 7)
    assert shard.source["first_problem"].startswith("line 1: invalid JSON")
    assert shard.fields == ("id", "likes", "sha", "tags")


def test_odd_file_names_become_safe_shard_names(tmp_path: Path) -> None:
    names = ["a b [*]?é.jsonl", "-.jsonl", os.fsdecode(b"b\xff.jsonl"), "v1.2.jsonl"]
    paths = [jsonl(tmp_path / name, MODEL | {"likes": n}) for n, name in enumerate(names)]
    fetched = hub_dump.run(tmp_path / "a[r]c", paths, as_of="2022-02-15")
    assert [f.shard.path.name.split(".", 2)[2] for f in fetched] == [
        "a-b.jsonl",
        "shard.jsonl",
        "b.jsonl",
        "v1-2.jsonl",
    ]
    assert [f.shard.source["name"] for f in fetched] == ["a b [*]?é.jsonl", "-.jsonl", "b?.jsonl", "v1.2.jsonl"]
    assert len(archive.shards(tmp_path / "a[r]c")) == 4


@pytest.mark.parametrize("content", ["\n\n", "", "{}", "[]", "nonsense", '[{"id": "a/one", "tags": []}]'])
@pytest.mark.parametrize("name", ["m.jsonl", "m.jsonl.gz"])
def test_jsonl_without_a_usable_line_is_refused(tmp_path: Path, name: str, content: str) -> None:
    refused(tmp_path, SourceError, "is empty|no record is usable: line 1: ", jsonl(tmp_path / name, content))


def test_jsonl_about_something_else_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, SourceError, "besides the id", jsonl(tmp_path / "m.jsonl", {"id": "a/one", "price": 3}))
    refused(tmp_path, SourceError, "give it with --readmes", jsonl(tmp_path / "m.jsonl", CARD))
    dataset = MODEL | {"paperswithcode_id": None}
    refused(tmp_path, SourceError, "but of datasets", jsonl(tmp_path / "m.jsonl", dataset))
    refused(tmp_path, SourceError, "but of Spaces", jsonl(tmp_path / "m.jsonl", MODEL | {"sdk": "gradio"}))


@pytest.mark.parametrize("name", ["m.jsonl.gz", "m.jsonl.zst"])
def test_a_torn_compressed_file_is_refused(tmp_path: Path, name: str) -> None:
    path = jsonl(tmp_path / name, *({"id": f"a/{os.urandom(9).hex()}", "likes": n} for n in range(5000)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    refused(tmp_path, SourceError, "is damaged", path)


def test_paths_that_are_no_bulk_files_are_refused(tmp_path: Path) -> None:
    refused(tmp_path, PeatmossError, "no file at .*No such file", tmp_path / "none.jsonl")
    refused(tmp_path, PeatmossError, "no file at .*name too long", tmp_path / ("x" * 300 + ".jsonl"))
    (tmp_path / "folder.jsonl").mkdir()
    refused(tmp_path, PeatmossError, "a folder or a device", tmp_path / "folder.jsonl")
    os.mkfifo(tmp_path / "pipe.jsonl")
    refused(tmp_path, PeatmossError, "a folder or a device", tmp_path / "pipe.jsonl")
    (tmp_path / "empty.jsonl").touch()
    refused(tmp_path, SourceError, "is empty", tmp_path / "empty.jsonl")
    for name in ("m.json", "m.parquet.gz", ".jsonl", "m", "m.jsonl.bz2"):
        refused(tmp_path, PeatmossError, "the name has to end in", jsonl(tmp_path / name, MODEL))


def test_parquet_is_kept_verbatim_and_described(tmp_path: Path) -> None:
    path = tmp_path / "models [1].parquet"
    hub_stats().with_columns(extra=1).write_parquet(path)
    shard = fetch(tmp_path / "archive", path, coverage="complete", as_of="2025-10-01T06:00:00Z")
    assert shard.path.read_bytes() == path.read_bytes()
    assert shard.name == "model/20251001T060000Z.hub_dump.models-1.parquet"
    assert (shard.format, shard.records, shard.coverage) == ("parquet", 3, "complete")
    assert shard.fields == tuple(sorted([*hub_stats().columns, "extra"]))
    assert {"sha", "gated", "siblings"} <= set(shard.source["missing_columns"])
    assert "problems" not in shard.source


def test_parquet_rows_without_an_id_are_counted(tmp_path: Path) -> None:
    frame = hub_stats().with_columns(pl.when(pl.col("id") != "a/1").then("id").alias("id").cast(pl.Categorical))
    frame.write_parquet(tmp_path / "m.parquet")
    shard = fetch(tmp_path / "archive", tmp_path / "m.parquet")
    assert (shard.records, shard.source["problems"]) == (3, 1)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (pl.DataFrame({"city": ["x"], "price": [1]}), "no column id; it has city, price"),
        (pl.DataFrame({"id": [1], "tags": ["x"]}), "its column id holds Int64"),
        (pl.DataFrame({"id": ["a"], "price": [1]}), "besides the id"),
        (
            pl.DataFrame({"id": [None], "tags": ["x"]}, schema={"id": pl.String, "tags": pl.String}),
            "no record is usable",
        ),
        (hub_stats().clear(), "is empty"),
        (hub_stats().with_columns(citation=pl.lit("x")), "but of datasets"),
    ],
)
def test_parquet_that_is_no_dump_is_refused(tmp_path: Path, frame: pl.DataFrame, reason: str) -> None:
    frame.write_parquet(tmp_path / "m.parquet")
    refused(tmp_path, SourceError, reason, tmp_path / "m.parquet")


def test_what_is_only_named_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.parquet"
    hub_stats(1000).write_parquet(path)
    whole = path.read_bytes()
    rubbish = (
        b"x",
        b'{"id": "a/one"}\n' * 9,
        b"PAR1" + b"\7" * 500 + b"PAR1",
        whole[:-9],
        whole[: len(whole) // 2],
        whole[9:],
    )
    for content in rubbish:
        path.write_bytes(content)
        refused(tmp_path, SourceError, "not a whole Parquet file", path)


@pytest.mark.parametrize("name", ["top.csv", "top.csv.gz", "top.csv.zst"])
def test_csv_comes_with_its_columns_and_options(tmp_path: Path, name: str) -> None:
    path = jsonl(tmp_path / name, "\ufeffmodel,words,more", '"a/one","x;y",1', "", "a/two,,", ",x,1", "a/three,x")
    shard = fetch(tmp_path / "archive", path, columns=mapping(tmp_path))
    assert (shard.format, shard.records, shard.fields) == ("csv", 4, ("id", "tags"))
    assert shard.columns == {"id": "model", "tags": "words"}
    assert shard.source["tags_separator"] == ";"
    assert (shard.source["problems"], shard.source["first_problem"]) == (2, "row 3: no model id")
    assert not {"id", "tags"} & set(shard.source["missing_columns"])


def test_csv_that_does_not_fit_its_mapping_is_refused(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "top.csv", "model,words", "a/one,x")
    refused(tmp_path, PeatmossError, "name its columns with --columns FILE; it has model, words", path)
    absent = mapping(tmp_path, '[columns]\nid = "model"\nsha = "revision"')
    refused(tmp_path, PeatmossError, "has no column 'revision'; it has model, words", path, columns=absent)
    right = mapping(tmp_path)
    refused(tmp_path, SourceError, "two columns 'x'", jsonl(path, "model,words,x,x", "a,b,c,d"), columns=right)
    refused(tmp_path, SourceError, "is empty", jsonl(path, "model,words"), columns=right)
    refused(tmp_path, SourceError, "is empty", jsonl(path, "", ""), columns=right)
    refused(tmp_path, SourceError, "1 columns instead of 2", jsonl(path, "model,words", "a", "b"), columns=right)
    path.write_bytes("model,words\na,b\n".encode("utf-16"))
    refused(tmp_path, PeatmossError, "has no column 'model'", path, columns=right)
    bulk = jsonl(tmp_path / "m.jsonl", MODEL)
    refused(tmp_path, PeatmossError, "leave out --columns", bulk, columns=right)


def test_cards_become_a_snapshot_shard_of_the_same_date(tmp_path: Path) -> None:
    models = jsonl(tmp_path / "m.jsonl", MODEL)
    cards = jsonl(tmp_path / "cards.jsonl.zst", CARD, CARD | {"sha": None}, {"id": "a/two"})
    fetched = hub_dump.run(
        tmp_path / "archive", [models], as_of="2022-02-15", coverage="complete", readmes=cards
    )  # fmt: skip
    assert [f.shard.name for f in fetched] == [
        "model/20220215T000000Z.hub_dump.m.jsonl",
        "snapshot/20220215T000000Z.hub_dump.cards.jsonl.zst",
    ]
    snapshot = fetched[1].shard
    assert (snapshot.records, snapshot.fields, snapshot.coverage) == (3, ("modelId", "readme", "sha"), "filter")
    assert (snapshot.source["problems"], snapshot.source["first_problem"]) == (2, "line 2: no revision")


def test_nothing_is_taken_in_if_one_of_the_files_is_bad(tmp_path: Path) -> None:
    models = jsonl(tmp_path / "m.jsonl", MODEL)
    refused(tmp_path, SourceError, "no record is usable: line 1: no readme", models, readmes=models)
    bad = jsonl(tmp_path / "bad.jsonl", "no")
    refused(tmp_path, SourceError, "no record is usable", models, bad)
    (tmp_path / "cards.csv").write_text("x")
    refused(tmp_path, PeatmossError, "cards come as .jsonl", models, readmes=tmp_path / "cards.csv")


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "m.jsonl", MODEL)
    first = hub_dump.run(tmp_path / "archive", [path], as_of="2022-02-15")
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in (tmp_path / "archive" / "model").iterdir()}
    again = hub_dump.run(tmp_path / "archive", [path], as_of="2022-02-15T00:00:00Z")
    assert [f.is_new for f in first + again] == [True, False]
    assert first[0].shard == again[0].shard
    assert before == {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in (tmp_path / "archive" / "model").iterdir()}
    fetch(tmp_path / "archive", path, as_of="2022-02-16")
    assert [shard.as_of.day for shard in archive.shards(tmp_path / "archive")] == [15, 16]


def test_another_file_or_another_meaning_under_the_same_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    path, other = jsonl(tmp_path / "m.jsonl", MODEL), jsonl(tmp_path / "other" / "m.jsonl", OLD_MODEL)
    shard = fetch(tmp_path / "archive", path)
    with pytest.raises(PeatmossError, match=r"holds another file than .*rename the file"):
        fetch(tmp_path / "archive", other)
    with pytest.raises(PeatmossError, match="with coverage 'filter', not 'complete': delete it"):
        fetch(tmp_path / "archive", path, coverage="complete")
    with pytest.raises(PeatmossError, match=r"would both be .*m\.jsonl: rename one"):
        fetch(tmp_path / "archive", path, other, as_of="2023-01-01")
    csv = jsonl(tmp_path / "m.csv", "model,words", "a,x")
    fetch(tmp_path / "archive", csv, columns=mapping(tmp_path))
    with pytest.raises(PeatmossError, match=r"with columns .* not"):
        fetch(tmp_path / "archive", csv, columns=mapping(tmp_path, '[columns]\nid = "words"'))
    assert len(archive.shards(tmp_path / "archive")) == 2
    assert archive.shards(tmp_path / "archive")[1] == shard


def test_a_call_that_makes_no_sense_is_one_line(tmp_path: Path) -> None:
    one, two = jsonl(tmp_path / "1.jsonl", MODEL), jsonl(tmp_path / "2.jsonl", MODEL)
    refused(tmp_path, PeatmossError, "no date", one, as_of="last week")
    refused(tmp_path, PeatmossError, "one file lists every model", one, two, coverage="complete")
    refused(tmp_path, PeatmossError, "both its name and its address", one, hub="ModelScope")
    refused(tmp_path, PeatmossError, "both its name and its address", one, hub_url="https://modelscope.cn")
    refused(tmp_path, PeatmossError, "no hub", one, hub="ModelScope", hub_url="modelscope.cn")
    refused(tmp_path, PeatmossError, "no hub", one, hub="a\nb", hub_url="https://modelscope.cn")


def test_another_hub_is_written_into_the_description(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "m.jsonl", MODEL)
    shard = fetch(tmp_path / "archive", path, hub="ModelScope", hub_url="https://modelscope.cn/models")
    assert (shard.hub, shard.hub_url) == ("ModelScope", "https://modelscope.cn/models")


def test_progress_is_told_in_bytes_of_the_file(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    path = jsonl(tmp_path / "m.jsonl.gz", *(MODEL | {"note": os.urandom(600).hex()} for _ in range(4000)))
    fetch(tmp_path / "archive", path, progress=lambda *state: told.append(state))
    size = path.stat().st_size
    assert size > 2 * 2**20
    assert {(name, total) for name, _, total in told} == {("m.jsonl.gz", size)}
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert len({done for _, done, _ in told}) >= 3
    assert told[-1][1] == size


def test_the_dump_is_among_the_fetchers() -> None:
    assert FETCHERS[("model", "hub_dump")] is hub_dump.run


@real_data
def test_the_hub_of_2022_comes_in_whole(tmp_path: Path) -> None:
    models, cards = hub_dump.run(
        tmp_path,
        [REAL / "hub_2022-02_models.jsonl.gz"],
        as_of="2022-02-15",
        readmes=REAL / "hub_2022-02_readmes.jsonl.gz",
    )
    assert (models.shard.records, cards.shard.records) == (29_432, 16_245)
    assert "problems" not in models.shard.source | cards.shard.source
    assert {"createdAt", "safetensors"} <= set(models.shard.source["missing_columns"])
    assert not {"siblings", "config", "tags"} & set(models.shard.source["missing_columns"])


@real_data
def test_the_wrapped_dump_of_2025_comes_in(tmp_path: Path) -> None:
    shard = fetch(tmp_path, REAL / "hub_2025-04_models_with_cards.jsonl.gz", as_of="2025-04-24")
    assert (shard.records, shard.source["problems"]) == (2056, 74)
    assert shard.source["missing_columns"] == ["baseModels"]


@real_data
def test_the_csv_of_2024_comes_in_with_a_mapping(tmp_path: Path) -> None:
    columns = mapping(
        tmp_path, '[columns]\nid = "model_id"\nsha = "sha"\ntags = "tags"\n[options]\ntags_separator = " "'
    )
    shard = fetch(tmp_path / "archive", REAL / "hub_2024-10_top_models.csv.gz", columns=columns, coverage="top")
    assert (shard.records, shard.coverage, shard.source["tags_separator"]) == (9715, "top", " ")
    refused(tmp_path / "without", PeatmossError, "--columns FILE", REAL / "hub_2024-10_top_models.csv.gz")


@real_data
def test_real_files_about_something_else_are_refused(tmp_path: Path) -> None:
    refused(tmp_path, SourceError, "give it with --readmes", REAL / "hub_2022-02_readmes.jsonl.gz")
    refused(tmp_path, PeatmossError, "name its columns", REAL / "hub_renames_2022_2024.csv")
