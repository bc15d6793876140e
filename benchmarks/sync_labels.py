"""How far the rules for change types agree with people: the study's two samples of commits that two annotators labelled.

python -m benchmarks.sync_labels --hub HF_160_with_labels.csv --github GH_160_with_labels.csv

The files are those of the study's replication package (semicolons; not part of this project: no license was stated).
Accuracy and Cohen's kappa against each annotator, with the two against each other as the ceiling and the study's
language model as the baseline, then every disagreement with both. `other` and `unclear` of the rules count as wrong.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from peatmoss.parse.sync import change, commit, files

COLUMNS = {
    "hub": ("title", "manual_classification", "oussama_classification", "automatic_classification"),
    "github": ("commit_message", "manual_categories", "oussama_categories", "automatic"),
}


def kappa(one: Sequence[str], other: Sequence[str]) -> tuple[int, float]:
    """How many labels are the same, and Cohen's kappa."""
    n = len(one)
    same = sum(a == b for a, b in zip(one, other, strict=True))
    first, second = Counter(one), Counter(other)
    chance = sum(first[label] * second[label] for label in first) / n**2
    return same, (same / n - chance) / (1 - chance) if chance < 1 else 1.0


def ruled(rows: list[dict[str, str]], side: str) -> list[str]:
    """What the rules say of each row, as `analyze sync` would with what the row holds."""
    titles = [(row[COLUMNS[side][0]] or "").split("\n")[0] for row in rows]
    commits = pl.DataFrame({"id": range(len(rows)), "title": titles}, schema={"id": pl.Int64, "title": pl.String})
    touched = pl.DataFrame(
        [
            (n, path.strip(), "deleted" if row["title"].lower().startswith(("delete", "remove")) else None)
            for n, row in enumerate(rows) if side == "hub"
            for path in (row.get("files") or "").split(",") if path.strip()
        ],
        schema={"id": pl.Int64, "path": pl.String, "change": pl.String}, orient="row",
    )  # fmt: skip
    named = files.named(commits).join(touched, on="id", how="anti")
    kinds = pl.concat(
        [
            files.kinds(part).with_columns(is_named=pl.lit(is_named))
            for part, is_named in ((touched, False), (named, True))
        ]
    )
    commits = commits.with_columns(is_merge=commit.is_merge(pl.col("title"))).join(kinds, on="id", how="left")
    commits = commits.with_columns(pl.col("is_named").fill_null(value=False)).sort("id")
    return change.change(commits, change.HUB_RULES if side == "hub" else change.GITHUB_RULES)["change_type"].to_list()


def report(path: Path, side: str) -> None:
    """Print the agreement on one file."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    title, *annotators = COLUMNS[side]
    said = [[row[name].strip().replace(" ", "_") for row in rows] for name in annotators]
    rules = ruled(rows, side)
    names = ("first annotator", "second annotator", "the study's language model", "our rules")
    labels = dict(zip(names, [*said, rules], strict=True))
    print(f"{side}: {len(rows)} commits")
    for one, other in ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3)):
        same, beyond = kappa(labels[names[one]], labels[names[other]])
        print(f"  {names[one]} / {names[other]}: {same} = {same / len(rows):.3f}, kappa {beyond:.3f}")
    both = [(row, *each) for row, *each in zip(rows, *said, rules, strict=True) if each[3] not in each[:2]]
    print(f"  the rules differ from both annotators on {len(both)}:")
    for row, first, second, _, rule in both:
        print(f"    {row[title][:60]!r} [{(row.get('files') or '')[:50]}]: {first} / {second}, rules {rule}")


def main() -> None:
    """Read the options."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--hub", type=Path, help="The sample of commits on the Hub.")
    options.add_argument("--github", type=Path, help="The sample of commits on GitHub.")
    given = options.parse_args()
    if not (given.hub or given.github):
        options.error("give --hub, --github or both")
    for side in ("hub", "github"):
        if path := getattr(given, side):
            report(path, side)


if __name__ == "__main__":
    main()
