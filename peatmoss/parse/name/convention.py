"""The naming convention of a name, from what its pieces stand for.

I    implementation: architecture, size, data, version
AT   application or task
IAT  implementation and application or task
O    neither
"""

from __future__ import annotations

from collections.abc import Sequence

_TASK_OF_DATA = ("vqa", "chartqa", "infovqa", "screen2words", "textcaps")
"""Ends of the names of data sets that say what a model trained on them does."""


def convention_of(pieces: Sequence[tuple[str, str, str]]) -> str:
    """I, AT, IAT or O for pieces of (text, code, element)."""
    implementation = task = data = False
    previous = ""
    for text, code, element in pieces:
        if element == "architecture" or code == "A":
            implementation |= element != "line"
        elif code == "N":
            implementation = True
        elif code == "T":
            task |= element == "task"
        elif code == "D":
            data = True
            task |= text.lower().endswith(_TASK_OF_DATA)
        elif code == "L" and previous == "L" and len(text) < 4:
            task = True
        elif previous == "L" and text.lower() in ("cased", "uncased"):
            task = any(code == "T" and element == "task" for _, code, element in pieces)
        previous = code
    if task:
        return "IAT" if implementation or data else "AT"
    stated = any(element == "line" for _, _, element in pieces) and any(code == "P" for _, code, _ in pieces)
    return "I" if implementation or stated else "O"
