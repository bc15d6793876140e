"""What is known about a model besides its name, and what a comparison of the two finds."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from peatmoss.parse.name.lexicon import table


class Evidence(NamedTuple):
    """Facts about the content of a model; an empty field is not known, never absent.

    source:         where the facts come from, in words
    parameters:     logical number of parameters
    dtypes:         dtype -> number of parameters, of the tensor headers
    quantization:   method of the quantisation configuration (gptq, awq, bitsandbytes, fp8 ...)
    has_files:      the list of files is complete, so that what is not in it is not there
    """

    id: str
    architectures: tuple[str, ...] = ()
    model_type: str = ""
    task: str = ""
    parameters: int | None = None
    files: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ()
    quantization: str = ""
    bits: int | None = None
    languages: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    base_models: tuple[str, ...] = ()
    origin: str = ""
    hidden_size: int | None = None
    layers: int | None = None
    heads: int | None = None
    context_length: int | None = None
    experts: int | None = None
    is_adapter: bool | None = None


class Finding(NamedTuple):
    """One comparison that did not come out even, or that a rule acquitted (severity info, with the rule's name)."""

    kind: str
    severity: str
    claim: str
    evidence: str
    reason: str
    rule: str = ""


class Rule(NamedTuple):
    """Names of the `claimed` types may stand for models of the `actual` ones; `*` claims any."""

    name: str
    claimed: frozenset[str]
    actual: frozenset[str]
    severity: str
    reason: str


@cache
def rules() -> tuple[Rule, ...]:
    """The curated aliases and equivalences, those that acquit first."""
    found = [
        Rule(
            row["rule"],
            frozenset(row["claimed"].split()),
            frozenset(row["actual"].split()),
            row["severity"],
            row["reason"],
        )
        for row in table("architecture_rules.csv")
    ]
    return tuple(sorted(found, key=lambda rule: rule.severity != "info"))


@cache
def classes() -> dict[str, tuple[str, str]]:
    """Class -> (model type, task) of the transformers package."""
    return {row["class"]: (row["model_type"], row["task"]) for row in table("architectures.csv")}


_HEAD = re.compile(r"(?:For[A-Z]\w*|LMHead\w*|(?:Text|Vision|Encoder|Decoder|Double)?(?:Model|Heads)\w*|Backbone)\Z")


_NO_STEMS = frozenset({"", "Encoder", "Decoder", "Speech", "Vision", "VisionText", "Text", "Speech2"})
"""Beginnings of class names that say nothing of a type."""


@cache
def _stems() -> dict[str, str]:
    found = {_HEAD.sub("", name): kind for name, (kind, _) in sorted(classes().items(), key=lambda row: -len(row[0]))}
    found |= {row["stem"]: row["model_type"] for row in table("class_stems.csv")}
    return {stem: kind for stem, kind in found.items() if stem not in _NO_STEMS}


@cache
def class_type(name: str) -> str:
    """The model type of a class: its own, or that of the longest known class whose name it begins with; else empty."""
    if name in classes():
        return classes()[name][0]
    for framework in ("TF", "Flax"):
        if name.startswith(framework) and (kind := class_type(name.removeprefix(framework))):
            return kind
    for end in range(len(name), 1, -1):
        at_word = end == len(name) or name[end].isupper() or name[end].isdecimal()
        if at_word and name[:end] in _stems():
            return _stems()[name[:end]]
    return ""


def class_head(name: str) -> str:
    """The head in a class name: ForTokenClassification, LMHeadModel; empty for a bare model or an unknown form."""
    found = re.search(r"(?:For[A-Z]\w*|LMHeadModel)\Z", name)
    return found[0] if found else ""


def declared_type(evidence: Evidence) -> str:
    """The model type that the configuration declares, or that its first known class implies."""
    return evidence.model_type or next((kind for name in evidence.architectures if (kind := class_type(name))), "")
