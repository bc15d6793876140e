"""Two licenses and a relation -> what each layer of rules says. Pure; identifiers in, opinions out.

The layers in their order of precedence: identity, stewards (lists that license stewards publish), text (rules that
follow from the text of a license with use limits), osadl (the matrix of OSADL), clauses (the general algebra).
"""

from __future__ import annotations

from typing import NamedTuple

from peatmoss.parse.license.reference import OSADL_SOURCE, License, Matrix, cells, codes, license_of, unported
from peatmoss.parse.license.use import Use, decides

RELATIONS = ("relicense", "combine", "derive", "use", "train")
RULES = "clause-algebra-1"
RULES_DATE = "2026-11-25"

LIMITS = ("L1", "L2", "L3", "L4", "L6", "L7", "L8")
"""What binds whoever uses a work, whether or not he passes it on."""
_TRAVELS = {
    "use": frozenset({"use"}),
    "train": frozenset({"train"}),
    "combine": frozenset({"use", "distribute", "network"}),
    **dict.fromkeys(("relicense", "derive"), frozenset({"use", "distribute", "derive", "network"})),
}
_STRICTER = {"creativeml-11": {"bigscience-13"}}
"""Lists of forbidden uses -> lists that contain all of theirs."""
_OPEN_SCOPES = {"file", "library", "derivative", "data"}
"""Reach of a copyleft that lets the covered part lie in a work under other terms, beside its own."""
_APART = {"font", "output"}
"""Reach of a copyleft that leaves alone the works that hold, or are made with, the covered part."""
_PROPRIETARY = "LicenseRef-scancode-proprietary-license"


class Opinion(NamedTuple):
    """What one layer says. `lost` holds clauses of the upstream that the downstream does not carry."""

    layer: str
    verdict: str
    reason: str
    source: str
    date: str
    rule_set: str
    lost: tuple[str, ...] = ()


def opinions(upstream: str, downstream: str, relation: str, matrix: Matrix, use: Use) -> list[Opinion]:
    """All that the layers say about two license ids, the deciding one first; empty if no layer can tell."""
    up, down = license_of(upstream), license_of(downstream)
    algebra = _algebra(up, down, relation, use) if up and down and upstream != downstream else None
    found = [
        _identity(upstream, downstream, relation, up),
        _steward(upstream, downstream, relation),
        algebra,
        _osadl(upstream, downstream, relation, up, down, matrix),
    ]
    said = [opinion for opinion in found if opinion is not None]
    if algebra and algebra.verdict == "incompatible":  # what lists say in a word, the clauses say in full
        said = [_with_lost(one, algebra.lost) if one.verdict == "incompatible" else one for one in said]
    return sorted(said, key=lambda opinion: _ORDER.index(opinion.layer))


def _with_lost(opinion: Opinion, lost: tuple[str, ...]) -> Opinion:
    return opinion._replace(lost=tuple(sorted({*opinion.lost, *lost}, key=list(codes()).index)))


_ORDER = ("identity", "stewards", "text", "osadl", "clauses")


def duties(upstream: str, downstream: str) -> tuple[str, ...]:
    """Notices and names to keep that the downstream license does not ask for by itself."""
    up, down = license_of(upstream), license_of(downstream)
    if up is None or upstream == downstream:
        return ()
    offered = down.clauses if down else {}
    return tuple(c for c in up.clauses if codes()[c].weight in ("notice", "soft") and c not in offered)


def _identity(upstream: str, downstream: str, relation: str, up: License | None) -> Opinion | None:
    if unported(upstream) != unported(downstream) or up is None or upstream == _PROPRIETARY:
        return None
    if relation == "derive" and "L9" in up.clauses:
        reason = f"{upstream} does not let adaptations be shared, not even under itself"
        return Opinion("identity", "incompatible", reason, up.source, RULES_DATE, RULES, ("L9",))
    return Opinion("identity", "compatible", "both are under the same license", up.source, RULES_DATE, RULES)


def _steward(upstream: str, downstream: str, relation: str) -> Opinion | None:
    cell = cells().get((unported(upstream), unported(downstream), relation))
    if cell is None:
        return None
    lost = ("C7",) if cell.verdict == "incompatible" and _has(upstream, "C7") else ()
    reason = f"{upstream} to {downstream}: {cell.reason}"
    return Opinion("stewards", cell.verdict, reason, cell.source, cell.date, cell.rule_set, lost)


def _has(license_id: str, code: str) -> bool:
    known = license_of(license_id)
    return known is not None and code in known.clauses


def _osadl(
    upstream: str, downstream: str, relation: str, up: License | None, down: License | None, matrix: Matrix
) -> Opinion | None:
    """OSADL asks whether a component may be distributed under the other license: a question about the whole."""
    if relation in ("use", "train") or (relation == "combine" and up and down and _stays_apart(up, down)):
        return None
    said = matrix.cells.get((upstream, downstream))
    verdict = {"Yes": "compatible", "No": "incompatible", "Check dependency": "conditional"}.get(
        said[0] if said else ""
    )
    if said is None or verdict is None:
        return None
    words = {
        "compatible": "can be distributed under",
        "incompatible": "cannot be distributed under",
        "conditional": "can be distributed under some conditions under",
    }[verdict]
    reason = said[1] or f"OSADL: a work under {upstream} {words} {downstream}"
    rule_set = f"osadl-{matrix.date}"
    lost = ("C7",) if verdict == "incompatible" and _has(upstream, "C7") else ()
    return Opinion("osadl", verdict, reason, OSADL_SOURCE, matrix.date, rule_set, lost)


def _stays_apart(up: License, down: License) -> bool:
    """A part under weak copyleft may lie in a work under other terms, unless those forbid terms beside them."""
    copyleft = up.clauses.get("C7")
    return copyleft is not None and copyleft.value in _OPEN_SCOPES | _APART and not bars(down)


def bars(down: License) -> bool:
    """The license covers the whole work and forbids restrictions beyond its own: strong copyleft, share-alike."""
    copyleft = down.clauses.get("C7")
    return copyleft is not None and copyleft.value == "work" and down.family not in ("research", "source-available")


def _algebra(up: License, down: License, relation: str, use: Use) -> Opinion | None:
    if up.license_id == _PROPRIETARY:
        if relation in ("use", "train"):
            return None
        reason = "all rights are reserved: nothing is granted without the owner's permission"
        return Opinion("text", "incompatible", reason, up.source, RULES_DATE, RULES, ())
    if "family" in (up.verified, down.verified) and up.family == "permissive" and bars(down) and relation != "use":
        return None  # a permissive license may hold a clause that copyleft forbids: its category does not tell
    hard, soft, why = _lost(up, down, relation, use)
    lost = tuple(sorted(dict.fromkeys(hard + soft), key=list(codes()).index))
    layer = "text" if set(up.clauses) & {*LIMITS, "L5", "L9", "C8", "C12"} or up.kind == "content" else "clauses"
    named = lost and up.clauses.get(lost[0])
    where = named.source if named else up.source
    if hard:
        reason = _sentence(up, down, tuple(hard), relation, "")
        return Opinion(layer, "incompatible", reason, where, RULES_DATE, RULES, lost)
    if soft:
        reason = _sentence(up, down, tuple(soft), relation, why)
        return Opinion(layer, "conditional", reason, where, RULES_DATE, RULES, lost)
    reason = _nothing_lost(up, down, relation)
    return Opinion(layer, "compatible", reason, up.source, RULES_DATE, RULES)


def _lost(up: License, down: License, relation: str, use: Use) -> tuple[list[str], list[str], str]:
    """Clauses of the upstream that travel and that the downstream does not carry: hard ones, soft ones, why soft."""
    hard: list[str] = []
    soft: list[str] = []
    why: list[str] = []
    for code, clause in up.clauses.items():
        weight, condition = _weight(up, down, code, relation)
        if relation == "use":
            weight, condition = decides(code, clause.value, weight, condition, use)
        if weight is None or _carries(down, code, clause.value, relation):
            continue
        if weight == "soft" and bars(down) and relation in ("relicense", "combine", "derive") and _meets(up, code):
            weight, condition = "hard", ""
        if weight == "hard" and down.license_id == _PROPRIETARY and code not in ("C7", "L1", "L2", "L9"):
            weight, condition = "soft", "only if its terms carry it"
        (hard if weight == "hard" else soft).append(code)
        if weight == "soft":
            why.append(condition)
    return hard, soft, "; ".join(dict.fromkeys(filter(None, why)))


def _meets(up: License, code: str) -> bool:
    """Whether a clause meets the bar of the other license: a copyleft does if it covers the very same whole."""
    return code != "C7" or (up.kind != "data" and " WITH " not in up.license_id)


def _weight(up: License, down: License, code: str, relation: str) -> tuple[str | None, str]:
    """How much the loss of a clause weighs in a relation (None: not at all), and under which condition it is fine."""
    weight = codes()[code].weight
    clause = up.clauses[code]
    if relation == "train":
        return _weight_of_training(up, code, weight)
    if not clause.triggers & _TRAVELS[relation] and code not in ("C7", "L9"):
        return None, ""
    if relation == "use":
        if code not in LIMITS:
            return None, ""  # also a copyleft: running a work is not passing it on
        return ("hard", "") if code in ("L1", "L2") else ("soft", "only within its limits, whoever uses it")
    if code in ("C6", "C7") and "C7" in up.clauses:  # the source for network users is that of what the copyleft covers
        reach = up.clauses["C7"].value
        if relation == "combine" and reach in _APART:
            return None, ""
        remixed = up.kind == "content" and "L1" in down.clauses and "L1" not in up.clauses
        if relation == "combine" and (reach in _OPEN_SCOPES or up.kind == "content") and not remixed:
            return "soft", "only if that part stays under its own license, with its source where it asks for it"
        return "hard", ""
    if code == "L9":
        if relation == "combine" and down.kind != "content":
            return "soft", "only unmodified, as a part of a collection"
        return "hard", ""
    if code == "L5":
        return "hard", ""
    return (weight, "") if weight in ("hard", "soft") else (None, "")


def _weight_of_training(up: License, code: str, weight: str) -> tuple[str | None, str]:
    """What is trained on a work contains it or not: contested, unless the text itself decides."""
    clause = up.clauses[code]
    if "train" in clause.triggers:
        return weight if weight in ("hard", "soft") else None, ""
    contested = "it is contested whether what is trained on a work is bound by its license"
    if code == "C7":
        return ("soft", contested) if clause.value in ("work", "derivative") and up.kind != "data" else (None, "")
    if code in LIMITS:
        is_open = code in ("L1", "L2")
        return "soft", contested if is_open else "only within its limits, whoever uses it"
    return ("soft", contested) if code == "L9" else (None, "")


def _carries(down: License, code: str, value: str, relation: str) -> bool:
    """The downstream license has the clause as well, at least as strictly."""
    if code == "C7":
        return relation == "combine" and value in ("file", "library") and "C5" in down.clauses and not bars(down)
    if code == "L9":
        return relation in ("relicense", "train") and "L9" in down.clauses
    if code in ("L6", "L7") and "L1" in down.clauses:
        return True
    if code in ("C8", "L3"):
        theirs = down.clauses.get("L3")
        return theirs is not None and (
            code == "C8" or theirs.value == value or theirs.value in _STRICTER.get(value, ())
        )
    other = down.clauses.get(code)
    if other is None or code == "C9":
        return False
    return not value or (other.value.startswith(value) if code in ("C10", "C11") else other.value == value)


def _sentence(up: License, down: License, lost: tuple[str, ...], relation: str, why: str) -> str:
    named = "; ".join(_words(up, code) for code in lost[:3]) + (f"; and {len(lost) - 3} more" if len(lost) > 3 else "")
    if relation == "use":
        return f"{up.license_id} asks users to respect: {named}; {down.license_id} does not say so" + _tail(why)
    if relation == "train":
        return f"{up.license_id} asks of what is trained on it: {named}; {down.license_id} does not say so" + _tail(why)
    return f"{up.license_id} asks: {named}; {down.license_id} does not carry that" + _tail(why)


def _tail(why: str) -> str:
    return f" ({why})" if why else ""


def _words(up: License, code: str) -> str:
    clause = up.clauses[code]
    value = f" ({clause.value})" if clause.value else ""
    section = f" [section {clause.section}]" if clause.section else ""
    return f"{codes()[code].words}{value}{section}"


def _nothing_lost(up: License, down: License, relation: str) -> str:
    if relation == "use":
        return f"{up.license_id} puts no limit on use that {down.license_id} does not carry"
    if relation == "train":
        return f"no clause of {up.license_id} is known to bind what is trained on it beyond {down.license_id}"
    kept = [codes()[c].words for c in duties(up.license_id, down.license_id)]
    keep = f"; still: {', '.join(kept)}" if kept else ""
    return f"{down.license_id} carries every clause of {up.license_id} that travels{keep}"
