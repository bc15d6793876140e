"""Configuration files (YAML, TOML, INI, .env, JSON, Jsonnet) -> entries; entries that name models.

Read line by line and token by token, not with a full parser: broken, templated and hostile files are read as far as
they make sense, and every value keeps its line.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from peatmoss.parse.code import javascript, names, signatures
from peatmoss.parse.code.python_scopes import MODEL_WORD
from peatmoss.parse.code.usage import CONFIDENCE, Found, Value

MAX_LINES = 60_000
MAX_LINE = 2_000
_YAML = re.compile(
    r"^(?P<indent>[ \t]*)(?P<dash>(?:-[ \t]+)*)(?:(?P<quote>[\"']?)(?P<key>[\w.$/@ -]{1,80}?)(?P=quote"
    r")[ \t]*:(?=[ \t]|$))?[ \t]*(?P<value>.*)$"
)
_INI = re.compile(
    r"^[ \t]*(?:export[ \t]+|ENV[ \t]+|ARG[ \t]+|local[ \t]+|set[ \t]+)?(?P<key>[A-Za-z_][\w.-]{0,80})"
    r"[ \t]*[=:][ \t]*(?P<value>.+?)[ \t]*$"
)
_SECTION = re.compile(r"^[ \t]*\[+([\w.\- \"]+)\]+")
_DEFAULT = re.compile(r"^\$\{[\w.]+(?::-?|-)([^}]*)\}$|^\$\{oc\.env:\w+,([^}]*)\}$")
_NOT_MODEL = re.compile(
    r"(?:^|[_.-])(?:image|uses|repository|homepage|datasets?|package|docker\w*|license|type|class|dir|folder|file|url|uri|format|version|"
    r"author|description|prefix|provider|schema)$|dataset",
    re.IGNORECASE,
)
_GENERIC = {"name", "id", "path", "repo", "value", "default", "from", "source", "values", "hf", "ref"}
_HOLDER = re.compile(rf"{MODEL_WORD.pattern}|hugging_?face|(?:^|_)hf(?:_|$)", re.IGNORECASE)
"""What a generic key stands in: a mapping, or, at the top of a file, the file and its folder (a group of Hydra)."""
_CODE_WORD = re.compile(
    r"repo|github|git|uses|image|action|homepage|dataset|data|task|tag|source|team|project|author", re.IGNORECASE
)
_TARGETS = {"_target_", "class_path", "target", "type", "_component_", "@architectures"}
_PROVENANCE = {"_name_or_path", "name_or_path", "base_model_name_or_path", "tokenizer_name_or_path"}
_COMMITTED = {
    "config.json",
    "tokenizer_config.json",
    "adapter_config.json",
    "special_tokens_map.json",
    "generation_config.json",
}
_NO_SETTINGS = re.compile(r"(?:^|/)(?:openapi|swagger)[\w.-]*$", re.IGNORECASE)
_SPACY = re.compile(r"[a-z]{2}_(?:core|dep|ent)_\w+_(?:sm|md|lg|trf)")


class Entry(NamedTuple):
    """key: value, with the key of what it stands in; an item of a list has the key of the list."""

    key: str
    parent: str
    text: str
    line: int
    has_default: bool = False


def entries(path: str, text: str) -> list[Entry]:
    """The entries of a configuration file whose values are texts."""
    ending = posixpath.splitext(path)[1].lower()
    if ending in (".json", ".jsonnet", ".libsonnet", ".json5", ".jsonc"):
        return list(_json(text))
    if ending in (".yaml", ".yml"):
        return list(_yaml(text))
    return list(_ini(text))


def _json(text: str) -> Iterator[Entry]:
    stream = javascript.tokens(text)
    for place in javascript.places(stream):
        if place.role in ("property", "assign", "item"):
            yield Entry(place.owner, place.parent, place.text, place.line)


def _yaml(text: str) -> Iterator[Entry]:
    levels: list[tuple[int, str]] = []
    named = ""
    for number, raw in enumerate(text.split("\n")[:MAX_LINES], start=1):
        if len(raw) > MAX_LINE:
            continue
        line = raw.rstrip()
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _YAML.match(line)
        if match is None:
            continue
        indent = len(match["indent"]) + len(match["dash"])
        key, value = match["key"], _value(match["value"])
        while levels and levels[-1][0] >= indent:
            levels.pop()
        parent = levels[-1][1] if levels else ""
        if key:
            key = key.strip()
            if not value or value[0] in "|>&":
                levels.append((indent, key))
                continue
            if value[0] == "{" and value[:2] != "{{":
                yield from _inline(key, value, number)
                continue
            if value[0] == "[":
                for item in value.strip("[]").split(","):
                    yield _entry(key, parent, item.strip().strip("\"'"), number)
                continue
            if key == "name":
                named = value
            if key == "value" and named and MODEL_WORD.search(named):  # Kubernetes: - name: MODEL_ID, value: org/name
                yield _entry(named, "env", value, number)
                continue
            yield _entry(key, parent, value, number)
        elif value[:1] in ("{", "[") and '"' in value and value[:2] != "{{":  # JSON in a block, or an inline mapping
            yield from _inline(parent, value, number)
        elif match["dash"] and value:
            inner, separator, rest = value.partition("=")
            if separator and re.fullmatch(r"[A-Z][A-Z0-9_]*", inner):
                yield _entry(inner, "environment", rest.strip("\"'"), number)
            else:
                yield _entry(parent, levels[-2][1] if len(levels) > 1 else "", value, number)


def _inline(key: str, text: str, line: int) -> Iterator[Entry]:
    """{a: "b", c: "d"} on one line, under a key."""
    for place in javascript.places(javascript.tokens(text)):
        if place.role in ("property", "item"):
            yield Entry(place.owner or key, place.parent or key, place.text, line)


def _value(text: str) -> str:
    text = text.strip()
    if text.startswith(("'", '"')):
        end = text.find(text[0], 1)
        return text[1:end] if end > 0 else text[1:]
    return re.split(r"\s#", text, maxsplit=1)[0].strip() if text[:1] != "#" else ""


def _ini(text: str) -> Iterator[Entry]:
    section = ""
    for number, line in enumerate(text.split("\n")[:MAX_LINES], start=1):
        if len(line) > MAX_LINE or line.lstrip()[:1] in ("#", ";"):
            continue
        match = _SECTION.match(line)
        if match is not None and "=" not in line:
            section = match[1].split(".")[-1].strip('"')
            continue
        match = _INI.match(line)
        if match is not None:
            value = match["value"]
            if value[0] == "[":
                for item in value.strip("[]").split(","):
                    yield _entry(match["key"], section, item.strip().strip("\"'"), number)
            else:
                yield _entry(match["key"], section, _value(value), number)
            # ENV A=x B=y in a Dockerfile
            for key, rest in re.findall(r"[ \t]([A-Z][A-Z0-9_]*)=(\S+)", value):
                yield _entry(key, section, rest.strip("\"'"), number)


def _entry(key: str, parent: str, text: str, line: int) -> Entry:
    match = _DEFAULT.match(text)
    if match is not None:
        return Entry(key, parent, (match[1] or match[2] or "").strip("\"'"), line, True)
    return Entry(key, parent, text.strip("\"'"), line)


def _targets(found: list[Entry]) -> dict[str, tuple[signatures.Signature, str]]:
    """What a mapping is made into: parent -> the call that its entries are the arguments of (Hydra, Lightning)."""
    calls: dict[str, tuple[signatures.Signature, str]] = {}
    for entry in found:
        if entry.key in _TARGETS and "." in entry.text:
            for signature in signatures.match(entry.text, True)[:1]:
                calls[entry.parent] = signature, entry.text
                calls.setdefault("init_args", calls[entry.parent])
    return calls


def find(path: str, found: list[Entry]) -> Iterator[Found]:
    """The entries that name models."""
    base = posixpath.basename(path)
    if _NO_SETTINGS.search(path):
        return
    is_foreign = javascript.is_of_provider(path)
    group = path.rsplit(".", 1)[0]
    targets = _targets(found)
    beside = {
        entry.parent
        for entry in found
        if entry.key in ("model_path", "model_name_or_path", "pretrained_model_name_or_path")
        and (names.is_id(entry.text) or names.is_legacy(entry.text))
    }
    for entry in found:
        key = entry.key
        if not entry.text or len(entry.text) > 200 or (base == "pyproject.toml" and "/" not in entry.text):
            continue
        method = "env" if entry.has_default else "config"
        value = Value(entry.text, path, entry.line, method, CONFIDENCE[method])
        shown = f"{entry.parent}.{key}" if entry.parent else key
        if key in _PROVENANCE and (base in _COMMITTED or key == "_name_or_path"):
            if names.is_id(entry.text) or names.is_legacy(entry.text):
                yield Found(path, entry.line, None, shown, "provenance", "hf", entry.text, value, is_used=False)
            continue
        if _SPACY.fullmatch(entry.text):
            yield Found(path, entry.line, "spacy", shown, "load", "spacy", entry.text, value)
            continue
        if key in ("model_name", "model_type") and entry.parent in beside:
            continue  # the architecture of the model that stands beside it
        speaks = MODEL_WORD.search(key) is not None and not _NOT_MODEL.search(key)
        parent = entry.parent or group
        built = targets.get(entry.parent) if targets else None
        if built is not None and key in (signature := built[0]).keywords:
            role = signatures.role(signature, built[1])
            yield Found(path, entry.line, signature.library, built[1], role, signature.hub, entry.text, value)
            continue
        if names.is_hub_file(entry.text):
            yield Found(path, entry.line, None, shown, "load", "hf", entry.text, value._replace(method="url"))
        elif speaks and (names.is_ollama_tag(entry.text) or "ollama" in f"{key} {entry.parent}".lower()):
            yield Found(path, entry.line, "ollama", shown, "serve", "ollama", entry.text, value)
        elif speaks and names.is_nemo(entry.text):
            yield Found(path, entry.line, "nemo", shown, "load", "nemo", entry.text, value)
        elif speaks and (names.is_id(entry.text) or names.is_legacy(entry.text) or "huggingface.co/" in entry.text):
            role = (
                "tokenizer"
                if "tokenizer" in key.lower()
                else "adapter"
                if re.search("lora|adapter", key, re.IGNORECASE)
                else "load"
            )
            yield Found(path, entry.line, None, shown, role, "hf", entry.text, value)
        elif (
            (key.lower() in _GENERIC or (not entry.parent and "model" in base and not _NOT_MODEL.search(key)))
            and _HOLDER.search(parent)
            and not _NOT_MODEL.search(entry.parent)
            and (names.is_likely_id(entry.text) or names.is_legacy(entry.text))
            and not is_foreign
        ):
            yield Found(path, entry.line, None, shown, "load", "hf", entry.text, value)
        elif (
            not speaks
            and names.is_known(entry.text)
            and not is_foreign
            and not _CODE_WORD.search(f"{key} {entry.parent} {base}")
        ):
            yield Found(path, entry.line, None, shown, "load", "hf", entry.text, value._replace(method="named_value"))
        elif entry.text.startswith("ollama://"):
            yield Found(
                path, entry.line, "ollama", shown, "serve", "ollama", entry.text, value._replace(text=entry.text[9:])
            )
        elif entry.text.startswith(("hf://", "hf.co/")) and not entry.text.startswith("hf://datasets"):
            yield Found(
                path,
                entry.line,
                None,
                shown,
                "load",
                "hf",
                entry.text,
                value._replace(text=entry.text.replace("hf.co/", "hf://")),
            )
