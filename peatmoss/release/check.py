"""Release checks: `checks/*.sql`, each a query for rows that should not be there.

The first comment line says what is checked, the second one how serious it is (`severity: fail` or `severity: warn`).
"""

# ruff: noqa: S608 - names in these statements are those of the schema, never data

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from peatmoss.errors import CheckFailed
from peatmoss.release.source import Source

FOLDER = Path(__file__).parent / "checks"


class Check(NamedTuple):
    """One check: its name is that of its file."""

    name: str
    meaning: str
    severity: str
    sql: str


class Result(NamedTuple):
    """What a check found: `found` rows that should not be there."""

    name: str
    meaning: str
    severity: str
    found: int


def checks() -> list[Check]:
    """All checks, by name."""
    found = []
    for path in sorted(FOLDER.glob("*.sql")):
        meaning, severity, sql = path.read_text(encoding="utf-8").split("\n", 2)
        word = severity.removeprefix("-- severity: ")
        if not meaning.startswith("-- ") or word not in ("fail", "warn"):
            raise ValueError(f"{path.name}: line 1 must be `-- <meaning>`, line 2 `-- severity: fail` or `warn`")
        found.append(Check(path.stem, meaning.removeprefix("-- "), word, sql.strip().rstrip(";")))
    return found


def run(source: Source) -> list[Result]:
    """Run all checks. Raises CheckFailed if one of severity fail finds rows."""
    results, failures = [], []
    for check in checks():
        count = source.number(f"SELECT COUNT(*) FROM ({check.sql}) AS offending") or 0
        results.append(Result(check.name, check.meaning, check.severity, count))
        if count and check.severity == "fail":
            examples = source.query(f"SELECT * FROM ({check.sql}) AS offending LIMIT 3").rows(named=True)
            found = f"{count:,} {'row' if count == 1 else 'rows'}"
            failures.append(f"{check.name} ({found}; {check.meaning}): {'; '.join(map(_example, examples))}")
    if failures:
        raise CheckFailed("no release: check " + " | ".join(failures))
    return results


def _example(row: dict[str, object]) -> str:
    return ", ".join(f"{name}={printable(value)}" for name, value in row.items())


def printable(value: object, width: int = 80) -> str:
    """A value from the data, safe to print: control characters escaped, cut to `width`."""
    text = str(value)
    text = text if len(text) <= width else text[: width - 1] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
