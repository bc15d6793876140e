"""Column mappings: what is wrong with one is said with its mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from peatmoss.errors import PeatmossError
from peatmoss.fetch import columns


def test_the_example_in_the_docstring_is_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(str(columns.__doc__).split("\n\n", 1)[1])
    expected = columns.Columns(
        {"id": "model_id", "lastModified": "last_modified", "tags": "tags"}, {"tags_separator": " "}
    )
    assert columns.read(path) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", r"needs a table \[columns\]"),
        ("id = 'x'", r"needs a table \[columns\]"),
        ("columns = 3", r"needs a table \[columns\]"),
        ("[columns]\nid = 'x'\n[other]\n", "and nothing else"),
        ("[columns", "is not TOML"),
        ("[columns]\nid = 3", "id needs a text"),
        ("[columns]\nid = ''", "id needs a text"),
        ("[columns]\nsha = 'x'", "which column is the id"),
        ("[columns]\nid = 'x'\ndownload = 'y'", "unknown field 'download'.*there are id, sha"),
        ("[columns]\nid = 'x'\nrelation = 'y'", "relation says nothing without base_model"),
        ("[columns]\nid = 'x'\n[options]\nseparator = ','", "unknown option 'separator'"),
        ("[columns]\nid = 'x'\n[options]\ntags_separator = ''", "tags_separator needs a text"),
    ],
)
def test_a_wrong_mapping_is_one_line(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "c.toml"
    path.write_text(text)
    with pytest.raises(PeatmossError, match=reason) as caught:
        columns.read(path)
    assert "\n" not in str(caught.value)


def test_a_mapping_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(PeatmossError, match=r"cannot read .*No such file"):
        columns.read(tmp_path / "none.toml")
    (tmp_path / "c.toml").write_bytes(b"\xff\xfe\0")
    with pytest.raises(PeatmossError, match="is not TOML"):
        columns.read(tmp_path / "c.toml")
