"""Listings and worklists from a Hub that redirects, gates, forgets, fails and is killed in the middle."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from peatmoss import archive
from peatmoss.archive import Record
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.fetch import hub_api, hub_keys
from peatmoss.fetch.hub_api import Selection, run
from peatmoss.fetch.hub_http import Hub
from tests.servers.hub import Content, Faults, Server, serving

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SHA = "a" * 40


def model(number: int, **more: Any) -> dict[str, Any]:
    day = f"2026-{1 + number // 28:02}-{1 + number % 28:02}T00:00:00.000Z"
    return {
        "id": f"o{number % 3}/m{number:03}", "sha": SHA, "downloads": number, "likes": 1, "tags": ["t"],
        "createdAt": day, "lastModified": day, "pipeline_tag": "fill-mask" if number % 2 else "text-generation",
        "library_name": "timm" if number % 5 == 0 else "transformers", "usedStorage": 5,
    } | more  # fmt: skip


MODELS = [model(n) for n in range(95)]
MODELS[7]["tags"].append("timm")


def commit(number: int) -> dict[str, Any]:
    return {"id": f"{number:040x}", "title": "t", "message": "", "date": "2026-01-01T00:00:00.000Z", "authors": []}


def discussion(number: int) -> dict[str, Any]:
    return {
        "num": number, "title": f"title {number}", "status": "open", "isPullRequest": False,
        "createdAt": "2026-01-02T00:00:00.000Z", "author": {"name": "ada"},
        "events": [{"id": f"{number:024x}", "type": "comment", "createdAt": "2026-01-02T00:00:00.000Z",
                    "author": {"name": "ada"}, "data": {"edited": False, "hidden": False, "latest": {"raw": "Hi"}}}],
    }  # fmt: skip


CONTENT = Content(
    models=MODELS,
    commits={"o1/m001": [commit(n) for n in range(120)], "o2/m002": [commit(1)]},
    refs={"o1/m001": {"branches": [{"name": "main", "ref": "refs/heads/main", "targetCommit": SHA}], "converts": [],
                      "tags": [], "pullRequests": []}},
    discussions={"o1/m001": [discussion(n) for n in range(23, 0, -1)]},
    datasets=[{"id": "squad", "downloads": 9, "tags": [], "likes": 2}],
    security={"o1/m001": {"scansDone": True, "filesWithIssues": [{"path": "a.pkl", "level": "unsafe"}]}},
    moved={"old": "o1/m001", "o9/gone-by": "o2/m002"},
    gated=frozenset({"o2/m005"}),
    page=10,
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    monkeypatch.setattr("peatmoss.fetch.hub_http._backoff", lambda _: 0.0)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(CONTENT) as server:
        yield server


def records(shard: archive.Shard) -> list[Record]:
    return [line.record for line in archive.lines(shard) if line.record]


def fetched(root: Path, server: Server, kind: str = "model", now: datetime = NOW, **selection: Any) -> archive.Shard:
    chosen = Selection(**selection) if selection else None
    return run(root, kind, chosen, hub=Hub(server.url), now=now, jobs=3).shard


def test_a_full_listing_is_complete_verbatim_and_asks_for_every_field(tmp_path: Path, server: Server) -> None:
    shard = fetched(tmp_path, server)
    assert (shard.coverage, shard.records) == ("complete", 95)
    found = {record.key: record.data for record in records(shard)}
    assert found == {item["id"]: {k: v for k, v in item.items() if k != "usedStorage"} for item in MODELS}
    assert len(server.requests) == 10
    assert all(f"expand={name}" in server.requests[0] for name in hub_api.FIELDS["model"])


@pytest.mark.parametrize(
    ("selection", "numbers", "coverage"),
    [
        ({"downloads_over": 90}, [94, 93, 92, 91], "top"),
        ({"limit": 12}, list(range(94, 82, -1)), "top"),
        ({"author": "o1", "limit": 2}, [94, 91], "filter"),
        ({"task": "fill-mask", "downloads_over": 89}, [93, 91], "filter"),
        ({"library": "timm"}, [7], "filter"),
        ({"search": "M09"}, [94, 93, 92, 91, 90], "filter"),
        ({"since": "2026-04-10"}, [94, 93], "filter"),
    ],
)
def test_selections_hold_what_they_say_and_ask_for_no_more(
    tmp_path: Path, server: Server, selection: dict[str, Any], numbers: list[int], coverage: str
) -> None:
    shard = fetched(tmp_path, server, **selection)
    assert [record.key for record in records(shard)] == [MODELS[n]["id"] for n in numbers]
    assert shard.coverage == coverage
    assert shard.source["request"] == selection
    assert len(server.requests) <= 2


def test_since_last_begins_a_day_before_the_newest_complete_listing(tmp_path: Path, server: Server) -> None:
    with pytest.raises(PeatmossError, match="no archive"):
        fetched(tmp_path / "none", server, since="last")
    fetched(tmp_path, server, author="o1")
    with pytest.raises(PeatmossError, match="no complete listing"):
        fetched(tmp_path, server, since="last")
    fetched(tmp_path, server, now=datetime(2026, 4, 10, 6, tzinfo=UTC))
    first = fetched(tmp_path, server, now=datetime(2026, 4, 12, tzinfo=UTC), since="last")
    assert [record.key for record in records(first)] == [MODELS[94]["id"], MODELS[93]["id"]]
    second = fetched(tmp_path, server, now=datetime(2026, 4, 14, tzinfo=UTC), since="last")
    assert [record.key for record in records(second)] == [MODELS[94]["id"]]


@pytest.mark.parametrize("selection", [{}, {"limit": 75}, {"downloads_over": 30}])
def test_a_listing_that_was_stopped_goes_on_and_repeats_one_page_at_most(
    tmp_path: Path, server: Server, selection: dict[str, Any]
) -> None:
    whole = fetched(tmp_path / "whole", server, **selection)
    needed = len(server.requests)
    stops = 0
    while True:
        asked = len(server.requests)
        try:
            shard = _stopped_after(3, tmp_path / "stopped", server, selection)
            break
        except KeyboardInterrupt:
            stops += 1
            assert len(server.requests) - asked == 3
    assert stops >= 2
    assert records(shard) == records(whole)
    assert len(server.requests) - needed <= needed + stops
    assert not list(tmp_path.rglob("*.part"))


def _stopped_after(pages: int, root: Path, server: Server, selection: dict[str, Any]) -> archive.Shard:
    """A run that is interrupted when it has read so many pages; `now` differs, since time goes by."""
    seen = 0

    def progress(*_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == pages:
            raise KeyboardInterrupt

    return run(root, "model", Selection(**selection), hub=Hub(server.url), progress=progress).shard


def test_a_worklist_holds_details_and_says_what_is_gone_or_moved(tmp_path: Path, server: Server) -> None:
    shard = fetched(tmp_path, server, keys=("o1/m001", "old", "o9/gone-by", "no/where", "o2/m005"))
    assert [(record.key, record.gone) for record in records(shard)] == [
        ("no/where", {"status": 401}),
        ("o1/m001", None),
        ("o2/m002", None),
        ("o2/m005", None),
        ("o9/gone-by", {"status": 307, "moved_to": "o2/m002"}),
        ("old", {"status": 307, "moved_to": "o1/m001"}),
    ]
    assert records(shard)[1].data == MODELS[1]
    assert shard.coverage == "filter"


def test_the_scan_status_comes_from_a_second_answer(tmp_path: Path, server: Server) -> None:
    shard = run(
        tmp_path, "model", Selection(keys=("o1/m001",)), hub=Hub(server.url), now=NOW, security=True
    ).shard  # fmt: skip
    (record,) = records(shard)
    assert record.data == MODELS[1] | {"securityRepoStatus": CONTENT.security["o1/m001"]}
    assert server.asked("securityStatus") == 1


def test_commits_come_in_pages_and_go_on_within_a_model(tmp_path: Path, server: Server) -> None:
    whole = fetched(tmp_path / "whole", server, "hub_commit", keys=("o1/m001", "o2/m002", "old"))
    pages = [record for record in records(whole) if record.key == "o1/m001"]
    assert [c["id"] for record in pages for c in record.data["commits"]] == [commit(n)["id"] for n in range(120)]
    assert len(pages) == 12
    again = _killed_after(4, tmp_path / "killed", server, "hub_commit", ("o1/m001", "o2/m002", "old"))
    assert again.sha256 == whole.sha256


def test_discussions_hold_their_events_in_the_order_of_their_numbers(tmp_path: Path, server: Server) -> None:
    whole = fetched(tmp_path / "whole", server, "discussion", keys=("o1/m001", "o2/m002"))
    found = [record.data["discussions"] for record in records(whole)]
    assert found == [[discussion(n)] for n in range(1, 24)] + [[]]
    again = _killed_after(5, tmp_path / "killed", server, "discussion", ("o1/m001", "o2/m002"))
    assert again.sha256 == whole.sha256


def _killed_after(count: int, root: Path, server: Server, kind: str, keys: tuple[str, ...]) -> archive.Shard:
    """Write `count` records, tear the last line as a kill does, and go on with another number of workers."""
    original = hub_keys.SAY[kind]
    for _ in range(3):
        written = 0

        def say(hub: Hub, key: str, cursor: str | None) -> Iterator[Record]:
            nonlocal written
            for record in original(hub, key, cursor):
                if written == count:
                    raise SourceError("killed")
                written += 1
                yield record

        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(hub_api.SAY, kind, say)  # type: ignore[arg-type]
            with pytest.raises(SourceError, match="killed"):
                run(root, kind, Selection(keys=keys), hub=Hub(server.url), now=NOW, jobs=1)
        (part,) = root.rglob("*.part")
        with part.open("ab") as stream:
            stream.write(b'{"key":"o1/m001","cursor":"torn')
    return run(root, kind, Selection(keys=keys), hub=Hub(server.url), jobs=4).shard


def test_refs_and_datasets_are_records_too(tmp_path: Path, server: Server) -> None:
    (ref,) = records(fetched(tmp_path, server, "hub_ref", keys=("o1/m001",)))
    assert ref.data == {"modelId": "o1/m001", **CONTENT.refs["o1/m001"]}
    (listed,) = records(fetched(tmp_path, server, "dataset"))
    named = records(fetched(tmp_path, server, "dataset", keys=("squad", "none")))
    assert listed.data == named[1].data == CONTENT.datasets[0]
    assert named[0].gone == {"status": 401}


def test_kinds_by_key_take_their_names_from_a_selection(tmp_path: Path, server: Server) -> None:
    shard = fetched(tmp_path, server, "hub_ref", downloads_over=90)
    assert {record.key for record in records(shard)} == {MODELS[n]["id"] for n in (91, 92, 93, 94)}


@pytest.mark.parametrize("jobs", [1, 8])
def test_the_archive_depends_neither_on_workers_nor_on_faults(tmp_path: Path, jobs: int) -> None:
    keys = (*(item["id"] for item in MODELS), "old", "no/where")
    with serving(CONTENT) as server:
        calm = run(tmp_path / "calm", "model", Selection(keys=keys), hub=Hub(server.url), now=NOW, jobs=2).shard
    with serving(CONTENT, Faults(rate=0.2, seed=jobs, slow_seconds=0.01)) as server:
        rough = run(tmp_path / "rough", "model", Selection(keys=keys), hub=Hub(server.url), now=NOW, jobs=jobs).shard
    assert (rough.sha256, rough.records) == (calm.sha256, calm.records)


def test_a_broken_record_ends_nothing(tmp_path: Path) -> None:
    broken: Any = (None, 5, {"no": "id"}, {"id": 7}, model(3))
    with serving(replace(CONTENT, models=broken)) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.servers.hub._Handler._fields", staticmethod(lambda item, *_: item))
        shard = fetched(tmp_path, server, author=None)
    assert [(record.key, record.data) for record in records(shard)] == [
        ("", None), ("", 5), ("", {"no": "id"}), ("", {"id": 7}), ("o0/m003", model(3)),
    ]  # fmt: skip


def test_a_model_that_always_fails_is_noted_and_the_others_come(tmp_path: Path) -> None:
    with serving(replace(CONTENT, broken=frozenset({"o1/m001"}))) as server:
        shard = fetched(tmp_path, server, keys=("o1/m001", "o2/m002"))
    assert [(record.key, record.gone) for record in records(shard)] == [("o1/m001", {"status": 500}), ("o2/m002", None)]


@pytest.mark.parametrize(
    ("kind", "selection", "message"),
    [
        ("model", {"keys": ("a/b",), "author": "x"}, "leave out --author"),
        ("model", {"keys": ()}, "worklist is empty"),
        ("model", {"keys": ("a/b/c",)}, "is no name on the Hub"),
        ("model", {"keys": ("../x",)}, "is no name on the Hub"),
        ("model", {"keys": ("x/..",)}, "is no name on the Hub"),
        ("model", {"keys": ("x?y",)}, "is no name on the Hub"),
        ("hub_ref", {}, "say of which models"),
        ("dataset", {"task": "x"}, "neither --task"),
        ("model", {"limit": 0}, "at least 1"),
        ("model", {"since": "soon"}, "no date"),
    ],
)
def test_wrong_use_is_refused_before_anything_is_asked(
    tmp_path: Path, server: Server, kind: str, selection: dict[str, Any], message: str
) -> None:
    with pytest.raises(PeatmossError, match=message):
        fetched(tmp_path, server, kind, **selection)
    assert server.requests == []
