"""What kind of file a path is, and which folders are copies of somebody else's library."""

from __future__ import annotations

import re
from collections.abc import Collection

from peatmoss.parse.code.signatures import vendored

_VENDORED = re.compile(
    r"(?:^|/)(?:third[_-]?party|3rd[_-]?party|thirdparty|vendor(?:ed|s)?|_vendor|node_modules|bower_components|site-packages|"
    r"dist-packages|externals?|extern|submodules?|deps|venv|virtualenv|\.venv)/",
    re.IGNORECASE,
)
_TEST = re.compile(
    r"(?:^|/)(?:tests?|testing|unit_?tests?|e2e|spec|__tests__|fixtures?)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest|tests?)\.\w+$|"
    r"\.(?:test|spec)\.[jt]sx?$",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"(?:^|/)(?:examples?|samples?|demos?|tutorials?|cookbooks?|recipes?|quickstarts?)/|(?:^|/)(?:example|demo)s?\.\w+$",
    re.IGNORECASE,
)
_DOCS = re.compile(
    r"(?:^|/)(?:docs?|documentation|website|wiki)/|\.(?:md|mdx|rst|adoc|txt|markdown)$|(?:^|/)readme[^/]*$",
    re.IGNORECASE,
)
_CODE_IN_DOCS = re.compile(r"\.(?:py|sh|js|ts|jsx|tsx)$")
_LISTS = re.compile(r"(?:^|/)(?:[^/]*requirements?[^/]*|constraints[^/]*)\.txt$", re.IGNORECASE)
_GENERATED = re.compile(
    r"(?:^|/)(?:dist|\.next|\.nuxt|generated|__generated__|gen|_build|htmlcov|\.ipynb_checkpoints)/|\.min\.(?:js|css)$|"
    r"[._-]bundle\.js$|\.pb\.(?:go|py)$|_pb2(?:_grpc)?\.py$|(?:^|/)(?:package-lock|yarn|pnpm-lock|poetry|uv|cargo)[^/]*\.(?:lock|json|yaml)$",
    re.IGNORECASE,
)


def path_class(path: str, copies: Collection[str] = ()) -> str:
    """One of src, test, example, docs, notebook, vendored, generated. copies: folders, each ending with /."""
    if _VENDORED.search(path) or any(path.startswith(folder) for folder in copies):
        return "vendored"
    if _GENERATED.search(path):
        return "generated"
    if path.endswith(".ipynb"):
        return "notebook"
    if _TEST.search(path):
        return "test"
    if _LISTS.search(path):
        return "src"
    if _DOCS.search(path) and not (_CODE_IN_DOCS.search(path) and not path.lower().startswith("doc")):
        return "docs"
    if _EXAMPLE.search(path):
        return "example"
    return "src"


def copies_of_libraries(paths: Collection[str]) -> dict[str, str]:
    """Folder (with / at its end) -> the library of which it is a copy, by the files it holds.

    A package where the library's own repository has it is no copy, if that repository's tests and packaging are
    around it. Of a whole checkout in a subfolder the copy is the checkout.
    """
    known = set(paths)
    found: dict[str, str] = {}
    for library, prints in vendored():
        first = prints[0]
        for path in paths:
            if path != first and not path.endswith("/" + first):
                continue
            folder = path[: len(path) - len(first)]
            if folder and all(folder + other in known for other in prints[1:]):
                root = _checkout(folder, known)
                if root or not _is_home(folder, library, known):
                    found.setdefault(root or folder, library)
    return found


def _checkout(folder: str, known: Collection[str]) -> str:
    """a/b/src/diffusers/ -> a/b/, if a/b has its own packaging; nothing if that is the root."""
    parts = folder.rstrip("/").split("/")
    for depth in (1, 2):
        root = "/".join(parts[:-depth])
        if root and (f"{root}/setup.py" in known or f"{root}/pyproject.toml" in known):
            return root + "/"
    return ""


def _is_home(folder: str, library: str, known: Collection[str]) -> bool:
    """The library's own repository."""
    is_own = folder in ("src/", f"{library}/", f"src/{library}/", f"python/{library}/")
    has_packaging = "setup.py" in known or "pyproject.toml" in known
    kinds = ("models/", "test_modeling", "pipelines/", f"{library}/", "test_models")
    return is_own and has_packaging and any(path.startswith(f"tests/{kind}") for path in known for kind in kinds)


def is_vendored(path: str) -> bool:
    """By the name of a folder."""
    return _VENDORED.search(path) is not None
