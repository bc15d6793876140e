"""What `peatmoss release` prints: at most 20 lines."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Any

from peatmoss.release.check import printable
from peatmoss.release.run import DATABASE, Summary

QUESTIONS = (
    "SELECT name, count, denominator FROM overview",
    "SELECT * FROM model_reuse ORDER BY derived_count + repository_count DESC, model LIMIT 5",
)
"""Two queries to start with; they need no quoting inside a shell's double quotes."""


def lines(summary: Summary) -> list[str]:
    """The summary, safe to print whatever the data holds."""
    facts = summary.manifest
    found = {row["name"]: row for row in facts["overview"]}
    hubs = ", ".join(f"{hub['models']:,} {printable(hub['name'], 30)}" for hub in facts["hubs"])
    dates = facts["as_of"]
    warned = [r for r in facts["checks"] if r["found"]]
    checks = f"{len(facts['checks']) - len(warned)} of {len(facts['checks'])} found nothing"
    warnings = "; ".join(f"{r['name']}: {r['found']:,}" for r in warned)
    where = shlex.quote(str(summary.dist))
    make = "" if str(summary.dist) == "dist" else f" DIST={where}"
    return [
        f"Released data as of {dates['oldest'][:10]} to {dates['newest'][:10]}. {facts['representative_reason']}",
        f"  models        {found['models']['count']:,} ({hubs or 'none'}); {_of(found['gone models'])} gone",
        f"  edges         {_of(found['derivation edges resolved'])} to base models resolved; "
        f"{found['training data edges']['count']:,} to datasets",
        f"  snapshots     {_of(found['models with a snapshot'])} models have one; "
        f"{found['cards']['count']:,} card excerpts, {facts['withheld_cards']:,} cards withheld (gated or gone)",
        f"  repositories  {found['repositories']['count']:,}; {_of(found['scanned repositories'])} scanned",
        f"  links         {found['links']['count']:,} model-repository pairs; {_of(found['reused models'])} models; "
        f"{_of(found['usages resolved'])} usages resolved",
        f"  records       {_of(found['records rejected'])} rejected",
        *(f"                {_reject(row)}" for row in facts["rejects"][:3]),
        f"  checks        {checks}" + (f"; to look at: {warnings}" if warned else ""),
        f"Files in {printable(summary.dist, 300)}: "
        + ", ".join(f"{name} ({_size(size)})" for name, size in summary.files.items()),
        f"Browse them:  make serve{make}   (or: peatmoss serve --dist {where})",
        "Ask them:",
        *(f'  {_tool()} {shlex.quote(str(summary.dist / DATABASE))} "{question}" -t' for question in QUESTIONS),
        *(["Found in it:"] if facts["findings"] else []),
        *(f"  {printable(finding, 400)}" for finding in facts["findings"]),
    ]


def plain(summary: Summary) -> dict[str, Any]:
    """The summary as one JSON object."""
    facts = summary.manifest
    keys = ("peatmoss_version", "schema_revision", "as_of", "representative", "representative_reason", "overview")
    return {
        "dist": str(summary.dist),
        **{key: facts[key] for key in keys},
        "withheld_cards": facts["withheld_cards"],
        "tables": facts["tables"],
        "rejects": facts["rejects"],
        "checks": facts["checks"],
        "license_reflection": facts["license_reflection"],
        "findings": facts["findings"],
        "files": summary.files,
    }


def _of(row: dict[str, Any]) -> str:
    return f"{row['count']:,} of {row['denominator']:,}"


def _reject(row: dict[str, Any]) -> str:
    count, what = (row["records"], "record") if row["records"] else (row["fields"], "field")
    return f"{count:,} {what}{'' if count == 1 else 's'}: {printable(row['reason'], 90)}"


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 100_000 else f"{count / 1e3:,.1f} kB"


def _tool() -> str:
    """How to run sqlite-utils here: the script beside this Python if there is one, else the module."""
    script = Path(sys.executable).parent / "sqlite-utils"
    if not script.is_file():
        return f"{shlex.quote(sys.executable)} -m sqlite_utils"
    near = os.path.relpath(script)
    return shlex.quote(near if not near.startswith("..") else str(script))
