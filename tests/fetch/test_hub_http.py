import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from huggingface_hub import HfApi

from peatmoss.errors import Gated, NotFound, PeatmossError, RateLimited, SourceError, Unauthorized
from peatmoss.fetch.budget import Budget, Stopped, asked_wait
from peatmoss.fetch.hub_http import Failed, Hub
from tests.servers.hub import Content, Faults, Limits, Server, serving

SHA = "a" * 40
WEIGHTS = bytes(range(256)) * 40
CONTENT = Content(
    models=[
        {"id": f"owner/model-{n}", "sha": SHA, "tags": ["pytorch"], "downloads": n, "usedStorage": 1, "private": False}
        for n in range(25)
    ],
    files={"owner/model-1": {"README.md": b"# Hello", "model.safetensors": WEIGHTS, "sub/config.json": b"{}"}},
    lfs=frozenset({"owner/model-1/model.safetensors"}),
    moved={"old-name": "owner/model-1"},
    gated=frozenset({"owner/model-2"}),
    page=10,
)


@pytest.fixture(autouse=True)
def no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "")
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(CONTENT) as server:
        yield server


def test_pages_are_followed_by_paths_that_hold_no_host(server: Server) -> None:
    hub = Hub(server.url)
    names, path = [], "/api/models?limit=10"
    while path:
        page = hub.json(path)
        names += [item["id"] for item in page.data]
        assert page.next is None or page.next.startswith("/api/models?")
        path = page.next
    assert names == [item["id"] for item in CONTENT.models]
    assert hub.requests == 3


def test_the_real_client_reads_the_same_from_the_server(server: Server) -> None:
    api = HfApi(endpoint=server.url, token=False)
    assert [model.id for model in api.list_models()] == [item["id"] for item in CONTENT.models]
    assert api.model_info("old-name").id == "owner/model-1"
    assert [(file.path, file.size) for file in api.list_repo_tree("owner/model-1", recursive=True)] == [
        ("README.md", 7), ("model.safetensors", 10240), ("sub/config.json", 2),
    ]  # fmt: skip


def test_a_redirect_after_a_rename_shows_in_the_path_of_the_answer(server: Server) -> None:
    page = Hub(server.url).json("/api/models/old-name", {"expand": ["sha"]})
    assert (page.data["id"], page.path.split("?")[0]) == ("owner/model-1", "/api/models/owner/model-1")


def test_bytes_come_in_ranges_from_wherever_the_file_lies(server: Server) -> None:
    hub = Hub(server.url)
    whole = hub.bytes("/owner/model-1/resolve/main/README.md")
    assert (whole.content, whole.total, whole.is_cut) == (b"# Hello", 7, False)
    part = hub.bytes("/owner/model-1/resolve/main/model.safetensors", start=100, end=110)
    assert (part.content, part.total, part.is_cut) == (WEIGHTS[100:110], 10240, True)
    assert len(part.etag or "") == 64
    rest = hub.bytes("/owner/model-1/resolve/main/model.safetensors", start=10000)
    assert (rest.content, rest.is_cut) == (WEIGHTS[10000:], False)
    capped = hub.bytes("/owner/model-1/resolve/main/model.safetensors", max_bytes=50)
    assert (capped.content, capped.is_cut) == (WEIGHTS[:50], True)
    assert hub.bytes("/owner/model-1/resolve/main/README.md", start=7, end=9).content == b""


def test_the_token_goes_to_the_hub_and_to_no_other_host(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: "secret")
    hub = Hub(server.url)
    hub.bytes("/owner/model-1/resolve/main/model.safetensors", end=4)
    assert (server.tokens - server.cdn_tokens, server.cdn_tokens) == ({"Bearer secret"}, {None})


@pytest.mark.parametrize(
    ("path", "token", "error", "status"),
    [
        ("/api/models/owner/none", None, NotFound, 401),
        ("/api/models/owner/none", "t", NotFound, 404),
        ("/api/models/owner/model-2/tree/main", None, Gated, 401),
        ("/api/models/owner/model-2/tree/main", "t", Gated, 403),
        ("/api/models?sort=size", None, SourceError, None),
    ],
)
def test_each_refusal_has_its_error(
    server: Server, path: str, token: str | None, error: type[SourceError], status: int | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("huggingface_hub.get_token", lambda: token)
    with pytest.raises(SourceError) as caught:
        Hub(server.url).json(path)
    assert type(caught.value) is error
    assert getattr(caught.value, "status", None) == status


def test_a_wrong_token_is_one_line_that_does_not_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: "wrong-secret")
    with serving(CONTENT, token="right") as server, pytest.raises(Unauthorized) as caught:  # noqa: S106
        Hub(server.url).json("/api/models")
    assert "HF_TOKEN" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_what_may_pass_is_tried_again() -> None:
    with serving(CONTENT, Faults(rate=0.4, seed=3, kinds=("429", "500", "503", "cut"))) as server:
        hub = Hub(server.url)
        for number in range(20):
            assert hub.json(f"/api/models/owner/model-{number}").data["downloads"] == number
        assert hub.requests > 25


def test_an_answer_that_never_comes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("peatmoss.fetch.hub_http._backoff", lambda _: 0.0)
    with serving(CONTENT, Faults(rate=1, kinds=("500",))) as server:
        with pytest.raises(Failed, match="the host answered 500, 8 times"):
            Hub(server.url).json("/api/models")
        assert len(server.requests) == 8
    with pytest.raises(SourceError, match="no whole answer"):
        Hub(server.url).json("/api/models")  # nobody listens there any more


def test_threads_share_the_budget_that_the_host_tells() -> None:
    with serving(CONTENT, limits=Limits(quota=10, window=1)) as server:
        hub = Hub(server.url)
        hub.json("/api/models/owner/model-0")
        threads = [threading.Thread(target=hub.json, args=(f"/api/models/owner/model-{n}",)) for n in range(15)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.requests) <= 17  # nearly all waited instead of being told off
        assert hub.waited > 0


def test_a_wait_beyond_an_hour_is_an_error_with_its_time() -> None:
    headers = {"retry-after": "7200"}
    assert asked_wait(headers) == 7200
    with serving(CONTENT, limits=Limits(quota=1, window=9000)) as server:
        hub = Hub(server.url)
        hub.json("/api/models")
        hub._budgets["api"] = Budget()  # a second process, which knows nothing
        with pytest.raises(RateLimited) as caught:
            hub.json("/api/models")
    assert (caught.value.reset_at - datetime.now(UTC)).total_seconds() > 8000


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "12"}, 12), ({"retry-after": "Wed, 25 Nov 2026 12:00:30 GMT"}, 30), ({}, None),
        ({"ratelimit": '"api";r=0;t=55'}, 56), ({"ratelimit": '"api";r=3;t=55'}, None),
        ({"x-ratelimit-reset": "1795608010"}, 10), ({"retry-after": "soon"}, None),
    ],
)  # fmt: skip
def test_hosts_ask_to_wait_in_several_ways(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_wait(headers, datetime(2026, 11, 25, 12, tzinfo=UTC)) == seconds


def test_stopping_wakes_whoever_waits() -> None:
    budget = Budget()
    budget.pause(60)
    caught: list[Exception] = []

    def ask() -> None:
        try:
            budget.take()
        except Stopped as error:
            caught.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.05)
    budget.stop()
    thread.join(2)
    assert len(caught) == 1


def test_an_endpoint_that_is_no_address_is_refused() -> None:
    with pytest.raises(PeatmossError, match="HF_ENDPOINT"):
        Hub("huggingface.co")
