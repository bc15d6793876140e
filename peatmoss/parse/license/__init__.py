"""Licenses: any spelling -> an expression; a pair and a relation -> a verdict with its reason. Pure.

normalise("gpl-3.0", "hf")                         the expression that a spelling stands for
recognise(text)                                    the licenses that a LICENSE file holds
explain("llama2", "apache-2.0", "derive")          the verdict as a mapping that prints as JSON
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peatmoss.errors import PeatmossError
from peatmoss.parse.license.expression import Normal, leaves, normalise, normalise_all
from peatmoss.parse.license.file import recognise
from peatmoss.parse.license.pair import RELATIONS, RULES, RULES_DATE
from peatmoss.parse.license.reference import (
    NOASSERTION,
    NONE,
    UNASKED,
    Matrix,
    codes,
    license_of,
    licenses,
    matrix,
    osadl,
)
from peatmoss.parse.license.use import UNSTATED, Use, use_of
from peatmoss.parse.license.verdict import DISCLAIMER, Judgement, judge_with

COMMON = ("MIT", "Apache-2.0", "BSD-3-Clause", "MPL-2.0", "LGPL-3.0-only", "GPL-3.0-only", "AGPL-3.0-only", "EUPL-1.2",
          "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "OpenMDW-1.0")  # fmt: skip
"""Licenses that a recommendation considers besides those that are declared upstream."""


def explain(
    upstream: str, downstream: str, relation: str = "relicense", use: Use = UNSTATED, by: Matrix | None = None
) -> dict[str, Any]:
    """What the rules say of two licenses in any spelling. Raises PeatmossError for a relation that is none."""
    if relation not in RELATIONS:
        raise PeatmossError(f"no relation is called {relation!r}: there are {', '.join(RELATIONS)}")
    up, down = normalise(upstream), normalise(downstream)
    found = judge_with(by or osadl(), up.expression, down.expression, relation, use)
    return {
        "upstream": upstream,
        "downstream": downstream,
        "relation": relation,
        "verdict": found.verdict,
        "shown_as": shown(found),
        "reason": found.reason,
        "reason_code": found.reason_code,
        "source": found.source,
        "date": found.date,
        "rule_set": found.rule_set,
        "lost_clauses": list(found.lost),
        "duties": list(found.duties),
        "upstream_expression": up.expression,
        "downstream_expression": down.expression,
        "notes": [f"{raw}: {one.note}" for raw, one in ((upstream, up), (downstream, down)) if one.note],
        "opinions": [opinion._asdict() for opinion in found.opinions],
        "disclaimer": DISCLAIMER,
    }


def shown(found: Judgement) -> str:
    """The verdict in words that claim no more than is known."""
    where = f"{found.rule_set}, {found.date}"
    return {
        "compatible": f"no lost clause found ({where})",
        "conditional": f"only under a condition ({where})",
        "incompatible": f"a clause is not reflected ({where})",
        "unknown": f"not known: {found.reason_code.replace('_', ' ')}",
    }[found.verdict]


def recommend(
    upstreams: Sequence[tuple[str, str]], use: Use = UNSTATED, by: Matrix | None = None
) -> tuple[list[str], str]:
    """Licenses for which the rules find no lost clause against all (expression, relation), and why if there is none."""
    own = [
        leaf for expression, _ in upstreams for leaf in leaves(expression) if leaf not in (NONE, NOASSERTION, UNASKED)
    ]
    good, reasons = [], {}
    for candidate in dict.fromkeys((*own, *COMMON)):
        found = [judge_with(by or osadl(), expression, candidate, relation, use) for expression, relation in upstreams]
        bad = [one for one in found if one.verdict != "compatible"]
        if not bad:
            good.append(candidate)
        else:
            reasons[candidate] = bad[0].reason
    if good:
        return good, ""
    return [], next(iter(reasons.values()), "nothing upstream is known")


__all__ = [
    "DISCLAIMER", "NOASSERTION", "NONE", "RELATIONS", "RULES", "RULES_DATE", "UNASKED", "UNSTATED", "Judgement",
    "Matrix", "Normal", "Use", "codes", "explain", "judge_with", "leaves", "license_of", "licenses", "matrix",
    "normalise", "normalise_all", "osadl", "recognise", "recommend", "shown", "use_of",
]  # fmt: skip
