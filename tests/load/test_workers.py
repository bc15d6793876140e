"""One process, several, or two Dask workers: exactly the same rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from peatmoss import archive, load
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.fetch.code import records
from peatmoss.fetch.git import Clones, Wanted
from peatmoss.load.workers import each, workers
from peatmoss.schema import metadata
from tests.archives import day
from tests.conftest import migrated, rows
from tests.repositories import commit, init

LOAD = 'from transformers import AutoModel\nAutoModel.from_pretrained("{}")\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive of five repositories with two commits each."""
    paths = [init(tmp_path / "acme" / f"app{number}") for number in range(5)]
    for number, path in enumerate(paths):
        commit(path, {"a.py": LOAD.format(f"deepset/base-{number}"), "b.py": f'NAME = "google/mt5-{number}"\n'}, 1)
        commit(path, {"a.py": "from b import NAME\n" + LOAD.replace('"{}"', "NAME")}, 2)
    clones = Clones([str(path) for path in paths], Wanted(history=True))
    with archive.append(tmp_path / "archive", "code_file", "git_clone", day(1), "test", by_key=True) as shard:
        for key in clones.sources:
            for record in records(clones, key, None):
                shard.write(record)
    return tmp_path / "archive"


def content(root: Path, path: Path, **options: Any) -> dict[str, list[tuple[Any, ...]]]:
    url = migrated(f"sqlite:///{path}")
    load.run(root, url, **options)
    names = [table.name for table in metadata.sorted_tables if table.name != "run"]
    return {name: rows(url, f"SELECT * FROM {name}") for name in names}


@pytest.fixture
def always_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "MIN_SHARED", 0)


@pytest.mark.slow
@pytest.mark.usefixtures("always_shared")
def test_processes_give_the_same_rows_as_one(root: Path, tmp_path: Path) -> None:
    alone = content(root, tmp_path / "one.db")
    assert len(alone["usage"]) >= 5
    assert len(alone["usage_event"]) == 15
    assert content(root, tmp_path / "two.db", jobs=2) == alone


@pytest.mark.slow
@pytest.mark.usefixtures("always_shared")
def test_two_dask_workers_give_the_same_rows_as_one_process(root: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    alone = content(root, tmp_path / "one.db")
    folder = str(tmp_path / "dask")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None, local_directory=folder
    ) as cluster:
        assert content(root, tmp_path / "two.db", cluster=cluster.scheduler_address) == alone


def _die(_: object) -> None:
    import os

    os._exit(1)


@pytest.mark.slow
def test_a_worker_that_dies_is_one_clear_line() -> None:
    with pytest.raises(SourceError, match="a worker died"), workers(2) as executor:
        list(each(executor, _die, [1]))


@pytest.mark.slow
def test_a_cluster_that_is_not_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    for address in ("tcp://127.0.0.1:1", "nonsense://x"):
        with pytest.raises(PeatmossError, match="no Dask cluster at"), workers(cluster=address):
            pass
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(PeatmossError, match=r"pip install 'peatmoss\[cluster\]'"), workers(cluster="tcp://x:1"):
        pass


def test_without_others_this_process_does_it() -> None:
    with workers() as executor:
        assert executor is None
        assert list(each(executor, str, [1, 2])) == ["1", "2"]
