"""Archive -> core tables. A function of the archive: shards are taken in the order of their names.

    shard ── batches (parse, pure) ── write (upsert, replace) ── checkpoint ── commit      one transaction a batch

A killed load goes on after its last committed batch. What is there already is compared, not written again.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import NamedTuple

import polars as pl

from peatmoss import archive
from peatmoss.archive import Shard
from peatmoss.db import Ingest, ingest
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.load import (
    answers,
    claims,
    commits,
    dataset,
    discussion,
    github,
    hub,
    issues,
    listing,
    refs,
    reuse,
    snapshot,
)
from peatmoss.load.batch import Batch, first_of_each
from peatmoss.load.shape import relax, restore
from peatmoss.load.workers import workers
from peatmoss.schema import ledger


class Loader(NamedTuple):
    """How one kind of record becomes rows.

    batches: the parsed content of a shard, in pieces whose borders depend on the shard only
    write:   one batch into the core tables
    finish:  once after the last batch, with the keys of the whole shard
    """

    batches: Callable[[Shard], Iterator[Batch]]
    write: Callable[[Ingest, Shard, int, pl.DataFrame], None]
    finish: Callable[[Ingest, Shard, int, list[pl.DataFrame]], None]


def _write_models(sink: Ingest, shard: Shard, shard_id: int, facts: pl.DataFrame) -> None:
    for models, have in hub.write_models(sink, shard, shard_id, facts):
        snapshot.write_from_listing(sink, shard, shard_id, models, have)
        claims.write_claims(sink, models, have)


LOADERS: dict[str, Loader] = {
    "model": Loader(listing.model_batches, _write_models, hub.mark_absent),
    "snapshot": Loader(snapshot.snapshot_batches, snapshot.write_snapshots, lambda *_: None),
    "hub_commit": Loader(commits.hub_commit_batches, commits.write_hub_commits, lambda *_: None),
    "hub_ref": Loader(refs.ref_batches, refs.write_refs, lambda *_: None),
    "discussion": Loader(discussion.discussion_batches, discussion.write_discussions, lambda *_: None),
    "dataset": Loader(dataset.dataset_batches, dataset.write_datasets, lambda *_: None),
    "llm_answer": Loader(answers.answer_batches, answers.write_answers, lambda *_: None),
    "repo": Loader(github.repo_batches, github.write_repos, lambda *_: None),
    "repo_search": Loader(github.search_batches, github.write_searches, lambda *_: None),
    "code_file": Loader(reuse.code_batches, reuse.write_scans, lambda *_: None),
    "repo_commit": Loader(commits.repo_commit_batches, commits.write_repo_commits, lambda *_: None),
    "repo_ref": Loader(issues.ref_batches, issues.write_refs, lambda *_: None),
    "issue": Loader(issues.issue_batches, issues.write_issues, lambda *_: None),
    "pull_request": Loader(issues.pull_request_batches, issues.write_pull_requests, lambda *_: None),
}
"""Kind of record -> its loader, in the order in which kinds are loaded."""


MIN_SHARED = 1000
"""Files from which on it pays to start other processes."""


class Loaded(NamedTuple):
    """What loading one shard did."""

    shard: str
    records: int
    rows: int
    rejects: int


def pending(root: Path, sink: Ingest) -> list[Shard]:
    """The shards that are not loaded yet, in order.

    Raises PeatmossError if a loaded shard changed, or if one is older than what is loaded: then the database
    would no longer be a function of its archive.
    """
    known = {
        row["name"]: row["sha256"]
        for row in sink.read(ledger.shard, "SELECT name, sha256 FROM shard").iter_rows(named=True)
    }
    done = set(sink.read(ledger.checkpoint, "SELECT shard FROM checkpoint WHERE state = 'done'")["shard"].to_list())
    found = [shard for kind in LOADERS for shard in archive.shards(root, kind)]
    for shard in found:
        if shard.name in known and known[shard.name] != shard.sha256:
            raise PeatmossError(f"{shard.name} changed after it was loaded; start anew with `peatmoss load --rebuild`")
    todo = [shard for shard in found if shard.name not in done]
    for shard in todo:
        later = [name for name in done if name.startswith(shard.kind + "/") and name > shard.name]
        if later:
            raise PeatmossError(
                f"{shard.name} is older than {max(later)}, which is loaded; start anew with `peatmoss load --rebuild`"
            )
    return todo


def run(
    root: Path,
    url: str,
    progress: Callable[[str, int, int], None] = lambda *_: None,
    *,
    jobs: int = 1,
    cluster: str = "",
) -> list[Loaded]:
    """Load what is new in the archive. `progress` is told (shard, records done, records in all) after each batch.

    jobs, cluster: how many processes, or which Dask cluster, look at the code of repositories
    """
    results = []
    with contextlib.ExitStack() as stack, ingest(url, "load") as sink:
        todo = pending(root, sink)
        has_code = any(shard.kind == "code_file" and shard.records >= MIN_SHARED for shard in todo)
        executor = stack.enter_context(workers(jobs, cluster)) if has_code else None
        if not sink.query("SELECT 1 AS one FROM model LIMIT 1").height:
            relax(sink)
        for shard in todo:
            results.append(_load(sink, shard, progress, executor))
        restore(sink)
    return results


def _load(sink: Ingest, shard: Shard, progress: Callable[[str, int, int], None], executor: Executor | None) -> Loaded:
    if archive.sha256_file(shard.path) != shard.sha256:
        raise SourceError(f"{shard.path} is damaged: its hash is not the one in its description")
    loader = LOADERS[shard.kind]
    done, _ = sink.progress(shard.name)
    row = _shard_row(sink, shard)
    shard_id, rows, rejects = (int(row[c][0]) for c in ("id", "loaded_count", "reject_count"))
    seen: list[pl.DataFrame] = []
    number = records = 0
    batches = reuse.code_batches(shard, executor) if shard.kind == "code_file" else loader.batches(shard)
    for number, batch in enumerate(batches, start=1):
        facts, repeated = first_of_each(batch.facts, seen)
        records += batch.records
        if number > done:
            loader.write(sink, shard, shard_id, facts)
            problems = pl.concat([batch.rejects, repeated])
            sink.reject(shard_id, problems)
            rows += int(facts["records"].sum()) if "records" in facts.columns else facts.height
            rejects += problems.filter(field="").height
            _shard_row(sink, shard, rows, rejects)
            sink.checkpoint(shard.name, number, done=False)
            sink.commit()
        progress(shard.name, records, shard.records)
    loader.finish(sink, shard, shard_id, seen)
    sink.checkpoint(shard.name, number, done=True)
    sink.commit()
    return Loaded(shard.name, records, rows, rejects)


def _shard_row(sink: Ingest, shard: Shard, rows: int | None = None, rejects: int = 0) -> pl.DataFrame:
    facts = {
        "name": [shard.name],
        "kind": [shard.kind],
        "origin": [shard.origin],
        "as_of": [shard.as_of],
        "coverage": [shard.coverage],
        "hub": [shard.hub],
        "sha256": [shard.sha256],
        "record_count": [shard.records],
        "source": [json.dumps(shard.source, ensure_ascii=False, sort_keys=True)],
    }
    if rows is None:
        known = sink.read(ledger.shard, "SELECT id, name, loaded_count, reject_count FROM shard").filter(
            name=shard.name
        )
        if known.height:
            return known
        rows = 0
    frame = pl.DataFrame(facts).with_columns(
        pl.col("as_of").cast(pl.Datetime("us", "UTC")),
        loaded_count=pl.lit(rows, pl.Int64),
        reject_count=pl.lit(rejects, pl.Int64),
    )
    return sink.upsert(ledger.shard, frame, ("name",))


__all__ = ["LOADERS", "Loaded", "Loader", "pending", "run"]
