"""The real PyGithub against a loopback GitHub: batches, pages, limits, renames, what is gone; stopped and resumed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from peatmoss import archive
from peatmoss.errors import PeatmossError, SourceError, Unauthorized
from peatmoss.fetch import github_api, github_http, github_keys, github_search
from peatmoss.fetch.github_http import GitHub
from tests.load.test_issues import comment, issue, pull
from tests.servers.github import Repo, Server, World, serving

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TOKEN = "t0ken"  # noqa: S105


@pytest.fixture
def world() -> World:
    return World({"acme/app": Repo(number=1000), "acme/lib": Repo(number=1001), "new/name": Repo(number=1002)})


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    with serving(world) as running:
        yield running


def client(server: Server, token: str = TOKEN) -> GitHub:
    return GitHub(server.url, token, pace=0)


def said(root: Path, server: Server, kind: str, *keys: str, **more: Any) -> list[archive.Record]:
    result = github_api.run(root, kind, keys, client=client(server), **{"now": NOW} | more)
    return [line.record for line in archive.lines(result.shard) if line.record]


def thread(number: int, at: int, **more: Any) -> dict[str, Any]:
    """A node as GraphQL has it, with plain lists."""
    node = (pull if more.pop("is_pull", False) else issue)(number)
    lists = {name: value["nodes"] for name, value in node.items() if isinstance(value, dict) and "nodes" in value}
    return node | lists | {"id": f"I{number}", "updatedAt": f"2024-01-{at:02d}T00:00:00Z"} | more


# --- repositories ---


def test_repositories_come_in_batches_with_renamed_missing_and_blocked_ones_told_apart(
    tmp_path: Path, server: Server, world: World
) -> None:
    world.moved["old/name"] = "new/name"
    world.blocked["bad/dmca"] = 451
    records = said(tmp_path, server, "repo", "acme/lib", "acme/app", "old/name", "bad/dmca", "not/there", "ACME/App")
    assert [(r.key, r.gone, r.data and r.data["repository"]["nameWithOwner"]) for r in records] == [
        ("ACME/App", None, "acme/app"),
        ("acme/app", None, "acme/app"),
        ("acme/lib", None, "acme/lib"),
        ("bad/dmca", {"status": 451}, None),
        ("new/name", None, "new/name"),
        ("not/there", {"status": 404}, None),
        ("old/name", {"status": 301, "moved_to": "new/name"}, None),
    ]
    assert server.asked.count("/graphql") == 1
    assert server.tokens == {"token t0ken"}


@pytest.mark.parametrize("answer", ["error", "502"])
def test_a_batch_that_is_too_much_is_halved(tmp_path: Path, server: Server, world: World, answer: str) -> None:
    world.repos = {f"acme/r{number:02}": Repo(number=number) for number in range(20)}
    world.limit, world.limit_answer = 6, answer
    records = said(tmp_path, server, "repo", *world.repos)
    assert [record.key for record in records] == sorted(world.repos)
    assert server.asked.count("/graphql") < 10


def test_without_a_token_repositories_come_over_rest_and_bulk_kinds_say_what_is_missing(
    tmp_path: Path, server: Server, world: World
) -> None:
    world.moved["old/name"] = "new/name"
    result = github_api.run(tmp_path, "repo", ["acme/app", "old/name"], client=client(server, ""), now=NOW)
    records = [line.record for line in archive.lines(result.shard) if line.record]
    assert [(r.key, r.data and r.data["full_name"], r.gone) for r in records] == [
        ("acme/app", "acme/app", None),
        ("new/name", "new/name", None),
        ("old/name", None, {"status": 301, "moved_to": "new/name"}),
    ]
    assert "/graphql" not in server.asked
    with pytest.raises(PeatmossError, match="set GITHUB_TOKEN"):
        github_api.run(tmp_path, "issue", ["acme/app"], client=client(server, ""))
    with pytest.raises(PeatmossError, match="no name of a repository"):
        github_api.run(tmp_path, "repo", ["https://github.com/a/b"], client=client(server))


# --- issues and pull requests ---


def test_issues_come_page_by_page_with_lists_read_to_their_ends(tmp_path: Path, server: Server, world: World) -> None:
    many = [comment(number) for number in range(330)]
    world.repos["acme/app"].issues = [thread(n, 1 + n % 28) for n in range(1, 120)] + [thread(200, 28, comments=many)]
    records = said(tmp_path, server, "issue", "acme/app")
    assert [len(record.data["issues"]) for record in records] == [50, 50, 20]
    found = {node["number"]: node for record in records for node in record.data["issues"]}
    assert sorted(found) == [*range(1, 120), 200]
    assert [node["url"] for node in found[200]["comments"]["nodes"]] == [node["url"] for node in many]


def test_a_refresh_asks_for_what_changed_since_the_last_time(tmp_path: Path, server: Server, world: World) -> None:
    repo = world.repos["acme/app"]
    repo.issues = [thread(1, 1), thread(2, 2)]
    repo.pulls = [thread(n, n, is_pull=True) for n in range(3, 60 % 29)]
    first = datetime(2024, 1, 10, tzinfo=UTC)
    for kind in ("issue", "pull_request"):
        said(tmp_path, server, kind, "acme/app", now=first)
    repo.issues[0] |= {"updatedAt": "2024-01-20T00:00:00Z"}
    repo.pulls.append(thread(90, 21, is_pull=True))
    later = first + timedelta(days=20)
    (issues,) = said(tmp_path, server, "issue", "acme/app", since="last", now=later)
    assert [node["number"] for node in issues.data["issues"]] == [1]
    pulls = said(tmp_path, server, "pull_request", "acme/app", since="2024-01-21", now=later)
    assert [node["number"] for record in pulls for node in record.data["pull_requests"]] == [90]
    assert len(said(tmp_path, server, "issue", "acme/lib", since="last", now=later)) == 1


def test_a_repository_that_moved_or_is_gone_says_so_for_every_kind(
    tmp_path: Path, server: Server, world: World
) -> None:
    world.moved["old/name"] = "new/name"
    world.blocked["bad/dmca"] = 451
    for kind in ("issue", "pull_request", "repo_commit", "repo_ref"):
        records = said(tmp_path, server, kind, "old/name", "bad/dmca", "not/there")
        assert [(record.key, record.gone and record.gone["status"]) for record in records] == [
            ("bad/dmca", 451), ("new/name", None), ("not/there", 404), ("old/name", 301),
        ]  # fmt: skip


def test_pages_are_halved_where_a_page_is_too_much(tmp_path: Path, server: Server, world: World) -> None:
    world.limit = 5
    world.repos["acme/app"].pulls = [thread(n, n, is_pull=True) for n in range(1, 13)]
    records = said(tmp_path, server, "pull_request", "acme/app")
    assert [len(record.data["pull_requests"]) for record in records] == [5, 5, 2]
    world.limit = 0
    with pytest.raises(SourceError, match="even for a single"):
        said(tmp_path, server, "issue", "acme/app")


# --- commits and releases ---


def test_commits_come_in_pages_and_an_empty_repository_has_none(tmp_path: Path, server: Server, world: World) -> None:
    world.repos["acme/app"].commits = [
        {"sha": f"{n:040x}", "commit": {"committer": {"date": f"2024-01-{28 - n % 28:02}T00:00:00Z"}}}
        for n in range(250)
    ]
    records = said(tmp_path, server, "repo_commit", "acme/app", "acme/lib")
    assert [(record.key, len(record.data["commits"])) for record in records] == [
        ("acme/app", 100), ("acme/app", 100), ("acme/app", 50), ("acme/lib", 0),
    ]  # fmt: skip
    (since,) = said(tmp_path, server, "repo_commit", "acme/app", since="2024-01-28")
    assert {c["commit"]["committer"]["date"][:10] for c in since.data["commits"]} == {"2024-01-28"}


def test_releases_that_did_not_change_are_not_sent_again(tmp_path: Path, server: Server, world: World) -> None:
    world.page = 2
    world.repos["acme/app"].releases = [{"tag_name": f"v{n}", "name": "n"} for n in range(5)]
    (first,) = said(tmp_path, server, "repo_ref", "acme/app")
    assert [release["tag_name"] for release in first.data["releases"]] == ["v0", "v1", "v2", "v3", "v4"]
    (second,) = said(tmp_path, server, "repo_ref", "acme/app", since="last", now=NOW + timedelta(days=1))
    assert (second.data["unchanged"], server.not_modified) == (True, 1)
    world.repos["acme/app"].releases.pop(0)
    (third,) = said(tmp_path, server, "repo_ref", "acme/app", since="last", now=NOW + timedelta(days=2))
    assert len(third.data["releases"]) == 4


# --- search ---


def test_a_search_beyond_the_cap_is_split_by_size_and_what_cannot_be_split_is_cut(
    tmp_path: Path, server: Server, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(github_search, "MAX_RESULTS", 10)
    world.search_cap = 10
    world.files = [(f"acme/r{size}", size) for size in range(0, 4000, 97)] + [(f"big/r{n}", 500) for n in range(30)]
    world.accounts = {"acme-org": ["acme-org/one", "acme-org/two"], "ada": ["ada/x"]}
    searches = ['"from_pretrained" language:Python', "account acme-org", "account ada", "account nobody"]
    result, names = github_api.find(tmp_path, searches, client=client(server), now=NOW)
    records = [line.record for line in archive.lines(result.shard) if line.record]
    found = {name for record in records if record.data for name in record.data["repositories"]}
    assert {f"acme/r{size}" for size in range(0, 4000, 97)} <= found
    assert {"acme-org/one", "acme-org/two", "ada/x"} <= found
    cut = [record.data for record in records if record.data and record.data["is_cut"]]
    assert [(data["query"], data["total_count"], len(data["repositories"])) for data in cut] == [
        ('"from_pretrained" language:Python size:500..500', 30, 10)
    ]
    assert names == sorted(found)
    assert {record.key: record.gone for record in records}["account nobody"] == {"status": 404}


def test_searches_are_named_by_library_or_listed_in_a_file(tmp_path: Path) -> None:
    assert '"create_model" "timm" language:Python' in github_search.queries("timm")
    assert len(github_search.queries("all")) > len(github_search.queries("timm,transformers")) > 1
    path = tmp_path / "searches.txt"
    path.write_text("# ours\nfrom_pretrained filename:app.py\n\n")
    assert github_search.queries(str(path)) == ["from_pretrained filename:app.py"]
    with pytest.raises(PeatmossError, match="no signatures of 'nolib'"):
        github_search.queries("nolib")


# --- trouble ---


@pytest.mark.parametrize("kind", ["repo", "issue", "repo_commit", "repo_ref"])
def test_limits_and_failures_on_the_way_change_nothing(
    tmp_path: Path, server: Server, world: World, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(github_http, "SECONDARY_WAIT", 0.1)
    waits: list[str] = []
    plain = said(tmp_path / "a", server, kind, "acme/app", "acme/lib")
    world.faults = deque(["primary", "429", "secondary", "500", "", "cut"] + (["graphql"] if kind == "issue" else []))
    asked = GitHub(server.url, "t0ken", waits.append, pace=0)
    monkeypatch.setattr(asked, "_wait", lambda seconds, why="": waits.append(f"{why} {seconds < 70}"))
    result = github_api.run(tmp_path / "b", kind, ["acme/app", "acme/lib"], client=asked, now=NOW)
    assert [line.record for line in archive.lines(result.shard)] == plain
    assert waits.count("its rate limit True") >= 3


def test_a_wrong_token_ends_the_collection_with_one_clear_line(tmp_path: Path, server: Server, world: World) -> None:
    world.faults = deque(["401"])
    with pytest.raises(Unauthorized, match="does not take this token"):
        said(tmp_path, server, "repo", "acme/app")


def test_a_host_that_asks_for_too_long_a_wait_ends_it(server: Server) -> None:
    with pytest.raises(SourceError, match="come back later"):
        client(server)._wait(github_http.MAX_WAIT_SECONDS + 1)


def test_a_collection_that_fails_in_the_middle_goes_on_to_the_same_shard(
    tmp_path: Path, server: Server, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(github_http, "TRIES", 1)
    for name in world.repos:
        world.repos[name].issues = [thread(n, 1 + n % 28) for n in range(1, 120)]
    keys = sorted(world.repos)
    whole = github_api.run(tmp_path / "whole", "issue", keys, client=client(server), now=NOW)
    for good in (1, 2, 4):
        world.faults = deque([""] * good + ["500"])
        with pytest.raises(SourceError):
            github_api.run(tmp_path / "torn", "issue", keys, client=client(server), now=NOW + timedelta(days=good))
    torn = github_api.run(tmp_path / "torn", "issue", keys, client=client(server), now=NOW + timedelta(days=9))
    assert torn.shard.path.read_bytes() == whole.shard.path.read_bytes()
    assert torn.shard.name == whole.shard.name.replace("20260101", "20260102")


def test_an_address_elsewhere_is_not_followed(server: Server) -> None:
    with pytest.raises(SourceError, match="elsewhere"):
        client(server).get("http://evil.example/x")
    for url in ("ftp://x", "https://token@host/api"):
        with pytest.raises(PeatmossError, match="no address"):
            GitHub(url)


def test_batches_are_small_enough() -> None:
    assert 50 <= github_keys.BATCH <= 100
