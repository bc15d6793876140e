"""Text from outside, made safe to store and to show."""

from __future__ import annotations

import re

CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
"""Control characters except tab and line ends: terminals obey them, PostgreSQL cannot store the first."""

_CONTROL = re.compile(CONTROL)


def clean(text: str) -> str:
    """Replace control characters by U+FFFD."""
    return _CONTROL.sub("\ufffd", text)
