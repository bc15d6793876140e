"""Spellings of licenses, and texts of LICENSE files."""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peatmoss.parse.license import leaves, license_of, licenses, normalise, normalise_all, recognise
from peatmoss.parse.license.file import SAME, THRESHOLD, Found, _nearest, _with_added, texts
from peatmoss.parse.license.reference import aliases, families

REAL = Path(os.environ.get("PEATMOSS_REAL_DATA", "../shared/data")) / "licenses"
MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@pytest.mark.parametrize(
    ("raw", "expression"),
    [
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("The MIT License (MIT)", "MIT"),
        ("License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later"),
        ("GPLv3+", "GPL-3.0-or-later"),
        ("gpl-3.0-plus", "GPL-3.0-or-later"),
        ("lgplv2.1", "LGPL-2.1-only"),
        ("apache2", "Apache-2.0"),
        ("ASL 2.0", "Apache-2.0"),
        ("mpl2", "MPL-2.0"),
        ("epl2", "EPL-2.0"),
        ("bsd3", "BSD-3-Clause"),
        ("bsd-2", "BSD-2-Clause"),
        ("eupl1.2", "EUPL-1.2"),
        ("OpenRAIL-M", "LicenseRef-HF-openrail-family"),
        ("bigscience-rail", "LicenseRef-scancode-bigscience-rail-1.0"),
        ("CC BY-NC 4.0", "CC-BY-NC-4.0"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International", "CC-BY-NC-SA-4.0"),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/deed.en", "CC-BY-NC-ND-4.0"),
        ("https://www.gnu.org/licenses/agpl-3.0.html", "AGPL-3.0-only"),
        ("mit/apache-2.0", "MIT OR Apache-2.0"),
        ("['mit', 'apache-2.0']", "MIT AND Apache-2.0"),
        ("gpl-2.0 with classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("LLAMA 3.1 Community License", "LicenseRef-scancode-llama-3.1-license-2024"),
        ("bsd-new", "BSD-3-Clause"),
        ("Unlicense", "Unlicense"),
        ("unlicensed", "NONE"),
        ("other", "NOASSERTION"),
        ("my own terms", "NOASSERTION"),
        ("", "NONE"),
    ],
)
def test_a_spelling_is_the_expression_it_stands_for(raw: str, expression: str) -> None:
    assert normalise(raw).expression == expression


def test_spellings_as_hubs_and_packages_write_them_name_their_license_and_ambiguous_ones_none() -> None:
    rows = list(csv.DictReader((Path(__file__).parent / "spellings.csv").open(encoding="utf-8")))
    assert len(rows) > 1400
    wrong = [(row, found) for row in rows if (found := normalise(row["raw"]).expression) != row["expression"]]
    assert wrong == []


@pytest.mark.parametrize("raw", ["GPL-2.0 WITH mine", "MIT with modifications", "BSL", "Elastic License", "MIT-like"])
def test_what_may_mean_several_things_or_adds_unknown_terms_names_no_license(raw: str) -> None:
    assert normalise(raw).expression == "NOASSERTION"


def test_every_hub_id_and_every_github_key_is_known() -> None:
    for namespace, unnamed in (("hf", {"other", "unknown", "tii-falcon-llm", "none"}), ("github", {"other"})):
        for raw in aliases()[namespace]:
            expression = normalise(raw.upper(), namespace).expression
            if raw not in unnamed:
                assert license_of(expression) or expression in families(), raw


def test_the_hub_cannot_say_or_later_and_a_family_tag_names_no_text() -> None:
    assert "or-later" in normalise("gpl-3.0", "hf").note
    assert "family" in normalise("openrail", "hf").note


def test_several_tags_apply_all_and_what_names_nothing_is_dropped_beside_what_does() -> None:
    assert normalise_all(["other", "mit", "apache-2.0", "mit"], "hf").expression == "Apache-2.0 AND MIT"
    assert normalise_all(["other"], "hf").expression == "NOASSERTION"
    assert normalise_all([], "hf").expression == "NONE"


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_gives_an_expression(raw: str) -> None:
    assert leaves(normalise(raw).expression)


def test_a_license_text_is_recognised_whatever_stands_above_it() -> None:
    found = recognise("Copyright (c) 2024 Somebody\n\n" + MIT)
    assert found is not None
    assert found.expression == "MIT"
    assert recognise("You may look at this on Tuesdays.") is None


def test_a_text_made_of_another_one_is_not_that_one_and_a_clause_above_a_license_is_kept() -> None:
    known = {one.license_id: one for one in texts()}
    ours, others = known["SSPL-1.0"].sample, known["MPL-1.1"].sample
    among = [known["SSPL-1.0"], known["MPL-1.1"]]
    same = _nearest(ours, among, SAME, THRESHOLD)
    assert same is not None
    assert same.expression == "SSPL-1.0"
    assert _nearest(ours | others, among, SAME, THRESHOLD) is None  # as much of something else
    assert _nearest(frozenset(sorted(ours)[: int(len(ours) * 0.95)]), among, SAME, THRESHOLD) is None
    clause = known["LicenseRef-scancode-commons-clause"].sample
    both = _with_added(Found("Apache-2.0", "scan", 1.0), clause)
    assert both is not None
    assert both.expression == "Apache-2.0 AND LicenseRef-scancode-commons-clause"
    assert _with_added(Found("Apache-2.0", "scan", 1.0), ours) == Found("Apache-2.0", "scan", 1.0)


def test_a_title_alone_is_the_weakest_evidence() -> None:
    found = recognise("LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nLlama 3.1 Version Release Date: July 23, 2024\n...")
    assert found is not None
    assert (found.expression, found.method) == ("LicenseRef-scancode-llama-3.1-license-2024", "title")


@pytest.mark.skipif(not REAL.is_dir(), reason="no real data: set PEATMOSS_REAL_DATA")
def test_the_published_vocabularies_resolve_in_full() -> None:
    for file, column, namespace in (("hf_license_ids", "hf_id", "hf"), ("github_license_keys", "gh_key", "github")):
        with (REAL / f"{file}.csv").open(encoding="utf-8") as stream:
            raws = [row[column] for row in csv.DictReader(stream)]
        lost = [raw for raw in raws if normalise(raw, namespace).expression == "NOASSERTION"]
        assert lost in ([], ["unknown", "other"])


@pytest.mark.parametrize("license_id", sorted(licenses()))
def test_the_full_name_of_a_license_stands_for_it_in_any_case(license_id: str) -> None:
    name = licenses()[license_id].name
    assert {normalise(name).expression, normalise(f"The {name.upper()}").expression} == {license_id}


def test_nicknames_in_full_names_and_bare_words_name_nothing_by_themselves() -> None:
    assert normalise('BSD 3-Clause "New" or "Revised" License').expression == "BSD-3-Clause"
    assert normalise("the license").expression == normalise("License Agreement").expression == "NOASSERTION"
