"""Models of PyTorch Hub: its pages, ``hubconf.py`` of a repository, and the weights of the torch libraries.

A model is named by what ``torch.hub.load`` takes: repository and entry point, ``pytorch/vision/resnet50``. Weights
with a name of their own are models too: ``pytorch/vision/ResNet50_Weights.IMAGENET1K_V2``. A record has the shape of
the Hub's API, with upstream's own words beside it (page, doc, weights).
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from peatmoss.parse.card import card
from peatmoss.parse.torch_source import Builder, Weights, parsed, stated_license

LIBRARIES = {
    "torchvision": ("pytorch/vision", "vision"),
    "torchaudio": ("pytorch/audio", "audio"),
    "torchtext": ("pytorch/text", "nlp"),
}
"""Package -> the repository under which PyTorch Hub knows it, and the tag that the pages give its subject."""

ACCESSORS = {"get_model", "get_model_builder", "get_model_weights", "get_weight", "list_models"}
"""Functions beside the entry points of torchvision that only look something up."""

_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*?$(.*?)^[ \t]*(?:```|~~~)[ \t]*$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"^[ \t]*#+[ \t]?", re.MULTILINE)
_ASSIGNED = re.compile(
    r"^[ \t]*(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*(?P<q>['\"])(?P<value>[^'\"\n]*)(?P=q)", re.MULTILINE
)
_LOAD = re.compile(
    r"\bhub\.load\(\s*(?:(?:repo_or_dir|github)\s*=\s*)?(?P<q>['\"])(?P<repository>[^'\"\n]+)(?P=q)\s*,"
    r"\s*(?:model\s*=\s*)?(?:(?P<r>['\"])(?P<entry>[^'\"\n]+)(?P=r)|(?P<variable>[A-Za-z_]\w*)\s*[,)])"
)


class Entry(NamedTuple):
    """What ``torch.hub.load`` takes: repository, entry point, and the branch or tag that was named with it."""

    repository: str
    name: str
    revision: str | None = None
    doc: str | None = None


def is_page(text: str) -> bool:
    """A page of PyTorch Hub, by its front matter."""
    front = _front(text)
    return "github-id" in front or "github-link" in front


def page_records(path: str, text: str) -> list[dict[str, Any]]:
    """The models that a page of PyTorch Hub loads, in its order."""
    front = _front(text)
    tags = front.get("tags")
    tags = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    said = {name: front[name] for name in ("title", "summary", "author", "github-id", "github-link", "accelerator")
            if isinstance(front.get(name), str)}  # fmt: skip
    return [
        _record(entry.repository, entry.name)
        | {"tags": tags, "page": {"path": path, **said}}
        | ({"revision": entry.revision} if entry.revision else {})
        for entry in page_entries(text)
    ]


def page_entries(text: str) -> list[Entry]:
    """What the code on a page loads; calls in comments are meant as variants."""
    found: dict[tuple[str, str], Entry] = {}
    for block in _FENCE.finditer(text):
        code = _COMMENT.sub("", block[1])
        texts = [(match.start(), match["name"], match["value"]) for match in _ASSIGNED.finditer(code)]
        for match in _LOAD.finditer(code):
            repository, _, revision = match["repository"].partition(":")
            name = match["entry"] or next(
                (value for at, name, value in reversed(texts) if at < match.start() and name == match["variable"]), None
            )
            if name and re.fullmatch(r"\w[\w.+-]*", name) and _REPOSITORY.fullmatch(repository):
                found.setdefault((repository, name), Entry(repository, name, revision or None))
    return list(found.values())


def hubconf_records(repository: str, text: str, own: Collection[str]) -> list[dict[str, Any]]:
    """The entry points of ``hubconf.py``. `own` are the packages and modules that lie beside it."""
    records = []
    for entry in hubconf_entries(repository, text, own):
        doc = {"doc": entry.doc} if entry.doc else {}
        records.append(_record(repository, entry.name) | doc)
    return records


def hubconf_entries(repository: str, text: str, own: Collection[str]) -> list[Entry]:
    """Public functions that ``hubconf.py`` defines, or imports from its own repository."""
    tree = parsed(text)
    found: dict[str, Entry] = {}
    for node in _statements(tree.body if tree else []):
        if isinstance(node, ast.FunctionDef):
            found[node.name] = Entry(repository, node.name, None, ast.get_docstring(node))
        elif isinstance(node, ast.ImportFrom):
            root = (node.module or "").partition(".")[0]
            if node.level == 0 and (root not in own or root in sys.stdlib_module_names):
                continue
            for alias in node.names:
                name = alias.asname or alias.name
                if not name[0].isupper() or node.level:
                    found.setdefault(name, Entry(repository, name))
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name | ast.Attribute | ast.Call | ast.Lambda):
            is_function = isinstance(node.value, ast.Lambda) or _is_function(node.value, found)
            for target in node.targets:
                if is_function and isinstance(target, ast.Name):
                    found.setdefault(target.id, Entry(repository, target.id))
    return [entry for name, entry in found.items() if not name.startswith("_") and name not in ACCESSORS | {"*"}]


def library_records(
    library: str, builders: Collection[Builder], weights: Collection[Weights], code_license: str | None = None
) -> list[dict[str, Any]]:
    """The models of torchvision, torchaudio or torchtext. `code_license` is what the library states for its code."""
    repository, tag = LIBRARIES[library]
    common = {"tags": [tag], "library_name": library}
    records = []
    for builder in builders:
        mine = [
            w
            for w in weights
            if w.enumeration in builder.enumerations or (not w.enumeration and w.name == builder.name)
        ]
        record = _record(repository, builder.name) | common | {"weights": [w.name for w in mine]}
        record |= _parameters(next((w for w in mine if w.is_default), mine[0] if mine else None))
        if code_license:
            record["cardData"] = {"license": code_license}
        records.append(record | ({"doc": builder.doc} if builder.doc else {}))
    named = {builder.name for builder in builders}
    for each in weights:
        if each.name not in named:
            records.append(_record(repository, each.name) | common | _parameters(each) | _facts(each))
    return records


def merged(records: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """One record per model, in order of their names: later sources add what earlier ones did not say."""
    found: dict[str, dict[str, Any]] = {}
    for record in records:
        known = found.setdefault(record["id"], {})
        tags = [*known.get("tags", []), *record.get("tags", [])]
        known |= {name: value for name, value in record.items() if name not in known}
        if tags:
            known["tags"] = list(dict.fromkeys(tags))
    return [found[name] for name in sorted(found)]


def metadata_license(text: str) -> str | None:
    """The license that a package's METADATA or setup.py states, untouched."""
    for pattern in (
        r"^License-Expression: (.+)$", r"^License: (.+)$", r"^Classifier: License :: (?:OSI Approved :: )?(.+)$",
        r"^\s*license=['\"]([^'\"]+)['\"]",
    ):  # fmt: skip
        if found := re.search(pattern, text, re.MULTILINE):
            return found[1].strip()
    return None


def _record(repository: str, name: str) -> dict[str, Any]:
    return {"id": f"{repository}/{name}", "author": repository.partition("/")[0]}


def _parameters(weights: Weights | None) -> dict[str, Any]:
    number = weights.meta.get("num_params") if weights else None
    return {"safetensors": {"total": number}} if type(number) is int and number >= 0 else {}


def _facts(weights: Weights) -> dict[str, Any]:
    facts: dict[str, Any] = {"meta": weights.meta} if weights.meta else {}
    if weights.url:
        facts["url"] = weights.url
    link, name = weights.meta.get("license"), stated_license(weights.meta.get("_docs"))
    if isinstance(link, str) and link:
        facts["cardData"] = {"license": "other", "license_link": link}
    elif name:
        facts["cardData"] = {"license": name}
    return facts


def _front(text: str) -> Mapping[str, Any]:
    found = card(text)
    front = orjson.loads(found.front_matter) if found.front_matter else {}
    return front if isinstance(front, dict) else {}


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements at the top of a file, those of ``try`` and ``if`` too."""
    for node in body:
        yield node
        if isinstance(node, ast.Try | ast.If):
            yield from _statements([*node.body, *node.orelse])
            for handler in getattr(node, "handlers", []):
                yield from _statements(handler.body)


def _is_function(value: ast.expr, known: Collection[str]) -> bool:
    """``alias = entry`` and ``entry = partial(entry, ...)``."""
    if isinstance(value, ast.Name):
        return value.id in known
    if isinstance(value, ast.Call):
        name = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        return name == "partial"
    return False
