"""The curated signatures: which calls take the name of a model, and where."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple


class Signature(NamedTuple):
    """One argument of one call. `parts` are the last parts of its dotted name."""

    library: str
    parts: tuple[str, ...]
    packages: tuple[str, ...]
    match: str
    position: int | None
    keywords: tuple[str, ...]
    hub: str
    role: str
    revision: tuple[str, ...]
    default: str


@cache
def _all() -> tuple[Signature, ...]:
    text = resources.files("peatmoss.reference").joinpath("signatures.csv").read_text("utf-8")
    return tuple(
        Signature(
            row["library"], tuple(row["call"].split(".")), tuple(row["packages"].split()), row["match"],
            int(row["position"]) if row["position"] else None, tuple(row["keywords"].split()), row["hub"], row["role"],
            tuple(row["revision"].split()), row["default"],
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


@cache
def python() -> Mapping[str, tuple[Signature, ...]]:
    """Last part of the call -> its signatures, the longer ones first."""
    return _by_name("python")


@cache
def javascript() -> Mapping[str, tuple[Signature, ...]]:
    """The same for JavaScript."""
    return _by_name("js")


def _by_name(language: str) -> dict[str, tuple[Signature, ...]]:
    found: dict[str, list[Signature]] = {}
    for each in _all():
        if (each.match == "js") == (language == "js"):
            found.setdefault(each.parts[-1], []).append(each)
    return {name: tuple(sorted(group, key=lambda s: -len(s.parts))) for name, group in found.items()}


@cache
def of_clients() -> frozenset[str]:
    """Calls that only clients of OpenAI's interface have: words that stand everywhere."""
    return frozenset(name for name, group in python().items() if all(each.hub == "server" for each in group))


@cache
def packages() -> frozenset[str]:
    """Import roots of all libraries that load models."""
    return frozenset(package.split(".")[0] for each in _all() if each.match != "js" for package in each.packages)


@cache
def vendored() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(library, paths that only a copy of its package folder has together)."""
    text = resources.files("peatmoss.reference").joinpath("vendored.csv").read_text("utf-8")
    return tuple((row["library"], tuple(row["fingerprint"].split())) for row in csv.DictReader(text.splitlines()))


_EXACT = 3
_ROOT = 2
_NAME = 1


def match(dotted: str, is_known: bool) -> list[Signature]:
    """The signatures of a call, by its dotted name; `is_known`: the name begins at an import.

    Of several libraries with such a call the one wins that the import names; where nothing is known of the receiver,
    only calls with a telling name count.
    """
    parts = tuple(dotted.split("."))
    best: list[Signature] = []
    rank = 0
    for each in python().get(parts[-1], ()):
        if parts[-len(each.parts) :] != each.parts:
            continue
        here = _rank(each, parts, dotted, is_known)
        if not here:
            continue
        here = here * 10 + len(each.parts)
        if here > rank:
            best, rank = [], here
        if here == rank:
            best.append(each)
    # Several arguments of one call (model and tokenizer) are several rows of one library.
    return [each for each in best if each.library == best[0].library] if best else []


def _rank(each: Signature, parts: tuple[str, ...], dotted: str, is_known: bool) -> int:
    for package in each.packages:
        if (dotted == package or dotted.startswith(package + ".")) and is_known:
            return _EXACT
    if each.match != "name":
        return 0
    if not is_known:
        return _NAME
    # Imported from somewhere else: a wrapper or a re-export, but not another library that has models of its own.
    return _NAME if parts[0] not in packages() or each.parts == ("from_pretrained",) else 0


_ROLES = (
    ("tokenizer", re.compile(r"Tokeni[sz]er(?:Fast)?$|^[Tt]okeni[sz]er")),
    ("config", re.compile(r"Config(?:uration)?$|^config")),
    ("processor", re.compile(r"(?:Processor(?:Fast)?|FeatureExtractor)$|^(?:image_)?processor|^feature_extractor")),
)


def role(signature: Signature, dotted: str) -> str:
    """The role of a call: of from_pretrained the class decides."""
    parts = dotted.split(".")
    if signature.role == "load" and len(parts) > 1 and parts[-1] == "from_pretrained":
        for name, pattern in _ROLES:
            if pattern.search(parts[-2]):
                return name
    return signature.role
