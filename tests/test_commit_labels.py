"""Commits of an archive -> questions to a language model -> labels beside those of the rules."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from peatmoss import analyze, link, load, release
from peatmoss.cli import app
from peatmoss.fetch import llm, llm_commits
from peatmoss.parse.sync.change import VERSION
from tests.archives import day, put
from tests.conftest import rows
from tests.servers.llm import Served, serving

pytest.importorskip("openai", reason="the extra llm is not installed")

MESSAGE = "<b>faster</b> decoding"
HUB = [("a" * 40, "Update README.md"), ("b" * 40, "hmm"), ("c" * 40, "weights of the model")]
GITHUB = [("d" * 40, "hmm"), ("e" * 40, "layer")]


def answer(request: dict[str, Any]) -> str:
    """What this language model says: documentation of README, a guess else."""
    text = request["messages"][1]["content"]
    kind = "external_documentation" if "README" in text else "pipeline_performance"
    return json.dumps({"change_type": kind, "confidence": "medium", "reason": f"it says {text.splitlines()[1]}"})


@pytest.fixture
def archived(tmp_path: Path) -> Path:
    root = tmp_path / "archive"
    hub = [
        {
            "id": sha,
            "title": title,
            "message": MESSAGE,
            "date": "2026-01-01T00:00:00.000Z",
            "authors": [{"user": "Ada"}],
        }
        for sha, title in HUB
    ]
    put(root, "hub_commit", day(2), [{"modelId": "acme/rocket", "commits": hub}])
    put(root, "hub_commit", day(1), [{"modelId": "acme/rocket", "commits": [{**hub[0], "title": "older"}]}], label="a")
    files = [{"filename": "a.py", "status": "modified"}]
    git = [
        {
            "sha": sha,
            "commit": {"message": title, "committer": {"date": "2026-01-02T00:00:00Z"}},
            "files": files,
            "author": {"login": "ada"},
        }
        for sha, title in GITHUB
    ]
    put(root, "repo_commit", day(2), [{"full_name": "acme/rocket", "commits": git}, {"full_name": 7}])
    card = "Code: https://github.com/acme/rocket"
    put(root, "snapshot", day(2), [{"modelId": "acme/rocket", "sha": "f" * 40, "readme": card}])
    return root


@pytest.fixture
def server() -> Iterator[Served]:
    with serving(answer) as served:
        yield served


def ask(archive: Path, server: Served, *more: str, stdin: str = "") -> dict[str, Any]:
    arguments = ["fetch", "llm_answer", "--archive", str(archive), "--base-url", server.url, "--model", "tiny"]
    found = CliRunner().invoke(app, [*arguments, "--prompt", "commit", "--json", "--quiet", *more], input=stdin)
    assert found.exit_code == 0, found.output
    return dict(json.loads(found.stdout))


def labelled(archive: Path, url: str) -> None:
    load.run(archive, url)
    link.run(url)
    analyze.run(url, ["sync"])


def labels(url: str) -> list[tuple[Any, ...]]:
    return rows(
        url, "SELECT COALESCE(h.title, g.message_headline), c.platform, x.method, x.method_version, t.name, x.rule"
        " FROM commit_change_type x JOIN change_type t ON t.id = x.change_type_id JOIN sync_commit c"
        " ON c.id = x.sync_commit_id LEFT JOIN hf_commit h ON h.id = c.hf_commit_id"
        " LEFT JOIN github_commit g ON g.id = c.github_commit_id ORDER BY c.id, x.method, x.method_version",
    )  # fmt: skip


def test_each_commit_is_asked_about_once_as_its_newest_shard_has_it(archived: Path) -> None:
    found = {subject.name: subject.text for subject in llm_commits.subjects(archived)}
    assert list(found) == [f"huggingface acme/rocket@{sha}" for sha, _ in HUB] + [
        f"github acme/rocket@{sha}" for sha, _ in GITHUB
    ]
    first, last = f"huggingface acme/rocket@{'a' * 40}", f"github acme/rocket@{'e' * 40}"
    assert found[first] == f"commit: {first}\ntitle: Update README.md\nmessage: faster decoding"
    assert found[last] == f"commit: {last}\ntitle: layer\nfiles (1):\nmodified a.py"


def test_names_choose_models_repositories_or_single_commits(archived: Path) -> None:
    def chosen(*names: str) -> list[str]:
        return [subject.name[-1] for subject in llm_commits.subjects(archived, set(names))]

    assert chosen("acme/rocket") == ["a", "b", "c", "d", "e"]
    assert chosen(f"acme/rocket@{'e' * 40}", f"acme/rocket@{'b' * 40}") == ["b", "e"]
    assert chosen("acme/other") == []


def test_a_list_of_commits_that_is_newer_than_the_clone_does_not_hide_the_files(archived: Path) -> None:
    files = [{"filename": "config.json", "status": "modified"}]
    clone = [{"id": HUB[1][0], "title": "hmm", "message": "", "date": "2026-01-01T00:00:00Z", "files": files}]
    put(archived, "hub_commit", day(1), [{"modelId": "acme/rocket", "commits": clone}], origin="git_clone")
    found = [subject.text for subject in llm_commits.subjects(archived, {f"acme/rocket@{HUB[1][0]}"})]
    assert [text.splitlines()[-1] for text in found] == ["modified config.json"]


@pytest.mark.parametrize(
    ("stdin", "said"),
    [
        ("", "the worklist is empty"),
        ("acme/other", "nothing to ask: the archive has no commit of that name"),
        ("acme/other\nacme/third", "nothing to ask: the archive has no commit of the 2 names on the list"),
    ],
)
def test_a_list_that_leads_to_no_question_is_told(archived: Path, server: Served, stdin: str, said: str) -> None:
    arguments = ["fetch", "llm_answer", "--archive", str(archived), "--base-url", server.url, "--model", "tiny"]
    found = CliRunner().invoke(app, [*arguments, "--prompt", "commit", "--keys", "-"], input=stdin)
    assert str(found.exception) == said


def test_both_labels_are_kept_and_a_second_run_asks_nothing(archived: Path, server: Served, database: str) -> None:
    assert ask(archived, server)["statuses"] == {"ok": 5}
    assert ask(archived, server)["asked"] == 0
    labelled(archived, database)
    speed, hub, github = "pipeline_performance", "huggingface", "github"
    assert labels(database) == [
        ("Update README.md", hub, "llm", "tiny", "external_documentation", "it says title: Update README.md"),
        ("Update README.md", hub, "rule", VERSION, "external_documentation", "card and documents only"),
        ("hmm", hub, "llm", "tiny", speed, "it says title: hmm"),
        ("hmm", hub, "rule", VERSION, "unclear", "no rule"),
        ("weights of the model", hub, "llm", "tiny", speed, "it says title: weights of the model"),
        ("weights of the model", hub, "rule", VERSION, "model_structure", "weights in words"),
        ("hmm", github, "llm", "tiny", speed, "it says title: hmm"),
        ("hmm", github, "rule", VERSION, "unclear", "no rule"),
        ("layer", github, "llm", "tiny", speed, "it says title: layer"),
        ("layer", github, "rule", VERSION, "model_structure", "model in words"),
    ]
    assert rows(database, "SELECT SUM(commit_count) FROM sync_change_profile") == [(5,)]  # by rule: each once


def test_the_worklist_holds_commits_on_which_the_rules_are_unsure(
    archived: Path, server: Served, database: str
) -> None:
    labelled(archived, database)

    def todo(*more: str) -> list[str]:
        found = CliRunner().invoke(app, ["worklist", "commit", "--db", database, *more])
        assert found.exit_code == 0, found.output
        return found.stdout.split()

    unsure = todo()
    assert unsure == [f"acme/rocket@{letter * 40}" for letter in "bdce"]
    assert len(todo("--all")) == 5
    assert ask(archived, server, "--keys", "-", stdin="\n".join(unsure[:1]))["asked"] == 1
    labelled(archived, database)
    assert todo() == unsure[1:]


def test_a_later_answer_of_the_same_model_and_an_answer_nobody_can_read(archived: Path, database: str) -> None:
    def said(change: str) -> str:
        return json.dumps({"change_type": change, "confidence": "high", "reason": "r"})

    subject = f"huggingface acme/rocket@{'b' * 40}"
    old = {"prompt": "commit", "subject": subject, "model": "m", "status": "ok", "usage": {}, "cost": 0}
    for number, (text, prompt) in enumerate([(said("sharing"), "1"), (said("input_data"), "2"), ('{"x": 1}', "3")], 1):
        key = f"{number:064x}"
        data = {**old, "prompt_sha256": prompt, "subject_sha256": key, "answer": json.loads(text)}
        if number == 3:
            data["model"] = "other"
        put(archived, "llm_answer", day(number), [{"key": key, "cursor": key, "data": data}], layout="records",
            origin="llm")  # fmt: skip
    labelled(archived, database)
    assert [row[3:5] for row in labels(database) if row[2] == "llm"] == [("m", "input_data")]


def test_the_release_shows_one_label_a_commit_and_how_far_both_agree(
    archived: Path, server: Served, tmp_path: Path, sqlite_template: Path
) -> None:
    ask(archived, server)
    path = tmp_path / "work.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    labelled(archived, f"sqlite:///{path}")
    dist = release.run(f"sqlite:///{path}", tmp_path / "dist").dist
    with sqlite3.connect(dist / "peatmoss.db") as conn:
        assert conn.execute(
            "SELECT platform, title, change_type, method, change_type_by_rule FROM commit_label"
            " WHERE owner = 'acme/rocket' ORDER BY sync_commit_id"
        ).fetchall()[:2] == [
            ("huggingface", "Update README.md", "external_documentation", "llm", "external_documentation"),
            ("huggingface", "hmm", "pipeline_performance", "llm", "unclear"),
        ]  # fmt: skip
        assert conn.execute(
            "SELECT platform, language_model, agreed_count, denominator, percent, kappa FROM change_type_agreement"
            " ORDER BY platform"
        ).fetchall() == [("github", "tiny", 0, 2, 0.0, 0.0), ("huggingface", "tiny", 1, 3, 33.3, 0.25)]
        assert conn.execute("SELECT * FROM family_contributors").fetchall() == [("acme/rocket", "Rare", 1, 1, 1, 0, 0)]


def test_the_schema_of_the_question_is_one_that_strict_endpoints_accept() -> None:
    schema = llm_commits.PROMPT.schema
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == set(schema["properties"])
    assert llm.Prompt(*llm_commits.PROMPT).sha256 == llm_commits.PROMPT.sha256
