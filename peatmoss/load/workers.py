"""Who looks at code: this process, others on this machine, or a Dask cluster. The rows are the same.

    with workers(jobs=8) as executor: ...
    with workers(cluster="tcp://scheduler:8786") as executor: ...

All three are the same interface, `concurrent.futures.Executor`; None stands for this process.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from typing import Any, TypeVar

from peatmoss.errors import PeatmossError, SourceError

T = TypeVar("T")
_alone = threading.Lock()


@contextlib.contextmanager
def workers(jobs: int = 1, cluster: str = "") -> Iterator[Executor | None]:
    """An executor for as long as the block lasts.

    Raises PeatmossError if there is no such cluster, SourceError if a worker dies.
    """
    try:
        if cluster:
            with _dask(cluster) as executor:
                yield executor
        elif jobs > 1:
            # spawn: a fork would copy the locks of polars' threads
            with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as executor:
                yield executor
        else:
            yield None
    except BrokenExecutor as error:
        raise SourceError("a worker died, perhaps for want of memory: go on with fewer --jobs") from error


@contextlib.contextmanager
def _dask(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise PeatmossError(f"{error.name} is not installed: pip install 'peatmoss[cluster]'") from error
    try:
        client = Client(address, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise PeatmossError(
            f"no Dask cluster at {address}: give the address of its scheduler, tcp://host:8786"
        ) from error
    with client:
        yield client.get_executor()  # type: ignore[no-untyped-call]


def each(executor: Executor | None, function: Callable[[Any], T], tasks: list[Any]) -> Iterator[T]:
    """The results in the order of the tasks."""
    if executor is None:
        return map(function, tasks)
    return iter(list(executor.map(_Alone(function), tasks)))


class _Alone:
    """A function that keeps what it found between calls: the threads of a worker take turns."""

    def __init__(self, function: Callable[[Any], Any]):
        self.function = function

    def __call__(self, task: Any) -> Any:
        with _alone:
            return self.function(task)
