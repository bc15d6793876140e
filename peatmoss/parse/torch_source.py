"""Weights that torchvision, torchaudio and torchtext offer, from their source text. It is parsed, never executed.

torchvision 0.13 and later    enumerations ``class ResNet50_Weights(WeightsEnum)`` and functions ``@register_model``
torchvision before            ``model_urls = {"resnet50": "https://..."}``
torchaudio, torchtext         constants ``WAV2VEC2_BASE = Wav2Vec2Bundle(...)`` with a docstring behind them
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

MAX_LISTED = 64
"""A longer list in the facts of some weights (the names of 1,000 classes) is left out."""

_WORD = r"[\w+-]+(?:\.[\w+-]+)*"
_LICENSE = re.compile(
    rf"under\s+(?:the\s+)?\[?[`*]*(?P<name>(?=[A-Z]){_WORD}(?:\s+{_WORD}){{0,5}}?)[`*]*\s+[Ll]icen[sc]e"
    r"(?P<version>,\s+[Vv]ersion\s+[\d.]*\d)?"
)
_URL = re.compile(r"\S+\.(?:pth|pt|pth\.tar|bin|safetensors|ckpt)")


class Builder(NamedTuple):
    """A function that makes a model: the name under which it is registered, and the enumerations of its weights."""

    name: str
    enumerations: tuple[str, ...]
    doc: str | None


class Weights(NamedTuple):
    """One set of weights. `enumeration` is None where the set is not a member of one; `meta` are its stated facts."""

    name: str
    enumeration: str | None
    url: str | None
    meta: dict[str, Any]
    is_default: bool = False


def library(files: Mapping[str, str]) -> tuple[list[Builder], list[Weights]]:
    """Path -> source text of the models of a library -> what it can build, and its weights; both without repetition."""
    builders: dict[str, Builder] = {}
    weights: dict[str, Weights] = {}
    for _, text in sorted(files.items()):
        tree = parsed(text)
        if tree is None:
            continue
        constants = _constants(tree)
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and any(_last(base) == "WeightsEnum" for base in node.bases):
                for found in _members(node, constants):
                    weights.setdefault(found.name, found)
            elif isinstance(node, ast.FunctionDef) and (name := _registered(node)):
                builders.setdefault(name, Builder(name, _enumerations(node), ast.get_docstring(node)))
        for found in _bundles(tree, constants):
            weights.setdefault(found.name, found)
        for name, url in _model_urls(tree):
            builders.setdefault(name, Builder(name, (), None))
            weights.setdefault(name, Weights(name, None, url, {}, is_default=True))
    return list(builders.values()), list(weights.values())


def parsed(text: str) -> ast.Module | None:
    """The syntax tree of a Python file, or None if it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def stated_license(doc: str | None) -> str | None:
    """``... published under MIT License and redistributed ...`` -> MIT; None if the text states none."""
    found = _LICENSE.search(doc or "")
    if found is None:
        return None
    version = " License, " + " ".join(found["version"].strip(", ").split()) if found["version"] else ""
    return " ".join(found["name"].split()) + version


def _members(node: ast.ClassDef, constants: Mapping[str, Any]) -> Iterator[Weights]:
    default = next(
        (_last(value) for name, value in _assigned(node.body) if name == "DEFAULT" and not isinstance(value, ast.Call)),
        None,
    )
    for name, value in _assigned(node.body):
        if not isinstance(value, ast.Call) or _last(value.func) != "Weights":
            continue
        given = {word.arg: word.value for word in value.keywords if word.arg}
        url = _value(given["url"] if "url" in given else value.args[0] if value.args else None, constants)
        meta = _value(given.get("meta"), constants)
        yield Weights(
            f"{node.name}.{name}",
            node.name,
            url if isinstance(url, str) else None,
            meta if isinstance(meta, dict) else {},
            name == default,
        )


def _registered(node: ast.FunctionDef) -> str | None:
    """The name under which a function is registered as a model, or None if it is not."""
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        if _last(call.func if call else decorator) == "register_model":
            given = [word.value for word in call.keywords if word.arg == "name"] + call.args if call else []
            name = given[0].value if given and isinstance(given[0], ast.Constant) else node.name
            return name if isinstance(name, str) else None
    return None


def _enumerations(node: ast.FunctionDef) -> tuple[str, ...]:
    """The enumerations that the parameter `weights` takes, by its annotation."""
    for argument in (*node.args.args, *node.args.kwonlyargs):
        if argument.arg == "weights" and argument.annotation is not None:
            names = sorted(filter(_is_enumeration, map(_last, ast.walk(argument.annotation))))
            return tuple(dict.fromkeys(names))
    return ()


def _is_enumeration(name: str) -> bool:
    return name.endswith("Weights") and name != "Weights"


def _bundles(tree: ast.Module, constants: Mapping[str, Any]) -> Iterator[Weights]:
    docs = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            target = node.targets[0]
            if target.attr == "__doc__":
                docs[_last(target.value)] = _value(node.value, constants)
    for name, value in _assigned(tree.body):
        is_bundle = isinstance(value, ast.Call) and _last(value.func).endswith("Bundle")
        if is_bundle and name.isupper() and not name.startswith("_"):
            texts = [part.value for part in ast.walk(value) if isinstance(part, ast.Constant)]
            url = next((text for text in texts if isinstance(text, str) and _URL.fullmatch(text)), None)
            doc = docs.get(name)
            yield Weights(name, None, url, {"_docs": doc} if isinstance(doc, str) else {}, is_default=True)


def _model_urls(tree: ast.Module) -> Iterator[tuple[str, str]]:
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for name, value in _assigned(tree.body):
        if name == "model_urls" and isinstance(value, ast.Dict):
            for key, url in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(url, ast.Constant) and key.value in functions:
                    yield str(key.value), str(url.value)


def _assigned(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for node in body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value


def _constants(tree: ast.Module) -> dict[str, Any]:
    """Names of a file that stand for a plain value."""
    found: dict[str, Any] = {}
    for name, value in _assigned(tree.body):
        if isinstance(value, ast.Constant | ast.Dict):
            found[name] = _value(value, found)
    return found


def _value(node: ast.expr | None, constants: Mapping[str, Any]) -> Any:
    """The value of a literal, with `constants` filled in; what is computed is left out (None)."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str | int | float | bool) else None
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(item, constants) for item in node.elts] if len(node.elts) <= MAX_LISTED else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _value(node.operand, constants)
        return -number if isinstance(number, int | float) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _filled(_value(node.func.value, constants), [_value(item, constants) for item in node.args])
    if isinstance(node, ast.Dict):
        facts: dict[str, Any] = {}
        for key, item in zip(node.keys, node.values, strict=True):
            value = _value(item, constants)
            if key is None:
                facts.update(value if isinstance(value, dict) else {})
            elif isinstance(key, ast.Constant) and isinstance(key.value, str) and value is not None:
                facts[key.value] = value
        return facts
    return None


def _filled(text: Any, items: list[Any]) -> str | None:
    """``"{} model".format("base")``; only plain braces are filled in."""
    if not isinstance(text, str):
        return None
    filled: str = text
    for item in items:
        filled = filled.replace("{}", str(item), 1)
    return filled


def _last(node: ast.AST) -> str:
    """The last part of a dotted name; empty if it is none."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
