"""Names: what models are called, and what they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
from adbc_driver_manager.dbapi import Connection
from sqlalchemy import Table

from peatmoss.analyze.names import amount, asking, content, family, lineage, reading, tables, words
from peatmoss.errors import PeatmossError
from peatmoss.parse.name import Name, parse
from peatmoss.parse.name.claims import claims
from peatmoss.parse.name.evidence import Evidence, Finding, declared_type
from peatmoss.schema.names import lineage_finding, look_alike, model_name, name_finding

WRITES: tuple[Table, ...] = (model_name, name_finding, lineage_finding, look_alike)

_CHECKS = (
    family.family_findings, words.task_findings, amount.parameter_findings, amount.size_findings, amount.shape_findings,
    content.format_findings, content.precision_findings, words.language_findings, lineage.base_findings,
    content.adapter_findings, amount.context_findings, amount.experts_findings, words.dataset_findings,
    words.uninformative_findings,
)  # fmt: skip
ELEMENTS = {
    "A": "architecture", "S": "size", "P": "parameters", "V": "version", "L": "language", "D": "dataset", "T": "task",
    "F": "adaptation", "R": "training", "C": "characteristic", "N": "layers", "H": "heads or hidden size",
    "W": "format",     "M": "organisation", "O": "other",
}  # fmt: skip
"""The codes of the study."""
_SEVERITY = {"hard": 0, "soft": 1, "info": 2}


def rows(conn: Connection) -> Iterator[tuple[Table, pl.DataFrame]]:
    """Names taken apart and judged, derivations, look-alikes."""
    for piece in reading.evidence(conn):
        judged = [(model_id, evidence.id, parse(evidence.id), evidence) for model_id, evidence in piece]
        yield model_name, tables.name_frame((model_id, name) for model_id, _, name, _ in judged)
        yield (
            name_finding,
            tables.finding_frame(
                (model_id, name, finding)
                for model_id, name, parsed, evidence in judged
                for finding in judge(evidence, parsed)
            ),
        )
    yield from tables.lineage_rows(conn)
    yield from tables.look_alike_rows(conn)


def judge(evidence: Evidence, name: Name | None = None) -> list[Finding]:
    """All findings about one model, the severest first."""
    named = claims(name or parse(evidence.id))
    found = [finding for check in _CHECKS for finding in check(named, evidence)] + family.internal_findings(evidence)
    return sorted(found, key=lambda finding: (_SEVERITY[finding.severity], int(finding.kind[1:])))


def known(conn: Connection, name: str) -> Evidence | None:
    """What the database knows of the model of this name."""
    return next((found for found in reading.named(conn, name) if found.id == name), None)


def suggestions(conn: Connection, who: str) -> Iterator[dict[str, str]]:
    """For a model or an owner: lines of front matter that would settle soft findings, with the evidence of each.

    Raises PeatmossError if there is no such model or owner.
    """
    count = 0
    for evidence in reading.named(conn, who):
        count += 1
        for finding in judge(evidence):
            if finding.severity == "soft" and (line := _line(finding, evidence)):
                yield {
                    "id": evidence.id,
                    "kind": finding.kind,
                    "line": line,
                    "evidence": f"{finding.claim} in the name, {finding.evidence}: {finding.reason}",
                }
    if not count:
        raise PeatmossError(f"no model and no owner is called {who!r} in this database")


def _line(finding: Finding, evidence: Evidence) -> str:
    if finding.kind == "I3":
        named = claims(parse(evidence.id)).tasks
        return f"pipeline_tag: {named[0][1]}" if finding.evidence.startswith("task ") else ""
    if finding.kind == "I9":
        return "language: [" + ", ".join(finding.claim.split(", ")) + "]"
    if finding.kind == "I10" and evidence.origin:
        return f"base_model: {evidence.origin}"
    kind = declared_type(evidence)
    return f"tags: [{kind}]" if finding.kind == "I1" and kind else ""


def taken_apart(name: str) -> dict[str, Any]:
    """A name as `peatmoss names parse` tells it. `cut` is there only if the name was too long."""
    found = parse(name)
    spans = [
        {"start": span.start, "end": span.end, "text": span.text, "code": span.code, "element": span.element}
        for span in found.spans
    ]
    return {"name": found.name, "spans": spans, "convention": found.convention} | ({"cut": True} if found.cut else {})


def ask(names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Take names apart: no database is needed."""
    return map(taken_apart, names)


def verify(path: Path) -> Iterator[tuple[str, list[Finding]]]:
    """Judge each row of a CSV file of claims and facts."""
    for evidence in asking.table(path):
        yield evidence.id, judge(evidence)


__all__ = [
    "ELEMENTS",
    "WRITES",
    "Evidence",
    "Finding",
    "ask",
    "judge",
    "known",
    "rows",
    "suggestions",
    "taken_apart",
    "verify",
]
