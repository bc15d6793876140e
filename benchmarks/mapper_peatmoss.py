"""The mapper against PeaTMOSS's own mapping of the same repositories.

    python benchmarks/mapper_peatmoss.py peatmoss_mapping.csv.gz FOLDER [--show]

FOLDER holds git repositories as `owner+name/repo` (bare or not); their newest commit is read, PeaTMOSS read that of 2023.
A pair is (repository, id without owner, lower case). Found by both; only by them, and why: the name is nowhere in
the repository any more, stands in a copy of a library only, or in what does not run; only by us, and how: a literal
in a loading call is evident, what resolution added is listed by method.
"""

from __future__ import annotations

import argparse
import csv
import gzip
from collections import Counter, defaultdict
from pathlib import Path

from peatmoss.fetch.git_clone import commit_files
from peatmoss.parse.code import usages

HUBS = {"hf", "spacy", "timm"}


def short(name: str) -> str:
    """The id without its owner, in lower case."""
    return name.rsplit("/", 1)[-1].lower()


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mapping", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="name the pairs that only they have")
    arguments = parser.parse_args()
    theirs: dict[str, set[str]] = defaultdict(set)
    with gzip.open(arguments.mapping, "rt", newline="") as stream:
        for row in csv.DictReader(stream):
            theirs[row["github"].removeprefix("github.com/").lower()].add(short(row["model_id"]))
    counts: Counter[str] = Counter()
    for place in sorted(arguments.folder.glob("*+*")):
        name = place.name.replace("+", "/")
        known = theirs.get(name.lower())
        if not known:
            continue
        where = place / "repo" if (place / "repo").is_dir() else place
        files = {file.path: file.content for file in commit_files(where, "HEAD") if file.content is not None}
        found = usages(files)
        own = {
            short(u.canonical_id or ""): u
            for u in sorted(found, key=lambda u: u.confidence)
            if u.is_used and u.hub in HUBS
        }
        counts["repositories"] += 1
        counts["both"] += len(known & own.keys())
        everything = "\n".join(files.values()).lower()
        others = {short(u.canonical_id or u.model_id or "") for u in found if not u.is_used}
        for each in sorted(known - own.keys()):
            why = (
                "only them: nowhere in the repository now"
                if each not in everything
                else "only them: a copy of a library, a comment or a document"
                if each in others or not any(u.is_used for u in found)
                else "only them: in the text, not found by us"
            )
            counts[why] += 1
            if arguments.show:
                lines = [
                    f"{path}: {line.strip()[:100]}"
                    for path, text in files.items()
                    for line in text.split("\n")
                    if each in line.lower()
                ]
                print(f"{name} {each}: {why}; {lines[:2]}")
        for each in own.keys() - known:
            usage = own[each]
            kind = "literal in a call" if usage.method in ("literal", "import") and usage.call else f"by {usage.method}"
            counts[f"only us: {kind}"] += 1
    for what, count in sorted(counts.items(), key=lambda item: (item[0].split(":")[0], -item[1])):
        print(f"{count:6,}  {what}")


if __name__ == "__main__":
    main()
