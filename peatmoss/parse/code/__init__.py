"""Where does the code of a repository name models? `usages(files)`: a pure function of its files at one commit.

files ── prefilter ── readers of each language ── what may be a model ── ruling ── usages
                      Python: facts of a file (cached by blob) ── flow through the repository
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from peatmoss.parse.code import config, documents, javascript, python_source, shell
from peatmoss.parse.code.paths import is_vendored
from peatmoss.parse.code.prefilter import candidates, may_be_config
from peatmoss.parse.code.python_flow import Flow
from peatmoss.parse.code.python_repo import Repo
from peatmoss.parse.code.python_scopes import Facts
from peatmoss.parse.code.python_sinks import Sinks
from peatmoss.parse.code.ruling import Ruling
from peatmoss.parse.code.usage import Found, Usage

DETECTOR_VERSION = "1"
"""Changes whenever the same files may give other usages."""

MAX_PYTHON_BYTES = 2 * 2**20
MAX_SCRIPT_BYTES = 1 * 2**20
MAX_JSON_BYTES = 256 * 2**10
MAX_DATA_BYTES = 4 * 2**20
_IDS = re.compile(r"[\"'][A-Za-z0-9][\w.-]{0,95}/[\w.-]{2,95}[\"']")
_JS = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".html", ".htm", ".vue", ".svelte", ".astro", ".mts", ".cts")
_CONFIG = (
    ".yaml",
    ".yml",
    ".toml",
    ".ini",
    ".cfg",
    ".env",
    ".conf",
    ".json",
    ".jsonnet",
    ".libsonnet",
    ".properties",
    ".jsonc",
    ".json5",
    ".gin",
)
_SHELL = (
    ".sh",
    ".bash",
    ".zsh",
    ".fish",
    ".bat",
    ".cmd",
    ".ps1",
    ".slurm",
    ".sbatch",
    ".mk",
    ".job",
    ".pbs",
    ".lsf",
    ".ksh",
)
_DOCUMENT = (".md", ".mdx", ".rst", ".adoc", ".markdown")
_LIST = (".txt", ".lst", ".list", ".csv", ".tsv")
_LOCKS = (
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "composer.lock",
    "tokenizer.json",
    "vocab.json",
    "package.json",
    "tsconfig.json",
    "pyproject.toml",
    "setup.cfg",
    "Cargo.toml",
    "tox.ini",
    "mkdocs.yml",
    ".pre-commit-config.yaml",
)

_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t].*$", re.MULTILINE)
_WORD = re.compile(r"\w+")
FactsOf = Callable[[str, str], Facts | None]
"""(path, text) -> facts: what a cache by blob can stand in front of."""


def read_facts(_: str, text: str) -> Facts | None:
    """The facts of a Python file, without a cache."""
    return python_source.read(text)


def is_candidate(files: Mapping[str, str]) -> bool:
    """Whether any file has one of the literals without which no model can be named."""
    return bool(candidates({path: text for path, text in files.items() if _is_read(path, text)}))


class Examined(NamedTuple):
    """What a repository names. `cut`: which budget cut the search short, or None."""

    usages: list[Usage]
    is_candidate: bool
    cut: str | None = None


def usages(files: Mapping[str, str], read: FactsOf = read_facts) -> list[Usage]:
    """Every place in a repository that names a model, or would load one that cannot be named. path -> text."""
    return examine(files, read).usages


def examine(files: Mapping[str, str], read: FactsOf = read_facts) -> Examined:
    """The usages, and whether a budget kept some from being found."""
    hits = candidates({path: text for path, text in files.items() if _is_read(path, text)})
    if not hits:
        return Examined([], False)
    repository = _Repository(files, hits, read)
    found = repository.usages()
    return Examined(found, True, repository.cut)


class _Repository:
    """One repository while it is read."""

    def __init__(self, files: Mapping[str, str], hits: set[str], read: FactsOf):
        self.files = files
        self.hits = hits
        self.read = read
        self.kinds = {path: kind_of(path, text) for path, text in files.items()}
        self.lines: dict[str, list[int]] = {}
        self.commands: dict[str, list[tuple[int, str]]] = {}
        self.python: dict[str, str] = {}
        self.entries: dict[str, list[config.Entry]] = {}
        self.flow: Flow | None = None

    @property
    def cut(self) -> str | None:
        """Which budget ran out."""
        return "budget of steps" if self.flow is not None and self.flow.is_exhausted else None

    def usages(self) -> list[Usage]:
        """Read everything and judge it."""
        self._prepare()
        by_key: dict[str, list[tuple[str, str, int, str]]] = {}
        for path, entries in self.entries.items():
            for entry in entries:
                by_key.setdefault(entry.key, []).append((entry.text, path, entry.line, entry.parent))
        repo = Repo(self.python, self._facts, by_key)
        ruling = Ruling(self.files, repo)
        found = [*self._python(repo), *self._others()]
        return ruling.usages(found)

    def _facts(self, path: str) -> Facts | None:
        return self.read(path, self.python[path])

    def _prepare(self) -> None:
        for path in sorted(self.files):
            text, kind = self.files[path], self.kinds[path]
            if kind == "python" and len(text) <= MAX_PYTHON_BYTES:
                self.python[path] = text
            elif kind == "notebook" and len(text) <= 16 * MAX_PYTHON_BYTES:
                if path in self.hits:
                    self.python[path], self.lines[path], self.commands[path] = python_source.notebook(text)
            elif kind == "config" and len(text) <= MAX_DATA_BYTES and not is_vendored(path):
                is_worth = len(text) < 20_000 or (
                    path in self.hits and len(text) < MAX_JSON_BYTES and may_be_config(text)
                )
                if is_worth and posixpath.basename(path) not in _LOCKS:
                    self.entries[path] = config.entries(path, text)

    def _python(self, repo: Repo) -> Iterator[Found]:
        self.flow = flow = Flow(repo)
        sinks = Sinks(flow, is_candidate=True)
        with_calls: set[str] = set()
        for path, text in self.python.items():
            if path in self.hits:
                for found in sinks.find(path):
                    with_calls.add(path)
                    yield self._placed(found)
                if "download" in text or "subprocess" in text or "os.system" in text:
                    yield from (each for each in shell.find(path, _quoted(text)) if path not in self.lines)
            if path in self.commands:
                yield from shell.find(path, self.commands[path])
            if path not in self.lines and ("huggingface.co/" in text or "hf.co/" in text):
                yield from documents.addresses(path, text)
        imported: set[str] = set()
        for path, text in self.python.items():
            if _IDS.search(text):
                for found in sinks.named(path):
                    if found.value is not None and found.value.text in sinks.others:
                        continue
                    imported = imported or self._imported()
                    is_near = path in with_calls or path in imported or path in self.lines
                    yield self._placed(found if is_near else found._replace(role="mention", is_used=False))

    def _imported(self) -> set[str]:
        """The modules that some Python file of the repository imports, by their names alone."""
        names: set[str] = {""}
        for text in self.python.values():
            for match in _IMPORT.finditer(text):
                names.update(_WORD.findall(match[0]))
        return {
            path
            for path in self.python
            if posixpath.splitext(path.removesuffix("/__init__.py"))[0].rpartition("/")[2] in names
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
        every = "\0".join(self.python.values()) if any(kind == "list" for kind in self.kinds.values()) else ""
        for path, text in self.files.items():
            kind = self.kinds[path]
            if kind == "javascript" and len(text) <= MAX_SCRIPT_BYTES:
                package = self._package(path)
                if any(package == root or package.startswith(root + "/") or not root for root in roots):
                    yield from javascript.find(path, text)
            elif kind == "config":
                if path in self.entries:
                    yield from config.find(path, self.entries[path])
                    yield from shell.find(path, shell.joined(text)) if path.endswith((".yaml", ".yml", ".toml")) else ()
            elif kind == "shell":
                yield from shell.find(path, shell.joined(text))
            elif kind == "document" and path in self.hits:
                yield from documents.mentions(path, text)
                yield from documents.front_matter(path, text)
            elif kind == "list" and len(text) <= MAX_SCRIPT_BYTES and posixpath.basename(path) in every:
                yield from documents.list_file(path, text)
            if (
                path in self.hits
                and (kind in ("list", "config", "shell") or posixpath.basename(path) == "setup.py")
                and "_" in text
                and len(text) <= MAX_SCRIPT_BYTES
            ):
                yield from shell.packages(path, text)

    def _package(self, path: str) -> str:
        """The folder of the nearest package.json."""
        folder = posixpath.dirname(path)
        while folder:
            if posixpath.join(folder, "package.json") in self.files:
                return folder
            folder = posixpath.dirname(folder)
        return posixpath.dirname(path) if "package.json" not in self.files else ""


def _is_read(path: str, text: str) -> bool:
    """Whether a file of this kind and size is read at all."""
    kind = kind_of(path, text)
    if kind == "config":
        return len(text) <= (MAX_JSON_BYTES if path.endswith((".json", ".jsonc")) else MAX_DATA_BYTES)
    return bool(kind) and (kind not in ("javascript", "list") or len(text) <= MAX_SCRIPT_BYTES)


def _quoted(text: str) -> Iterator[tuple[int, str]]:
    """Lines of a program that hold a command line."""
    for number, line in enumerate(text.split("\n"), start=1):
        if (
            len(line) < 2000
            and ("download" in line or "subprocess" in line or "system(" in line)
            and not line.lstrip().startswith("#")
        ):
            yield number, line


def kind_of(path: str, text: str) -> str:
    """python, notebook, javascript, config, shell, document, list or empty: nothing that is read."""
    base = posixpath.basename(path)
    ending = posixpath.splitext(base)[1].lower()
    if ending in (".py", ".pyi", ".pyw"):
        return "python"
    if ending == ".ipynb":
        return "notebook"
    if ending in _JS:
        return "" if base.endswith((".min.js", ".d.ts")) else "javascript"
    if ending in _CONFIG or base.startswith(".env"):
        return "config"
    if (
        ending in _SHELL
        or base.lower().startswith(("dockerfile", "containerfile", "makefile", "procfile", "justfile", "modelfile"))
        or ending == ".dockerfile"
    ):
        return "shell"
    if ending in _DOCUMENT or base.lower() == "readme":
        return "document"
    if ending in _LIST:
        return "list"
    if not ending or base.startswith("."):
        head = text[:400]
        if head.startswith("#!"):
            return "python" if "python" in head.split("\n", 1)[0] else "shell"
        return "python" if re.search(r"^(?:import|from) \w+", head, re.MULTILINE) else ""
    return ""


__all__ = ["DETECTOR_VERSION", "Examined", "FactsOf", "Usage", "examine", "is_candidate", "read_facts", "usages"]
