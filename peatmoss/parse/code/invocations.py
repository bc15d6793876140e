"""What command lines of a repository give to its own Python programs: python train.py --model a/b."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

MAX_GIVEN = 2_000
_PROGRAM = re.compile(r"(?P<script>[\w./-]*[\w-]\.py|(?<=-m )[\w.]+)[\"']?(?=[ \x1f])(?P<rest>[^;&|]*)")
_OPTION = re.compile(r"(?<![\w-])--?(?P<name>[A-Za-z][\w.-]*)(?:=|[ \x1f]+)[\"']?(?P<value>[^\s\"',;|&-][^\s\"',;|&]*)")
_ASSIGN = re.compile(r"^[ \t]*(?:export +|local +|readonly +)?(?P<name>[A-Za-z_]\w*)=[\"']?(?P<value>[^\s\"'()$`;]+)")
_LOOP = re.compile(r"\bfor +(?P<name>\w+) +in +(?P<value>[^;#$`]+)")
_VARIABLE = re.compile(r"\$[{(]?(?P<name>\w+)(?::?[-=](?P<default>[^}]+))?[})]?")


class Given(NamedTuple):
    """A value for an option of a program. `script` is its path as written, or the last part of its module."""

    script: str
    option: str
    text: str
    line: int


def given(lines: Iterable[tuple[int, str]]) -> Iterator[Given]:
    """The options of programs in the lines of a script, with the variables that the same script sets."""
    known: dict[str, list[tuple[str, int]]] = {}
    count = 0
    for number, line in lines:
        if (match := _ASSIGN.match(line)) is not None:
            known[match["name"]] = [(match["value"], number)]
        for match in _LOOP.finditer(line):
            known[match["name"]] = [(word.strip("\"'"), number) for word in match["value"].split()]
        if "python" not in line and ".py" not in line:
            continue
        for program in _PROGRAM.finditer(line):
            script = program["script"]
            script = script if script.endswith(".py") else script.replace(".", "/") + ".py"
            for option in _OPTION.finditer(program["rest"]):
                name = re.sub(r"[-.]", "_", option["name"])
                at = number + line.count("\x1f", 0, program.start("rest") + option.start("value"))
                for text, where in _texts(option["value"], at, known):
                    yield Given(script, name, text, where)
                    count += 1
            if count > MAX_GIVEN:
                return


def _texts(value: str, line: int, known: dict[str, list[tuple[str, int]]]) -> list[tuple[str, int]]:
    variable = _VARIABLE.fullmatch(value)
    if variable is None:
        return [] if "$" in value else [(value, line)]
    return known.get(variable["name"]) or ([(variable["default"], line)] if variable["default"] else [])


def is_of(each: Given, path: str) -> bool:
    """Whether the program is a file of the repository."""
    stem = each.script.lstrip("./")
    return path == stem or path.endswith("/" + stem) or posixpath.basename(path) == posixpath.basename(stem)
