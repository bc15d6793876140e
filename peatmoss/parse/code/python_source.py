"""Python as it comes: files of older versions, broken files, notebooks -> text that parses, line by line the same."""

from __future__ import annotations

import json
import re
from typing import Any

from peatmoss.parse.code.python_facts import facts
from peatmoss.parse.code.python_scopes import Facts

MAX_PIECES = 3000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff]")
_PRINT = re.compile(r"^([ \t]*)print[ \t]+(?![=(\[.])(>>\s*\w+(?:\.\w+)*\s*,?)?(.*)$", re.MULTILINE)
_EXCEPT = re.compile(r"^([ \t]*except[ \t]+[\w.()\t ,]+?)[ \t]*,[ \t]*(\w+)[ \t]*:", re.MULTILINE)
_MAGIC = re.compile(r"^[ \t]*(?:[%!?].*|[\w.]+\?+)$", re.MULTILINE)
_SHELL_ASSIGN = re.compile(r"^([ \t]*\w+[ \t]*=[ \t]*)[!%].*$", re.MULTILINE)


def read(text: str) -> Facts | None:
    """The facts of a file, of as much of it as can be parsed; lines stay where they are."""
    found = facts(text)
    if found is not None:
        return found
    text = _CONTROL.sub(" ", text)
    if "\t" in text:
        text = text.expandtabs(8)
    older = _EXCEPT.sub(r"\1 as \2:", _PRINT.sub(r"\1print(\3)", text))
    return facts(older) or facts(_mended(_MAGIC.sub("pass", older)))


def _mended(text: str) -> str:
    """The text without the top-level statements that do not parse."""
    lines = text.split("\n")
    starts = [
        i
        for i, line in enumerate(lines)
        if line
        and not line[0].isspace()
        and line[0] not in "#)]}"
        and not line.startswith(("else", "elif", "except", "finally"))
    ]
    if len(starts) > MAX_PIECES:
        return ""
    kept = list(lines)
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        if facts("\n".join(lines[start:end])) is None:
            kept[start:end] = [""] * (end - start)
    return "\n".join(kept)


def notebook(text: str) -> tuple[str, list[int], list[tuple[int, str]]]:
    """The code of a notebook, the line in the raw file of each of its lines, and its shell lines with theirs.

    Outputs are not looked at. A cell that does not parse is left out, its magics blanked first.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return "", [], []
    code: list[str] = []
    numbers: list[int] = []
    shell: list[tuple[int, str]] = []
    position = 0
    line_at = _Lines(text)
    for cell in _cells(data):
        source = cell.get("source", cell.get("input", ""))
        lines = (
            source.splitlines(keepends=True)
            if isinstance(source, str)
            else [each for each in source if isinstance(each, str)]
        )
        placed = []
        for each in lines:
            found = _find(text, each, position)
            if found >= 0:
                position = found if isinstance(source, str) else found + 1
            for number, part in enumerate(each.splitlines() or [""]):
                placed.append((line_at(position) + (0 if isinstance(source, str) else number * 0), part))
        if cell.get("cell_type") != "code":
            continue
        own = [part for _, part in placed]
        is_shell = bool(own) and own[0].lstrip().startswith(("%%bash", "%%sh", "!"))
        shell += [
            (number, part.lstrip().lstrip("!%"))
            for number, part in placed
            if is_shell or part.lstrip().startswith(("!", "%"))
        ]
        piece = "\n".join(own)
        if own and own[0].startswith("%%"):
            piece = "\n" * (len(own) - 1) if is_shell else "\n".join(["", *own[1:]])
        if facts(piece) is None:
            piece = _SHELL_ASSIGN.sub(r"\1None", _MAGIC.sub("pass", piece))
            if facts(piece) is None:
                piece = _mended(_EXCEPT.sub(r"\1 as \2:", _PRINT.sub(r"\1print(\3)", piece)))
        for (number, _), part in zip(placed, piece.split("\n"), strict=False):
            code.append(part)
            numbers.append(number)
    return "\n".join(code), numbers, shell


def _cells(data: Any) -> list[dict[str, Any]]:
    if not isinstance(data, dict):
        return []
    found = data.get("cells")
    if not isinstance(found, list):  # the format before version 4
        sheets = data.get("worksheets")
        found = (
            [cell for sheet in sheets if isinstance(sheet, dict) for cell in sheet.get("cells", ())]
            if isinstance(sheets, list)
            else []
        )
    return [
        cell
        for cell in found
        if isinstance(cell, dict) and isinstance(cell.get("source", cell.get("input", "")), str | list)
    ]


def _find(text: str, line: str, position: int) -> int:
    """Where a line of code stands in the raw file."""
    if not line.strip():
        return -1
    for is_ascii in (False, True):
        found = text.find(json.dumps(line, ensure_ascii=is_ascii)[1:-1], position)
        if found >= 0:
            return found
    return -1


class _Lines:
    """Offset -> line number, for offsets that only grow."""

    def __init__(self, text: str):
        self.text = text
        self.offset = 0
        self.line = 1

    def __call__(self, offset: int) -> int:
        if offset > self.offset:
            self.line += self.text.count("\n", self.offset, offset)
            self.offset = offset
        return self.line
