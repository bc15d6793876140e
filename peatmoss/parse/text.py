"""Text from outside, made safe to store and to show."""

from __future__ import annotations

import re

CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
"""Control characters except tab and line ends: terminals obey them, PostgreSQL cannot store the first."""

_CONTROL = re.compile(CONTROL)


def clean(text: str) -> str:
    """Replace control characters by U+FFFD."""
    return _CONTROL.sub("\ufffd", text)


MARK = "[e-mail]"
_EMAIL = re.compile(r"(?<![\w.+%-])(?!git@)[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}\b")


def prose(text: str) -> str | None:
    """What people wrote, without control characters and e-mail addresses (`git@host` is an address of code)."""
    plain = clean(text.replace("\r\n", "\n"))
    return (_EMAIL.sub(MARK, plain) if "@" in plain else plain).strip() or None
