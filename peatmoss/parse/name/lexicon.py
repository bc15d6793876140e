"""The curated words of model names: reference/name_words.csv, name_families.csv, languages.csv and tasks.csv."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple


class Word(NamedTuple):
    """What a word in a name stands for.

    code:    the study's letter: A S P V L D T F R C N H W M O
    element: the finer kind, for instance quantization or context_length
    value:   its canonical form: a language code, a task of the hub, a dataset, a family
    """

    code: str
    element: str
    value: str


class Family(NamedTuple):
    """A word that names an architecture or a line of models.

    kind:        architecture (a model type of that name), release (a line built on others' types), umbrella (used for
                 a whole kind of models), ambiguous (also an everyday word), line (nothing to compare with), method
    model_types: the types that are right for it, the one it claims first
    """

    word: str
    kind: str
    model_types: tuple[str, ...]


def table(name: str) -> Iterator[dict[str, str]]:
    """The rows of a curated table."""
    yield from csv.DictReader(resources.files("peatmoss.reference").joinpath(name).read_text("utf-8").splitlines())


@cache
def families() -> dict[str, Family]:
    """Word -> the family it names."""
    return {
        row["word"]: Family(row["word"], row["kind"], tuple(row["model_types"].split()))
        for row in table("name_families.csv")
    }


@cache
def words() -> dict[str, Word]:
    """Word or phrase (parts joined by `-`) -> what it stands for. Curated words win over languages and tasks."""
    found: dict[str, Word] = {}
    for row in table("languages.csv"):
        name = row["name"].lower()
        if len(row["code"]) <= 3 and name.isalpha() and len(name) > 3:
            found.setdefault(name, Word("L", "language", row["code"]))
    for row in table("tasks.csv"):
        if "-" in row["task"]:
            found[row["task"]] = Word("T", "task", row["task"])
    for word, family in families().items():
        found[word] = Word("A", "architecture" if family.kind != "method" else "method", word)
    for row in table("name_words.csv"):
        found[row["word"]] = Word(row["code"], row["element"], row["value"] or row["word"])
    return found


_LONG_CODES = {"swe": "sv", "swa": "sw", "ron": "ro", "ori": "or", "asm": "as", "ell": "el", "nep": "ne", "ewe": "ee"}
"""Codes of three letters that are also words; the others are words of the lexicon."""


@cache
def language_codes() -> dict[str, str]:
    """Codes of languages as written -> as the hub has them; the two-letter ones are what names use."""
    return {row["code"]: row["code"] for row in table("languages.csv") if len(row["code"]) in (2, 3)} | _LONG_CODES


@cache
def phrases() -> dict[str, int]:
    """First part of a phrase -> the number of parts of the longest phrase that begins with it."""
    found: dict[str, int] = {}
    for word in words():
        parts = word.split("-")
        if len(parts) > 1:
            found[parts[0]] = max(found.get(parts[0], 0), len(parts))
    return found
