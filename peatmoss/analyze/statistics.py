"""Supply-chain statistics: how many models, edges and repositories have what, each number with its denominator.

What was never asked for is not the same as what is not there: where the database can tell, it is counted apart, under
a name that ends in `_unknown`.
"""
# ruff: noqa: S608 - the SQL is put together from constants of this file only

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl
from adbc_driver_manager.dbapi import Connection
from sqlalchemy import Table

from peatmoss.schema.findings import statistic

WRITES: tuple[Table, ...] = (statistic,)

POPULAR = 1_000


class _Count(NamedTuple):
    """One statistic: the rows of its subject for which `where` holds."""

    name: str
    where: str
    reason: str


class _Subject(NamedTuple):
    """What is counted: `rows` is a FROM clause with a WHERE clause, and gives the denominator."""

    name: str
    rows: str
    counts: tuple[_Count, ...]


def _linked(table: str) -> str:
    """The model has at least one row in a junction table."""
    return f"EXISTS (SELECT 1 FROM {table} x WHERE x.model_id = m.id)"


def _snapshot_with(table: str, condition: str = "1 = 1") -> str:
    """A snapshot of the model has content of that kind."""
    return (
        f"EXISTS (SELECT 1 FROM snapshot s JOIN {table} x ON x.snapshot_id = s.id"
        f" WHERE s.model_id = m.id AND {condition})"
    )


_LICENSE_SAID = "EXISTS (SELECT 1 FROM model_observation o WHERE o.model_id = m.id AND o.license IS NOT NULL)"
_CARD_FILE = _snapshot_with("snapshot_file", "x.kind = 'card'")
_CARD = f"({_snapshot_with('card')} OR {_CARD_FILE})"
_FILES = f"({_snapshot_with('snapshot_file')} OR {_snapshot_with('card')})"
_PARAMETERS = f"(m.parameter_count IS NOT NULL OR {_snapshot_with('tensor_summary')})"

_MODEL = (
    _Count("has_license", _linked("model_to_license"), "At least one license is declared by tag."),
    _Count(
        "has_license_unknown", f"NOT {_linked('model_to_license')} AND NOT {_LICENSE_SAID}",
        "No listing that names the model says anything about licenses: declared or not, nobody asked.",
    ),
    _Count("has_dataset", _linked("model_to_dataset"), "At least one dataset is named by tag."),
    _Count("has_base_model", _linked("model_to_base_model"), "At least one base model is named, resolved or not."),
    _Count("has_paper", _linked("model_to_paper"), "At least one paper (arXiv or DOI) is named by tag."),
    _Count("has_language", _linked("model_to_language"), "At least one natural language is named by tag."),
    _Count("has_task", _linked("model_to_model_task"), "A task (pipeline tag) is set; else: not set or not asked."),
    _Count("has_library", _linked("model_to_library"), "A library is named by field or tag."),
    _Count("has_architecture", _linked("model_to_architecture"), "The configuration declares a model class."),
    _Count("has_parameter_count", _PARAMETERS, "Tensor headers were read, by the hub or by us; absent: not read."),
    _Count("has_card", _CARD, "A card is in the database, or the file list of a revision names one."),
    _Count("has_card_unknown", f"NOT {_FILES}", "Neither a file list nor a card was collected: it may have one."),
    _Count("is_gated", "m.gated IN ('auto', 'manual')", "Access needs acceptance, at once or by the owner."),
    _Count("gated_unknown", "m.gated IS NULL", "No source says whether access needs acceptance."),
    _Count("is_gone", "m.gone_at IS NOT NULL", "Absent from a complete listing, or the hub says it is gone."),
    _Count("downloads_unknown", "m.downloads IS NULL", "No source gives the downloads."),
    _Count("created_unknown", "m.created_at IS NULL", "No source gives the date of creation."),
    _Count("has_repository", _linked("model_to_reuse_repository"), "At least one scanned repository names the model."),
)  # fmt: skip

_EDGE = (
    _Count("resolved_exact", "e.resolution = 'exact'", "The base model is in the database under the name as written."),
    _Count("resolved_rename", "e.resolution = 'rename'", "Found through the hub's redirect from an old name."),
    _Count("resolved_namespace", "e.resolution = 'namespace'", "The one model of that name where its hub keeps them."),
    _Count("resolved_case", "e.resolution = 'case'", "Exactly one model's name differs in case only: to be checked."),
    _Count("unresolved", "e.base_model_id IS NULL", "No such model here: a local path, another hub, or not collected."),
    _Count("relation_stated", "e.relation <> 'unknown'", "The kind of derivation is stated, not only the base."),
    _Count("relation_finetune", "e.relation = 'finetune'", "Stated to be fine-tuned."),
    _Count("relation_adapter", "e.relation = 'adapter'", "Stated to be an adapter."),
    _Count("relation_merge", "e.relation = 'merge'", "Stated to be a merge."),
    _Count("relation_quantized", "e.relation = 'quantized'", "Stated to be quantized."),
    _Count("relation_unknown", "e.relation = 'unknown'", "Only the base is named."),
    _Count("is_self_reference", "e.base_model_id = e.model_id", "The model names itself as its base."),
    _Count(
        "base_is_gone", "EXISTS (SELECT 1 FROM model b WHERE b.id = e.base_model_id AND b.gone_at IS NOT NULL)",
        "The base model was found, and is gone.",
    ),
)  # fmt: skip

_REPOSITORY = (
    _Count("has_license", "r.license_key <> 'other'", "The host recognises a license."),
    _Count("has_other_license", "r.license_key = 'other'", "The host finds a license file and does not recognise it."),
    _Count(
        "has_license_unknown", "r.license_key IS NULL AND r.github_id IS NULL",
        "Only the name is known: its metadata was never collected.",
    ),
    _Count("is_archived", "r.is_archived", "Read-only."),
    _Count("archived_unknown", "r.is_archived IS NULL", "No source says whether it is read-only."),
    _Count("is_fork", "r.is_fork", "A fork of another repository."),
    _Count("is_gone", "r.gone_at IS NOT NULL", "Seen to be gone or moved."),
    _Count(
        "is_scanned",
        "EXISTS (SELECT 1 FROM repository_scan x WHERE x.reuse_repository_id = r.id AND x.status <> 'failed')",
        "Its code was searched for models at least once.",
    ),
    _Count(
        "is_mapped",
        "EXISTS (SELECT 1 FROM model_to_reuse_repository x WHERE x.reuse_repository_id = r.id)",
        "At least one usage in its code was resolved to a model.",
    ),
)  # fmt: skip

SUBJECTS = (
    _Subject("model", "model m WHERE 1 = 1", _MODEL),
    _Subject(
        "popular_model",
        "model m WHERE m.id IN (SELECT id FROM model WHERE downloads IS NOT NULL"
        f" ORDER BY downloads DESC, id LIMIT {POPULAR})",
        _MODEL,
    ),
    _Subject("edge", "model_to_base_model e WHERE 1 = 1", _EDGE),
    _Subject("repository", "reuse_repository r WHERE 1 = 1", _REPOSITORY),
)


def rows(conn: Connection) -> Iterator[tuple[Table, pl.DataFrame]]:
    """All statistics, subject by subject."""
    for subject in SUBJECTS:
        total = _count(conn, f"SELECT COUNT(*) AS n FROM {subject.rows}")
        found = [_count(conn, f"SELECT COUNT(*) AS n FROM {subject.rows} AND {c.where}") for c in subject.counts]
        yield (
            statistic,
            pl.DataFrame(
                {
                    "subject": [subject.name] * len(found),
                    "name": [c.name for c in subject.counts],
                    "count": found,
                    "denominator": [total] * len(found),
                    "reason": [c.reason for c in subject.counts],
                },
                schema_overrides={"count": pl.Int64, "denominator": pl.Int64},
            ),
        )


def _count(conn: Connection, sql: str) -> int:
    with conn.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetch_polars()["n"][0])
