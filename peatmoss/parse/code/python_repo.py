"""The Python of one repository: files parsed when they are asked for, modules found, names indexed."""

from __future__ import annotations

import itertools
import posixpath
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from peatmoss.parse.code.invocations import Given, is_of
from peatmoss.parse.code.python_scopes import Assign, Call, Expr, Facts, Scope

MAX_FILES_FOR_A_WORD = 60
GROUP = 32
MAX_CALLS = 60
_BREAKS = bytes(c if c >= 128 or c == 95 or chr(c).isalnum() else 32 for c in range(256))


def words(text: str) -> frozenset[str]:
    """The names and other words of a program."""
    return frozenset(map(sys.intern, text.encode("utf-8", "replace").translate(_BREAKS).decode().split()))


class At(NamedTuple):
    """Where an expression stands: file, scope, suite and line."""

    path: str
    scope: int
    block: tuple[int, ...]
    line: int


class Option(NamedTuple):
    """A command line option: what it may be if nobody gives it, what may be given, and by which flags."""

    at: At
    default: Expr | None
    choices: Expr | None
    flags: tuple[str, ...] = ()


class Repo:
    """Everything that resolution may ask for. `read` gives the facts of a file; it is called once per file."""

    def __init__(
        self,
        texts: Mapping[str, str],
        read: Callable[[str], Facts | None],
        config: Mapping[str, list[tuple[str, str, int, str]]],
        words: Callable[[str], frozenset[str]],
        given: Callable[[], Mapping[str, list[tuple[str, Given]]]] = dict,
    ):
        self.texts = texts
        self.read = read
        self.config = config
        """key -> [(text, path, line, key of the parent)] of all configuration files."""
        self._words_of = words
        self._read_given = given
        self._files: dict[str, list[str]] = {}
        self._facts: dict[str, Facts | None] = {}
        self._calls: dict[str, list[tuple[str, Call]]] = {}
        self._callers: dict[str, dict[str, list[Call]]] = {}
        self._fields: dict[str, dict[str, list[tuple[int, Assign]]]] = {}
        self._children: dict[str, dict[tuple[int, str], list[int]]] = {}

    def facts(self, path: str) -> Facts | None:
        """The facts of a file; None if it cannot be parsed."""
        if path not in self._facts:
            self._facts[path] = self.read(path)
        return self._facts[path]

    def files_with(self, word: str) -> list[str]:
        """The files that have this word, at most a few dozen: words of very many files tell nothing apart."""
        if word not in self._files:
            groups = (group for every, group in self._words if word in every)
            hits = (path for group in groups for path, own in group if word in own)
            self._files[word] = list(itertools.islice(hits, MAX_FILES_FOR_A_WORD))
        return self._files[word]

    @cached_property
    def _words(self) -> list[tuple[frozenset[str], list[tuple[str, frozenset[str]]]]]:
        """The words of all files, in groups of a few files: most groups have not the word that is looked for."""
        files = [(path, self._words_of(path)) for path in self.texts]
        groups = [files[start : start + GROUP] for start in range(0, len(files), GROUP)]
        return [(frozenset().union(*(own for _, own in group)), group) for group in groups]

    # --- modules ---------------------------------------------------------------------------------------------------

    @cached_property
    def _modules(self) -> dict[str, list[str]]:
        """Last part of a module's name -> files."""
        found: dict[str, list[str]] = {}
        for path in self.texts:
            stem, ending = posixpath.splitext(path)
            if ending in (".py", ".pyi", ".ipynb", ""):
                stem = stem.removesuffix("/__init__")
                found.setdefault(posixpath.basename(stem), []).append(path)
        return found

    def module(self, dotted: str, importer: str) -> str | None:
        """The file of a module, as seen from a file that imports it."""
        level = len(dotted) - len(dotted.lstrip("."))
        name = dotted[level:]
        parts = name.split(".") if name else []
        folder = posixpath.dirname(importer)
        if level:
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            return self._file("/".join([*([folder] if folder else []), *parts]))
        if not parts:
            return None
        tail = "/".join(parts)
        near = [path for path in self._modules.get(parts[-1], ()) if _is_module(path, tail)]
        if not near:
            return None
        return max(near, key=lambda path: (_common(path, importer), -len(path), path))

    def _file(self, stem: str) -> str | None:
        for candidate in (f"{stem}.py", f"{stem}/__init__.py" if stem else "__init__.py"):
            if candidate in self.texts:
                return candidate
        return None

    # --- definitions and calls -------------------------------------------------------------------------------------

    def child(self, path: str, parent: int, name: str) -> list[int]:
        """Functions and classes of this name, defined directly in a scope."""
        if path not in self._children:
            index: dict[tuple[int, str], list[int]] = {}
            found = self.facts(path)
            for number, scope in enumerate(found.scopes if found else ()):
                index.setdefault((scope.parent, scope.name), []).append(number)
            self._children[path] = index
        return self._children[path].get((parent, name), [])

    def calls(self, name: str) -> list[tuple[str, Call]]:
        """Calls of anything whose last name is this, in all files that have the word."""
        if name not in self._calls:
            found: list[tuple[str, Call]] = []
            for path in self.files_with(name):
                found += [(path, call) for call in self._calls_in(path).get(name, ())]
            self._calls[name] = found[: 10 * MAX_CALLS]
        return self._calls[name]

    def _calls_in(self, path: str) -> dict[str, list[Call]]:
        if path not in self._callers:
            index: dict[str, list[Call]] = {}
            facts = self.facts(path)
            for call in facts.calls if facts else ():
                name = last_name(call.expr[2])
                if name:
                    index.setdefault(name, []).append(call)
            self._callers[path] = index
        return self._callers[path]

    def options(self, name: str, path: str) -> list[Option]:
        """Options of command lines that are stored under this name: those of the file, else of the repository."""
        own = self._options.get(path, {}).get(name)
        if own:
            return own
        here = [option for options in self._options.values() for option in options.get(name, ())]
        return here[:MAX_CALLS]

    @cached_property
    def _given(self) -> Mapping[str, list[tuple[str, Given]]]:
        return self._read_given()

    def given(self, name: str, path: str) -> list[tuple[str, Given]]:
        """What command lines give to an option that a file has: (file of the command line, value)."""
        found = self._given.get(name, [])
        own = [each for each in found if is_of(each[1], path)]
        return (own or [each for each in found if not self._has_options(each[1])])[:MAX_CALLS]

    def _has_options(self, given: Given) -> bool:
        """Whether the program that is called has options of its own, this one among them or not."""
        return any(is_of(given, path) for path in self._options)

    @cached_property
    def _options(self) -> dict[str, dict[str, list[Option]]]:
        found: dict[str, dict[str, list[Option]]] = {}
        for word in ("add_argument", "set_defaults", "add_option", "DEFINE_string", "DEFINE_enum"):
            for path in self.files_with(word):
                for call in self._calls_in(path).get(word, ()):
                    for name, option in _option(path, call):
                        found.setdefault(path, {}).setdefault(name, []).append(option)
        return found

    def fields(self, name: str) -> Iterator[tuple[str, int, Assign]]:
        """Class attributes of this name in all files that have the word: (file, class, value)."""
        for path in self.files_with(name):
            for number, assign in self._fields_in(path).get(name, ()):
                yield path, number, assign

    def _fields_in(self, path: str) -> dict[str, list[tuple[int, Assign]]]:
        if path not in self._fields:
            index: dict[str, list[tuple[int, Assign]]] = {}
            facts = self.facts(path)
            for number, scope in enumerate(facts.scopes if facts else ()):
                if scope.kind == "class":
                    for name, assigns in scope.names.items():
                        index.setdefault(name, []).extend((number, assign) for assign in assigns)
            self._fields[path] = index
        return self._fields[path]

    def scope(self, at: At) -> Scope:
        """The scope of a place."""
        facts = self.facts(at.path)
        assert facts is not None  # noqa: S101
        return facts.scopes[at.scope]


def _is_module(path: str, tail: str) -> bool:
    stem = posixpath.splitext(path)[0].removesuffix("/__init__")
    return stem == tail or stem.endswith("/" + tail)


def _common(one: str, other: str) -> int:
    left, right = one.split("/")[:-1], other.split("/")[:-1]
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count


def last_name(function: Expr) -> str | None:
    """f, a.b.f -> f."""
    return function[2] if function[0] == "n" else function[3] if function[0] == "a" else None


def keyword(call: Expr, name: str) -> Expr | None:
    """The value of a keyword argument."""
    for key, value in call[4]:
        if key == name:
            return value  # type: ignore[no-any-return]
    return None


def _option(path: str, call: Call) -> Iterator[tuple[str, Option]]:
    expr = call.expr
    at = At(path, call.scope, call.block, expr[1])
    word = last_name(expr[2])
    if word == "set_defaults":
        for key, value in expr[4]:
            if key:
                yield key, Option(at, value, None)
        return
    if word is not None and word.startswith("DEFINE_"):
        if len(expr[3]) > 1 and expr[3][0][0] == "s":
            yield (
                expr[3][0][2],
                Option(
                    at,
                    expr[3][1],
                    expr[3][2] if word == "DEFINE_enum" and len(expr[3]) > 2 else None,
                    (expr[3][0][2],),
                ),
            )
        return
    flags = [arg[2] for arg in expr[3] if arg[0] == "s"]
    spelt = tuple(re.sub(r"[-.]", "_", flag.lstrip("-")) for flag in flags)
    stored = keyword(expr, "dest")
    if stored is not None and stored[0] == "s":
        name = stored[2]
    else:
        flags.sort(key=lambda flag: not flag.startswith("--"))
        name = flags[0].lstrip("-") if flags else ""
    if name:
        yield re.sub(r"[-.]", "_", name), Option(at, keyword(expr, "default"), keyword(expr, "choices"), spelt)
