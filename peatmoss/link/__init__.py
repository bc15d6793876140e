"""Literal model names -> models; repositories -> the models they use; models -> the repositories they come from.

    names as written --exact------> a model of that name
                     --rename-----> the model that the name moved to, along the chain of redirects
                     --namespace--> the one model that has this name under the account where the hub keeps its models
                                    (torchvision's resnet50 -> pytorch/vision/resnet50; timm/x -> the only timm/x.tag)
                     --case-------> the one model whose name differs in case only (flagged: check it)

Computed again at any time. A model that is alive under the very name wins over a redirect: names are given away again,
and models move back.
All of it is set-based, in one transaction, and writes differences only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from peatmoss.db import Ingest, ingest
from peatmoss.link import upstream

MAX_MOVES = 16
"""How many redirects are followed. Chains of three exist; circles too, and end here."""

HUBS = {
    "hf": "HuggingFace", "spacy": "HuggingFace", "timm": "HuggingFace", "torch.hub": "PyTorch",
    "torchvision": "PyTorch", "torchaudio": "PyTorch", "torchtext": "PyTorch",
}  # fmt: skip
"""The hub of a usage, as the detector names it -> `model_hub.name`. Names of other hubs are not looked up."""

PYTORCH = ("pytorch/vision", "pytorch/audio", "pytorch/text")
"""Where PyTorch Hub keeps the models of torchvision, torchaudio and torchtext."""

DEFAULT_HUB = "HuggingFace"
"""Where names are looked up that come without a hub, as in issues."""

_OUTCOMES = ("exact", "rename", "namespace", "case", "unresolved", "unnamed")


class Linked(NamedTuple):
    """What became of the names in one table. `unnamed`: rows without a name, which nothing can be looked up for."""

    table: str
    rows: int
    exact: int
    rename: int
    namespace: int
    case: int
    unresolved: int
    unnamed: int
    changed: int


class LinkSummary(NamedTuple):
    """What linking did: names by table and rule, and the derived tables with their rows and changes."""

    names: list[Linked]
    derived: list[tuple[str, int, int]]


class _Source(NamedTuple):
    """A table with names: how to read key, hub and name from it, and which columns the answer goes to."""

    table: str
    key: tuple[str, ...]
    model: str
    select: str


def _sources() -> list[_Source]:
    hubs = " ".join(f"WHEN '{short}' THEN '{name}'" for short, name in HUBS.items())
    default = f"(SELECT id FROM model_hub WHERE name = '{DEFAULT_HUB}')"
    return [
        _Source(
            "model_to_base_model", ("model_id", "base_model_name", "relation"), "base_model_id",
            "SELECT t.model_id AS k0, t.base_model_name AS k1, t.relation AS k2, t.base_model_id AS old_id,"
            " t.resolution AS old_rule, m.model_hub_id AS hub_id, t.base_model_name AS name"
            " FROM model_to_base_model t JOIN model m ON m.id = t.model_id",
        ),
        _Source(
            "usage", ("id",), "model_id",
            "SELECT t.id AS k0, t.model_id AS old_id, t.resolution AS old_rule, h.id AS hub_id, t.resolved_name AS name"
            f" FROM usage t LEFT JOIN model_hub h ON h.name = CASE t.hub {hubs} END",
        ),
        _Source(
            "usage_event", ("id",), "model_id",
            "SELECT t.id AS k0, t.model_id AS old_id, t.resolution AS old_rule, h.id AS hub_id, t.name AS name"
            f" FROM usage_event t LEFT JOIN model_hub h ON h.name = CASE COALESCE(t.hub, 'hf') {hubs} END",
        ),
        _Source(
            "model_mention", ("id",), "model_id",
            f"SELECT t.id AS k0, t.model_id AS old_id, t.resolution AS old_rule, {default} AS hub_id, t.name AS name"
            " FROM model_mention t",
        ),
    ]  # fmt: skip


def run(url: str, progress: Callable[[str, int, int], None] = lambda *_: None) -> LinkSummary:
    """Look up every name and derive what follows. `progress` is told (step, steps done, steps in all)."""
    sources = _sources()
    steps = [
        "names",
        *(source.table for source in sources),
        "has_snapshot",
        "model_to_reuse_repository",
        "reuse_file",
        "upstream_link",
    ]
    with ingest(url, "link") as sink:
        progress(steps[0], 0, len(steps))
        _look_up(sink, sources)
        names = []
        for number, source in enumerate(sources, start=1):
            progress(source.table, number, len(steps))
            names.append(_write(sink, source))
        derived = []
        for number, derive in enumerate((_has_snapshot, _model_to_reuse_repository, _reuse_file), start=len(names) + 1):
            progress(steps[number], number, len(steps))
            derived.append(derive(sink))
        progress(steps[-1], len(steps) - 1, len(steps))
        derived += upstream.derive(sink)
        sink.commit()
        progress("done", len(steps), len(steps))
    return LinkSummary(names, derived)


# --- looking names up ----------------------------------------------------------------------------------------------


def _temporary(sink: Ingest, name: str, select: str, *index: str) -> None:
    """A temporary table from a query, with an index and with what PostgreSQL's planner wants to know of it."""
    sink.execute(f"DROP TABLE IF EXISTS {name}")
    sink.execute(f"CREATE TEMPORARY TABLE {name} AS {select}")
    if index:
        sink.execute(f"CREATE INDEX ix_{name} ON {name} ({', '.join(index)})")
    if sink.dialect == "postgresql":
        sink.execute(f"ANALYZE {name}")


def _count(sink: Ingest, select: str) -> int:
    return int(sink.query(select)["n"][0] or 0)


def _lower(sink: Ingest, column: str) -> str:
    """Lower case of ASCII letters only: the same in both databases, whatever the locale."""
    return f'lower({column} COLLATE "C")' if sink.dialect == "postgresql" else f"lower({column})"


def _look_up(sink: Ingest, sources: list[_Source]) -> None:
    """Fill link_found (hub_id, name, model_id, rule) for every name that anyone wrote and that has a model."""
    every = " UNION ".join(f"SELECT hub_id, name FROM ({source.select}) s_{source.table}" for source in sources)
    _temporary(
        sink, "link_name",
        f"SELECT hub_id, name FROM ({every}) every WHERE hub_id IS NOT NULL AND name IS NOT NULL", "hub_id", "name",
    )  # fmt: skip
    _by_name(sink, "link_name", "link_found")
    for rule, spellings in (("namespace", _in_namespaces), ("case", _in_any_case)):
        _temporary(
            sink, "link_missing",
            f"SELECT n.hub_id, n.name, {_lower(sink, 'n.name')} AS lowered FROM link_name n WHERE NOT EXISTS"
            " (SELECT 1 FROM link_found f WHERE f.hub_id = n.hub_id AND f.name = n.name)", "lowered", "hub_id",
        )  # fmt: skip
        if not _count(sink, "SELECT COUNT(*) AS n FROM link_missing"):
            return
        _temporary(sink, "link_spelling", spellings(sink))
        _temporary(sink, "link_spelled", "SELECT DISTINCT hub_id, name FROM link_spelling", "hub_id", "name")
        _by_name(sink, "link_spelled", "link_spelled_found")
        sink.execute(
            f"INSERT INTO link_found SELECT s.hub_id, s.wanted, MIN(f.model_id), '{rule}' FROM link_spelling s"
            " JOIN link_spelled_found f ON f.hub_id = s.hub_id AND f.name = s.name"
            " GROUP BY s.hub_id, s.wanted HAVING COUNT(DISTINCT f.model_id) = 1"
        )


def _in_namespaces(sink: Ingest) -> str:
    """(hub_id, wanted, name): what a missing name is called in full.

    torchvision, torchaudio and torchtext name their models without an account. timm takes a name without its tag;
    which tag that is, its version decides, so it is a model only where there is no other tag.
    """
    before_dot = (
        "split_part(m.context_id, '.', 1)"
        if sink.dialect == "postgresql"
        else "substr(m.context_id, 1, instr(m.context_id, '.') - 1)"
    )
    accounts = " UNION ALL ".join(f"SELECT '{account}' AS account" for account in PYTORCH)
    return (
        "SELECT x.hub_id, x.name AS wanted, a.account || '/' || x.name AS name FROM link_missing x"
        f" JOIN model_hub h ON h.id = x.hub_id AND h.name = 'PyTorch' CROSS JOIN ({accounts}) a"
        " WHERE x.name NOT LIKE '%/%'"
        " UNION SELECT x.hub_id, x.name, m.context_id FROM model m CROSS JOIN link_missing x"
        f" WHERE m.context_id LIKE 'timm/%.%' AND x.name = {before_dot} AND x.hub_id = m.model_hub_id"
    )


def _in_any_case(sink: Ingest) -> str:
    """(hub_id, wanted, name): names that differ from a missing one in case only."""
    # CROSS JOIN: SQLite reads the models once and looks each up among the missing names, never the other way round.
    return (
        "SELECT x.hub_id, x.name AS wanted, m.context_id AS name FROM model m CROSS JOIN link_missing x"
        f" WHERE x.lowered = {_lower(sink, 'm.context_id')} AND x.hub_id = m.model_hub_id"
        " UNION SELECT x.hub_id, x.name, r.old_name FROM model_rename r CROSS JOIN link_missing x"
        f" WHERE x.lowered = {_lower(sink, 'r.old_name')} AND x.hub_id = r.model_hub_id"
    )


def _by_name(sink: Ingest, names: str, target: str) -> None:
    """Names (hub_id, name) -> target (hub_id, name, model_id, rule), by the rules exact and rename.

    From a name that has no living model the redirects are followed up to the first living one. If there is none, the
    last row on the way counts: a model that is gone is still the model that was meant.
    """
    _temporary(
        sink, "link_walk",
        "WITH RECURSIVE walk (hub_id, start, name, step) AS ("
        f" SELECT n.hub_id, n.name, n.name, 0 FROM {names} n"
        " JOIN model_rename r ON r.model_hub_id = n.hub_id AND r.old_name = n.name"
        " UNION ALL SELECT w.hub_id, w.start, r.new_name, w.step + 1 FROM walk w"
        " JOIN model_rename r ON r.model_hub_id = w.hub_id AND r.old_name = w.name"
        " LEFT JOIN model m ON m.model_hub_id = w.hub_id AND m.context_id = w.name AND m.gone_at IS NULL"
        f" WHERE w.step < {MAX_MOVES} AND m.id IS NULL"
        ") SELECT w.hub_id, w.start, m.id AS model_id, m.gone_at, MIN(w.step) AS step FROM walk w"
        " JOIN model m ON m.model_hub_id = w.hub_id AND m.context_id = w.name"
        " GROUP BY w.hub_id, w.start, m.id, m.gone_at",
    )  # fmt: skip
    _temporary(
        sink, "link_moved",
        "SELECT hub_id, start, model_id, step FROM (SELECT w.*, ROW_NUMBER() OVER (PARTITION BY hub_id, start"
        " ORDER BY CASE WHEN gone_at IS NULL THEN 0 ELSE 1 END, step DESC) AS place FROM link_walk w) ranked"
        " WHERE place = 1", "hub_id", "start",
    )  # fmt: skip
    _temporary(
        sink, target,
        "SELECT n.hub_id, n.name, COALESCE(w.model_id, m.id) AS model_id,"
        " CASE WHEN w.step > 0 THEN 'rename' ELSE 'exact' END AS rule"
        f" FROM {names} n LEFT JOIN link_moved w ON w.hub_id = n.hub_id AND w.start = n.name"
        " LEFT JOIN model m ON m.model_hub_id = n.hub_id AND m.context_id = n.name"
        " WHERE COALESCE(w.model_id, m.id) IS NOT NULL", "hub_id", "name",
    )  # fmt: skip


def _write(sink: Ingest, source: _Source) -> Linked:
    """Bring one table to what was found; a name that is found no more is cleared."""
    old = "s.old_id IS DISTINCT FROM f.model_id OR s.old_rule IS DISTINCT FROM f.rule"
    found = f"FROM ({source.select}) s LEFT JOIN link_found f ON f.hub_id = s.hub_id AND f.name = s.name"
    keys = ", ".join(f"s.k{n}" for n in range(len(source.key)))
    _temporary(sink, "link_change", f"SELECT {keys}, f.model_id, f.rule {found} WHERE {old}")
    match = " AND ".join(f"{source.table}.{column} = c.k{n}" for n, column in enumerate(source.key))
    sink.execute(
        f"UPDATE {source.table} SET {source.model} = c.model_id, resolution = c.rule FROM link_change c WHERE {match}"
    )
    by_rule = sink.query(
        "SELECT COALESCE(f.rule, CASE WHEN s.name IS NULL THEN 'unnamed' ELSE 'unresolved' END) AS rule,"
        f" COUNT(*) AS n {found} GROUP BY 1"
    )
    counts = dict(zip(by_rule["rule"].to_list(), by_rule["n"].to_list(), strict=True))
    by_outcome = {rule: int(counts.get(rule, 0)) for rule in _OUTCOMES}
    changed = _count(sink, "SELECT COUNT(*) AS n FROM link_change")
    return Linked(source.table, sum(counts.values()), **by_outcome, changed=changed)


# --- what follows from it ------------------------------------------------------------------------------------------


def _has_snapshot(sink: Ingest) -> tuple[str, int, int]:
    """model.has_snapshot: content of at least one revision is here (a card, a configuration or tensor headers)."""
    content = " UNION ".join(f"SELECT snapshot_id FROM {t}" for t in ("card", "config_file", "tensor_summary"))
    _temporary(
        sink, "link_snapshot",
        f"SELECT DISTINCT s.model_id FROM snapshot s JOIN ({content}) c ON c.snapshot_id = s.id", "model_id",
    )  # fmt: skip
    here = "EXISTS (SELECT 1 FROM link_snapshot s WHERE s.model_id = m.id)"
    _temporary(sink, "link_change", f"SELECT m.id, {here} AS here FROM model m WHERE m.has_snapshot <> {here}")
    sink.execute("UPDATE model SET has_snapshot = NOT has_snapshot FROM link_change c WHERE c.id = model.id")
    return (
        "model.has_snapshot",
        _count(sink, "SELECT COUNT(*) AS n FROM link_snapshot"),
        _count(sink, "SELECT COUNT(*) AS n FROM link_change"),
    )


def _model_to_reuse_repository(sink: Ingest) -> tuple[str, int, int]:
    """Which repository uses which model. Counts are those of the last scan that saw the model there."""
    table, columns = "model_to_reuse_repository", "usage_count, mention_count, first_seen_at, last_seen_at"
    _temporary(
        sink, "link_reuse",
        f"SELECT model_id, reuse_repository_id, {columns} FROM ("
        " SELECT u.model_id, s.reuse_repository_id, SUM(CASE WHEN u.is_used THEN 1 ELSE 0 END) AS usage_count,"
        " SUM(CASE WHEN u.is_used THEN 0 ELSE 1 END) AS mention_count,"
        " MIN(s.scanned_at) OVER pair AS first_seen_at, MAX(s.scanned_at) OVER pair AS last_seen_at,"
        " ROW_NUMBER() OVER (PARTITION BY u.model_id, s.reuse_repository_id ORDER BY s.scanned_at DESC, s.id DESC)"
        " AS place FROM usage u JOIN repository_scan s ON s.id = u.repository_scan_id WHERE u.model_id IS NOT NULL"
        " GROUP BY u.model_id, s.reuse_repository_id, s.id, s.scanned_at"
        " WINDOW pair AS (PARTITION BY u.model_id, s.reuse_repository_id)) scans WHERE place = 1",
        "model_id", "reuse_repository_id",
    )  # fmt: skip
    pair = "n.model_id = t.model_id AND n.reuse_repository_id = t.reuse_repository_id"
    differs = " OR ".join(f"n.{c} IS DISTINCT FROM t.{c}" for c in columns.split(", "))
    _temporary(
        sink, "link_stale",
        f"SELECT t.model_id, t.reuse_repository_id FROM {table} t LEFT JOIN link_reuse n ON {pair}"
        f" WHERE n.model_id IS NULL OR {differs}", "model_id", "reuse_repository_id",
    )  # fmt: skip
    sink.execute(
        f"DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM link_stale n WHERE n.model_id = {table}.model_id"
        f" AND n.reuse_repository_id = {table}.reuse_repository_id)"
    )
    missing = f"FROM link_reuse n WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE {pair})"
    stale = _count(sink, "SELECT COUNT(*) AS n FROM link_stale")
    fresh = _count(sink, f"SELECT COUNT(*) AS n {missing}")
    sink.execute(
        f"INSERT INTO {table} (model_id, reuse_repository_id, {columns})"
        f" SELECT n.model_id, n.reuse_repository_id, {columns} {missing} ORDER BY n.model_id, n.reuse_repository_id"
    )
    return table, _count(sink, "SELECT COUNT(*) AS n FROM link_reuse"), max(stale, fresh)


def _reuse_file(sink: Ingest) -> tuple[str, int, int]:
    """Files that name a model. Ids follow the order of the rows, so the table is written anew if one row differs."""
    columns = "path, model_id, reuse_repository_id"
    _temporary(
        sink, "link_file",
        "SELECT DISTINCT u.path, u.model_id, s.reuse_repository_id FROM usage u"
        " JOIN repository_scan s ON s.id = u.repository_scan_id WHERE u.model_id IS NOT NULL",
    )  # fmt: skip
    here, there = f"SELECT {columns} FROM link_file", f"SELECT {columns} FROM reuse_file"
    changed = _count(sink, f"SELECT COUNT(*) AS n FROM ({here} EXCEPT {there}) a")
    changed += _count(sink, f"SELECT COUNT(*) AS n FROM ({there} EXCEPT {here}) b")
    if changed:
        byte_order = 'path COLLATE "C"' if sink.dialect == "postgresql" else "path"
        sink.execute("DELETE FROM reuse_file")
        sink.execute(
            f"INSERT INTO reuse_file (id, {columns}) SELECT ROW_NUMBER() OVER"
            f" (ORDER BY reuse_repository_id, {byte_order}, model_id), {columns} FROM link_file"
        )
    return "reuse_file", _count(sink, "SELECT COUNT(*) AS n FROM link_file"), changed
