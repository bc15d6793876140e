"""Findings of a release: `findings/*.sql`, each a query for at most one sentence, in the column `finding`.

They are asked in the order of their names; the first comment line says what each looks for. Where there is no such
row, nothing is said.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

FOLDER = Path(__file__).parent / "findings"
WANTED = 3


def findings(connection: sqlite3.Connection) -> list[str]:
    """The first sentences that the queries find in a release."""
    found: list[str] = []
    for path in sorted(FOLDER.glob("*.sql")):
        if len(found) < WANTED:
            rows = connection.execute(path.read_text(encoding="utf-8")).fetchall()
            found += [str(sentence) for (sentence,) in rows[:1] if sentence]
    return found
