"""A release arrives whole or not at all."""

from pathlib import Path

import pytest

from peatmoss.errors import PeatmossError, SourceError
from peatmoss.release.place import building, sums


def put(dist: Path, **files: str) -> None:
    with building(dist) as part:
        for name, text in files.items():
            (part / name).write_text(text)


def test_files_of_the_old_release_go_and_those_of_others_stay(tmp_path: Path) -> None:
    put(tmp_path, a="1", b="2")
    (tmp_path / "notes").write_text("mine")
    put(tmp_path, a="3")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["SHA256SUMS", "a", "notes"]
    assert list(sums(tmp_path)) == ["a"]


def test_a_failure_leaves_the_old_release(tmp_path: Path) -> None:
    put(tmp_path, a="1")
    with pytest.raises(ZeroDivisionError), building(tmp_path) as part:
        (part / "a").write_text(str(1 / 0))
    assert (tmp_path / "a").read_text() == "1"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["SHA256SUMS", "a"]


def test_a_release_that_was_killed_while_it_moved_is_completed(tmp_path: Path) -> None:
    put(tmp_path, a="old", b="old")
    put(tmp_path / "elsewhere", a="new", b="new")
    (tmp_path / "elsewhere").rename(tmp_path / ".release.ready")
    (tmp_path / ".release.ready" / "a").replace(tmp_path / "a")  # killed here
    with pytest.raises(SourceError), building(tmp_path) as part:
        (part / "no" / "folder").write_text("")
    assert [(tmp_path / name).read_text() for name in "ab"] == ["new", "new"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["SHA256SUMS", "a", "b"]


def test_leftovers_of_a_killed_release_are_removed(tmp_path: Path) -> None:
    (tmp_path / ".release.part").mkdir()
    (tmp_path / ".release.part" / "junk").write_text("half")
    put(tmp_path, a="1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["SHA256SUMS", "a"]


def test_a_list_of_files_that_names_others_removes_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("mine")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "SHA256SUMS").write_text(f"00  ../outside\n00  {tmp_path / 'outside'}\n")
    put(tmp_path / "dist", a="1")
    assert (tmp_path / "outside").read_text() == "mine"


def test_two_releases_into_one_folder_do_not_mix(tmp_path: Path) -> None:
    with building(tmp_path) as part:
        (part / "a").write_text("1")
        with pytest.raises(PeatmossError, match="another release is being written"), building(tmp_path):
            pass
    assert (tmp_path / "a").read_text() == "1"
