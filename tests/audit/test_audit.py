"""An audit: what is found, what is not judged, what is accepted, and the formats."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from peatmoss import analyze
from peatmoss.audit import ask
from peatmoss.audit.formats import as_json, cyclonedx, notices, sarif
from peatmoss.audit.repository import Audit, Inherited, Model, Place, audit, baseline, own_license, settle, waivers
from peatmoss.audit.run import Asked, Used, exit_code, run, text
from peatmoss.errors import NotFound, PeatmossError
from peatmoss.parse.license import UNSTATED, Matrix, osadl
from tests.conftest import fill
from tests.parse.license.test_names import MIT
from tests.release.test_finding import chain

TODAY = date(2026, 11, 25)
LOADED = Place("src/a.py", 7, "use", "C")
BUNDLED = Place("weights/README.md", 1, "combine", "A")


def audited(*models: Model, license_: str = "MIT") -> Audit:
    return audit("o/r", license_, "LICENSE", models, UNSTATED, osadl())


def nc(*places: Place) -> Model:
    return Model("m/nc", "CC-BY-NC-4.0", "2024-01-01", places)


def test_a_model_that_is_only_loaded_weighs_less_than_one_that_is_passed_on() -> None:
    loaded, bundled = audited(nc(LOADED)), audited(nc(BUNDLED))
    assert [(f.severity, f.tier, f.lost_clauses) for f in loaded.findings] == [("soft", "C", ("L1",))]
    assert [(f.severity, f.tier) for f in bundled.findings] == [("hard", "A")]
    assert "not reflected in the repository's license" in loaded.findings[0].message
    assert "CC-BY-NC-4.0" in loaded.recommended


def test_a_finding_keeps_its_id_when_lines_move_and_files_are_renamed() -> None:
    moved = Place("lib/b.py", 99, "use", "C")
    assert audited(nc(LOADED)).findings[0].finding_id == audited(nc(moved)).findings[0].finding_id
    assert audited(nc(LOADED)).findings[0].finding_id != audited(nc(BUNDLED)).findings[0].finding_id


def test_a_clause_that_was_dropped_earlier_in_the_chain_is_found_under_a_permissive_model() -> None:
    inherited = Inherited("CC-BY-NC-4.0", "m/nc", "m/nc", "m/apache")
    (finding,) = audited(Model("m/apache2", "Apache-2.0", "", (LOADED,), (inherited,))).findings
    assert "dropped earlier in the chain, at m/nc -> m/apache" in finding.message


def test_what_is_not_known_is_counted_and_what_is_not_there_is_not_judged() -> None:
    found = audited(Model("m/other", "NOASSERTION", "", (LOADED,)), Model("m/none", None, "", (LOADED,)))
    assert found.findings == ()
    assert found.unknown == (("m/other", "upstream_unresolved"),)
    assert found.not_judged == ("m/none",)
    assert exit_code(found) == 3


def test_a_baseline_and_a_waiver_accept_until_the_day_that_it_names() -> None:
    found = audited(nc(LOADED))
    (finding,) = found.findings
    assert exit_code(found) == 1
    known = baseline(json.dumps({"findings": [{"finding_id": finding.finding_id}]}), "old.json")
    assert exit_code(settle(found, known, [], TODAY)) == 0
    for expires, code in ((date(2026, 11, 25), 0), (date(2026, 11, 24), 1)):
        accepted = waivers({"waive": [{"model": "m/nc", "reason": "asked the owner", "expires": expires}]})
        assert exit_code(settle(found, frozenset(), accepted, TODAY)) == code


@pytest.mark.parametrize(
    "waived", [[{"model": "m"}], [{"reason": "x"}], [{"model": "m", "reason": "x", "expires": "2027"}], "x"]
)
def test_a_wrong_waiver_is_one_clear_error(waived: Any) -> None:
    with pytest.raises(PeatmossError, match="waive"):
        waivers({"waive": waived})


def test_a_checkouts_own_license_is_its_text_or_its_metadata() -> None:
    assert own_license({"LICENSE": MIT, "docs/LICENSE": "x"}) == ("MIT", "LICENSE")
    assert own_license({"pyproject.toml": '[project]\nlicense = "Apache-2.0"\n'}) == ("Apache-2.0", "pyproject.toml")
    assert own_license({"package.json": '{"license": "gpl-3.0"}'}) == ("GPL-3.0-only", "package.json")
    assert own_license({"LICENSE": "Ask me.", "package.json": "{"}) == ("NOASSERTION", "LICENSE")
    assert own_license({})[0] == "NONE"


def test_sarif_holds_every_finding_with_its_place_and_what_was_not_judged() -> None:
    found = audited(nc(LOADED), Model("m/none", None, "", (LOADED,)))
    document = json.loads(sarif(found, "1"))
    results = document["runs"][0]["results"]
    rules = {rule["id"] for rule in document["runs"][0]["tool"]["driver"]["rules"]}
    assert [r["ruleId"] for r in results] == ["license/L1", "license/not-judged"]
    assert {r["ruleId"] for r in results} <= rules
    assert results[0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 7
    assert results[0]["partialFingerprints"]["peatmossFinding/v1"] == found.findings[0].finding_id


def test_cyclonedx_has_a_machine_learning_model_component_for_every_model() -> None:
    document = json.loads(cyclonedx(audited(nc(LOADED), Model("m/none", None, "", (LOADED,))), "1"))
    assert [c["type"] for c in document["components"]] == ["machine-learning-model"] * 2
    assert document["components"][0]["licenses"] == [{"expression": "CC-BY-NC-4.0", "acknowledgement": "declared"}]
    assert "licenses" not in document["components"][1]


EVERYTHING = (
    nc(LOADED, BUNDLED), Model("m/none", None, "", (LOADED,)), Model("gpt2", "MIT", "", (LOADED,)),
    Model("m/either", "MIT OR LicenseRef-HF-llama3", "2024-01-01", (Place("a b/ü.py", 0, "use", "C"),)),
    Model("m/apache", "Apache-2.0", "", (LOADED,), (Inherited("CC-BY-NC-4.0", "m/nc", "m/nc", "m/apache"),)),
)  # fmt: skip


@pytest.mark.parametrize("license_", ["MIT", "NONE", "NOASSERTION", "UNASKED", "MIT OR Apache-2.0"])
def test_cyclonedx_holds_to_the_schema_of_its_version(license_: str) -> None:
    found = audited(*EVERYTHING, license_=license_)
    check = JsonStrictValidator(SchemaVersion.V1_6)
    assert check.validate_str(cyclonedx(found, "1")) is None
    assert check.validate_str(cyclonedx(audited(), "1")) is None
    assert check.validate_str(cyclonedx(found, "1").replace('"machine-learning-model"', '"model"')) is not None


def test_sarif_has_what_the_standard_asks_of_every_object() -> None:
    """By hand, from SARIF 2.1.0: required properties, allowed values, references that resolve, URIs."""
    found = audited(*EVERYTHING)
    accepted = baseline(as_json(found), "old.json")
    document = json.loads(sarif(settle(found, accepted, [], TODAY), "1"))
    assert (document["version"], document["$schema"]) == ("2.1.0", "https://json.schemastore.org/sarif-2.1.0.json")
    (run_,) = document["runs"]
    rules = [rule["id"] for rule in run_["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules) > 1
    assert all(rule["shortDescription"]["text"] for rule in run_["tool"]["driver"]["rules"])
    for result in run_["results"]:
        assert result["ruleId"] in rules
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        ((location,),) = (tuple(result["locations"]),)
        place = location["physicalLocation"]
        assert re.fullmatch(r"[\w%./~-]+", place["artifactLocation"]["uri"], re.ASCII)
        assert place["region"]["startLine"] >= 1
        assert all(isinstance(value, str) for value in result["partialFingerprints"].values())
        assert all(one["kind"] == "external" for one in result.get("suppressions", ()))
    prints = [tuple(result["partialFingerprints"].values()) for result in run_["results"]]
    assert len(set(prints)) == len(prints)
    assert sum("suppressions" in result for result in run_["results"]) == len(found.findings) > 1


def test_notices_name_what_to_display_and_hold_the_texts() -> None:
    llama = Model("meta-llama/x", "LicenseRef-scancode-llama-3.1-license-2024", "", (BUNDLED,))
    shown = notices(audited(llama), {"meta-llama/x": {"LICENSE": "the text"}})
    assert "display the prescribed words: Built with Llama" in shown
    assert "the text" in shown


def test_a_checkout_and_a_repository_are_judged_by_the_database(database: str, tmp_path: Path) -> None:
    fill(database, chain())
    analyze.run(database, ["licenses"])
    used = (Used("m/1", "a.py", 3, "load"), Used("m/1", "a.py", 4, "mention"), Used("x/y", "a.py", 5, "load"))
    asked = Asked("mine", database, tmp_path, None, TODAY, {"LICENSE": MIT}, used)
    answer = run(asked)
    assert [(f.model, f.line) for f in answer.audit.findings] == [("m/1", 3)]
    assert answer.audit.not_judged == ("x/y",)
    for format_ in ("table", "json", "sarif", "cyclonedx", "notices"):
        assert "m/1" in text(answer, format_)
    repository = run(Asked("o/free", database, tmp_path, None, TODAY))
    assert [f.model for f in repository.audit.findings] == ["m/1", "m/2"]  # m/2 comes from m/1
    assert [f.model for f in run(Asked("m/2", database, tmp_path, None, TODAY)).audit.findings] == ["m/1"]
    with pytest.raises(NotFound):
        run(Asked("no/body", database, tmp_path, None, TODAY))


def test_artifacts_are_explained_by_what_the_database_concludes(database: str) -> None:
    fill(database, chain())
    analyze.run(database, ["licenses"])
    pairs = [("m/1", "o/free", "use"), ("m/3", "mit", "use"), ("MIT", "m/1", "derive")]
    found = list(ask.explained(database, UNSTATED, pairs))
    assert [(f["verdict"], f["reason_code"]) for f in found[:2]] == [
        ("incompatible", "text"),
        ("unknown", "upstream_not_collected"),
    ]
    assert found[2]["verdict"] == "compatible"
    with pytest.raises(NotFound):
        list(ask.explained(database, UNSTATED, [("no/body", "mit", "use")]))
    with pytest.raises(PeatmossError, match="--db"):
        list(ask.explained("", UNSTATED, [("no/body", "mit", "use")]))


def test_an_imported_matrix_takes_the_place_of_an_older_one(database: str) -> None:
    newer = Matrix("2027-01-01", {("MIT", "X11"): ("No", "because"), ("X11", "MIT"): ("Yes", "")})
    assert ask.keep_matrix(database, newer) == ask.keep_matrix(database, newer) == 2
    (found,) = ask.explained(database, UNSTATED, [("MIT", "X11", "relicense")])
    assert (found["verdict"], found["reason"], found["rule_set"]) == ("incompatible", "because", "osadl-2027-01-01")
