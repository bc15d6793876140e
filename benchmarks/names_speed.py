"""How many names a second are parsed and given their convention, and how many headers are told.

    python -m benchmarks.names_speed [NAMES [PROCESSES]]      (default: 3,000,000 names, 2 processes)

Names: the ids of the Hub listings in PEATMOSS_REAL_DATA (default ../shared/data), then variations of them (another owner, another
number), so that memory of earlier tokens helps as much as it would on a whole hub. Baseline in the same run: splitting each
name at its separators with one regular expression and nothing else. Bar: 3,000,000 in 60 s.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from peatmoss.analyze.architectures import predict
from peatmoss.parse.fingerprint import fingerprint
from peatmoss.parse.name import parse
from peatmoss.parse.registry import nearest, registry

DATA = Path(os.environ.get("PEATMOSS_REAL_DATA", "../shared/data")) / "hub"
PIECE = 50_000


def names(count: int) -> list[str]:
    """So many names, real ones first."""
    with gzip.open(DATA / "hub_2022-02_models.jsonl.gz", "rt", encoding="utf-8") as lines:
        real = [json.loads(line)["modelId"] for line in lines]
    for file, column in (("hub_2025-10_open_models.csv.gz", "model_id"), ("hub_2025_weekly_added.csv.gz", "model_id")):
        with gzip.open(DATA / file, "rt", encoding="utf-8", newline="") as rows:
            real += [row[column] for row in csv.DictReader(rows)]
    real = [name for name in dict.fromkeys(real) if name]
    print(f"{len(real):,} different names of the Hub, the rest varied from them")
    found = real[:count]
    turn = 0
    while len(found) < count:
        turn += 1
        found += [_varied(name, turn) for name in real]
    return found[:count]


def _varied(name: str, turn: int) -> str:
    if name[-1:].isdigit():
        return re.sub(r"\d+$", lambda match: str(int(match[0][:9]) + turn), name)
    return f"{name}-{turn}"


def parsed(piece: list[str]) -> int:
    """The work: spans and conventions of a piece."""
    return sum(len(found.spans) + len(found.convention) for found in map(parse, piece))


_SPLIT = re.compile(r"[^\W_]+")


def split(piece: list[str]) -> int:
    """The baseline: nothing but splitting."""
    return sum(len(_SPLIT.findall(name)) for name in piece)


def run(work: Callable[[list[str]], int], pieces: list[list[str]], processes: int) -> float:
    """Seconds for all pieces."""
    start = time.perf_counter()
    with ProcessPoolExecutor(processes) as pool:
        sum(pool.map(work, pieces))
    return time.perf_counter() - start


def headers() -> None:
    """Fingerprints and nearest classes of headers of 24 layers."""
    heads = []
    for known in registry().known:
        entries = {
            pattern.replace("*", str(layer), 1).replace("*", "0"): {"dtype": "BF16", "shape": list(shape)}
            for pattern, shape in known.shapes.items()
            for layer in range(24 if "*" in pattern else 1)
        }
        heads.append({"model.safetensors": {"format": "safetensors", "metadata": {}, "tensors": entries}})
    start = time.perf_counter()
    found = [each for each in map(fingerprint, heads) if each]
    middle = time.perf_counter()
    for each in found:
        predict(each.shapes, each.vocabulary)
    new = time.perf_counter()
    for each in found:
        predict(each.shapes, each.vocabulary)
    end = time.perf_counter()
    tensors = sum(each.tensor_count for each in found)
    print(
        f"headers: {len(found):,} ({tensors:,} tensors), fingerprints {len(found) / (middle - start):,.0f}/s, nearest classes {len(found) / (new - middle):,.0f}/s,"
        f" again {len(found) / (end - new):,.0f}/s (remembered: {nearest.cache_info().currsize:,})"
    )


def main(count: int, processes: int) -> None:
    """Both."""
    found = names(count)
    pieces = [found[start : start + PIECE] for start in range(0, count, PIECE)]
    bare, full = run(split, pieces, processes), run(parsed, pieces, processes)
    print(
        f"names: {count:,} on {processes} processes in {full:.1f} s = {count / full:,.0f}/s; splitting alone {bare:.1f} s; ratio {full / bare:.1f}"
    )
    headers()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000, int(sys.argv[2]) if len(sys.argv) > 2 else 2)
