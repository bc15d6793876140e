"""A folder is searched as bytes, and read only where it can name a model; what is left out is counted."""

from pathlib import Path

import pytest

from peatmoss.errors import PeatmossError
from peatmoss.fetch import folder

LOAD = "from transformers import AutoModel\nAutoModel.from_pretrained('o/m-1')\n"


def put(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_a_folder_that_names_no_model_is_searched_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    put(tmp_path, a_dot_py="x = 1\n", b__c_dot_json="{}", picture_dot_png="x")
    read = folder.folder(tmp_path)
    assert (read.texts, read.seen, read.bytes) == ({}, 2, 8)
    assert dict(read.skipped) == {"no code, configuration or list": 1}


def test_one_file_with_a_loader_brings_all_programs_and_small_settings_but_no_data(tmp_path: Path) -> None:
    put(tmp_path, a_dot_py=LOAD, lib__b_dot_py="NAME = 1\n", conf_dot_yaml="a: b\n", data_dot_json=" " * 30_000)
    put(tmp_path, run="#!/bin/sh\necho\n", node_modules__x_dot_js="from_pretrained", _dot_git__config="from_pretrained")
    assert sorted(folder.folder(tmp_path).texts) == ["a.py", "conf.yaml", "lib/b.py", "run"]


def test_links_pipes_binary_files_and_what_passes_the_bounds_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, a_dot_py=LOAD, b_dot_py="y = 1\n" * 20, c_dot_py="\0" * 20, d_dot_py="z" * 200)
    (tmp_path / "e.py").symlink_to("/etc/passwd")
    monkeypatch.setattr(folder, "MAX_FILE_BYTES", 150)
    monkeypatch.setattr(folder, "MAX_TEXT_BYTES", 100)
    read = folder.folder(tmp_path)
    assert sorted(read.texts) == ["a.py"]
    assert dict(read.skipped) == {
        "symbolic link": 1, "too large": 1, "budget of bytes": 1, "binary or unreadable": 1,
    }  # fmt: skip


def test_many_chunks_in_several_processes_find_what_one_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, **{f"d{i}__f{i}_dot_py": LOAD if i % 7 == 0 else "x = 1\n" for i in range(30)})
    plain = folder.folder(tmp_path)
    monkeypatch.setattr(folder, "_CHUNK_BYTES", 200)
    monkeypatch.setattr(folder, "_WORTH_A_PROCESS", 0)
    seen: list[tuple[str, int, int]] = []
    assert folder.folder(tmp_path, lambda *step: seen.append(step)) == plain
    assert len(seen) == 3


def test_no_such_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(PeatmossError, match="no folder at"):
        folder.folder(tmp_path / "none")
