"""World -> archive: the only code that touches a network, a clone or a bulk file. It knows no database."""

from __future__ import annotations

from collections.abc import Callable

from peatmoss.fetch import hub_dump
from peatmoss.fetch.hub_dump import Fetched

FETCHERS: dict[tuple[str, str], Callable[..., list[Fetched]]] = {
    ("model", "hub_dump"): hub_dump.run,
}
"""(kind, origin) -> what fetches it."""
