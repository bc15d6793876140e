"""I10 and the lineage checks: a declared base model against name, configuration and fingerprint of the child."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from peatmoss.analyze.names.family import relation
from peatmoss.parse.name import parse
from peatmoss.parse.name.claims import Claims, claims
from peatmoss.parse.name.evidence import Evidence, Finding, declared_type

_CHANGES_SHAPE = frozenset(
    [
        "distill",
        "distilled",
        "distil",
        "distillation",
        "student",
        "pruned",
        "prune",
        "sheared",
        "upscaled",
        "merge",
        "merged",
        "merges",
        "slerp",
        "ties",
        "dare",
        "moe",
        "frankenmerge",
        "passthrough",
        "kd",
    ]
)


class Part(NamedTuple):
    """What is known of one end of a derivation."""

    id: str
    model_type: str = ""
    shape: str = ""
    parameters: int | None = None
    created_at: datetime | None = None


def base_findings(child: Claims, evidence: Evidence) -> list[Finding]:
    """I10: families of the card's base models against the child's type and against its configuration's origin."""
    found = []
    actual = declared_type(evidence)
    reshaped = {span.text.lower() for span in child.name.spans} & _CHANGES_SHAPE
    bases = [(base, claims(parse(base))) for base in dict.fromkeys(evidence.base_models)]
    firm = [(base, [c for c in named.families if c.is_firm]) for base, named in bases]
    if actual and firm and all(claimed for _, claimed in firm) and not reshaped:
        outcomes = [relation(claim.family.model_types, actual).verdict for _, claimed in firm for claim in claimed]
        if outcomes and all(outcome == "conflict" for outcome in outcomes):
            base = firm[0][0]
            found.append(
                Finding(
                    "I10",
                    "hard",
                    f"base model {base}",
                    f"model_type {actual}",
                    "the base model's name claims another family",
                )
            )
    if evidence.origin and "/" in evidence.origin and bases and not evidence.origin.startswith((".", "/")):
        origin = claims(parse(evidence.origin)).families
        claimed = [claim for _, named in bases for claim in named.families]
        if (
            origin
            and claimed
            and not any(
                relation(o.family.model_types, t).verdict != "conflict"
                for o in origin
                for c in claimed
                for t in c.family.model_types
            )
        ):
            found.append(
                Finding(
                    "I10",
                    "soft",
                    f"base model {bases[0][0]}",
                    f"configuration made from {evidence.origin}",
                    "the two name different families",
                )
            )
    return found


def derivation(child: Part, base: Part, stated: str) -> tuple[str, str]:
    """contradicted, compatible or unknown, with the reason, for a declared derivation of one model from another."""
    if child.id == base.id:
        return "contradicted", "the model names itself as its base"
    if child.created_at and base.created_at and child.created_at < base.created_at:
        return (
            "contradicted",
            f"the base ({base.created_at:%Y-%m-%d}) is younger than the child ({child.created_at:%Y-%m-%d})",
        )
    spans = parse(child.id).spans
    free = stated == "merge" or {span.text.lower() for span in spans} & _CHANGES_SHAPE
    packed = stated == "quantized" or any(span.element in ("quantization", "precision") for span in spans)
    if free:
        return "unknown", "a merged, distilled or pruned model may differ from its base in every respect"
    if stated == "adapter":
        return "unknown", "an adapter has no tensors of its base"
    if child.model_type and base.model_type and relation((base.model_type,), child.model_type).verdict == "conflict":
        return "contradicted", f"the base is {base.model_type}, the child {child.model_type}"
    if child.shape and base.shape:
        if child.shape == base.shape:
            return "compatible", "the same tensors but for the head"
        return "unknown", "the same family, and tensors that differ"
    if child.parameters and base.parameters and not packed:
        ratio = child.parameters / base.parameters
        if not 0.5 <= ratio <= 2:
            return "contradicted", f"{ratio:.2f} of the parameters of the base"
        return "compatible", f"{ratio:.2f} of the parameters of the base"
    if child.model_type and child.model_type == base.model_type:
        return "compatible", f"both are {child.model_type}"
    return "unknown", "too little is known of the two"
