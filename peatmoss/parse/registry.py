"""The registry of fingerprints: which classes of the transformers package have which tensors.

reference/fingerprints.json.gz is written by benchmarks/fingerprint_registry.py; nothing here needs that package.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from peatmoss.parse.name.evidence import classes
from peatmoss.parse.name.lexicon import table
from peatmoss.parse.tensors import _BUFFER, without_prefix


class Known(NamedTuple):
    """One class: its tensors, and those that a file may leave out because they repeat others."""

    name: str
    model_type: str
    patterns: frozenset[str]
    shapes: dict[str, tuple[int, ...]]
    tied: frozenset[str]


class Registry(NamedTuple):
    """All classes, the prefixes of base models, and an index from pattern to classes."""

    source: str
    prefixes: frozenset[str]
    known: tuple[Known, ...]
    classes_with: dict[str, tuple[int, ...]]


class Match(NamedTuple):
    """A class near a fingerprint. `distance`: share of tensor names that only one of the two has; 0 is equal."""

    name: str
    model_type: str
    task: str
    distance: float


MISSING = 0.4
"""Options of a configuration leave tensors out more often than they add some: a name that lacks
counts this much, one that only the file has counts 1."""
_EMBEDDING = re.compile(r"embed|wte\.weight|shared\.weight")
_OUTPUT = re.compile(r"(?:lm_head|embed_out|output|proj_out)\.weight\Z")
_GENERIC = frozenset(("encoder", "decoder", "embeddings", "head"))


@cache
def registry() -> Registry:
    """Read the registry, once."""
    packed = resources.files("peatmoss.reference").joinpath("fingerprints.json.gz").read_bytes()
    data = json.loads(gzip.decompress(packed))
    names: list[str] = data["patterns"]
    known: list[Known] = []
    index: dict[str, list[int]] = {}
    for name, model_type, tensors, tied in data["classes"]:
        shapes = {names[number]: tuple(shape) for number, *shape in tensors if not _BUFFER.search(names[number])}
        for each in shapes:
            index.setdefault(each, []).append(len(known))
        left_out = frozenset(names[number] for number in tied) | _heads(shapes)
        known.append(Known(name, model_type, frozenset(shapes), shapes, left_out))
    return Registry(
        data["source"],
        frozenset(data["prefixes"]) - _GENERIC,
        tuple(known),
        {each: tuple(found) for each, found in index.items()},
    )


def _heads(shapes: dict[str, tuple[int, ...]]) -> frozenset[str]:
    """Output heads of the shape of an embedding: a configuration may tie the two, whatever the default is."""
    embeddings = {shape for name, shape in shapes.items() if _EMBEDDING.search(name)}
    return frozenset(name for name, shape in shapes.items() if _OUTPUT.search(name) and shape in embeddings)


@cache
def _ties() -> dict[str, tuple[int, frozenset[int]]]:
    return {
        row["model_type"]: (int(row["rank"]), frozenset(map(int, row["vocabulary"].split())))
        for row in table("fingerprint_ties.csv")
    }


@lru_cache(maxsize=4096)
def nearest(
    patterns: frozenset[str], vocabulary: int | None = None, labels: int | None = None, count: int = 5
) -> tuple[Match, ...]:
    """The classes with the most similar tensor names, nearest first; among equals, those with this vocabulary."""
    found = _distances(patterns)
    bare = without_prefix(patterns, registry().prefixes)
    if (not found or found[0][0] > 0.02) and bare != patterns:  # a bare model saved with the prefix of its family
        found = sorted(found + [(distance + 0.001, place) for distance, place in _distances(bare)])
    ranked = sorted(
        found[:60], key=lambda item: (round(item[0], 4), _preference(registry().known[item[1]], vocabulary, labels))
    )
    matches: dict[str, Match] = {}
    for distance, place in ranked:
        known = registry().known[place]
        task = classes().get(known.name, ("", ""))[1]
        matches.setdefault(
            known.name,
            Match(known.name, known.model_type, task, round(distance, 4)),
        )
    return tuple(matches.values())[:count]


def _distances(patterns: frozenset[str]) -> list[tuple[float, int]]:
    hits: Counter[int] = Counter()
    for each in patterns:
        hits.update(registry().classes_with.get(each, ()))
    found = []
    for place, shared in hits.most_common(200):
        known = registry().known[place]
        missing = len(known.patterns - patterns - known.tied)
        extra = len(patterns) - shared - len((patterns & known.tied) - known.patterns)
        found.append(((MISSING * missing + extra) / (missing + extra + shared), place))
    return sorted(found)


def _preference(known: Known, vocabulary: int | None, labels: int | None) -> tuple[bool, bool, int, int, int, str]:
    rank, sizes = _ties().get(known.model_type, (50, frozenset()))
    choice = known.name.endswith("ForMultipleChoice")
    return (
        vocabulary not in sizes if vocabulary else False,
        choice != (labels == 1),
        rank,
        _head_rank(known.name),
        len(known.model_type),
        known.name,
    )


def _head_rank(name: str) -> int:
    """Which of several classes with the same tensors is meant most often."""
    for rank, ending in enumerate(
        ("ForMaskedLM", "LMHeadModel", "ForCausalLM", "ForConditionalGeneration", "ForSequenceClassification", "Model")
    ):
        if name.endswith(ending):
            return rank
    return 9
