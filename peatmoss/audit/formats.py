"""An audit in the formats that others read: JSON, SARIF 2.1.0, CycloneDX 1.6, notices. Pure; text in the end."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from peatmoss.audit.repository import Audit, Finding
from peatmoss.parse.license import NOASSERTION, NONE, UNASKED, codes, leaves, license_of

_LEVELS = {"hard": "error", "soft": "warning", "info": "note"}
_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def table(found: Audit, shown: list[tuple[str, str, str, str]]) -> Iterator[str]:
    """Lines for a terminal. `shown` is (model, license, verdict in words, duties)."""
    yield f"{found.repository}: license {found.license} ({found.license_source})"
    for model, license_, verdict, duties in shown:
        yield f"  {model}  {license_}  {verdict}" + (f"; keep: {duties}" if duties else "")
    total = len(shown)
    yield f"findings: {len(found.findings):,}, in {total:,} judged uses of models"
    for finding in found.findings:
        note = finding.note if finding.state == "new" else f"{finding.state}: {finding.note}"
        end = f"({finding.finding_id})" + (f" [{note}]" if note else "")
        yield f"  {finding.severity:<5} {finding.path}:{finding.line}  {finding.message} {end}"
        yield f"        {finding.reason}"
    causes = Counter(code for _, code in found.unknown)
    if causes:
        listed = ", ".join(f"{count} {code.replace('_', ' ')}" for code, count in causes.most_common())
        yield f"not known: {sum(causes.values()):,} of {total:,} ({listed})"
    if found.findings:
        good = ", ".join(found.recommended[:6])
        yield (
            f"licenses without a lost clause: {good}" if good else f"no license reflects all: {found.no_recommendation}"
        )
    if found.not_judged:
        yield f"not judged: {len(found.not_judged):,}, not collected in the database; --fetch-missing gets them, or:"
        for name in found.not_judged:
            yield f"  {fetch_command(name)}"
    yield found.disclaimer


def fetch_command(name: str) -> str:
    """The command that gets one model. A name from code is shown only as far as a shell takes it for a word."""
    safe = "".join(c for c in name if c.isalnum() or c in "/._-")
    return f"echo {safe} | peatmoss fetch model --from hub_api --keys -"


def as_json(found: Audit) -> str:
    """Everything, as one object. It serves as a baseline later."""
    models = [
        {**m._asdict(), "places": [p._asdict() for p in m.places], "inherited": [i._asdict() for i in m.inherited]}
        for m in found.models
    ]
    whole = {
        **found._asdict(),
        "models": models,
        "findings": [f._asdict() for f in found.findings],
        "unknown": [{"model": model, "reason_code": code} for model, code in found.unknown],
        "not_judged": [{"model": name, "command": fetch_command(name)} for name in found.not_judged],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)


def sarif(found: Audit, version: str) -> str:
    """For code scanning: one rule per lost clause, one result per finding, with an id that no edit of lines changes."""
    rules = sorted({_rule(finding) for finding in found.findings})
    run = {
        "tool": {
            "driver": {
                "name": "peatmoss",
                "version": version,
                "rules": [_rule_text(rule) for rule in rules] + ([_NOT_JUDGED] if found.not_judged else []),
            }
        },
        "results": [*map(_result, found.findings), *(_not_judged(found, name) for name in found.not_judged)],
    }
    return json.dumps({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


_NOT_JUDGED = {
    "id": "license/not-judged",
    "shortDescription": {"text": "The license of a model is not known here"},
    "defaultConfiguration": {"level": "warning"},
}


def _rule(finding: Finding) -> str:
    return f"license/{finding.lost_clauses[0]}" if finding.lost_clauses else "license/terms"


def _rule_text(rule: str) -> dict[str, Any]:
    code = codes().get(rule.removeprefix("license/"))
    name = code.name if code else "terms"
    return {"id": rule, "shortDescription": {"text": f"Clause not reflected in the repository's license: {name}"}}


def _result(finding: Finding) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": _rule(finding),
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}. {finding.reason}."},
        "locations": [_location(finding.path, finding.line)],
        "partialFingerprints": {"peatmossFinding/v1": finding.finding_id},
        "properties": {"tier": finding.tier, "relation": finding.relation, "source": finding.source},
    }
    if finding.state != "new":
        result["suppressions"] = [{"kind": "external", "justification": finding.note}]
    return result


def _location(path: str, line: int) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": quote(path)}, "region": {"startLine": max(line, 1)}}}


def _not_judged(found: Audit, name: str) -> dict[str, Any]:
    place = next(model.places[0] for model in found.models if model.name == name)
    return {
        "ruleId": _NOT_JUDGED["id"],
        "level": "warning",
        "message": {"text": f"{name} is not in the database, so its license was not judged: {fetch_command(name)}"},
        "locations": [_location(place.path, place.line)],
        "partialFingerprints": {"peatmossFinding/v1": f"not-judged/{name}"},
    }


def cyclonedx(found: Audit, version: str) -> str:
    """A bill of materials with a machine-learning-model component for every model."""
    components = []
    for model in found.models:
        component: dict[str, Any] = {
            "type": "machine-learning-model",
            "bom-ref": _purl(model.name),
            "name": model.name.rpartition("/")[2],
            "purl": _purl(model.name),
            "evidence": {"occurrences": [{"location": place.path, "line": place.line} for place in model.places[:20]]},
        }
        if "/" in model.name:
            component["publisher"] = model.name.partition("/")[0]
        if model.expression not in (None, NONE, NOASSERTION):
            component["licenses"] = [{"expression": model.expression, "acknowledgement": "declared"}]
        findings = [f for f in found.findings if f.model == model.name]
        state = "not judged" if model.expression is None else f"{len(findings)} not reflected"
        component["properties"] = [{"name": "peatmoss:license", "value": state}] + [
            {"name": f"peatmoss:finding:{f.finding_id}", "value": f.message} for f in findings
        ]
        components.append(component)
    application: dict[str, Any] = {"type": "application", "bom-ref": "repository", "name": found.repository}
    if found.license not in (NONE, NOASSERTION, UNASKED):
        application["licenses"] = [{"expression": found.license, "acknowledgement": "declared"}]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(components) + found.repository)}",
        "version": 1,
        "metadata": {
            "component": application,
            "tools": {"components": [{"type": "application", "name": "peatmoss", "version": version}]},
            "properties": [{"name": "peatmoss:disclaimer", "value": found.disclaimer}],
        },
        "components": components,
        "dependencies": [{"ref": "repository", "dependsOn": [c["bom-ref"] for c in components]}],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _purl(name: str) -> str:
    return f"pkg:huggingface/{quote(name, safe='/')}"


def notices(found: Audit, texts: Mapping[str, Mapping[str, str]]) -> str:
    """What to ship with the repository. `texts` are the license and notice files of models that the database holds."""
    parts = ["THIRD-PARTY MODEL NOTICES", f"for {found.repository}", ""]
    for model in found.models:
        parts += ["-" * 80, model.name]
        if model.expression is None:
            parts += ["License: not judged (the database does not know this model)", ""]
            continue
        parts.append(f"License: {_declared(model.expression)}" + (f" (as of {model.as_of})" if model.as_of else ""))
        for license_id in leaves(model.expression):
            known = license_of(license_id)
            if known is None:
                continue
            parts.append(f"  {known.name}: {known.source}")
            parts += [
                f"  - {codes()[code].words}" + (f": {known.clauses[code].value}" if known.clauses[code].value else "")
                for code in ("C1", "C2", "C3", "C4", "C9", "C10", "C11", "C13")
                if code in known.clauses
            ]
        for one in model.inherited:
            parts.append(f"  From {one.origin}: {one.license_id} (dropped earlier in the chain)")
        for path, text in sorted(texts.get(model.name, {}).items()):
            parts += ["", f"{path}:", "", text.rstrip()]
        parts.append("")
    return "\n".join([*parts, "-" * 80, found.disclaimer])


def _declared(expression: str) -> str:
    return {NONE: "none declared", NOASSERTION: "declared, but not one that is known"}.get(expression, expression)
