"""When a model was added, switched, removed: from the commits of a repository to rows, and to a query."""

from pathlib import Path
from typing import Any

import pytest

from peatmoss import archive, load
from peatmoss.fetch.code import records
from peatmoss.fetch.git import Clones, Wanted
from peatmoss.load import history, reuse
from peatmoss.parse.code import Examined
from tests.archives import day
from tests.conftest import rows
from tests.repositories import commit, init

EVENTS = "SELECT committed_at, path, event, name, previous_name, hub FROM usage_event ORDER BY committed_at, name"


def call(*names: str) -> str:
    loads = "".join(f'm = AutoModel.from_pretrained("{name}")\n' for name in names)
    return f"from transformers import AutoModel\n{loads}"


def fetched(root: Path, repository: Path, number: int = 1, **wanted: Any) -> None:
    with archive.append(root, "code_file", "git_clone", day(number), "test", hub="GitHub") as appender:
        for record in records(Clones([str(repository)], Wanted(**{"history": True} | wanted)), "acme/app", None):
            appender.write(record)


def events(url: str) -> list[tuple[Any, ...]]:
    return [(str(row[0])[:10], *row[1:]) for row in rows(url, EVENTS)]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One: added; two: takes its place; moves to another file; gone. three: added beside it."""
    path = init(tmp_path / "acme" / "app")
    commit(path, {"README.md": "An app.\n"}, 1)
    commit(path, {"a.py": call("deepset/one-base")}, 2)
    commit(path, {"a.py": call("deepset/two-base"), "README.md": "Uses deepset/one-base.\n"}, 3)
    commit(path, {"a.py": None, "b.py": call("deepset/two-base")}, 4)
    commit(path, {"c.py": call("deepset/three-base")}, 5)
    commit(path, {"b.py": "print(1)\n"}, 6)
    return path


def test_the_commits_of_a_repository_become_events(database: str, repository: Path, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    fetched(root, repository)
    load.run(root, database)
    assert events(database) == [
        ("2024-01-02", "a.py", "added", "deepset/one-base", None, "hf"),
        ("2024-01-03", "a.py", "changed", "deepset/two-base", "deepset/one-base", "hf"),
        ("2024-01-05", "c.py", "added", "deepset/three-base", None, "hf"),
        ("2024-01-06", "b.py", "removed", "deepset/two-base", None, "hf"),
    ]
    assert rows(database, "SELECT status, reason FROM repository_scan") == [("scanned", None)]
    assert rows(database, "SELECT resolved_name FROM usage") == [("deepset/three-base",)]


def test_a_later_fetch_adds_events_and_takes_back_those_of_commits_that_are_gone(
    database: str, repository: Path, tmp_path: Path
) -> None:
    root = tmp_path / "archive"
    fetched(root, repository)
    load.run(root, database)
    before = rows(database, "SELECT id, name, event, shard_id FROM usage_event ORDER BY id")
    commit(repository, {"c.py": "print(1)\n"}, 7)
    fetched(root, repository, 2)
    load.run(root, database)
    after = rows(database, "SELECT id, name, event, shard_id FROM usage_event ORDER BY id")
    assert after == [*before, (5, "deepset/three-base", "removed", 2)]
    fetched(root, repository, 3, history=False)
    load.run(root, database)
    assert rows(database, "SELECT id, name, event, shard_id FROM usage_event ORDER BY id") == after
    fetched(root, repository, 4, at="HEAD~3")
    load.run(root, database)
    assert rows(database, "SELECT id, name, event, shard_id FROM usage_event ORDER BY id") == before[:2]


def test_a_model_that_is_used_elsewhere_still_was_neither_removed_nor_switched(tmp_path: Path, database: str) -> None:
    path = init(tmp_path / "acme" / "app")
    commit(path, {"a.py": call("deepset/one-base"), "b.py": call("deepset/one-base")}, 1)
    commit(path, {"a.py": call("deepset/two-base")}, 2)
    fetched(tmp_path / "archive", path)
    load.run(tmp_path / "archive", database)
    assert events(database) == [
        ("2024-01-01", "a.py", "added", "deepset/one-base", None, "hf"),
        ("2024-01-02", "a.py", "added", "deepset/two-base", None, "hf"),
    ]


def test_a_name_in_another_file_decides_and_its_change_is_an_event(tmp_path: Path, database: str) -> None:
    path = init(tmp_path / "acme" / "app")
    use = "from transformers import AutoModel\nfrom settings import NAME\nAutoModel.from_pretrained(NAME)\n"
    commit(path, {"main.py": use, "settings.py": 'NAME = "deepset/one-base"\n'}, 1)
    commit(path, {"settings.py": 'NAME = "deepset/two-base"\n'}, 2)
    fetched(tmp_path / "archive", path)
    load.run(tmp_path / "archive", database)
    assert [row[2:5] for row in events(database)] == [
        ("added", "deepset/one-base", None), ("changed", "deepset/two-base", "deepset/one-base"),
    ]  # fmt: skip


def test_where_the_oldest_commits_are_missing_nothing_was_added_in_the_first(
    tmp_path: Path, database: str, repository: Path
) -> None:
    (repository / ".git" / "shallow").write_text(commit(repository, {"x.txt": "x"}, 6) + "\n")
    commit(repository, {"c.py": call("deepset/four-base")}, 8)
    fetched(tmp_path / "archive", repository)
    load.run(tmp_path / "archive", database)
    assert [row[2:5] for row in events(database)] == [("changed", "deepset/four-base", "deepset/three-base")]


def test_a_history_beyond_the_budget_begins_later_and_says_so(
    tmp_path: Path, database: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MAX_REPLAYED_BYTES", 2 * len(call("deepset/three-base")) + 100)
    fetched(tmp_path / "archive", repository)
    load.run(tmp_path / "archive", database)
    assert [row[2:4] for row in events(database)] == [("removed", "deepset/two-base")]
    ((reason,),) = rows(database, "SELECT reason FROM repository_scan")
    assert reason.startswith("history before ")


def test_a_commit_that_was_looked_at_in_part_says_nothing_about_what_is_gone(
    tmp_path: Path, database: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = reuse.examine

    def hasty(task: history.Task) -> Examined:
        is_second = "deepset/two-base" in "".join(task[0].values())
        return Examined([], True, "budget of steps") if is_second else whole(task)

    monkeypatch.setattr(reuse, "examine", hasty)
    fetched(tmp_path / "archive", repository)
    load.run(tmp_path / "archive", database)
    assert [row[2:4] for row in events(database)] == [
        ("added", "deepset/one-base"), ("removed", "deepset/one-base"), ("added", "deepset/three-base"),
    ]  # fmt: skip
    ((reason,),) = rows(database, "SELECT reason FROM repository_scan")
    assert reason == "3 commits of the history looked at in part, and passed over"


def test_lines_that_are_no_changes_are_rejected_one_by_one(tmp_path: Path, database: str) -> None:
    lines = [
        {"key": "a/b", "cursor": None, "data": {"type": "change", "commit": "c", "committed_at": date, "path": "p"}}
        for date in ("2024-01-01T00:00:00Z", "soon", 5)
    ]
    scan = {"type": "scan", "host": "github.com", "commit": "c", "status": "no_candidate", "history": 1}
    from tests.archives import put

    put(tmp_path, "code_file", day(1), [*lines, {"key": "a/b", "cursor": "a/b", "data": scan}], layout="records")
    load.run(tmp_path, database)
    assert rows(database, "SELECT line, reason FROM reject ORDER BY line") == [
        (2, "no change: Invalid isoformat string: 'soon'"),
        (3, "no change: a change needs commit, committed_at and path"),
    ]
