"""A tenth of the answers go wrong and the process is killed 20 times: the archive is what an undisturbed run leaves.

Then that archive is loaded and released.
"""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from peatmoss import analyze, archive, link, load
from peatmoss.fetch.hub_api import Selection, run
from peatmoss.fetch.hub_http import Hub
from peatmoss.release import run as release
from tests.conftest import migrated, rows
from tests.servers.hub import Content, Faults, serving
from tests.servers.hub_content import MODELS, Generated, real

pytestmark = pytest.mark.slow
KILLS = 20
NOW = datetime(2026, 11, 25, tzinfo=UTC)

CHILD = """
import sys
from pathlib import Path
from peatmoss.fetch.hub_api import Selection, run
from peatmoss.fetch.hub_http import Hub
root, kind, url, keys = sys.argv[1:]
names = tuple(Path(keys).read_text().split()) if keys else None
run(Path(root), kind, Selection(keys=names), jobs=8, hub=Hub(url))
"""


def size(root: Path) -> int:
    return sum(path.stat().st_size for path in root.rglob("*.part"))


def killed_run(root: Path, kind: str, url: str, keys: str, whole: int) -> int:
    """Start it again and again, killed each time when it has written another part of the whole; returns the kills."""
    dice = random.Random(5)  # noqa: S311
    kills = 0
    while True:
        command = [sys.executable, "-c", CHILD, str(root), kind, url, keys]
        process = subprocess.Popen(command, env=os.environ | {"HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"})
        before, step = size(root), whole * dice.uniform(0.2, 1.0) / KILLS
        while process.poll() is None:
            if kills < KILLS and size(root) - before > step:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
                break
            time.sleep(0.002)
        else:
            assert process.returncode == 0
            return kills


def bytes_of(shard: archive.Shard) -> int:
    return sum(line.size + 1 for line in archive.lines(shard))


@pytest.fixture(scope="module")
def content() -> Content:
    if not MODELS.is_file():
        pytest.skip(f"no real data at {MODELS} (PEATMOSS_REAL_DATA)")
    return real(page=100)


@pytest.mark.parametrize("kind", ["listing", "model", "hub_commit"])
def test_killed_20_times_among_faults_the_archive_is_the_same(content: Content, tmp_path: Path, kind: str) -> None:
    keys = tmp_path / "keys.txt"
    names = [model["id"] for model in content.models] + ["no/where"]
    keys.write_text("\n".join(names))
    chosen, file = (Selection(), "") if kind == "listing" else (Selection(keys=tuple(names)), str(keys))
    record_kind = "model" if kind == "listing" else kind
    with serving(content) as server:
        hub = Hub(server.url)
        calm = run(tmp_path / "calm", record_kind, chosen, hub=hub, now=NOW, jobs=8).shard
        needed = len(server.requests)
    with serving(content, Faults(rate=0.1, slow_seconds=0.1)) as server:
        kills = killed_run(tmp_path / "rough", record_kind, server.url, file, bytes_of(calm))
        asked = len(server.requests)
    (rough,) = archive.shards(tmp_path / "rough")
    assert kills == KILLS
    assert (rough.sha256, rough.records, rough.coverage) == (calm.sha256, calm.records, calm.coverage)
    assert rough.records >= len(names) - 1
    assert asked <= (needed + kills * 8) * 1.25  # at most one page a worker and kill, and the answers that went wrong
    if kind != "listing":
        return
    url = migrated(f"sqlite:///{tmp_path / 'work.sqlite'}")
    load.run(tmp_path / "rough", url)
    link.run(url)
    analyze.run(url)
    release(url, tmp_path / "dist")
    public = f"sqlite:///{tmp_path / 'dist' / 'peatmoss.db'}"
    assert rows(public, "SELECT COUNT(*) FROM model") == [(len(names) - 1,)]
    assert rows(public, "SELECT COUNT(*) FROM reject") == [(0,)]


def test_a_long_listing_takes_little_memory(tmp_path: Path) -> None:
    script = CHILD + "\nprint(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    with serving(Content(models=Generated(30_000))) as server:
        command = [sys.executable, "-c", script, str(tmp_path), "model", server.url, ""]
        peak = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert peak < 200_000  # KiB
