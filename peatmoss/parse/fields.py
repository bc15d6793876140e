"""Typed fields of upstream JSON: what cannot be used is noted, and the rest of the record counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from peatmoss.parse.text import prose

Problem = tuple[str, str]
"""(field, reason) of an entry that could not be used, or of the part of one."""

LOGIN = re.compile(r"[\w.-]{1,100}(?:\[bot\])?")


class Problems(NamedTuple):
    """Where an entry stands, and the list that its faults go to."""

    entry: str
    found: list[Problem]

    def take(self, field: str, value: Any, parse: Callable[[Any], Any]) -> Any:
        """The parsed value; None if there is none or it cannot be used, which is noted."""
        if value is None:
            return None
        try:
            return parse(value)
        except (TypeError, ValueError, AttributeError, OverflowError) as error:
            self.found.append((".".join(filter(None, (self.entry, field))), str(error) or type(error).__name__))
            return None


def an_object(value: Any) -> Mapping[str, Any]:
    """The value, if it is an object. Raises TypeError."""
    if not isinstance(value, dict):
        raise TypeError(f"{type(value).__name__} instead of an object")
    return value


def a_list(value: Any) -> list[Any]:
    """The value, if it is a list. Raises TypeError."""
    if not isinstance(value, list):
        raise TypeError(f"{type(value).__name__} instead of a list")
    return value


def a_count(value: Any) -> int | None:
    """The value, if it is a number of things or nothing. Raises TypeError."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53):
        raise TypeError(f"{str(value)[:40]!r} instead of a count")
    return value


def a_moment(value: Any) -> datetime:
    """An ISO date -> UTC in whole seconds. Raises TypeError or ValueError."""
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of a date")
    parsed = datetime.fromisoformat(value)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def a_text(value: Any) -> str | None:
    """What people wrote, see `prose`. Raises TypeError."""
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of a text")
    return prose(value)


def a_flag(value: Any) -> bool:
    """The value, if it is true or false. Raises TypeError."""
    if not isinstance(value, bool):
        raise TypeError(f"{str(value)[:40]!r} instead of true or false")
    return value


def a_login(value: Any) -> str | None:
    """The account name in an object of an account. Raises TypeError or ValueError."""
    login = an_object(value).get("login")
    if login is not None and (not isinstance(login, str) or not LOGIN.fullmatch(login)):
        raise ValueError("no account name")
    return login
