"""I18: names that look alike, and owners that changed. It says look-alike, never more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

POPULAR_DOWNLOADS = 10_000
RATIO = 50
"""The imitated one has at least this many times the downloads."""
MIN_LENGTH = 5
_CONFUSABLE = str.maketrans("01i5$3аеорсхуіӏıοαν", "ollsseaeopcxylll" + "oav")


class Known(NamedTuple):
    """A model or an owner, with its downloads."""

    name: str
    downloads: int


class LookAlike(NamedTuple):
    """Two names that a reader may take for one another."""

    name: str
    looks_like: str
    how: str
    reason: str


def skeleton(name: str) -> str:
    """What a name looks like: case, separators, accents and letters that look the same do not count."""
    plain = unicodedata.normalize("NFKD", name).lower()
    return re.sub(r"[\W_]+", "", plain.translate(_CONFUSABLE))


def look_alikes(owners: Iterable[Known]) -> Iterator[LookAlike]:
    """Owners whose name looks like that of one with RATIO times the downloads: the same skeleton, or one letter away.

    Neighbours are found by deleting one letter of each name, so the cost grows with the letters and not with the pairs.
    """
    known = sorted(owners, key=lambda owner: (-owner.downloads, owner.name))
    by_form: dict[str, list[Known]] = {}
    for owner in known:
        bare = skeleton(owner.name)
        forms = {bare} | ({bare[:k] + bare[k + 1 :] for k in range(len(bare))} if len(bare) >= MIN_LENGTH else set())
        seen: dict[str, Known] = {}
        for form in sorted(forms):
            for other in by_form.get(form, ())[:20]:
                seen.setdefault(other.name, other)
        for other in seen.values():
            if other.downloads < POPULAR_DOWNLOADS or other.downloads < RATIO * max(owner.downloads, 1):
                continue
            same = skeleton(other.name) == bare
            if not same and (
                min(len(bare), len(skeleton(other.name))) < MIN_LENGTH or not _one_apart(bare, skeleton(other.name))
            ):
                continue
            how = "same_letters" if same else "one_letter"
            what = "but for case, separators and letters that look the same" if same else "but for one letter"
            yield LookAlike(
                owner.name, other.name, how, f"reads like {other.name} ({other.downloads:,} downloads) {what}"
            )
        if owner.downloads >= POPULAR_DOWNLOADS / 100:
            for form in forms:
                by_form.setdefault(form, []).append(owner)


def _one_apart(one: str, other: str) -> bool:
    """One letter added, left out, replaced, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, last = one[start:], other[start:]
    return (
        rest[1:] == last[1:]
        or rest[1:] == last
        or rest == last[1:]
        or (len(rest) == len(last) > 1 and rest[0] == last[1] and rest[1] == last[0] and rest[2:] == last[2:])
    )
