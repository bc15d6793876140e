"""Files of a folder and of a commit: read as data, nothing followed, nothing run."""

import os
import subprocess
from pathlib import Path

import pytest

from peatmoss.errors import NotFound, PeatmossError
from peatmoss.fetch.git_clone import File, commit_files, folder_files, resolve_commit


def git(path: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(
        ["git", *identity, "-C", str(path), *arguments], check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = tmp_path / "repo"
    (path / "src").mkdir(parents=True)
    (path / "src" / "a.py").write_text("print(1)\n")
    (path / "bad.txt").write_bytes(b"caf\xe9\n")
    (path / "bin.dat").write_bytes(b"\0\1")
    (path / "big.txt").write_text("x" * 200)
    (path / "link.py").symlink_to("/etc/passwd")
    git(path, "init", "-q")
    git(path, "add", "-A")
    git(path, "commit", "-qm", "one")
    return path


EXPECTED = [
    File("bad.txt", "", 5, "caf\ufffd\n"),
    File("big.txt", "", 200, None, "too large"),
    File("bin.dat", "", 2, None, "binary"),
    File("src/a.py", "", 9, "print(1)\n"),
]


def plain(files: list[File]) -> list[tuple[str, int, str | None, str | None]]:
    return [(file.path, file.size, file.content, file.skipped) for file in files]


def test_a_folder_is_read_without_following_links(repository: Path) -> None:
    os.mkfifo(repository / "pipe")
    assert plain(list(folder_files(repository, max_bytes=100))) == [
        *plain(EXPECTED[:3]), ("link.py", 0, None, "symbolic link"), ("pipe", 0, None, "no regular file"),
        *plain(EXPECTED[3:]),
    ]  # fmt: skip


def test_a_commit_gives_the_same_blobs_as_the_folder(repository: Path) -> None:
    commit = git(repository, "rev-parse", "HEAD").strip()
    committed = list(commit_files(repository, "main", max_bytes=100))
    assert plain(committed) == plain(EXPECTED)
    assert resolve_commit(repository, "HEAD") == commit
    in_folder = {file.path: file.blob for file in folder_files(repository, max_bytes=100) if file.content}
    assert {file.path: file.blob for file in committed if file.content} == in_folder


def test_an_earlier_commit_is_read_as_it_was(repository: Path) -> None:
    first = git(repository, "rev-parse", "HEAD").strip()
    (repository / "src" / "a.py").write_text("print(2)\n")
    git(repository, "commit", "-qam", "two")
    assert [file.content for file in commit_files(repository, first) if file.path == "src/a.py"] == ["print(1)\n"]


def test_filters_and_hooks_of_a_repository_are_not_run(repository: Path) -> None:
    (repository / ".gitattributes").write_text("* filter=evil\n")
    git(repository, "config", "filter.evil.smudge", f"touch {repository}/evil")
    git(repository, "config", "core.fsmonitor", f"touch {repository}/evil")
    hook = repository / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {repository}/evil\n")
    hook.chmod(0o755)
    assert len(list(commit_files(repository, "HEAD"))) == 4
    assert not (repository / "evil").exists()


def test_what_is_not_there_is_said_in_one_line(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="has no commit 'nowhere'"):
        list(commit_files(repository, "nowhere"))
    with pytest.raises(NotFound, match="has no commit '--help'"):
        list(commit_files(repository, "--help"))
    with pytest.raises(PeatmossError, match="no folder at"):
        list(folder_files(tmp_path / "none"))
    (tmp_path / "plain").mkdir()
    with pytest.raises(PeatmossError, match="is no git repository"):
        list(commit_files(tmp_path / "plain", "HEAD"))
