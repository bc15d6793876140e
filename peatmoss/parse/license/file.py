"""The text of a LICENSE file -> the licenses it holds.

Texts of models' own terms are told by a fingerprint of sampled five-word sequences (`reference/license_texts.csv`),
SPDX texts by the package licenseclassifier, and those that it lacks by their fingerprint. A title alone is the weakest
evidence.
"""

from __future__ import annotations

import csv
import hashlib
import re
from functools import cache
from importlib import resources
from typing import NamedTuple

from licenseclassifier import identify_license

MAX_CHARACTERS = 1_000_000
SAMPLE = 16
"""One in so many sequences is kept."""
THRESHOLD = 0.9
"""Share of a known text's sampled sequences that a file must hold."""
SAME = 0.98
"""The same for texts that others were made of, with little more than their names changed."""


class Found(NamedTuple):
    """What a text was recognised as. `method` is text (a hash), similarity, scan or title; AND joins several."""

    expression: str
    method: str
    similarity: float


class Known(NamedTuple):
    """A text that is known by its fingerprint."""

    license_id: str
    title: str
    sha256: str
    sample: frozenset[int]


_ADDED = "LicenseRef-scancode-commons-clause"
"""A text that stands above another license and restricts it."""


def recognise(text: str) -> Found | None:
    """The licenses that a text holds; None if it holds none that is known, or too much of it is something else."""
    words = normal_words(text[:MAX_CHARACTERS])
    return _with_added(_recognised(text[:MAX_CHARACTERS], words), fingerprint(words))


def _with_added(found: Found | None, sample: frozenset[int]) -> Found | None:
    """What was recognised, beside the clause that stands above it in the file."""
    added = next(known.sample for known in texts() if known.license_id == _ADDED)
    if len(added & sample) < THRESHOLD * len(added) or (found and found.expression == _ADDED):
        return found
    return Found(f"{found.expression} AND {_ADDED}" if found else _ADDED, "similarity", 1.0)


def _recognised(text: str, words: list[str]) -> Found | None:
    """By its hash, as a model's own terms, as an SPDX text, by its title: the first that tells."""
    digest = hashlib.sha256(" ".join(words).encode()).hexdigest()
    for known in texts():
        if known.sha256 == digest:
            return Found(known.license_id, "text", 1.0)
    sample = fingerprint(words)
    terms = [known for known in texts() if known.license_id.startswith("LicenseRef-") and known.license_id != _ADDED]
    own = _nearest(sample, terms, THRESHOLD, 0.0)
    if own:
        return own
    scanned = sorted({match.id for match in identify_license(text)})
    if scanned:
        return Found(" AND ".join(scanned), "scan", 1.0)
    near = _nearest(sample, [known for known in texts() if known not in terms], SAME, THRESHOLD)
    if near:
        return near
    head = " ".join(words[:80])
    titled = [known for known in texts() if known.title and known.title in head]
    longest = max(titled, key=lambda known: len(known.title), default=None)
    return Found(longest.license_id, "title", 0.0) if longest else None


def _nearest(sample: frozenset[int], among: list[Known], of_text: float, of_file: float) -> Found | None:
    """The known text with the largest share in a file, if that is enough of the text, and of the file."""
    shares = ((len(known.sample & sample), known) for known in among if known.sample)
    ranked = sorted(((n / len(known.sample), n, known) for n, known in shares), key=lambda r: (-r[0], r[2].license_id))
    if not ranked or ranked[0][0] < of_text or ranked[0][1] < of_file * len(sample):
        return None
    return Found(ranked[0][2].license_id, "similarity", round(ranked[0][0], 3))


def normal_words(text: str) -> list[str]:
    """The words of a text without case, punctuation and layout."""
    return re.findall(r"[a-z0-9]+", text.lower())


def fingerprint(words: list[str]) -> frozenset[int]:
    """A sample of the five-word sequences of a text, the same sequences in every text."""
    hashes = (
        int.from_bytes(hashlib.blake2b(" ".join(words[n : n + 5]).encode(), digest_size=6).digest(), "big")
        for n in range(len(words) - 4)
    )
    return frozenset(value for value in hashes if value % SAMPLE == 0)


@cache
def texts() -> tuple[Known, ...]:
    """The known texts."""
    with resources.files("peatmoss.reference").joinpath("license_texts.csv").open(encoding="utf-8") as stream:
        return tuple(
            Known(row["license_id"], row["title"], row["sha256"], frozenset(int(h, 16) for h in row["sample"].split()))
            for row in csv.DictReader(stream)
        )
