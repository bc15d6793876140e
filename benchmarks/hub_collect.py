"""Collecting from a loopback Hub in another process: requests a model, models/s, peak memory.

python -m benchmarks.hub_collect                    the real Hub of 2022 (PEATMOSS_REAL_DATA): listing and details
python -m benchmarks.hub_collect --models 1000000   a listing of so many generated models: time and peak memory

The baseline is the real client in the same run: `list_models` for the listing, `model_info` for the details.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from huggingface_hub import HfApi

from peatmoss.archive import lines
from peatmoss.fetch.hub_api import FIELDS, Collected, Selection, run
from peatmoss.fetch.hub_http import Hub


@contextlib.contextmanager
def server(*arguments: str) -> Iterator[str]:
    """The address of a loopback Hub in a process of its own."""
    command = [sys.executable, "-m", "tests.servers.hub_content", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().strip()  # type: ignore[union-attr]
        process.communicate("\n")


def told(what: str, result: Collected, seconds: float) -> float:
    """Print what a collection took; returns its records a second."""
    records = result.shard.records
    rate = records / seconds
    print(f"{what}: {records:,} records, {result.requests:,} requests ({result.requests / records:.4f} each), "
          f"{seconds:.1f} s, {rate:,.0f} records/s, {result.bytes_read / 1e6:,.0f} MB read")  # fmt: skip
    return rate


def timed(root: Path, url: str, selection: Selection, jobs: int) -> tuple[Collected, float]:
    """A collection and its seconds."""
    begun = time.perf_counter()
    return run(root, "model", selection, hub=Hub(url), jobs=jobs), time.perf_counter() - begun


def of_2022(root: Path, number: int) -> None:
    """Listing and details of the real Hub of 2022, beside the real client."""
    with server() as url:
        listing, seconds = timed(root / "listing", url, Selection(), 1)
        rate = told("listing", listing, seconds)
        begun = time.perf_counter()
        asked = list(FIELDS["model"])
        count = sum(1 for _ in HfApi(endpoint=url, token=False).list_models(expand=asked, limit=10**6))  # type: ignore[arg-type]
        client = count / (time.perf_counter() - begun)
        print(
            f"  the client's list_models: {client:,.0f} models/s, so {rate / client:.1f} times as fast, closed and compressed"
        )
        keys = tuple(line.record.key for line in lines(listing.shard) if line.record)[:number]
        rates = {}
        for jobs in (1, 8):
            details, seconds = timed(root / f"jobs{jobs}", url, Selection(keys=keys), jobs)
            rates[jobs] = told(f"details at --jobs {jobs}", details, seconds)
        begun = time.perf_counter()
        api = HfApi(endpoint=url, token=False)
        for key in keys[:1000]:
            api.model_info(key)
        client = 1000 / (time.perf_counter() - begun)
        print(f"  the client's model_info, one after the other: {client:,.0f} models/s; "
              f"--jobs 1 is {rates[1] / client:.1f} and --jobs 8 is {rates[8] / client:.1f} times that")  # fmt: skip


def generated(root: Path, number: int) -> None:
    """A listing of generated models, and the peak memory of this process."""
    with server("--generate", str(number)) as url:
        result, seconds = timed(root, url, Selection(), 1)
        told("listing", result, seconds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB (at most 500)")


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, help="list so many generated models")
    parser.add_argument("--details", type=int, default=5000, help="so many models one by one")
    given = parser.parse_args()
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        if given.models:
            generated(Path(folder), given.models)
        else:
            of_2022(Path(folder), given.details)


if __name__ == "__main__":
    main()
