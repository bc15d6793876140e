"""What kind of file a path is, by its name and its first characters, and up to which size it is read."""

from __future__ import annotations

import posixpath
import re

MAX_PYTHON_BYTES = 2 * 2**20
MAX_SCRIPT_BYTES = 1 * 2**20
MAX_JSON_BYTES = 256 * 2**10
MAX_DATA_BYTES = 4 * 2**20
_MOST = 16 * MAX_PYTHON_BYTES
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
LOCKS = (
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "composer.lock",
    "tokenizer.json",
    "vocab.json",
    "package.json",
    "tsconfig.json",
    "setup.cfg",
    "Cargo.toml",
    "tox.ini",
    "mkdocs.yml",
    ".pre-commit-config.yaml",
)


def is_read(kind: str, path: str, size: int) -> bool:
    """Whether a file of this kind and size is read at all."""
    if kind == "config":
        return size <= (MAX_JSON_BYTES if path.endswith((".json", ".jsonc")) else MAX_DATA_BYTES)
    return bool(kind) and size <= (MAX_SCRIPT_BYTES if kind in ("javascript", "list") else _MOST)


def is_unclear(path: str) -> bool:
    """Whether the name alone does not tell: the first characters may say that it is a program."""
    base = posixpath.basename(path)
    return not posixpath.splitext(base)[1] or base.startswith(".")


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
    if is_unclear(path):
        head = text[:400]
        if head.startswith("#!"):
            return "python" if "python" in head.split("\n", 1)[0] else "shell"
        return "python" if re.search(r"^(?:import|from) \w+", head, re.MULTILINE) else ""
    return ""
