"""What to fetch next, as plain keys from the database, and what it would cost: so that fetch/ never needs a database.

A kind's worklist holds what the database lacks: of models the details that a listing does not give, the files of their
current revision, commits, refs and discussions; of datasets those that models name. The most downloaded come first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select, exists, func, or_, select

from peatmoss.db import connect
from peatmoss.schema import github, sync
from peatmoss.schema import hub as tables

HUGGINGFACE = 1
PAGE = 1000
COMMITS_A_PAGE = 50
TEXT_KINDS = ("card", "config", "license", "tokenizer")
MAX_TEXT_BYTES = 2**20
UNKNOWN_FILES = 8
"""Text files of a model whose file list is not known: what a usual one holds."""

LISTED_BYTES, DETAIL_BYTES, TREE_BYTES, PAGE_BYTES, FILE_BYTES = 4_000, 9_000, 5_000, 12_000, 6_000
"""Sizes where the database knows none, after recorded answers of the Hub."""

LIMITS = {"anonymous": (500, 3_000), "free": (1_000, 5_000), "pro": (2_500, 12_000), "team": (3_000, 20_000)}
"""The Hub's published limits by plan: calls of the API and files per 5 minutes (documentation of August 2026)."""
WINDOW_HOURS = 5 / 60

UNSURE = 0.6
"""Below this confidence a rule about a commit only guesses: it saw a word, and no file."""


class Cost(NamedTuple):
    """What fetching a kind would ask for. `hours`: by plan of the Hub, at its limits.

    is_least: some of it is not known before (for instance how many discussions a model has).
    """

    kind: str
    keys: int
    api_calls: int
    file_calls: int
    bytes: int
    hours: dict[str, float]
    is_least: bool


def _live_models(downloads_over: int | None) -> list[ColumnElement[bool]]:
    model = tables.model.c
    conditions = [model.model_hub_id == HUGGINGFACE, model.gone_at.is_(None)]
    return conditions if downloads_over is None else [*conditions, model.downloads > downloads_over]


def _lacks_details() -> ColumnElement[bool]:
    return tables.model.c.storage_bytes.is_(None)


def _lacks_snapshot() -> ColumnElement[bool]:
    model, snapshot, file = tables.model.c, tables.snapshot.c, tables.snapshot_file.c
    with_sizes = exists().where(file.snapshot_id == snapshot.id, file.size_bytes.is_not(None))
    return ~exists().where(snapshot.model_id == model.id, snapshot.revision == model.sha, with_sizes)


def _lacks_commits() -> ColumnElement[bool]:
    model, commit = tables.model.c, tables.hf_commit.c
    newest = select(func.max(commit.created_at)).where(commit.model_id == model.id).scalar_subquery()
    return or_(newest.is_(None), newest < model.last_modified_at)


def _lacks_refs() -> ColumnElement[bool]:
    model, ref = tables.model.c, tables.hf_git_ref.c
    return ~exists().where(ref.model_id == model.id, or_(ref.target_commit == model.sha, model.sha.is_(None)))


def _lacks_discussions() -> ColumnElement[bool]:
    return ~exists().where(tables.discussion.c.model_id == tables.model.c.id)


LACKING: dict[str, Callable[[], ColumnElement[bool]]] = {
    "model": _lacks_details,
    "snapshot": _lacks_snapshot,
    "hub_commit": _lacks_commits,
    "hub_ref": _lacks_refs,
    "discussion": _lacks_discussions,
}
"""Kinds by model -> what a model lacks that is on the worklist."""

KINDS = (*LACKING, "dataset")


def keys(
    url: str, kind: str, downloads_over: int | None = None, limit: int | None = None, everything: bool = False
) -> list[str]:
    """The names to fetch; with `everything` also those that the database has already."""
    engine = connect(url)
    with engine.connect() as connection:
        found = connection.execute(_selected(kind, downloads_over, everything).limit(limit)).scalars().all()
    engine.dispose()
    return list(found)


def _selected(kind: str, downloads_over: int | None, everything: bool) -> Select[Any]:
    if kind == "dataset":
        return _datasets(everything)
    if kind == "commit":
        return _commits(everything)
    model = tables.model.c
    conditions = _live_models(downloads_over) + ([] if everything else [LACKING[kind]()])
    order = (func.coalesce(model.downloads, -1).desc(), model.context_id)
    return select(model.context_id).where(*conditions).order_by(*order)


def _commits(everything: bool) -> Select[Any]:
    """Commits of model families, as owner/name@hash: those on whose change type the rules are unsure come first."""
    commit, rule, llm = sync.sync_commit.c, sync.commit_change_type.alias(), sync.commit_change_type.alias()
    member, family, model = sync.sync_family_member.c, sync.sync_family.c, tables.model.c
    on_hub, on_github = tables.hf_commit.c, github.github_commit.c
    repository = github.reuse_repository.c
    is_member = exists().where(member.model_id == commit.model_id, member.is_excluded.is_(False))
    is_upstream = exists().where(family.reuse_repository_id == commit.reuse_repository_id)
    unsure = [
        rule.c.confidence < UNSURE,
        ~exists().where(llm.c.sync_commit_id == commit.id, llm.c.method == "llm"),
    ]
    name = func.coalesce(
        model.context_id + "@" + on_hub.commit_id, repository.owner + "/" + repository.name + "@" + on_github.oid
    )
    return (
        select(name)
        .select_from(sync.sync_commit)
        .join(rule, sa.and_(rule.c.sync_commit_id == commit.id, rule.c.method == "rule"))
        .outerjoin(tables.hf_commit, on_hub.id == commit.hf_commit_id)
        .outerjoin(tables.model, model.id == commit.model_id)
        .outerjoin(github.github_commit, on_github.id == commit.github_commit_id)
        .outerjoin(github.reuse_repository, repository.id == commit.reuse_repository_id)
        .where(or_(is_member, is_upstream), *([] if everything else unsure))
        .order_by(rule.c.confidence, commit.id)
    )


def _datasets(everything: bool) -> Select[Any]:
    """Datasets that models name and the hub may have, those named most first."""
    dataset, named = tables.dataset.c, tables.model_to_dataset.c
    lacking = [] if everything else [dataset.shard_id.is_(None)]
    counted = select(dataset.name).join_from(tables.dataset, tables.model_to_dataset, named.dataset_id == dataset.id)
    counted = counted.where(dataset.url.is_not(None), dataset.gone_at.is_(None), *lacking).group_by(dataset.name)
    return counted.order_by(func.count().desc(), dataset.name)


def plan(url: str, downloads_over: int | None = None, everything: bool = False) -> list[Cost]:
    """What each collection would cost: first a complete listing, then the worklist of every kind."""
    engine = connect(url)
    with engine.connect() as connection:
        listed = connection.execute(
            select(func.count()).select_from(tables.model).where(*_live_models(None))
        ).scalar_one()
        costs = [_cost("listing", listed, -(-listed // PAGE), 0, listed * LISTED_BYTES, is_least=True)]
        costs += [_kind_cost(connection, kind, downloads_over, everything) for kind in KINDS]
    engine.dispose()
    return costs


def _kind_cost(connection: Connection, kind: str, downloads_over: int | None, everything: bool) -> Cost:
    chosen = _selected(kind, downloads_over, everything).order_by(None).subquery()
    number = connection.execute(select(func.count()).select_from(chosen)).scalar_one()
    if kind in ("model", "dataset", "hub_ref"):
        return _cost(kind, number, number, 0, number * (DETAIL_BYTES if kind == "model" else TREE_BYTES))
    mine = select(tables.model.c.id).join(chosen, chosen.c.context_id == tables.model.c.context_id)
    mine = mine.where(tables.model.c.model_hub_id == HUGGINGFACE)
    if kind == "snapshot":
        return _snapshot_cost(connection, number, mine)
    table = tables.hf_commit if kind == "hub_commit" else tables.discussion
    known = connection.execute(select(func.count()).select_from(table).where(table.c.model_id.in_(mine))).scalar_one()
    more = known // COMMITS_A_PAGE if kind == "hub_commit" else known
    return _cost(kind, number, number + more, 0, (number + more) * PAGE_BYTES, is_least=True)


def _snapshot_cost(connection: Connection, number: int, mine: Select[Any]) -> Cost:
    """Two calls a model (files, tensor headers), and one for each text file of its newest known file list."""
    snapshot, file = tables.snapshot.c, tables.snapshot_file.c
    newest = select(func.max(snapshot.id)).where(snapshot.model_id.in_(mine)).group_by(snapshot.model_id)
    is_text = sa.and_(file.kind.in_(TEXT_KINDS), func.coalesce(file.size_bytes, 0) <= MAX_TEXT_BYTES)
    size = func.coalesce(func.sum(func.coalesce(file.size_bytes, FILE_BYTES)), 0)
    files, known_bytes = connection.execute(
        select(func.count(), size).where(file.snapshot_id.in_(newest), is_text)
    ).one()
    known = connection.execute(select(func.count(sa.distinct(file.snapshot_id))).where(file.snapshot_id.in_(newest)))
    unknown = (number - known.scalar_one()) * UNKNOWN_FILES
    size_bytes = int(known_bytes) + unknown * FILE_BYTES + 2 * number * TREE_BYTES
    return _cost("snapshot", number, 2 * number, files + unknown, size_bytes, is_least=True)


def _cost(kind: str, number: int, api: int, files: int, size: int, is_least: bool = False) -> Cost:
    hours = {
        plan: round(max(api / api_quota, files / file_quota) * WINDOW_HOURS, 2)
        for plan, (api_quota, file_quota) in LIMITS.items()
    }
    return Cost(kind, number, api, files, size, hours, is_least)
