"""Code of repositories, as data: cloned, or read in place; nothing run; what cannot be read says why."""

import os
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from peatmoss.archive import Record
from peatmoss.errors import PeatmossError
from peatmoss.fetch import code, git, git_clone
from peatmoss.fetch.code import records
from peatmoss.fetch.git import Clones, Wanted
from tests.repositories import commit, init
from tests.repositories import git as run_git

LOAD = 'from transformers import AutoModel\nAutoModel.from_pretrained("{}")\n'


def lines(line: str | Path, **wanted: Any) -> list[Any]:
    return [record.data for record in told(line, **wanted)]


def told(line: str | Path, after: str | None = None, **wanted: Any) -> list[Record]:
    clones = Clones([str(line)], Wanted(**wanted))
    (key,) = clones.sources
    return list(records(clones, key, after))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = init(tmp_path / "acme" / "app")
    commit(path, {"a.py": LOAD.format("org/one"), "conf.yaml": "x: 1\n", "logo.svg": "<svg/>"})
    return path


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_a_repository_gives_its_code_and_configuration_and_a_closing_line(repository: Path, form: str) -> None:
    found = told(form.format(repository))
    sha = run_git(repository, "rev-parse", "HEAD").strip()
    assert {record.key for record in found} == {"acme/app"}
    assert [record.cursor for record in found] == [f"{sha}:1", f"{sha}:2", "."]
    assert [(r.data["path"], r.data["content"]) for r in found[:-1]] == [
        ("a.py", LOAD.format("org/one")), ("conf.yaml", "x: 1\n"),
    ]  # fmt: skip
    assert all(record.data["commit"] == sha for record in found)
    assert found[-1].data == {
        "type": "scan", "host": "local", "commit": sha, "status": "scanned", "reason": None, "file_count": 2,
        "size_bytes": len(LOAD.format("org/one")) + 5,
    }  # fmt: skip


def test_a_repository_that_can_name_no_model_gives_the_closing_line_only(tmp_path: Path) -> None:
    path = init(tmp_path / "acme" / "plain")
    commit(path, {"a.py": "print(1)\n", "README.md": "nothing\n"})
    (only,) = lines(path)
    assert (only["status"], only["file_count"]) == ("no_candidate", 2)


def test_a_commit_a_tag_and_a_date_can_be_asked_for(repository: Path) -> None:
    first = run_git(repository, "rev-parse", "HEAD").strip()
    run_git(repository, "tag", "v1")
    commit(repository, {"a.py": LOAD.format("org/two")}, day=9)
    url = f"file://{repository}"
    for wanted in ({"at": first}, {"at": "v1"}, {"before": "2024-01-05"}):
        for where in (url, repository):
            assert lines(where, **wanted)[-1]["commit"] == first, wanted
    assert lines(url)[0]["content"] == LOAD.format("org/two")
    assert lines(url, before="2020-01-01")[-1]["reason"] == "no commit before 2020-01-01"
    assert lines(url, at="nope")[-1]["status"] == "failed"


def test_a_folder_without_git_is_read_and_named_by_its_content(tmp_path: Path) -> None:
    folder = tmp_path / "acme" / "folder"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text(LOAD.format("org/one"))
    file, scan = lines(folder)
    assert file["content"] == LOAD.format("org/one")
    assert scan["commit"].startswith("folder-")
    assert lines(folder)[-1]["commit"] == scan["commit"]
    (folder / "a.py").write_text(LOAD.format("org/two"))
    assert lines(folder)[-1]["commit"] != scan["commit"]
    assert "no git repository" in lines(folder, history=True)[-1]["reason"]


@pytest.mark.parametrize(
    ("line", "key", "location"),
    [
        ("acme/app", "acme/app", "https://github.com/acme/app"),
        ("acme/app /mirror/app.git", "acme/app", "/mirror/app.git"),
        ("https://git.example/group/acme/app.git", "acme/app", "https://git.example/group/acme/app.git"),
        ("file:///srv/acme/app.git", "acme/app", "file:///srv/acme/app.git"),
    ],
)
def test_a_line_of_a_list_says_where_a_repository_is(line: str, key: str, location: str) -> None:
    assert (git.source(line).key, git.source(line).location) == (key, location)


@pytest.mark.parametrize("line", ["ext::sh -c touch% /tmp/x", "ssh://host/a/b", "a b c", "/", "https://token@host/a/b"])
def test_other_lines_are_refused(line: str) -> None:
    with pytest.raises(PeatmossError):
        git.source(line)


def test_what_is_not_there_or_has_no_commit_says_so(tmp_path: Path) -> None:
    (missing,) = lines(f"file://{tmp_path}/acme/missing")
    assert missing["status"] == "failed"
    assert "cannot be cloned" in missing["reason"]
    assert lines(tmp_path / "nowhere")[-1]["reason"].startswith("no folder at")
    assert lines(init(tmp_path / "acme" / "empty"))[-1]["reason"] == "the repository has no commit"


def test_a_large_file_is_left_out_of_a_clone_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "MAX_FILE_BYTES", 1000)
    path = init(tmp_path / "acme" / "app")
    commit(path, {"a.py": LOAD.format("org/one"), "big.py": "x = 1\n" * 1000})
    by_path = {line.get("path"): line for line in lines(f"file://{path}")}
    assert by_path["big.py"]["skipped"] == "missing"
    assert by_path[None]["file_count"] == 1


def test_data_in_json_is_left_out(repository: Path) -> None:
    commit(repository, {"data.json": '["x"]' + " " * 2**18, "small.json": "{}"})
    skipped = {line.get("path"): line.get("skipped") for line in lines(repository)}
    assert skipped["data.json"] == "too large for config"
    assert skipped["small.json"] is None


def test_links_submodules_pointers_and_odd_paths_are_data(tmp_path: Path) -> None:
    path = init(tmp_path / "acme" / "app")
    (path / "l.py").symlink_to("/etc/passwd")
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    commit(path, {"a\nb.py": LOAD.format("org/one"), "-rf.py": "x = 1\n", "w.py": pointer})
    run_git(path, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    (path / ".gitmodules").write_text('[submodule "sub"]\npath = sub\nurl = ext::sh -c "touch /tmp/evil"\n')
    run_git(path, "commit", "-qm", "sub")
    *files, scan = lines(f"file://{path}")
    assert {f["path"]: f.get("skipped") for f in files} == {"-rf.py": None, "a\nb.py": None, "w.py": "LFS pointer"}
    assert scan["status"] == "scanned"


def test_a_tree_that_unfolds_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = init(tmp_path / "acme" / "bomb")
    (path / "a.py").write_text("x")
    blob = run_git(path, "hash-object", "-w", "a.py").strip()
    entry, kind = blob, "100644 blob"
    for _ in range(12):
        tree = "".join(f"{kind} {entry}\t{letter}.py\n" for letter in "abcdefghij")
        made = subprocess.run(
            ["git", "-C", str(path), "mktree"], input=tree, capture_output=True, text=True, check=True
        )
        entry, kind = made.stdout.strip(), "040000 tree"
    run_git(path, "update-ref", "HEAD", run_git(path, "commit-tree", entry, "-m", "bomb").strip())
    monkeypatch.setattr(git_clone, "MAX_FILES", 20_000)
    assert lines(path)[-1]["reason"] == "more than 20000 files"


def test_a_repository_beyond_a_budget_is_cut_short_and_says_so(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code, "MAX_BYTES", 20)
    (scan,) = lines(repository)
    assert (scan["status"], scan["reason"]) == ("scanned", "cut short after 20 bytes")
    monkeypatch.setattr(code, "MAX_BYTES", 10**6)
    monkeypatch.setattr(code, "MAX_SECONDS", -1)
    assert lines(repository)[-1]["reason"] == "cut short after -1 s"


def test_a_clone_that_takes_too_long_or_grows_too_large_is_given_up(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "MAX_CLONE_SECONDS", 0)
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        assert git._watched(process, repository, threading.Event()) == "cloning took more than 0 s"
        monkeypatch.setattr(git, "MAX_CLONE_SECONDS", 60)
        monkeypatch.setattr(git, "MAX_CLONE_BYTES", 10)
        assert git._watched(process, repository, threading.Event()) == "the clone grew beyond 10 bytes"
    finally:
        process.kill()
        process.wait()


def test_nothing_of_a_repository_is_run(repository: Path) -> None:
    evil = repository.parent / "evil"
    hook = repository / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {evil}\n")
    hook.chmod(0o755)
    run_git(repository, "config", "core.fsmonitor", f"touch {evil}")
    run_git(repository, "config", "filter.x.smudge", f"touch {evil}")
    commit(repository, {".gitattributes": "* filter=x diff=x\n"})
    run_git(repository, "config", "diff.x.textconv", f"touch {evil};")
    evil.unlink(missing_ok=True)
    for where in (str(repository), f"file://{repository}"):
        assert lines(where, history=True)[-1]["status"] == "scanned"
    assert not evil.exists()


def test_history_lists_what_each_commit_did_to_the_files(repository: Path) -> None:
    first = run_git(repository, "rev-parse", "HEAD").strip()
    second = commit(repository, {"a.py": LOAD.format("org/two"), "logo.svg": "<svg></svg>"}, day=2)
    third = commit(repository, {"a.py": LOAD.format("org/one"), "conf.yaml": None}, day=3)
    for where in (repository, f"file://{repository}"):
        changes = [line for line in lines(where, history=True) if line["type"] == "change"]
        assert [(c["commit"], c["committed_at"][:10], c["path"], c.get("content")) for c in changes] == [
            (first, "2024-01-01", "a.py", LOAD.format("org/one")),
            (first, "2024-01-01", "conf.yaml", "x: 1\n"),
            (second, "2024-01-02", "a.py", LOAD.format("org/two")),
            (third, "2024-01-03", "a.py", None),
            (third, "2024-01-03", "conf.yaml", None),
        ]
        assert changes[3]["blob"] == changes[0]["blob"]
        assert changes[4]["blob"] is None


def test_a_shallow_repository_says_where_its_history_begins(repository: Path, tmp_path: Path) -> None:
    commit(repository, {"a.py": LOAD.format("org/two")}, day=2)
    commit(repository, {"a.py": LOAD.format("org/three")}, day=3)
    clone = tmp_path / "acme" / "shallow"
    subprocess.run(
        ["git", "clone", "-q", "--depth", "2", f"file://{repository}", str(clone)], check=True, env=os.environ
    )
    changes = [line for line in lines(clone, history=True) if line["type"] == "change"]
    assert [(c["path"], c.get("base", False)) for c in changes] == [
        ("a.py", True), ("conf.yaml", True), ("a.py", False),
    ]  # fmt: skip


def test_a_model_that_is_gone_from_the_newest_commit_is_in_the_history(repository: Path) -> None:
    commit(repository, {"a.py": "print(1)\n"}, day=2)
    *changes, scan = lines(repository, history=True)
    assert scan["status"] == "no_candidate"
    assert [change["type"] for change in changes] == ["change"] * 3
    assert scan["history"] == 2


@pytest.mark.parametrize("history", [False, True])
def test_what_was_stopped_in_the_middle_goes_on_at_the_same_commit(repository: Path, history: bool) -> None:
    commit(repository, {"a.py": LOAD.format("org/two")}, day=2)
    whole = told(f"file://{repository}", history=history)
    commit(repository, {"a.py": LOAD.format("org/three")}, day=3)
    for number, record in enumerate(whole[:-1], start=1):
        rest = told(f"file://{repository}", record.cursor, history=history)
        assert rest == whole[number:]


def test_one_name_for_two_places_is_refused(repository: Path) -> None:
    with pytest.raises(PeatmossError, match="acme/app is in the list with two addresses"):
        Clones([str(repository), "acme/app"])
