"""Who asks: the table `[use]` of peatmoss.toml. Thresholds and limits of use depend on the user."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from peatmoss.errors import PeatmossError

DISTRIBUTES = ("no", "weights", "service")
_UNITS = {"K": 1e3, "M": 1e6, "B": 1e9}


class Use(NamedTuple):
    """What a user states about himself; None: not stated."""

    commercial: bool | None = None
    distributes: str | None = None
    monthly_users: int | None = None
    revenue_usd: float | None = None
    regions: tuple[str, ...] | None = None


UNSTATED = Use()


def use_of(stated: Mapping[str, Any]) -> Use:
    """The table as values. Raises PeatmossError with the mend."""
    unknown = sorted(set(stated) - set(Use._fields))
    if unknown:
        raise PeatmossError(f"[use] has no key {unknown[0]!r}: there are {', '.join(Use._fields)}")
    kinds: dict[str, type | tuple[type, ...]] = {
        "commercial": bool, "distributes": str, "monthly_users": int, "revenue_usd": (int, float), "regions": list,
    }  # fmt: skip
    for name, value in stated.items():
        if not isinstance(value, kinds[name]) or (name in ("monthly_users", "revenue_usd") and isinstance(value, bool)):
            raise PeatmossError(f"[use] {name} cannot be {value!r}")
    if stated.get("distributes", "no") not in DISTRIBUTES:
        raise PeatmossError(f"[use] distributes is one of {', '.join(DISTRIBUTES)}")
    regions = tuple(str(region).upper() for region in stated["regions"]) if "regions" in stated else None
    return Use(**{**stated, "regions": regions})


def decides(code: str, value: str, weight: str | None, condition: str, use: Use) -> tuple[str | None, str]:
    """Weight and condition of a limit of use, for this user: None if it does not concern him."""
    if weight is None:
        return weight, condition
    if code == "L1" and use.commercial is False:
        return None, ""
    if code == "L6":
        return _threshold(value, use.monthly_users, "monthly users")
    if code == "L7":
        return _threshold(value, use.revenue_usd, "revenue in US$")
    if code == "L8" and value.startswith("EU"):
        if use.regions is None:
            return "soft", "depends on regions (EU)"
        return ("hard", "") if "EU" in use.regions else (None, "")
    if code == "L8":
        if use.distributes is None:
            return "soft", "depends on whether it is offered as a service"
        return ("hard", "") if use.distributes == "service" else (None, "")
    return weight, condition


def _threshold(value: str, stated: float | None, what: str) -> tuple[str | None, str]:
    found = re.match(r"(\d+)([KMB])", value)
    if found is None:
        return "soft", f"depends on {what} (the threshold is {value or 'not known'})"
    limit = int(found[1]) * _UNITS[found[2]]
    if stated is None:
        return "soft", f"depends on {what} (> {found[1]} {found[2]})"
    return ("hard", "") if stated > limit else (None, "")
