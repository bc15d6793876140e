"""I1, I2, I16: the family that a name claims against the model type and the classes of the configuration."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from peatmoss.parse.name.claims import Claims, FamilyClaim
from peatmoss.parse.name.evidence import Evidence, Finding, Rule, class_type, classes, declared_type, rules
from peatmoss.parse.name.lexicon import families, table

_ORDER = ("same", "info", "soft", "conflict")
_EVERYDAY = frozenset({"llama", "falcon", "donut", "pegasus", "whisper", "mamba", "bloom", "dolly", "gemma"})
"""Families named after things that pictures show, or that people are called."""
_SEPARATORS = re.compile(r"[-_.]")
_LATER = re.compile(r"[-_]?(v?)\d(?:[_.]\d)?")
_LATER_VERSION = Rule(
    "later_version", frozenset(), frozenset(), "info", "the name leaves out which version of the family it is"
)
_OTHER_CLASS = Rule(
    "later_class", frozenset(), frozenset(), "soft", "a later design of the family, with classes of its own"
)
"""EXAONE may be exaone4; swin is not swinv2."""


_DRAFTS = frozenset({"dflash", "eagle", "eagle2", "eagle3", "mtp", "draft", "medusa", "speculator", "mmproj"})
_DRAFT = Rule("draft", frozenset(), frozenset(), "info", "a part made to be used with the model that the name tells")


class Relation(NamedTuple):
    """How a claimed family stands to a model type: same, info (acquitted by a rule), soft, conflict."""

    verdict: str
    rule: Rule | None


def relation(model_types: tuple[str, ...], actual: str) -> Relation:
    """Compare the types that a family admits with the actual one."""
    if actual in model_types or _squeezed(actual) in map(_squeezed, model_types):
        return Relation("same", None)
    if any(_is_part(actual, claimed) for claimed in model_types):
        return Relation("same", None)
    for rule in rules():
        if actual in rule.actual and ("*" in rule.claimed or rule.claimed & set(model_types)):
            return Relation(rule.severity, rule)
    for claimed in model_types:
        if actual.startswith(claimed) and (later := _LATER.fullmatch(actual.removeprefix(claimed))):
            return Relation("soft", _OTHER_CLASS) if later[1] else Relation("info", _LATER_VERSION)
    return Relation("conflict", None)


def _squeezed(kind: str) -> str:
    """GGUF files and configurations write a type differently: qwen3moe, gpt-oss."""
    return _SEPARATORS.sub("", kind.lower())


def _is_part(actual: str, claimed: str) -> bool:
    """qwen2_vl_text is a part of qwen2_vl; a type of another package may have the family among its words."""
    for ending in ("_text", "_vision", "_text_model", "_vision_model", "_audio", "_encoder", "_moe"):
        if _squeezed(actual) == _squeezed(claimed + ending):
            return True
    words = actual.lower().replace("_", "-").split("-")
    return len(claimed) > 2 and len(words) > 1 and claimed in words and actual not in _known_types()


@cache
def _known_types() -> frozenset[str]:
    return frozenset(kind for kind, _ in classes().values())


@cache
def _other_types() -> frozenset[str]:
    """Types of code outside transformers that are known."""
    return frozenset(row["model_type"] for row in table("class_stems.csv"))


@cache
def _of_images() -> frozenset[str]:
    """Types that have a class for images."""
    return frozenset(kind for kind, task in classes().values() if task in ("image-classification", "object-detection"))


def family_findings(claims: Claims, evidence: Evidence) -> list[Finding]:
    """I1 and I2."""
    found: list[Finding] = []
    kind = declared_type(evidence)
    if kind:
        said = evidence.model_type or f"{kind} (implied by {evidence.architectures[0]})"
        found += _compare(claims, "I1", kind, f"model_type {said}")
    for name in evidence.architectures[:1]:
        if implied := class_type(name):
            found += _compare(claims, "I2", implied, f"architectures {name}")
    return found


def _of_claim(claims: Claims, claim: FamilyClaim, actual: str) -> Relation:
    """How a claim stands to the actual type, given all words of the name."""
    outcome = relation(claim.family.model_types, actual)
    if outcome.verdict != "conflict":
        return outcome
    plain, word = _squeezed(actual), _squeezed(claim.family.word)
    if (claim.is_line or claim.family.kind == "release") and plain.startswith(word):
        return Relation("same", None)
    words = [_squeezed(span.text) for span in claims.name.spans]
    runs = {"".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, start + 5)}
    if plain in runs - {_squeezed(other.text) for other in claims.families}:  # the type is in the name: xcodec-hubert
        return Relation("same", None)
    if not _DRAFTS.isdisjoint(words):
        return Relation("info", _DRAFT)
    for kind in map(_squeezed, claim.family.model_types):
        more = plain.removeprefix(kind)
        if plain.startswith(kind) and len(kind) > 3 and more in runs:  # qwen3_next: Qwen3-Coder-Next
            return Relation("same", None)
    return outcome


def _compare(claims: Claims, kind: str, actual: str, said: str) -> list[Finding]:
    if not claims.families:
        return _compound(claims, kind, actual, said)
    judged = [(claim, _of_claim(claims, claim, actual)) for claim in claims.families]
    best = min(_ORDER.index(outcome.verdict) for _, outcome in judged)
    agreeing = [claim for claim, outcome in judged if outcome.verdict == "same"]
    student = next((c for c, outcome in judged if c.is_student and c.is_firm and outcome.verdict == "conflict"), None)
    if student and all(claim.family.kind == "release" for claim in agreeing):
        return [_conflict(student, kind, actual, said)]
    if best == 0:
        claim = agreeing[0]
        for other, outcome in judged:
            if other.is_firm and outcome.verdict == "conflict":
                reason = f"the name also says {claim.text}, which agrees"
                return [Finding(kind, "info", other.text, said, reason, "another_word_agrees")]
        if actual == claim.family.model_types[0] or claim.family.kind != "release":
            return []
        reason = f"{claim.text} is a line of models that is built on {actual}, among others"
        return [Finding(kind, "info", claim.text, said, reason, "released_as")] if kind == "I1" else []
    if best < 3:
        claim, outcome = next((c, o) for c, o in judged if o.verdict == _ORDER[best])
        rule = outcome.rule
        assert rule is not None  # noqa: S101
        return [Finding(kind, rule.severity, claim.text, said, f"{rule.reason} ({rule.name})", rule.name)]
    for word in claims.compounds:
        if any(relation(families()[end].model_types, actual).verdict == "same" for end in _ends(word)):
            claim, reason = judged[0][0], f"the name also says {word}, which agrees"
            return [Finding(kind, "info", claim.text, said, reason, "another_word_agrees")]
    claim = max((claim for claim, _ in judged), key=lambda claim: (claim.is_firm, claim.family.kind == "release"))
    if claim.is_firm and claim.is_bare and claim.text.lower() in _EVERYDAY and actual in _of_images():
        reason = f"{claim.text} is also an everyday word, and {actual} is for images"
        return [Finding(kind, "info", claim.text, said, reason, "everyday_word")]
    if claim.is_firm and kind == "I1" and actual not in _known_types() and actual not in _other_types():
        reason = f"the name claims {claim.family.model_types[0]}; the type {actual} is of code outside transformers"
        return [Finding(kind, "soft", claim.text, said, reason)]
    return [_conflict(claim, kind, actual, said)]


def _conflict(claim: FamilyClaim, kind: str, actual: str, said: str) -> Finding:
    if claim.is_firm:
        reason = f"the name claims {claim.family.model_types[0]}; the configuration says {actual}"
        return Finding(kind, "hard", claim.text, said, reason)
    if claim.family.kind == "release":
        reason = f"{claim.text} is known as {', '.join(claim.family.model_types)}; the configuration says {actual}"
        return Finding(kind, "soft", claim.text, said, reason)
    reason = (
        f"{claim.text} alone is used for a whole kind of models"
        if claim.family.kind == "umbrella"
        else f"{claim.text} is also an everyday word"
    )
    return Finding(
        kind, "info", claim.text, said, f"{reason}; the configuration says {actual}", f"{claim.family.kind}_word"
    )


def _ends(word: str) -> list[str]:
    """The families that a word ends in, the longest first: kobigbird ends in bigbird."""
    ends = [word[start:] for start in range(1, len(word) - 3)]
    return [end for end in ends if end in families() and families()[end].model_types]


def _compound(claims: Claims, kind: str, actual: str, said: str) -> list[Finding]:
    """A word that ends in the name of a family (KoELECTRA) claims it softly; one that ends in bert hardly at all."""
    for word in claims.compounds:
        end = next((end for end in _ends(word) if families()[end].kind in ("architecture", "release", "umbrella")), "")
        if not end:
            continue
        outcome = relation(families()[end].model_types, actual)
        if outcome.verdict == "same":
            return []
        severity = "info" if end == "bert" or outcome.verdict == "info" else "soft"
        reason = f"{word} sounds like {end}; the configuration says {actual}"
        return [Finding(kind, severity, word, said, reason, "compound_word" if severity == "info" else "")]
    return []


def internal_findings(evidence: Evidence) -> list[Finding]:
    """I16: the model type against the type that the classes imply. No name is needed."""
    found: list[Finding] = []
    for name in evidence.architectures:
        implied = class_type(name)
        if not evidence.model_type or not implied or implied == evidence.model_type:
            continue
        if _is_part(implied, evidence.model_type) or _is_part(evidence.model_type, implied):
            continue
        if evidence.model_type not in _known_types():
            continue
        outcome = relation((implied,), evidence.model_type)
        severity = "hard" if outcome.verdict == "conflict" else outcome.verdict
        rule = outcome.rule.name if outcome.rule else ""
        reason = f"{name} belongs to {implied}" + (f"; {outcome.rule.reason} ({rule})" if outcome.rule else "")
        found.append(
            Finding("I16", severity, f"model_type {evidence.model_type}", f"architectures {name}", reason, rule)
        )
    return found
