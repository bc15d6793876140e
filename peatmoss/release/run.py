"""The stage: database -> release folder."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any, NamedTuple

from peatmoss import migrate
from peatmoss.db import connection_errors, parse_url
from peatmoss.release import check, database
from peatmoss.release.database import Progress
from peatmoss.release.dictionary import dictionary
from peatmoss.release.manifest import dumped, manifest
from peatmoss.release.place import building
from peatmoss.release.source import opened

DATABASE, MANIFEST, DICTIONARY = "peatmoss.db", "MANIFEST.json", "DICTIONARY.md"


class Summary(NamedTuple):
    """What was released: the folder, its manifest, the size of its files by name."""

    dist: Path
    manifest: dict[str, Any]
    files: dict[str, int]


def run(url: str, dist: Path, *, progress: Progress = lambda *_: None) -> Summary:
    """Release the database `url` into the folder `dist`: everything, or nothing and the old release stays.

    progress: told (step, done, in all).
    Raises PeatmossError if the database is not at head or half loaded, CheckFailed if a check finds something,
    SourceError if the database cannot be read or the folder cannot be written.
    """
    head = migrate.head()
    with opened(url, head) as source, connection_errors(parse_url(url)):
        progress("checks", 0, 1)
        results = check.run(source)
        with building(dist) as part:
            counts = database.build(source, part / DATABASE, head, progress)
            withheld = (source.number("SELECT COUNT(*) FROM card") or 0) - counts["card"]
            with contextlib.closing(sqlite3.connect(f"file:{part / DATABASE}?mode=ro", uri=True)) as connection:
                facts = manifest(connection, counts, withheld, results, head)
            (part / MANIFEST).write_text(dumped(facts), encoding="utf-8")
            (part / DICTIONARY).write_text(dictionary(facts, results), encoding="utf-8")
            progress("done", 1, 1)
    names = (DATABASE, DICTIONARY, MANIFEST, "SHA256SUMS")
    return Summary(dist, facts, {name: (dist / name).stat().st_size for name in names})
