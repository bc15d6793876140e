"""The paper's method and files that a user hands over."""

import os
from pathlib import Path

import pytest

from peatmoss.audit.tables import legacy_files, osadl_file, pairs, stated_use
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.parse.license.legacy import Edge, legacy

REAL = Path(os.environ.get("PEATMOSS_REAL_DATA", "../shared/data"))


@pytest.mark.skipif(not REAL.is_dir(), reason="no real data: set PEATMOSS_REAL_DATA")
def test_the_published_counts_come_out_exactly() -> None:
    found = legacy_files(
        REAL / "peatmoss/peatmoss_mapping.csv.gz",
        REAL / "peatmoss/peatmoss_gh_licenses.csv.gz",
        REAL / "licenses/license_compat_matrix.csv",
    )
    assert found._asdict() == {
        "rows": 22_861,
        "skipped": 387,
        "analysed": 22_474,
        "compatible": 11_782,
        "identical": 5_756,
        "identical_compatible": 5_748,
        "incompatible": 54,
        "unknown": 10_638,
        "repositories_in_conflict": 53,
        "models_in_conflict": 10,
    }


def test_the_papers_faults_are_kept() -> None:
    matrix = {("mit", "mit"): "same", ("mit", "gpl-3.0-only"): "no", ("gpl-3.0-only", "mit"): "yes"}
    edges = [Edge("a/a", "m", "gpl-3.0"), Edge("a/b", "m", "mit"), Edge("a/c", "m", "mit"), Edge("a/d", "m", "mit")]
    owned = {"a/a": ("mit",), "a/b": ("mit",), "a/c": ("mit", "gpl-3.0"), "a/d": ("unlicense",)}
    found = legacy(edges, owned, matrix)
    assert (found.incompatible, found.compatible, found.skipped, found.unknown) == (1, 1, 1, 1)


def test_a_row_of_pairs_without_a_relation_gets_the_one_that_is_given(tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("upstream,downstream,relation\nmit,gpl-3.0,\nllama2,mit,train\n", "utf-8")
    assert list(pairs(file, "derive")) == [("mit", "gpl-3.0", "derive"), ("llama2", "mit", "train")]


def test_a_table_without_the_columns_is_one_clear_error(tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(SourceError, match="no column 'upstream'"):
        list(pairs(file, "use"))


@pytest.mark.parametrize("content", ["[]", "{}", '{"timestamp": "2024-01-01", "MIT": {"MIT": "Perhaps"}}', "nothing"])
def test_what_is_no_matrix_is_one_clear_error(tmp_path: Path, content: str) -> None:
    file = tmp_path / "matrix.json"
    file.write_text(content, "utf-8")
    with pytest.raises(SourceError, match="no matrix of OSADL"):
        osadl_file(file)


def test_both_forms_of_the_matrix_are_read(tmp_path: Path) -> None:
    plain, explained = tmp_path / "a.json", tmp_path / "b.json"
    plain.write_text('{"timestamp": "2024-05-21T02:14:00", "GPL-2.0-only": {"MIT": "Yes"}}', "utf-8")
    explained.write_text(
        '{"timestamp": "2026-07-27T02:14:00", "licenses": [{"name": "GPL-2.0-only", "compatibilities":'
        ' [{"name": "MIT", "compatibility": "Yes", "explanation": "why"}]}]}', "utf-8"
    )  # fmt: skip
    assert osadl_file(plain).cells == {("MIT", "GPL-2.0-only"): ("Yes", "")}
    assert osadl_file(explained) == ("2026-07-27", {("MIT", "GPL-2.0-only"): ("Yes", "why")})


def test_who_asks_is_read_from_peatmoss_toml(tmp_path: Path) -> None:
    assert stated_use(tmp_path).commercial is None
    (tmp_path / "peatmoss.toml").write_text('[use]\ncommercial = true\nregions = ["eu"]\n', "utf-8")
    assert (stated_use(tmp_path).commercial, stated_use(tmp_path).regions) == (True, ("EU",))
    (tmp_path / "peatmoss.toml").write_text("[use\n", "utf-8")
    with pytest.raises(SourceError, match="cannot read"):
        stated_use(tmp_path)
    (tmp_path / "peatmoss.toml").write_text("use = 1\n", "utf-8")
    with pytest.raises(PeatmossError, match="table"):
        stated_use(tmp_path)
