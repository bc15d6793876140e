"""Collecting from a loopback Hub with the command itself: summary, JSON, interrupts, mistakes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peatmoss import archive
from peatmoss.cli.fetch import app
from peatmoss.errors import PeatmossError
from tests.servers.hub import Content, Faults, Server, serving
from tests.servers.hub_content import Generated

MODELS = [Generated(400)[number] for number in range(400)]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Content(models=MODELS, page=20), Faults(rate=1, kinds=("slow",), slow_seconds=0.05)) as server:
        yield server


def started(root: Path, server: Server, *arguments: str) -> "subprocess.Popen[str]":
    environment = {"HF_ENDPOINT": server.url, "HF_TOKEN": "hf_secret", "PEATMOSS_ARCHIVE": str(root)}
    return subprocess.Popen(
        [sys.executable, "-c", "from peatmoss.cli import main; main()", "fetch", *arguments],
        env=os.environ | environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_an_interrupt_closes_cleanly_and_the_same_command_goes_on(tmp_path: Path, server: Server) -> None:
    first = started(tmp_path, server, "model", "--from", "hub_api")
    while not any(path.stat().st_size for path in tmp_path.rglob("*.part")):
        time.sleep(0.01)
    first.send_signal(signal.SIGINT)
    out, err = first.communicate()
    assert (first.returncode, out, err) == (130, "", "interrupted: run the same command again to go on\n")
    second = started(tmp_path, server, "model", "--from", "hub_api", "--json")
    out, err = second.communicate()
    assert second.returncode == 0
    (shard,) = archive.shards(tmp_path)
    assert json.loads(out)["records"] == shard.records == 400
    assert err.startswith(f"{shard.name}: 400 records as of ")
    assert "coverage complete" in err
    assert len(server.requests) <= 21
    assert b"hf_secret" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert server.tokens == {"Bearer hf_secret"}


def test_a_worklist_comes_from_stdin_and_its_summary_counts(tmp_path: Path, server: Server) -> None:
    process = started(tmp_path, server, "hub_ref", "--keys", "-", "--jobs", "2")
    out, err = process.communicate("owner-3/model-3\n\n owner-4/model-4\nno/where\n")
    assert (process.returncode, out) == (0, "")
    assert "  names: 2 there, 1 not there, 0 moved\n" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["hub_ref"], "say of which models"),
        (["model", "--from", "hub_api", "--keys", "none.txt"], "cannot read the worklist none.txt"),
        (["model", "--from", "hub_api", "--as-of", "2026-01-01"], "--as-of is not for --from hub_api"),
        (["model", "--from", "hub_dump", "--limit", "3"], "--limit is not for --from hub_dump"),
        (["dataset", "--from", "moon"], "dataset does not come from 'moon': give --from hub_api"),
    ],
)
def test_a_mistake_is_told_before_anything_is_asked(tmp_path: Path, arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(app, arguments, env={"PEATMOSS_ARCHIVE": str(tmp_path / "archive")})
    assert isinstance(result.exception, PeatmossError)
    assert said in str(result.exception)
    assert not (tmp_path / "archive").exists()
