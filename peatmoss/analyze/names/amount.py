"""I4, I5, I6, I12, I13: numbers that a name claims against the numbers of the content."""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from peatmoss.analyze.names.family import relation
from peatmoss.parse.name.claims import Amount, Claims
from peatmoss.parse.name.evidence import Evidence, Finding, declared_type
from peatmoss.parse.name.gguf import size_label
from peatmoss.parse.name.lexicon import table

LEAST, MOST = 0.80, 1.25
"""A dense model may have this share of the parameters that its name claims (Gemma 7B has 8.5 billion)."""
SMALL, SMALL_LEAST, SMALL_MOST = 1e9, 0.70, 1.45
"""Embeddings, which some count and some do not, weigh more in a small model."""
FAR = 2.0
"""Beyond a factor of two a difference is hard, unless something explains it."""
_FLOATS = frozenset(
    {"fp16", "f16", "float16", "half", "bf16", "bfloat16", "fp32", "f32", "float32", "fp64", "16bit", "16-bit", "32bit"}
)
"""Precisions that keep one value for each parameter."""
_OTHER_PART = ("adaptation", "merge")
_PARTS = frozenset(
    [
        "mmproj",
        "draft",
        "dflash",
        "eagle",
        "eagle2",
        "eagle3",
        "mtp",
        "assistant",
        "random",
        "medusa",
        "speculator",
        "lora",
        "loras",
        "qlora",
        "adapter",
        "adapters",
        "dora",
        "peft",
        "ia3",
        "pruned",
        "prune",
        "sheared",
    ]
)
_OTHER_DEPTH = frozenset({"distil", "distill", "distilled", "turbo", "pruned", "lite", "student", "slim"})
"""Words of models that have fewer layers than the size word of what they were made from."""


class Size(NamedTuple):
    """What a size word means in a family."""

    hidden_size: int | None
    layers: int
    parameters: int


@cache
def sizes() -> dict[str, dict[str, Size]]:
    """Model type -> size word -> what it means."""
    found: dict[str, dict[str, Size]] = {}
    for row in table("family_sizes.csv"):
        hidden = int(row["hidden_size"]) if row["hidden_size"] else None
        found.setdefault(row["model_type"], {})[row["size"]] = Size(hidden, int(row["layers"]), int(row["parameters"]))
    return found


def parameter_findings(claims: Claims, evidence: Evidence) -> list[Finding]:
    """I4: the nearest of the claimed counts must be near the counted one."""
    if not claims.amounts or not evidence.parameters:
        return []
    amount = min(claims.amounts, key=lambda amount: _distance(amount, evidence.parameters or 1))
    actual = evidence.parameters
    least, most = (SMALL_LEAST, SMALL_MOST) if amount.most < SMALL else (LEAST, MOST)
    if min(amount.least, amount.value * least) <= actual <= max(amount.most, amount.value * most):
        return []
    if not amount.is_total and actual > amount.most:
        return []
    ratio = actual / amount.value
    said = f"{actual:,} parameters"
    words = {span.text.lower() for span in claims.name.spans}
    if evidence.is_adapter or words & _PARTS:
        return []
    if _packs(claims) and 0.08 <= ratio < 1:
        reason = f"{ratio:.2f} of the claim: packed values of a quantized model count as fewer"
        return [Finding("I4", "info", amount.text, said, reason, "packed")]
    near = 1 / FAR <= ratio <= FAR
    counts_data = amount.text[-1:].lower() == "m" and (claims.sizes or claims.has("dataset"))
    named = [claim.family.model_types[0] for claim in claims.families]
    of_another = len(named) > len(set(named))  # llama_2_..._llama_3_70B: of which of the two?
    severity = "soft" if near or counts_data or of_another else "hard"
    reason = f"{ratio:.2f} of the claim, {size_label(0, actual)}; {least:.2f} to {most:.2f} would be right"
    return [Finding("I4", severity, amount.text, said, reason)]


def _packs(claims: Claims) -> bool:
    """Whether the name says that several parameters may lie in one value."""
    return claims.has("quantization") or not _FLOATS.issuperset(claims.by_element.get("precision", ()))


def _distance(amount: Amount, actual: int) -> float:
    if amount.least <= actual <= amount.most:
        return 0.0
    return min(abs(math.log(actual / amount.least)), abs(math.log(actual / amount.most)))


def size_findings(claims: Claims, evidence: Evidence) -> list[Finding]:
    """I5: a size word against the shape that it has in the family."""
    kind = declared_type(evidence)
    outcomes = [relation(claim.family.model_types, kind) for claim in claims.families]
    if outcomes and all(outcome.verdict == "info" for outcome in outcomes):
        return []  # what the size means in the claimed family is not what it means in this one
    kinds = sizes().get(kind, {})
    words = [word for word in dict.fromkeys(claims.sizes) if word in kinds]
    if len(words) != 1 or evidence.is_adapter or {span.text.lower() for span in claims.name.spans} & _OTHER_DEPTH:
        return []
    word = words[0]
    claimed = kinds[word]
    if evidence.hidden_size and evidence.layers:
        if evidence.hidden_size in (claimed.hidden_size, None) and evidence.layers == claimed.layers:
            return []
        other = next(
            (
                name
                for name, size in kinds.items()
                if (size.hidden_size, size.layers) == (evidence.hidden_size, evidence.layers)
            ),
            "",
        )
        if not other or (claimed.hidden_size is None):
            return []
        said = f"hidden size {evidence.hidden_size}, {evidence.layers} layers"
        return [Finding("I5", "soft", word, said, f"that is the {other} size of this family")]
    actual = evidence.parameters
    if not actual or _packs(claims):
        return []
    nearest = min(kinds, key=lambda name: abs(math.log(actual / kinds[name].parameters)))
    ratio = actual / claimed.parameters
    if nearest == word or 1 / 1.8 < ratio < 1.8:
        return []
    reason = f"{word} has about {claimed.parameters:,} in this family; nearest is {nearest}"
    return [Finding("I5", "soft", word, f"{evidence.parameters:,} parameters", reason)]


def shape_findings(claims: Claims, evidence: Evidence) -> list[Finding]:
    """I6: layers, hidden size and heads in numbers."""
    found = []
    for element, actual in (
        ("layers", evidence.layers),
        ("hidden_size", evidence.hidden_size),
        ("heads", evidence.heads),
    ):
        claimed = claims.numbers.get(element)
        if claimed and actual and claimed != actual:
            what = element.replace("_", " ")
            found.append(
                Finding(
                    "I6",
                    "hard",
                    f"{what} {claimed}",
                    f"{what} {actual}",
                    f"the name says {claimed}, the content {actual}",
                )
            )
    return found


def context_findings(claims: Claims, evidence: Evidence) -> list[Finding]:
    """I12: a context length like 32k against what the configuration allows."""
    claimed, actual = claims.numbers.get("context_length"), evidence.context_length
    if not claimed or not actual or actual < 256 or not 1000 <= claimed <= 10_000_000:
        return []
    if 0.9 <= actual / (claimed / 1000 * 1024) <= 1.1 or 0.9 <= actual / claimed <= 1.1 or actual > claimed:
        return []
    return [
        Finding(
            "I12",
            "soft",
            f"context length {claimed:,}",
            f"context length {actual:,}",
            "the configuration allows less than the name says",
        )
    ]


def experts_findings(claims: Claims, evidence: Evidence) -> list[Finding]:
    """I13: a mixture of experts in the name or in the content, not in both."""
    if evidence.experts is None:
        return []
    claimed = claims.by_element.get("moe", ())
    if claimed and evidence.experts < 2:
        return [
            Finding(
                "I13", "hard", claimed[0], "no experts", "the name claims a mixture of experts, the content has none"
            )
        ]
    form = next((text for text in claimed if text[:1].isdecimal() and "x" in text), "")
    if form and evidence.experts > 1:
        count = form.split("x")[0] if form.split("x")[0].isdecimal() else form.rsplit("x", 1)[-1]
        if count.isdecimal() and int(count[:5]) != evidence.experts:
            return [Finding("I13", "hard", form, f"{evidence.experts} experts", f"the name says {count} experts")]
    return []
