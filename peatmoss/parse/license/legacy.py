"""`legacy_peatmoss`: the method of the PeaTMOSS paper, kept as it was so that its published numbers can be had again.

Its known faults are part of it: the Unlicense counts as no license, equality is decided before "unknown" is asked, and
a repository with several licenses is skipped. The matrix of the Linux Foundation is read from a file, never shipped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_ALIASES = {
    "bsd-new": "bsd-3-clause",
    "bsd-simplified": "bsd-2-clause",
    "gpl-3.0": "gpl-3.0-only",
    "gpl-3.0-plus": "gpl-3.0-or-later",
    "gpl-2.0": "gpl-2.0-only",
    "gpl-2.0-plus": "gpl-2.0-or-later",
    "agpl-3.0": "agpl-3.0-only",
    "agpl-3.0-plus": "agpl-3.0-or-later",
    "lgpl-3.0": "lgpl-3.0-only",
    "lgpl-2.1": "lgpl-2.1-only",
    "openrail++": "openrail",
}
_VAGUE = frozenset(
    ("other-permissive", "other-copyleft", "unknown-license-reference", "proprietary-license", "warranty-disclaimer",
     "unknown", "commercial-license", "free-unknown")
)  # fmt: skip
_NO_LICENSE = "no license"


class Edge(NamedTuple):
    """A model in a repository, as the paper's table lists it."""

    repository: str
    model: str
    license: str


class Result(NamedTuple):
    """The published counts. `identical_compatible` are the identical pairs that count as compatible."""

    rows: int
    skipped: int
    analysed: int
    compatible: int
    identical: int
    identical_compatible: int
    incompatible: int
    unknown: int
    repositories_in_conflict: int
    models_in_conflict: int


def legacy(
    edges: Iterable[Edge], repository_licenses: Mapping[str, tuple[str, ...]], matrix: Mapping[tuple[str, str], str]
) -> Result:
    """The paper's counts. `matrix` maps (downstream, upstream) to yes, no, ? or same."""
    downs = {down for down, _ in matrix}
    ups = {up for _, up in matrix}
    count: Counter[str] = Counter()
    repositories: set[str] = set()
    models: set[str] = set()
    for edge in edges:
        count["rows"] += 1
        declared = repository_licenses.get(edge.repository, ())
        if len(declared) > 1:
            count["skipped"] += 1
            continue
        down = _named(declared[0]) if declared else _NO_LICENSE
        up = _named(edge.license)
        count["identical"] += down == up
        verdict = _verdict(down, up, downs, ups, matrix)
        count[verdict] += 1
        count["identical_compatible"] += down == up and verdict == "compatible"
        if verdict == "incompatible":
            repositories.add(edge.repository)
            models.add(edge.model)
    return Result(
        count["rows"],
        count["skipped"],
        count["rows"] - count["skipped"],
        count["compatible"],
        count["identical"],
        count["identical_compatible"],
        count["incompatible"],
        count["unknown"],
        len(repositories),
        len(models),
    )


def _named(raw: str) -> str:
    lower = raw.lower()
    if lower == "unlicense":
        return _NO_LICENSE
    return "other" if lower in _VAGUE else _ALIASES.get(lower, lower)


def _verdict(down: str, up: str, downs: set[str], ups: set[str], matrix: Mapping[tuple[str, str], str]) -> str:
    if down not in downs or up not in ups:
        return "unknown"
    if down == up:
        return "compatible"
    return {"yes": "compatible", "no": "incompatible", "same": "compatible"}.get(matrix.get((down, up), "?"), "unknown")
