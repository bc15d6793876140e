"""The stories of the demonstration: `corpus/stories.csv`, a question with a query each, shown as canned queries."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parents[1] / "corpus" / "stories.csv"


class Story(NamedTuple):
    """A story of the corpus, and how many rows tell it in this release."""

    name: str
    title: str
    question: str
    sql: str
    kind: str
    source: str
    row_count: int


def stories(connection: sqlite3.Connection, file: Path = FILE) -> list[Story]:
    """All stories, in their order. Without rows are those whose data is not in this release."""
    found = []
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            count = connection.execute(f"SELECT COUNT(*) FROM ({row['sql']})").fetchone()[0]  # noqa: S608 - our own file
            name = f"story-{row['slug']}"
            found.append(Story(name, row["title"], row["question"], row["sql"], row["kind"], row["source"], count))
    return found
