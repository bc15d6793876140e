"""Where does the code of a repository name models? `usages(files)`: a pure function of its files at one commit.

files ── prefilter ── readers of each language ── what may be a model ── ruling ── usages
                      Python: facts of a file ── flow through the repository

What follows from one file alone goes through a `Keep`, so that a cache by blob can stand in front of it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from peatmoss.parse.code import config, documents, invocations, javascript, kinds, names, python_source, shell
from peatmoss.parse.code.kinds import is_read, kind_of
from peatmoss.parse.code.paths import is_vendored
from peatmoss.parse.code.prefilter import has_literal, may_be_config
from peatmoss.parse.code.python_flow import Flow
from peatmoss.parse.code.python_own import Own, own
from peatmoss.parse.code.python_repo import Repo, words
from peatmoss.parse.code.python_scopes import Facts
from peatmoss.parse.code.python_sinks import Sinks
from peatmoss.parse.code.ruling import Ruling
from peatmoss.parse.code.usage import Found, Usage

DETECTOR_VERSION = "4"
"""Changes whenever the same files may give other usages."""

MAX_CODE_BYTES = 128 * 2**20
"""Python, notebooks and scripts of one repository, in all."""

_IDS = re.compile(r"[\"'](?:local:)?[A-Za-z0-9][\w.-]{0,95}/[\w.-]{2,95}[\"']")
_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t].*$", re.MULTILINE)
_WORD = re.compile(r"\w+")
_BARE = ("open_clip", "nemo", "sentence_transformers", "SentenceTransformer")
"""Libraries whose names of models have no owner."""
_ALONE = re.compile(
    r"(?:^|/)(?:examples?|demos?|scripts?|tools|samples?|tutorials?|cookbooks?|benchmarks?)/|^[^/]+\.py$"
)
"""What is there to be run by itself, whether another file imports it or not."""
_TEST = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test)\.py$")
_COMMANDS = ("download", "subprocess", "system(")
Keep = Callable[[str, str, Callable[[], Any]], Any]
"""(path, what, compute) -> what `compute` gives for that file, now or before: path and text alone decide it."""


def fresh(_: str, __: str, compute: Callable[[], Any]) -> Any:
    """Nothing is kept."""
    return compute()


def is_candidate(files: Mapping[str, str]) -> bool:
    """Whether any file has one of the literals without which no model can be named."""
    return any(is_read(kind_of(path, text), path, len(text)) and has_literal(text) for path, text in files.items())


class Examined(NamedTuple):
    """What a repository names. `cut`: which budget cut the search short, or None."""

    usages: list[Usage]
    is_candidate: bool
    cut: str | None = None


def usages(files: Mapping[str, str], keep: Keep = fresh) -> list[Usage]:
    """Every place in a repository that names a model, or would load one that cannot be named. path -> text."""
    return examine(files, keep).usages


def examine(files: Mapping[str, str], keep: Keep = fresh) -> Examined:
    """The usages, and whether a budget kept some from being found."""
    read = {path: kind for path, text in files.items() if is_read(kind := kind_of(path, text), path, len(text))}
    hits = {path for path in read if keep(path, "literal", partial(has_literal, files[path]))}
    if not hits:
        return Examined([], False)
    repository = _Repository(files, read, hits, keep)
    found = repository.usages()
    return Examined(found, True, ", ".join(repository.cuts) or None)


class _Alone(NamedTuple):
    """What a Python file says without the others."""

    found: list[Found]
    imports: frozenset[str]
    has_ids: bool


class _Repository:
    """One repository while it is read."""

    def __init__(self, files: Mapping[str, str], read: Mapping[str, str], hits: set[str], keep: Keep):
        self.files = files
        self.hits = hits
        self.keep = keep
        self.kinds = read
        self.lines: dict[str, list[int]] = {}
        self.commands: dict[str, list[tuple[int, str]]] = {}
        self.python: dict[str, str] = {}
        self.entries: dict[str, list[config.Entry]] = {}
        self.read: dict[str, Facts | None] = {}
        self.cuts: list[str] = []
        self.left = MAX_CODE_BYTES

    def usages(self) -> list[Usage]:
        """Read everything and judge it."""
        self._prepare()
        by_key: dict[str, list[tuple[str, str, int, str]]] = {}
        for path, entries in self.entries.items():
            for entry in entries:
                by_key.setdefault(entry.key, []).append((entry.text, path, entry.line, entry.parent))
        repo = Repo(self.python, self._facts, by_key, self._words, self._given)
        ruling = Ruling(self.files, repo)
        flow = Flow(repo)
        found = [*self._python(flow), *self._others()]
        if flow.is_exhausted:
            self.cuts.append("budget of steps")
        return ruling.usages(found)

    def _facts(self, path: str) -> Facts | None:
        if path not in self.read:
            self.read[path] = self.keep(path, "facts", lambda: python_source.read(self.python[path]))
        return self.read[path]

    def _own(self, path: str) -> Own:
        facts = self._facts(path)
        found: Own = self.keep(path, "own", lambda: own(path, facts) if facts else Own([], [], [], [], []))
        return found

    def _words(self, path: str) -> frozenset[str]:
        found: frozenset[str] = self.keep(path, "words", lambda: words(self.python[path]))
        return found

    def _given(self) -> dict[str, list[tuple[str, invocations.Given]]]:
        """What command lines give to options: option -> [(file, value)]."""
        found: dict[str, list[tuple[str, invocations.Given]]] = {}
        for path, kind in self.kinds.items():
            text = self.files[path]
            if path in self.commands:
                given = list(invocations.given(self.commands[path]))
            elif kind == "shell" or (kind == "config" and path.endswith((".yaml", ".yml"))):
                if ".py" not in text and "-m " not in text:
                    continue
                given = self.keep(path, "given", partial(_given, text))
            else:
                continue
            for each in given:
                found.setdefault(each.option, []).append((path, each))
        return found

    def _is_left(self, text: str) -> bool:
        """Whether the budget of bytes has room for one more file of code."""
        self.left -= len(text)
        if self.left < 0 and not self.cuts:
            self.cuts.append("budget of bytes")
        return self.left >= 0

    def _prepare(self) -> None:
        for path in sorted(self.kinds, key=lambda path: (path not in self.hits, path)):
            text, kind = self.files[path], self.kinds[path]
            if kind == "python" and len(text) <= kinds.MAX_PYTHON_BYTES:
                if self._is_left(text):
                    self.python[path] = text
            elif kind == "notebook" and len(text) <= 16 * kinds.MAX_PYTHON_BYTES:
                if path in self.hits:
                    code, lines, commands = self.keep(path, "notebook", partial(python_source.notebook, text))
                    if self._is_left(code):
                        self.python[path], self.lines[path], self.commands[path] = code, lines, commands
            elif kind == "config" and len(text) <= kinds.MAX_DATA_BYTES and not is_vendored(path):
                is_worth = len(text) < 20_000 or (
                    path in self.hits and len(text) < kinds.MAX_JSON_BYTES and may_be_config(text)
                )
                if is_worth and posixpath.basename(path) not in kinds.LOCKS:
                    self.entries[path] = self.keep(path, "entries", partial(config.entries, path, text))
        self.python = dict(sorted(self.python.items()))

    def _python(self, flow: Flow) -> Iterator[Found]:
        sinks = Sinks(flow)
        with_calls: set[str] = set()
        alone: dict[str, _Alone] = {}
        for path, text in self.python.items():
            if path in self.hits:
                for found in sinks.find(path, self._own(path)):
                    with_calls.add(path)
                    yield self._placed(found)
            alone[path] = self.keep(path, "alone", partial(self._alone, path, text))
            yield from alone[path].found
        imported: set[str] = set()
        for path, each in alone.items():
            if each.has_ids:
                for found in self._own(path).named:
                    if found.value is not None and found.value.text in sinks.others:
                        continue
                    imported = imported or self._imported(alone)
                    text = found.value.text if found.value is not None else ""
                    is_near = bool(found.call) or path in with_calls or path in imported or path in self.lines
                    is_near = is_near or (_TEST.search(path) is not None and names.is_known(text))
                    yield self._placed(found if is_near else found._replace(role="mention", is_used=False))

    def _alone(self, path: str, text: str) -> _Alone:
        found: list[Found] = []
        is_notebook = path in self.lines
        if path in self.hits and not is_notebook and any(word in text for word in _COMMANDS):
            found += shell.find(path, _quoted(text))
        if is_notebook:
            found += shell.find(path, self.commands[path])
        elif "huggingface.co/" in text or "hf.co/" in text:
            found += documents.addresses(path, text)
        if path in self.hits and posixpath.basename(path) == "setup.py":
            found += shell.packages(path, text)
        imported: set[str] = set()
        for match in _IMPORT.finditer(text):
            imported.update(_WORD.findall(match[0]))
        has_ids = _IDS.search(text) is not None or any(word in text for word in _BARE)
        return _Alone(found, frozenset(imported), has_ids)

    def _imported(self, alone: Mapping[str, _Alone]) -> set[str]:
        """The modules that some Python file of the repository imports, by their names alone; and what runs alone."""
        modules = {""}.union(*(each.imports for each in alone.values()))
        return {
            path
            for path in self.python
            if posixpath.splitext(path.removesuffix("/__init__.py"))[0].rpartition("/")[2] in modules
            or posixpath.basename(path) == "conftest.py"
            or _ALONE.search(path)
            or "__main__" in self._words(path)
        } | {""}

    def _placed(self, found: Found) -> Found:
        """Lines of notebooks are those of the raw file."""
        numbers = self.lines.get(found.path)
        if numbers is None:
            return found
        line = numbers[found.line - 1] if 0 < found.line <= len(numbers) else 1
        return found._replace(line=line)

    def _others(self) -> Iterator[Found]:
        roots = {
            self._package(path)
            for path in self.hits
            if self.kinds[path] == "javascript" and javascript.is_marked(self.files[path])
        }
        for path, kind in self.kinds.items():
            text = self.files[path]
            if kind == "javascript" and path in self.hits and len(text) <= kinds.MAX_SCRIPT_BYTES:
                yield from self.keep(path, "fetched", partial(_listed, javascript.fetched, path, text))
            if kind == "javascript" and len(text) <= kinds.MAX_SCRIPT_BYTES:
                package = self._package(path)
                if any(package == root or package.startswith(root + "/") or not root for root in roots):
                    yield from self.keep(path, kind, partial(_listed, javascript.find, path, text))
            elif kind in ("config", "shell", "document", "list"):
                found = self.keep(path, kind, partial(_listed, self._read, path, text))
                if found and (kind != "list" or found[0].call != "list" or self._is_named(posixpath.basename(path))):
                    yield from found

    def _read(self, path: str, text: str) -> Iterator[Found]:
        """What a file of no programming language says."""
        kind = self.kinds[path]
        if kind == "config":
            if path in self.entries:
                yield from config.find(path, self.entries[path])
                yield from shell.find(path, shell.joined(text)) if path.endswith((".yaml", ".yml", ".toml")) else ()
        elif kind == "shell":
            yield from shell.find(path, shell.joined(text))
        elif kind == "document" and path in self.hits:
            yield from documents.mentions(path, text)
            yield from documents.front_matter(path, text)
        elif kind == "list" and len(text) <= kinds.MAX_SCRIPT_BYTES:
            yield from documents.list_file(path, text)
        if (
            path in self.hits
            and kind in ("list", "config", "shell")
            and "_" in text
            and len(text) <= kinds.MAX_SCRIPT_BYTES
        ):
            yield from shell.packages(path, text)

    def _is_named(self, file: str) -> bool:
        """Whether some program, script or setting of the repository has the name of a file in it."""
        return any(
            file in self.python.get(path, "")
            or (kind in ("shell", "config", "javascript") and file in self.files[path])
            for path, kind in self.kinds.items()
        )

    def _package(self, path: str) -> str:
        """The folder of the nearest package.json."""
        folder = posixpath.dirname(path)
        while folder:
            if posixpath.join(folder, "package.json") in self.files:
                return folder
            folder = posixpath.dirname(folder)
        return posixpath.dirname(path) if "package.json" not in self.files else ""


def _given(text: str) -> list[invocations.Given]:
    return list(invocations.given(shell.joined(text)))


def _listed(read: Callable[[str, str], Iterator[Found]], path: str, text: str) -> list[Found]:
    return list(read(path, text))


def _quoted(text: str) -> Iterator[tuple[int, str]]:
    """Lines of a program that hold a command line."""
    for number, line in enumerate(text.split("\n"), start=1):
        if (
            len(line) < 2000
            and ("download" in line or "subprocess" in line or "system(" in line)
            and not line.lstrip().startswith("#")
        ):
            yield number, line


__all__ = [
    "DETECTOR_VERSION",
    "Examined",
    "Keep",
    "Usage",
    "examine",
    "fresh",
    "is_candidate",
    "is_read",
    "kind_of",
    "usages",
]
