"""The commands that collect repositories: what they say, also when they are used wrongly."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from peatmoss.cli import main
from tests.repositories import commit, init
from tests.servers.github import Repo, World, serving


class Done(NamedTuple):
    """What a command did."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def peatmoss(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """The command line, in this process."""
    for name in list(os.environ):
        if name.startswith(("GITHUB_", "PEATMOSS_")):
            monkeypatch.delenv(name)

    def run(*arguments: str, text: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["peatmoss", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return Done(int(str(end.value.code or 0)), out, err)

    return run


def test_repositories_of_a_list_and_an_account_and_their_issues(
    tmp_path: Path, peatmoss: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World({"acme/app": Repo(), "old-org/one": Repo(number=2)}, accounts={"old-org": ["old-org/one"]})
    root = str(tmp_path / "archive")
    monkeypatch.setenv("GITHUB_TOKEN", "t")
    with serving(world) as server:
        options = ["--archive", root, "--api-url", server.url]
        done = peatmoss(
            "fetch", "repo", *options, "--keys", "-", "--org", "old-org", "--json", text="acme/app\nno/no\n"
        )
        assert done.returncode == 0, done.stderr
        found, repos = (json.loads(line) for line in done.stdout.splitlines())
        assert (found["keys"], found["gone"]) == (1, 0)
        assert (repos["records"], repos["keys"], repos["gone"], repos["moved"]) == (3, 2, 1, 0)
        done = peatmoss("fetch", "issue", *options, "--keys", "-", text="acme/app\n")
        assert done.returncode == 0, done.stderr
        assert "repositories: 1 are there, 0 are not, 0 moved" in done.stderr
        monkeypatch.delenv("GITHUB_TOKEN")
        done = peatmoss("fetch", "issue", *options, "--keys", "-", text="acme/app\n")
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "set GITHUB_TOKEN" in done.stderr
    assert sorted(path.name for path in (tmp_path / "archive").iterdir()) == ["issue", "repo", "repo_search"]


def test_code_of_a_local_repository_with_its_history(tmp_path: Path, peatmoss: Callable[..., Done]) -> None:
    path = init(tmp_path / "acme" / "app")
    commit(path, {"a.py": 'from transformers import AutoModel\nAutoModel.from_pretrained("deepset/one-base")\n'})
    root = str(tmp_path / "archive")
    models = ["hub_commit", "--from", "git_clone"]
    for command in (["code_file", "--history"], ["repo_commit"], ["repo_ref"], models):
        done = peatmoss("fetch", *command, "--archive", root, "--keys", "-", "--json", text=f"{path}\n")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["keys"] == 1


@pytest.mark.parametrize(
    ("arguments", "text", "message"),
    [
        (["repo"], "", "say which repositories"),
        (["repo", "--search", "nolib"], "", "no signatures of 'nolib'"),
        (["repo", "--search", "timm"], "", "set GITHUB_TOKEN"),
        (["code_file"], "", "say which repositories"),
        (["code_file", "--keys", "-"], "a b c d", "is no repository"),
        (["code_file", "--keys", "-", "--at", "x", "--before", "2024-01-01"], "a/b", "not both"),
        (["code_file", "--keys", "-", "--before", "soon"], "a/b", "is no date"),
        (["code_file", "--keys", "-", "--jobs", "0"], "a/b", "--jobs is at least 1"),
        (["code_file", "--from", "github_api", "--keys", "-"], "a/b", "give --from git_clone"),
        (["repo_commit", "--keys", "-", "--since", "last"], "a/b", "--since is not for --from git_clone"),
        (["hub_commit", "--from", "git_clone"], "", "say which models"),
        (
            ["hub_commit", "--from", "git_clone", "--keys", "-", "--limit", "3"],
            "a/b",
            "--limit is not for --from git_clone",
        ),
        (["hub_commit", "--from", "git_clone", "--keys", "-"], "not a model", "is no repository"),
        (["code_file", "--keys", "-"], "acme/app no address", "is no repository"),
        (["repo", "--keys", "-", "--api-url", "nowhere"], "a/b", "no address of an API"),
        (["repo", "--keys", "/no/such/file"], "", "cannot read the worklist"),
    ],
)
def test_wrong_use_is_one_clear_line(
    tmp_path: Path, peatmoss: Callable[..., Done], arguments: list[str], text: str, message: str
) -> None:
    done = peatmoss("fetch", *arguments, "--archive", str(tmp_path / "archive"), text=text)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert message in done.stderr


def test_an_endpoint_of_the_hub_that_is_no_address_is_told(
    tmp_path: Path, peatmoss: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "hub.example")
    done = peatmoss("fetch", "hub_commit", "--from", "git_clone", "--keys", "-", "--archive", str(tmp_path), text="a/b")
    assert (done.returncode, done.stderr) == (
        2, "error: HF_ENDPOINT is no address: give for instance https://huggingface.co\n"
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["code_file", "repo_commit", "repo_ref", "hub_commit"])
def test_a_list_of_which_nothing_can_be_read_fails_with_the_first_reason(
    tmp_path: Path, peatmoss: Callable[..., Done], kind: str
) -> None:
    init(tmp_path / "there")
    commit(tmp_path / "there", {"a.py": "x = 1"})
    (tmp_path / "plain").mkdir()
    closed = "http://127.0.0.1:9/acme/app"
    origin = ["--from", "git_clone"]
    arguments = ["fetch", kind, *origin, "--archive", str(tmp_path / "archive"), "--keys", "-", "--json"]
    done = peatmoss(*arguments, text=f"acme/app {closed}")
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("error: nothing could be read with git; first, acme/app: cannot be")
    done = peatmoss(*arguments, text=f"acme/app {closed}\nacme/there {tmp_path / 'there'}")
    assert done.returncode == 0, done.stderr
