"""Commits and refs from git, in the shapes that GitHub's API has."""

from pathlib import Path

import pytest

from peatmoss.errors import NotFound
from peatmoss.fetch import git_log
from peatmoss.fetch.git import Clones, Home, Wanted, source
from tests.repositories import commit, git, init


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = init(tmp_path / "acme" / "app")
    commit(path, {"a.py": "1\n2\n3\n4\n", "b\nc.txt": "x\n"}, 1, "One\n\nBody")
    commit(path, {"a.py": None, "z.py": "1\n2\n3\n4\n", "b\nc.txt": "y\n"}, 2)
    git(path, "tag", "-a", "v1", "-m", "first", date="2024-01-05T00:00:00+00:00")
    git(path, "checkout", "-q", "-b", "side")
    commit(path, {"s.py": "s\n"}, 3)
    git(path, "checkout", "-q", "main")
    git(path, "merge", "-q", "--no-ff", "-m", "merge", "side", date="2024-01-04T00:00:00+00:00")
    return path


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_commits_come_with_dates_parents_files_and_line_counts(repository: Path, form: str) -> None:
    (record,) = git_log.commits(Clones([form.format(repository)]), "acme/app", None)
    assert record.cursor == "."
    by_message = {entry["commit"]["message"]: entry for entry in record.data["commits"]}
    assert [len(entry["parents"]) for entry in record.data["commits"]] == [2, 1, 1, 0]
    assert by_message["One\n\nBody"]["files"] == [
        {"filename": "a.py", "status": "added", "additions": 4, "deletions": 0},
        {"filename": "b\nc.txt", "status": "added", "additions": 1, "deletions": 0},
    ]
    assert by_message["work"]["files"][0]["filename"] == "s.py" or len(by_message["work"]["files"]) == 2
    renamed = record.data["commits"][2]
    assert renamed["files"] == [
        {"filename": "b\nc.txt", "status": "modified", "additions": 1, "deletions": 1},
        {"filename": "z.py", "status": "renamed", "additions": 0, "deletions": 0},
    ]
    assert by_message["merge"]["files"] == [{"filename": "s.py", "status": "added", "additions": 1, "deletions": 0}]
    assert renamed["commit"]["committer"]["date"][:10] == "2024-01-02"
    assert "example.org" not in str(record.data)


@pytest.mark.parametrize("form", ["acme/app {}", "acme/app file://{}"])
def test_commits_of_a_model_come_as_the_hub_lists_them_with_files_and_without_people(
    repository: Path, form: str
) -> None:
    git(repository, "config", "uploadpack.allowFilter", "true")  # as the Hub does: contents stay there
    clones = Clones([form.format(repository)], home=Home("huggingface.co", "https://hub.invalid"))
    with clones.opened(clones.sources["acme/app"], "trees") as path:
        missing = git(path, "rev-list", "--objects", "--all", "--missing=print").count("\n?")
        assert (missing > 0) == ("file://" in form)
    (record,) = git_log.hub_commits(clones, "acme/app", None)
    assert (record.key, record.cursor, record.data["modelId"]) == ("acme/app", ".", "acme/app")
    assert [entry["title"] for entry in record.data["commits"]] == ["merge", "work", "work", "One"]
    first, moved = record.data["commits"][3], record.data["commits"][2]
    assert first == {
        "id": git(repository, "rev-list", "--max-parents=0", "HEAD").strip(), "title": "One", "message": "Body",
        "date": first["date"], "parents": [],
        "files": [{"filename": "a.py", "status": "added"}, {"filename": "b\nc.txt", "status": "added"}],
    }  # fmt: skip
    assert {"filename": "a.py", "status": "removed"} in moved["files"]
    assert "example.org" not in str(record.data)


def test_a_bare_name_is_a_model_where_models_are_asked_for() -> None:
    hub = Home("huggingface.co", "https://hub.invalid")
    assert source("acme/app", hub).location == "https://hub.invalid/acme/app"
    assert (source("gpt2", hub).key, source("gpt2", hub).location) == ("gpt2", "https://hub.invalid/gpt2")
    assert source("gpt2").host == "local"


def test_pages_go_on_where_they_were_whatever_came_since(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_log, "PAGE", 3)
    clones = Clones([str(repository)])
    first, second = git_log.commits(clones, "acme/app", None)
    assert [len(record.data["commits"]) for record in (first, second)] == [3, 1]
    commit(repository, {"new.py": "n\n"}, 9)
    assert list(git_log.commits(clones, "acme/app", first.cursor)) == [second]


def test_refs_point_to_commits_also_where_a_tag_is_an_object(repository: Path) -> None:
    (record,) = git_log.refs(Clones([f"file://{repository}"]), "acme/app", None)
    assert record.data["tags"] == [
        {
            "name": "v1",
            "commit": {"sha": git(repository, "rev-parse", "v1^{commit}").strip()},
            "tagger": {"date": "2024-01-05T00:00:00+00:00"},
        }
    ]
    assert [ref["name"] for ref in record.data["branches"]] == ["main", "side"]


def test_what_has_no_commits_or_is_no_repository(tmp_path: Path) -> None:
    empty = Clones([str(init(tmp_path / "acme" / "empty"))])
    assert [record.data["commits"] for record in git_log.commits(empty, "acme/empty", None)] == [[]]
    (tmp_path / "acme" / "plain").mkdir()
    (told,) = git_log.commits(Clones([str(tmp_path / "acme" / "plain")]), "acme/plain", None)
    assert (told.cursor, told.gone and told.gone["status"]) == ("!git", "git")
    with pytest.raises(NotFound):
        list(git_log.refs(Clones([f"file://{tmp_path}/acme/nothing"]), "acme/nothing", None))


def test_a_branch_or_a_date_can_be_asked_for(repository: Path) -> None:
    for wanted, count in ((Wanted(at="v1"), 2), (Wanted(before="2024-01-01T23:00:00Z"), 1)):
        (record,) = git_log.commits(Clones([str(repository)], wanted), "acme/app", None)
        assert len(record.data["commits"]) == count


def test_a_file_that_a_partial_clone_left_out_costs_its_line_counts_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peatmoss.fetch.git.MAX_FILE_BYTES", 1000)
    path = init(tmp_path / "acme" / "app")
    commit(path, {"big.txt": "x\n" * 2000}, 1)
    commit(path, {"a.py": "1\n"}, 2)
    (record,) = git_log.commits(Clones([f"file://{path}"]), "acme/app", None)
    assert [entry["files"] for entry in record.data["commits"]] == [
        [{"filename": "a.py", "status": "added", "additions": 1, "deletions": 0}],
        [{"filename": "big.txt", "status": "added"}],
    ]
