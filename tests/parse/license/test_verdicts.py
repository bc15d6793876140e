"""Verdicts: pairs that authorities have settled, and what must hold for all pairs."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peatmoss.errors import PeatmossError
from peatmoss.parse.license import RELATIONS, codes, explain, licenses, normalise, recommend, use_of
from peatmoss.parse.license.pair import opinions
from peatmoss.parse.license.reference import aliases, cells, families, license_of, osadl
from peatmoss.parse.license.use import UNSTATED
from peatmoss.parse.license.verdict import VERDICTS, judge

SETTLED = list(csv.DictReader((Path(__file__).parent / "settled.csv").open(encoding="utf-8")))
"""Pairs with the verdict of an authority; `opened` is yes where the page or text was read, no where it could not be."""
KNOWN = sorted(licenses())
IDS = st.sampled_from(KNOWN)
KINDS = st.sampled_from(RELATIONS)
RANK = {verdict: rank for rank, verdict in enumerate(VERDICTS)}


@pytest.mark.parametrize("row", SETTLED, ids=lambda r: f"{r['upstream']} to {r['downstream']} {r['relation']}")
def test_a_settled_pair_has_the_verdict_of_its_authority(row: dict[str, str]) -> None:
    found = explain(row["upstream"], row["downstream"], row["relation"])
    assert found["verdict"] == row["verdict"], found["reason"]


@given(IDS, KINDS)
@settings(deadline=None)
def test_the_same_license_is_compatible_unless_it_forbids_adaptations_or_names_no_text(one: str, relation: str) -> None:
    found = judge(one, one, relation)
    kinds = {licenses()[member].family for member in families().get(one, ())}
    if one == "LicenseRef-scancode-proprietary-license" or len(kinds) > 1:
        assert found.verdict != "compatible"
    elif relation == "derive" and "L9" in licenses()[one].clauses:
        assert found.verdict == "incompatible"
    else:
        assert found.verdict == "compatible"


@given(IDS, IDS, IDS, KINDS)
@settings(max_examples=300, deadline=None)
def test_or_takes_the_best_upstream_branch_and_takes_the_worst(a: str, b: str, down: str, relation: str) -> None:
    one, two = (RANK[judge(up, down, relation).verdict] for up in (a, b))
    assert RANK[judge(f"{a} OR {b}", down, relation).verdict] == min(one, two)
    assert RANK[judge(f"{a} AND {b}", down, relation).verdict] == max(one, two)


@given(IDS, IDS, IDS, KINDS)
@settings(max_examples=300, deadline=None)
def test_or_downstream_is_as_bad_as_its_worst_branch(up: str, a: str, b: str, relation: str) -> None:
    one, two = (RANK[judge(up, down, relation).verdict] for down in (a, b))
    assert RANK[judge(up, f"{a} OR {b}", relation).verdict] == max(one, two)


def test_what_the_source_for_network_users_binds_is_what_the_copyleft_covers() -> None:
    assert judge("OSL-3.0", "MIT", "combine").verdict == "conditional"
    assert judge("OSL-3.0", "MIT", "derive").verdict == "incompatible"
    assert judge("AGPL-3.0-only", "MIT", "combine").verdict == "incompatible"


def test_a_license_of_a_jurisdiction_is_judged_like_the_unported_one() -> None:
    for down in ("CC-BY-SA-3.0", "CC-BY-SA-4.0", "MIT", "GPL-3.0-only"):
        ported, unported = (judge(up, down, "derive").verdict for up in ("CC-BY-SA-3.0-DE", "CC-BY-SA-3.0"))
        assert ported == unported


def test_a_name_without_a_version_has_a_verdict_where_all_versions_agree() -> None:
    assert explain("cc-by-nc", "mit", "derive")["verdict"] == "incompatible"
    assert explain("eupl", "gpl-3.0")["reason_code"] == explain("cc-by-sa", "gpl-3.0")["reason_code"] == "family_tag"


def test_no_reason_speaks_of_violations_and_the_unknown_of_a_family_says_how_it_is_split() -> None:
    said = [cell.reason for cell in cells().values()] + [code.words for code in codes().values()]
    said += [explain(up, down, r)["reason"] for up in ("llama2", "gpl-3.0", "cc-by-sa") for down in ("mit", "gpl-3.0")
             for r in RELATIONS]  # fmt: skip
    assert not [words for words in said if re.search("violat|conflict|launder", words, re.IGNORECASE)]
    assert explain("cc-by-sa", "gpl-3.0")["reason"].endswith("of 5 pairs 1 compatible, 4 incompatible")
    assert explain("mit", "gpl-3.0")["shown_as"].startswith("no lost clause found (")


def test_verdicts_have_a_direction() -> None:
    for up, down in (("MIT", "GPL-3.0-only"), ("CC-BY-SA-4.0", "GPL-3.0-only"), ("Apache-2.0", "CC-BY-NC-4.0")):
        assert judge(up, down, "relicense").verdict == "compatible"
        assert judge(down, up, "relicense").verdict == "incompatible"


@given(IDS, IDS, KINDS)
@settings(max_examples=300, deadline=None)
def test_every_verdict_but_unknown_has_a_reason_a_source_and_a_date(up: str, down: str, relation: str) -> None:
    found = explain(up, down, relation)
    assert found["reason"]
    assert found["verdict"] == "unknown" or (found["source"].startswith("http") and found["date"])
    assert set(found["lost_clauses"]) <= set(codes())
    assert not set(found["lost_clauses"]) or found["verdict"] in ("incompatible", "conditional")


def test_a_list_of_a_steward_says_no_and_the_clauses_say_what_is_lost() -> None:
    found = explain("CC-BY-NC-4.0", "Apache-2.0", "combine")
    assert (found["reason_code"], found["lost_clauses"]) == ("stewards", ["L1"])


def test_every_layer_keeps_its_opinion_though_a_higher_one_decides() -> None:
    said = opinions("Sleepycat", "GPL-3.0-only", "relicense", osadl(), UNSTATED)
    assert [(o.layer, o.verdict) for o in said][:2] == [("stewards", "compatible"), ("osadl", "incompatible")]


def test_what_is_missing_is_told_apart() -> None:
    expected = {
        ("none", "mit"): "upstream_unlicensed",
        ("mit", ""): "downstream_unlicensed",
        ("other", "mit"): "upstream_unresolved",
        ("mit", "other"): "downstream_unresolved",
        ("cc", "mit"): "family_tag",
    }
    assert {pair: explain(*pair)["reason_code"] for pair in expected} == expected
    assert explain("LicenseRef-nobody-knows", "mit")["verdict"] == "unknown"


def test_a_threshold_is_decided_by_who_asks() -> None:
    assert "depends on monthly users (> 700 M)" in explain("llama2", "mit", "use")["reason"]
    many, few = use_of({"monthly_users": 800_000_000}), use_of({"monthly_users": 10})
    assert explain("llama2", "mit", "use", many)["verdict"] == "incompatible"
    assert "L6" not in explain("llama2", "mit", "use", few)["lost_clauses"]
    assert explain("cc-by-nc-4.0", "mit", "use", use_of({"commercial": False}))["verdict"] == "compatible"
    assert explain("cc-by-nc-4.0", "mit", "use", use_of({"commercial": True}))["verdict"] == "incompatible"


@pytest.mark.parametrize(
    "stated", [{"users": 1}, {"commercial": "yes"}, {"distributes": "all"}, {"monthly_users": True}]
)
def test_a_wrong_table_use_is_one_clear_error(stated: dict[str, object]) -> None:
    with pytest.raises(PeatmossError, match=r"\[use\]"):
        use_of(stated)


def test_a_recommendation_names_licenses_without_a_lost_clause_or_says_why_there_is_none() -> None:
    good, _ = recommend([("CC-BY-NC-4.0", "derive"), ("Apache-2.0", "derive")])
    assert "CC-BY-NC-4.0" in good
    assert "MIT" not in good
    none, why = recommend([("CC-BY-ND-4.0", "derive")])
    assert none == []
    assert "adaptations" in why


def test_the_curated_tables_hang_together() -> None:
    assert len(codes()) == 35
    named = {license_id for pair in cells() for license_id in pair[:2]} | {m for ms in families().values() for m in ms}
    assert not [i for i in named if license_of(i) is None and normalise(i).expression != i]
    assert not [c for one in licenses().values() for c in one.clauses if c not in codes()]
    for space in aliases().values():
        for raw, (expression, _) in space.items():
            known = license_of(expression) or expression in (*families(), "NONE", "NOASSERTION")
            assert known, raw
