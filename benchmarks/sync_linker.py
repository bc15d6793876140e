"""How often the upstream linker finds the repository that the study linked a model to, on the cards of the real data.

python -m benchmarks.sync_linker --published complete_dataset.csv

The file is that of the study's replication package (columns model_name, cleaned_github; not part of this project: no
license was stated). Cards: PEATMOSS_REAL_DATA (default ../shared/data). Only links in cards are used, as the study did,
no back-links. The study took one of several links by chance and searched for others by hand, so a difference is not
always an error: every one is printed with its evidence.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cards_quality import DATA
from benchmarks.cards_quality import cards as real_cards
from peatmoss.parse.card import card
from peatmoss.parse.sync.upstream import candidates, links


def cards() -> Iterator[tuple[str, str]]:
    """(model, text of its card), the newer card of a model last; models by today's name."""
    with (DATA / "hub" / "hub_renames_2022_2024.csv").open(encoding="utf-8", newline="") as lines:
        renamed = {row[0]: row[1] for row in csv.reader(lines)}
    for model, text in real_cards():
        yield renamed.get(model, model), text


def main() -> None:
    """Read the options, and print the counts and the differences."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--published", type=Path, required=True, help="The study's table of models.")
    with options.parse_args().published.open(encoding="utf-8", newline="") as lines:
        published = {
            row["model_name"]: row["cleaned_github"].lower().removeprefix("https://github.com/").strip("/")
            for row in csv.DictReader(lines)
        }
    texts = {model: text for model, text in cards() if model in published}
    outcomes: Counter[str] = Counter()
    for model, text in texts.items():
        one = card(text)
        ranked = candidates(model, links(one.body, one.front_matter), {}, {})
        chosen = next((c for c in ranked if c.is_primary), None)
        is_there = any(c.repository.lower() == published[model] for c in ranked)
        found = "none" if chosen is None else "same" if chosen.repository.lower() == published[model] else "another"
        outcomes[f"{'linked in the card' if is_there else 'not linked in the card'}: {found} chosen"] += 1
        if found != "same" and (is_there or chosen):
            said = "nothing" if chosen is None else f"{chosen.repository} ({chosen.score}: {chosen.evidence})"
            print(f"{model}: published {published[model]}, chosen {said}")
    print(f"{len(texts):,} of {len(published):,} published models have a card here")
    for outcome, count in sorted(outcomes.items()):
        print(f"{count:6,}  {outcome}")


if __name__ == "__main__":
    main()
