"""Speed of the card extractor: seconds per 1,000 real cards on one core and on all, and that none of them fails.

    python benchmarks/cards_speed.py [--every N] [--presence] [--processes N]

Seconds are of work (CPU) on one core, and of the clock on all. Baseline: splitting the same cards into front matter and body only. --presence prints, for every field, in how many
cards it is found, beside PeaTMOSS's published shares. Cards come from PEATMOSS_REAL_DATA.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import islice

from benchmarks.cards_quality import cards
from peatmoss.parse.card import FIELDS, card, extract

PUBLISHED = {
    "library": 98.85, "domain": 98.74, "task": 98.73, "license": 78.01, "dataset": 74.41, "base_model": 73.48,
    "demo": 70.56, "github_repository": 58.69, "evaluation": 58.60, "language": 52.77, "paper": 48.03,
    "hyper_parameter": 33.24, "parameter_count": 30.11, "hardware": 29.39, "input_format": 22.67, "limitation": 18.16,
    "output_format": 18.10, "grant": 7.81, "carbon_emitted": 4.80,
}  # fmt: skip
"""Share of cards in which PeaTMOSS's language model found the field; of 11,693 usable cards, PeaTMOSS (2024), figure 7."""


def work(part: list[tuple[str, str]]) -> tuple[Counter[str], float, int]:
    """(fields found, slowest card in seconds, cards cut) of a part."""
    fields: Counter[str] = Counter()
    slowest, cut = 0.0, 0
    for name, text in part:
        start = time.process_time()
        result = extract(text, name)
        slowest = max(slowest, time.process_time() - start)
        cut += result.cut is not None
        fields.update({value.field for value in result.values})
    return fields, slowest, cut


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="every Nth card only")
    parser.add_argument("--presence", action="store_true")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    everything = list(islice(cards(), 0, None, arguments.every))
    extract(everything[0][1])
    start = time.process_time()
    for _, text in everything:
        card(text)
    split_seconds = time.process_time() - start
    start = time.process_time()
    fields, slowest, cut = work(everything)
    seconds = time.process_time() - start
    thousand = 1_000 / len(everything)
    print(f"{len(everything):,} cards, 0 failures, {cut} of them read in part; slowest card {slowest:.3f} s")
    print(
        f"one core:  {seconds:.1f} s, {seconds * thousand:.2f} s per 1,000 cards; {seconds / split_seconds:.1f} times the split alone"
    )
    if arguments.presence:
        print(f"field, found in of {len(everything):,} cards, share; PeaTMOSS's share of 11,693")
        for field in FIELDS:
            share = PUBLISHED.get(field)
            print(
                f"{field:20} {fields[field]:6,} {100 * fields[field] / len(everything):6.2f} %   {f'{share:6.2f} %' if share else '     -'}"
            )
    if arguments.processes and arguments.processes > 1:
        start = time.perf_counter()
        with ProcessPoolExecutor(arguments.processes) as pool:
            list(pool.map(work, [everything[at : at + 500] for at in range(0, len(everything), 500)]))
        several = time.perf_counter() - start
        print(
            f"{arguments.processes} processes: {several:.1f} s, {several * thousand:.2f} s per 1,000 cards; {seconds / several:.2f} times as fast as one"
        )


if __name__ == "__main__":
    main()
