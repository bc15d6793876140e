"""One repository: the models it uses, what their licenses ask, and what its own license does not reflect. Pure."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from peatmoss.errors import PeatmossError
from peatmoss.parse.license import (
    DISCLAIMER,
    NOASSERTION,
    NONE,
    Matrix,
    Use,
    codes,
    judge_with,
    normalise,
    normalise_all,
    recognise,
    recommend,
    shown,
)

_ROOT_LICENSE = re.compile(r"(licen[cs]e|copying|unlicense)([._-][\w.-]*)?", re.IGNORECASE)
_RANK = {"incompatible": 0, "conditional": 1}


class Place(NamedTuple):
    """A line of code that names a model, and what it does with it: relation and tier by its role."""

    path: str
    line: int
    relation: str
    tier: str


class Inherited(NamedTuple):
    """A license of an ancestor whose clauses were lost on the way to a model."""

    license_id: str
    origin: str
    lost_from: str
    lost_at: str


class Model(NamedTuple):
    """A model that the repository uses. `expression` is None if the database does not know the model."""

    name: str
    expression: str | None
    as_of: str
    places: tuple[Place, ...]
    inherited: tuple[Inherited, ...] = ()


class Finding(NamedTuple):
    """A clause that the repository's license does not reflect. `finding_id` does not depend on the line."""

    finding_id: str
    severity: str
    verdict: str
    model: str
    license: str
    relation: str
    tier: str
    path: str
    line: int
    message: str
    reason: str
    lost_clauses: tuple[str, ...]
    source: str
    state: str = "new"
    note: str = ""


class Audit(NamedTuple):
    """All that is said of one repository."""

    repository: str
    license: str
    license_source: str
    models: tuple[Model, ...]
    findings: tuple[Finding, ...]
    unknown: tuple[tuple[str, str], ...]
    not_judged: tuple[str, ...]
    recommended: tuple[str, ...]
    no_recommendation: str
    disclaimer: str = DISCLAIMER


def own_license(texts: Mapping[str, str]) -> tuple[str, str]:
    """The license that a checkout states for itself, and where: LICENSE texts, else package metadata."""
    found = []
    for path in sorted(texts):
        if "/" not in path and _ROOT_LICENSE.fullmatch(path):
            known = recognise(texts[path])
            found.append((path, normalise_all(known.expression.split(" AND ")).expression if known else NOASSERTION))
    named = [(path, expression) for path, expression in found if expression != NOASSERTION]
    if named:
        return normalise_all([e for _, e in named]).expression, ", ".join(path for path, _ in named)
    stated = _metadata(texts)
    if stated:
        return stated
    return (NOASSERTION, found[0][0]) if found else (NONE, "no LICENSE file and no package metadata")


def _metadata(texts: Mapping[str, str]) -> tuple[str, str] | None:
    raw: Any = None
    path = ""
    try:
        if "pyproject.toml" in texts:
            path = "pyproject.toml"
            project = tomllib.loads(texts[path]).get("project", {})
            raw = project.get("license") if isinstance(project, dict) else None
        if not raw and "package.json" in texts:
            path = "package.json"
            raw = json.loads(texts[path]).get("license")
    except (ValueError, AttributeError, RecursionError):
        return None
    if isinstance(raw, dict):
        raw = raw.get("text") or raw.get("type")
    if not isinstance(raw, str) or not raw.strip():
        return None
    expression = normalise(raw).expression
    return None if expression == NOASSERTION else (expression, path)


def audit(repository: str, license_: str, source: str, models: Sequence[Model], use: Use, matrix: Matrix) -> Audit:
    """Judge every model against the repository's license; `license_` is a normalised expression."""
    findings: dict[str, Finding] = {}
    unknown: list[tuple[str, str]] = []
    asked: list[tuple[str, str]] = []
    for model in models:
        if model.expression is None:
            continue
        for relation, (tier, place) in _relations(model.places).items():
            asked.append((model.expression, relation))
            verdict = judge_with(matrix, model.expression, license_, relation, use)
            if verdict.verdict == "unknown":
                unknown.append((model.name, verdict.reason_code))
            elif verdict.verdict != "compatible":
                said = (
                    f"{model.name} is under {model.expression}: {_clauses(verdict.lost)} "
                    f"not reflected in the repository's license, {license_}"
                )
                _add(findings, model, model.expression, relation, tier, place, verdict.verdict, said, verdict.reason,
                     verdict.lost, verdict.source)  # fmt: skip
            for one in model.inherited:
                passed = judge_with(matrix, one.license_id, license_, relation, use)
                if passed.verdict in _RANK:
                    asked.append((one.license_id, relation))
                    said = (
                        f"{model.name} comes from {one.origin} under {one.license_id}: {_clauses(passed.lost)} dropped "
                        f"earlier in the chain, at {one.lost_from} -> {one.lost_at}, and not reflected here"
                    )
                    _add(findings, model, one.license_id, relation, tier, place, passed.verdict, said, passed.reason,
                         passed.lost, passed.source)  # fmt: skip
    flagged = list(dict.fromkeys(asked)) if findings else []
    good, why = recommend(flagged, use, matrix) if flagged else ([], "")
    ordered = sorted(findings.values(), key=lambda f: (_RANK[f.verdict], f.tier, f.model, f.license))
    missing = tuple(model.name for model in models if model.expression is None)
    return Audit(
        repository,
        license_,
        source,
        tuple(models),
        tuple(ordered),
        tuple(dict.fromkeys(unknown)),
        missing,
        tuple(good),
        why,
    )


def _relations(places: Iterable[Place]) -> dict[str, tuple[str, Place]]:
    """Each relation once, with its strongest tier and the first place that shows it."""
    found: dict[str, tuple[str, Place]] = {}
    for place in sorted(places, key=lambda p: (p.tier, p.path, p.line)):
        found.setdefault(place.relation, (place.tier, place))
    return found


def _clauses(lost: tuple[str, ...]) -> str:
    names = [f"{codes()[code].name} ({code})" for code in lost]
    return (", ".join(names) or "its terms") + (" are" if len(names) > 1 else " is")


def _add(
    findings: dict[str, Finding], model: Model, license_: str, relation: str, tier: str, place: Place, verdict: str,
    message: str, reason: str, lost: tuple[str, ...], source: str,
) -> None:  # fmt: skip
    identity = "|".join((model.name, license_, relation, *lost))
    finding_id = hashlib.sha256(identity.encode()).hexdigest()[:16]
    severity = "info" if verdict == "conditional" else "hard" if tier == "A" else "soft"
    findings.setdefault(
        finding_id,
        Finding(finding_id, severity, verdict, model.name, license_, relation, tier, place.path, place.line, message,
                reason, lost, source),
    )  # fmt: skip


class Waiver(NamedTuple):
    """A finding that somebody accepts, with a reason, until a day."""

    finding_id: str
    model: str
    reason: str
    expires: date | None


def waivers(document: Mapping[str, Any]) -> list[Waiver]:
    """The tables [[waive]] of peatmoss.toml. Raises PeatmossError with the mend."""
    listed = document.get("waive", [])
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise PeatmossError("peatmoss.toml: [[waive]] is a list of tables")
    found = []
    for item in listed:
        expires = item.get("expires")
        if not (item.get("id") or item.get("model")) or not str(item.get("reason", "")).strip():
            raise PeatmossError("peatmoss.toml: a [[waive]] needs id or model, and a reason")
        if expires is not None and type(expires) is not date:
            raise PeatmossError(
                "peatmoss.toml: expires of a [[waive]] is a date, for instance 2027-01-31 without quotes"
            )
        found.append(Waiver(str(item.get("id", "")), str(item.get("model", "")), str(item["reason"]), expires))
    return found


def settle(found: Audit, known: frozenset[str], accepted: Sequence[Waiver], today: date) -> Audit:
    """Mark what a baseline knows and what is waived; an expired waiver is named and accepts nothing."""
    settled = []
    for finding in found.findings:
        named = [
            w for w in accepted if finding.finding_id == w.finding_id or (not w.finding_id and w.model == finding.model)
        ]
        valid = [w for w in named if w.expires is None or w.expires >= today]
        if valid:
            until = f" (until {valid[0].expires})" if valid[0].expires else ""
            settled.append(finding._replace(state="waived", note=valid[0].reason + until))
        elif finding.finding_id in known:
            settled.append(finding._replace(state="baseline", note="known from the baseline"))
        elif named:
            settled.append(finding._replace(note=f"a waiver expired on {named[0].expires}"))
        else:
            settled.append(finding)
    return found._replace(findings=tuple(settled))


def baseline(text: str, name: str) -> frozenset[str]:
    """The ids of an earlier audit in JSON. Raises PeatmossError."""
    try:
        document = json.loads(text)
        return frozenset(str(finding["finding_id"]) for finding in document["findings"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PeatmossError(f"{name} is no baseline: write one with `licenses audit --format json`") from error


def obligations(found: Audit, matrix: Matrix, use: Use) -> list[tuple[Model, str, tuple[str, ...]]]:
    """(model, how its verdict is shown, duties) of each judged model, for its strongest relation."""
    rows = []
    for model in found.models:
        if model.expression is not None:
            for relation in _relations(model.places):
                verdict = judge_with(matrix, model.expression, found.license, relation, use)
                rows.append((model, f"{relation}: {shown(verdict)}", verdict.duties))
    return rows
