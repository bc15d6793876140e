"""`analyze` replaces the tables of an analysis, whole or not at all."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from adbc_driver_manager.dbapi import Connection
from sqlalchemy import Table

from peatmoss import analyze
from peatmoss.errors import PeatmossError
from peatmoss.schema import metadata
from peatmoss.schema.findings import statistic
from tests.conftest import rows


def test_a_second_run_gives_the_same_rows(database: str) -> None:
    first = analyze.run(database, ["statistics"])
    before = rows(database, "SELECT * FROM statistic ORDER BY subject, name")
    assert analyze.run(database, ["statistics"]) == first == [analyze.Analyzed("statistics", "statistic", len(before))]
    assert rows(database, "SELECT * FROM statistic ORDER BY subject, name") == before


def test_an_unknown_name_is_refused_before_anything_happens(database: str) -> None:
    with pytest.raises(PeatmossError, match=f"no analysis is called 'nix': there are {', '.join(analyze.ANALYSES)}"):
        analyze.run(database, ["statistics", "nix"])
    assert rows(database, "SELECT * FROM statistic") == []


def _analysis(frames: Iterator[tuple[Table, pl.DataFrame]]) -> Any:
    def read(conn: Connection) -> Iterator[tuple[Table, pl.DataFrame]]:  # noqa: ARG001
        yield from frames

    return SimpleNamespace(WRITES=(statistic,), rows=read)


def test_an_analysis_that_fails_leaves_the_old_findings(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    analyze.run(database)
    before = rows(database, "SELECT COUNT(*) FROM statistic")
    monkeypatch.setitem(analyze.ANALYSES, "bad", _analysis(iter([(metadata.tables["model"], pl.DataFrame())])))
    with pytest.raises(ValueError, match="bad yields rows for model, which is not in its WRITES"):
        analyze.run(database, ["bad"])
    assert rows(database, "SELECT COUNT(*) FROM statistic") == before


def test_every_analysis_owns_its_tables_alone() -> None:
    owned = [table.name for analysis in analyze.ANALYSES.values() for table in analysis.WRITES]
    assert len(owned) == len(set(owned))
