"""Condense the output of benchmarks/fingerprint_dump.py into the curated data of the package.

    python -m benchmarks.fingerprint_registry /tmp/classes.jsonl

writes peatmoss/reference/architectures.csv (class, model type, task) and peatmoss/reference/fingerprints.json.gz (the
tensor names of each class). Both are facts about a released package; the version is in the second.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from pathlib import Path

REFERENCE = Path(__file__).parent.parent / "peatmoss" / "reference"


def main(dump: Path) -> None:
    """Write both files."""
    with dump.open(encoding="utf-8") as lines:
        head = json.loads(next(lines))
        rows = [json.loads(line) for line in lines]
    source = f"transformers {head['transformers']} (Apache-2.0)"
    named = sorted({(row["class"], row["model_type"]) for row in rows if row["class"]})
    with (REFERENCE / "architectures.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["class", "model_type", "task", "source"])
        out.writerows([name, kind, head["tasks"].get(name, ""), source] for name, kind in named)
    built = sorted((row for row in rows if row.get("tensors")), key=lambda row: (row["class"], row["model_type"]))
    patterns = sorted({key for row in built for key in (*row["tensors"], *row.get("saved", ()))})
    number = {pattern: place for place, pattern in enumerate(patterns)}
    registry = {
        "source": source,
        "prefixes": sorted({row["prefix"] for row in built if row["prefix"]}),
        "patterns": patterns,
        "classes": [
            [
                row["class"],
                row["model_type"],
                [[number[key], *shape] for key, shape in sorted(shapes.items())],
                [number[key] for key in row["tied"] if key in number],
            ]
            for row in built
            for shapes in ([row["tensors"], row["saved"]] if "saved" in row else [row["tensors"]])
        ],
    }
    text = json.dumps(registry, separators=(",", ":")).encode()
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0, filename="") as packed:
        packed.write(text)
    (REFERENCE / "fingerprints.json.gz").write_bytes(buffer.getvalue())
    print(f"{len(named)} classes named, {len(built)} built, {len(patterns)} patterns, {buffer.tell():,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
