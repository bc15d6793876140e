"""License expressions and a relation -> a verdict with its reason. Pure.

OR lets the licensee choose: the best branch counts upstream, the worst one downstream, where recipients choose. AND
applies both: the worst counts. `-or-later` upstream is a choice as well, and a family tag is only as clear as its
members agree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from peatmoss.parse.license.expression import Tree, tree
from peatmoss.parse.license.pair import RULES, RULES_DATE, Opinion, duties, opinions
from peatmoss.parse.license.reference import NOASSERTION, NONE, UNASKED, Matrix, families, license_of, licenses, osadl
from peatmoss.parse.license.use import UNSTATED, Use

VERDICTS = ("compatible", "conditional", "unknown", "incompatible")
"""From the best to the worst."""

DISCLAIMER = (
    "Automated reading of declared licenses, not legal advice; the rights holder may have agreed otherwise."
)  # fmt: skip


class Judgement(NamedTuple):
    """What is known of one pair. `reason_code` says which kind of reason: a layer, or why nothing is known."""

    verdict: str
    reason_code: str
    reason: str
    source: str
    date: str
    rule_set: str
    lost: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    opinions: tuple[Opinion, ...] = ()


@lru_cache(maxsize=200_000)
def judge(upstream: str, downstream: str, relation: str, use: Use = UNSTATED) -> Judgement:
    """The verdict about two normalised expressions, by the matrix that is installed."""
    return judge_with(osadl(), upstream, downstream, relation, use)


def judge_with(matrix: Matrix, upstream: str, downstream: str, relation: str, use: Use = UNSTATED) -> Judgement:
    """The verdict about two normalised expressions, by a matrix of OSADL."""

    def leaf(up: str, down: str) -> Judgement:
        return _leaf(matrix, up, down, relation, use)

    return _trees(tree(upstream), tree(downstream), leaf)


def _trees(up: Tree, down: Tree, leaf: Callable[[str, str], Judgement]) -> Judgement:
    if not isinstance(up, str):
        operator, branches = up
        found = [_trees(branch, down, leaf) for branch in branches]
        return best(found) if operator == "OR" else worst(found)
    if not isinstance(down, str):
        return worst([_trees(up, branch, leaf) for branch in down[1]])
    return leaf(up, down)


def best(found: Iterable[Judgement]) -> Judgement:
    """The first of those with the best verdict."""
    return min(found, key=lambda one: VERDICTS.index(one.verdict))


def worst(found: Iterable[Judgement]) -> Judgement:
    """The first of those with the worst verdict, with what all of them lose."""
    listed = list(found)
    chosen = max(listed, key=lambda one: VERDICTS.index(one.verdict))
    lost = tuple(dict.fromkeys(code for one in [chosen, *listed] for code in one.lost))
    duties_ = tuple(dict.fromkeys(code for one in listed for code in one.duties))
    return chosen._replace(lost=lost, duties=duties_)


def _leaf(matrix: Matrix, up: str, down: str, relation: str, use: Use) -> Judgement:
    missing = _missing(up, down)
    if missing:
        return missing
    if up in families() or down in families():
        return _family(matrix, up, down, relation, use)
    found = [_decided(matrix, choice, down, relation, use) for choice in choices(up)]
    return best([one for one in found if one is not None] or [_facts_missing(up, down)])


def _missing(up: str, down: str) -> Judgement | None:
    """Layer 0: nothing is declared, or nothing that names a license."""
    if up == UNASKED:
        return _unknown("upstream_not_collected", "the license upstream was never asked for")
    if down == UNASKED:
        return _unknown("downstream_not_collected", "the license downstream was never asked for")
    if up == NONE:
        return _unknown("upstream_unlicensed", "no license was found upstream, which grants nothing")
    if down == NONE:
        return _unknown("downstream_unlicensed", "no license was found downstream")
    if up == NOASSERTION:
        return _unknown("upstream_unresolved", "what is declared upstream names no license")
    if down == NOASSERTION:
        return _unknown("downstream_unresolved", "what is declared downstream names no license")
    return None


def _unknown(code: str, reason: str) -> Judgement:
    return Judgement("unknown", code, reason, "", RULES_DATE, RULES)


def _facts_missing(up: str, down: str) -> Judgement:
    unknown = [license_id for license_id in (up, down) if license_of(license_id) is None]
    named = " and ".join(unknown) or f"how {up} relates to {down}"
    return _unknown("facts_missing", f"no rule set knows {named}")


def _decided(matrix: Matrix, up: str, down: str, relation: str, use: Use) -> Judgement | None:
    said = opinions(up, down, relation, matrix, use)
    if not said:
        return None
    first = said[0]
    keep = (
        duties(up, down) if relation in ("relicense", "combine", "derive") and first.verdict != "incompatible" else ()
    )
    return Judgement(
        first.verdict,
        first.layer,
        first.reason,
        first.source,
        first.date,
        first.rule_set,
        first.lost,
        keep,
        tuple(said),
    )


def _family(matrix: Matrix, up: str, down: str, relation: str, use: Use) -> Judgement:
    """A family tag stands for any of its members: a verdict only if all agree. The same tag is the same text."""
    ups, downs = families().get(up, (up,)), families().get(down, (down,))
    pairs = list(zip(ups, downs, strict=True)) if up == down else [(a, b) for a in ups for b in downs]
    found = [_leaf(matrix, a, b, relation, use) for a, b in pairs]
    first = found[0]
    if len({one.verdict for one in found}) == 1 and first.verdict != "unknown" and not (up == down and _is_wide(up)):
        common = [code for code in first.lost if all(code in one.lost for one in found)]
        names = " and ".join(dict.fromkeys(license_id for license_id in (up, down) if license_id in families()))
        reason = f"whichever license of {names} is meant ({len(found)} pairs): for instance {first.reason}"
        return first._replace(reason=reason, lost=tuple(common), opinions=())
    family = up if up in families() else down
    counts = Counter(one.verdict for one in found)
    split = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    reason = f"{family} names a family of licenses whose members differ here: of {len(found)} pairs {split}"
    return _unknown("family_tag", reason)


def _is_wide(family: str) -> bool:
    """Members of different kinds: the same tag says little of being the same license."""
    return len({licenses()[member].family for member in families()[family]}) > 1


_VERSION = re.compile(r"(?P<name>[AL]?GPL|GFDL)-(?P<version>\d\.\d)-or-later( WITH .*)?")
_VERSIONS = {
    "GPL": ("1.0", "2.0", "3.0"), "LGPL": ("2.0", "2.1", "3.0"), "AGPL": ("1.0", "3.0"), "GFDL": ("1.1", "1.2", "1.3"),
}  # fmt: skip


def choices(license_id: str) -> list[str]:
    """The licenses that a licensee may take it under: itself, and what `-or-later` or an exception allows."""
    base, _, exception = license_id.partition(" WITH ")
    found = [license_id]
    match = _VERSION.fullmatch(base)
    if match:
        later = [v for v in _VERSIONS[match["name"]] if v >= match["version"]]
        tail = f" WITH {exception}" if exception else ""
        found += [f"{match['name']}-{v}-or-later{tail}" for v in later[1:]]
        found += [f"{match['name']}-{v}-only{tail}" for v in later]
    if exception:
        found += [choice.partition(" WITH ")[0] for choice in found]
    return found
