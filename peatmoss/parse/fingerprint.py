"""Tensor headers -> fingerprint of an architecture, without weights.

F0  the set of tensor names, indices as `*`
F1  the same without the prefix of the base model
F2  F1 with symbolic shapes: equal sizes get equal letters
F3  every tensor with its size

Equal F3: the same family in the same size. Equal F0: the same classes, or classes that do not differ in their tensors.
Equal fingerprints say nothing of the weights.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from peatmoss.parse.registry import registry
from peatmoss.parse.tensors import Tensor, tensors, without_prefix

_LAYER = re.compile(r"(?:^|\.)(?:layers?|h|blocks?|block|encoder|resblocks|stages)\.(\d+)(?:\.|$)")
_NORM = re.compile(r"norm|(?:^|[._])ln", re.IGNORECASE)
_EXPERT = re.compile(r"(?:^|[._])experts?\.(\d+)\.")
MAX_TENSORS = 200_000


class Fingerprint(NamedTuple):
    """What the headers of a model tell. A count of None is not known.

    is_adapter: the tensors are those of an adapter, not of a model
    parameters: logical: quantised values unpacked, tied tensors once, buffers left out
    """

    format: str
    f0: str
    f1: str
    f2: str
    f3: str
    patterns: frozenset[str]
    shapes: dict[str, tuple[int, ...]]
    tensor_count: int
    parameters: int
    dtypes: dict[str, int]
    layers: int | None
    hidden_size: int | None
    vocabulary: int | None
    experts: int | None
    is_adapter: bool
    gguf_architecture: str | None


def fingerprint(
    headers: Mapping[str, Mapping[str, Any]], config: Mapping[str, Any] | None = None
) -> Fingerprint | None:
    """The fingerprint of the main model among these headers (path -> header); None if no header has a tensor."""
    chosen = _main_files(headers)
    stored: dict[str, Any] = {}
    for path in chosen:
        found = headers[path].get("tensors")
        if isinstance(found, Mapping):
            stored |= {
                name: entry for name, entry in found.items() if isinstance(name, str) and isinstance(entry, Mapping)
            }
        if len(stored) > MAX_TENSORS:
            return None
    if not stored:
        return None
    config = config or {}
    metadata = headers[chosen[0]].get("metadata")
    architecture = metadata.get("general.architecture") if isinstance(metadata, Mapping) else None
    kind = str(headers[chosen[0]].get("format", ""))
    return _of(stored, kind, config, architecture if isinstance(architecture, str) and kind == "gguf" else None)


def _main_files(headers: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The files of one model: of the top folder and of one format; else of the folder with most tensors."""
    groups: dict[tuple[str, str, bool], list[str]] = {}
    for path in sorted(headers):
        folder, _, name = path.rpartition("/")
        if name.startswith(("consolidated", "optimizer", "training_args")) or "mmproj" in name:
            continue
        kind = str(headers[path].get("format", ""))
        key = (folder, kind if kind != "gguf" else re.sub(r"-\d{5}-of-\d{5}", "", path), name.startswith("adapter"))
        groups.setdefault(key, []).append(path)
    if not groups:
        return []

    def weight(key: tuple[str, str, bool]) -> tuple[bool, bool, int, str]:
        return (key[0] == "", not key[2], sum(len(headers[p].get("tensors") or ()) for p in groups[key]), key[1])

    return groups[max(groups, key=weight)]


def _of(stored: Mapping[str, Any], kind: str, config: Mapping[str, Any], architecture: str | None) -> Fingerprint:
    found = tensors(stored, _bits(config))
    first: dict[str, tuple[int, ...]] = {}
    for tensor in found:
        first.setdefault(tensor.pattern, tensor.shape)
    patterns = frozenset(first)
    bare = without_prefix(patterns, registry().prefixes)
    dtypes: Counter[str] = Counter()
    for tensor in found:
        dtypes[tensor.dtype] += tensor.parameters
    hidden = _hidden_size(found)
    return Fingerprint(
        kind,
        digest(sorted(patterns)),
        digest(sorted(bare)),
        digest(symbolic(first)),
        digest(sorted(f"{t.name} {'x'.join(map(str, t.shape))}" for t in found)),
        patterns,
        first,
        len(found),
        _parameters(found, config),
        dict(sorted(dtypes.items())),
        _layers(found),
        hidden,
        _vocabulary(found, hidden),
        _experts(found),
        bool(patterns) and all(re.search(r"lora_|ia3_|\.dora_|prompt_embeddings|adapter", name) for name in patterns),
        architecture,
    )


def digest(lines: Iterable[str]) -> str:
    """Sixteen hexadecimal digits for a list of lines."""
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:16]


def symbolic(shapes: Mapping[str, tuple[int, ...]]) -> list[str]:
    """Patterns with letters for sizes, in the order in which sizes first occur; 1 stays 1."""
    letters: dict[int, str] = {1: "1"}
    lines = []
    for name in sorted(without_prefix(shapes, registry().prefixes)):
        shape = shapes.get(name) or next((shapes[full] for full in shapes if full.endswith("." + name)), ())
        lines.append(f"{name} {','.join(letters.setdefault(size, f'd{len(letters)}') for size in shape)}")
    return lines


def _bits(config: Mapping[str, Any]) -> int | None:
    for key in ("quantization_config", "quantization"):
        value = config.get(key)
        bits = value.get("bits") if isinstance(value, Mapping) else None
        if isinstance(bits, int) and 1 <= bits <= 16:
            return bits
    return None


_HEADS = (
    "lm_head.weight",
    "output.weight",
    "embed_out.weight",
    "cls.predictions.decoder.weight",
    "lm_head.decoder.weight",
)
_EMBEDDINGS = re.compile(r"(?:embed_tokens|word_embeddings|wte|shared|token_embd|embed_in)\.weight$")


def _parameters(found: list[Tensor], config: Mapping[str, Any]) -> int:
    """All parameters; of a head that the configuration ties to the embeddings, only once."""
    total = sum(tensor.parameters for tensor in found)
    if config.get("tie_word_embeddings") is True:
        embeddings = [t for t in found if _EMBEDDINGS.search(t.name)]
        heads = [t for t in found if t.name in _HEADS]
        if embeddings and heads and heads[0].shape == embeddings[0].shape:
            total -= heads[0].parameters
    return total


def _layers(found: list[Tensor]) -> int | None:
    """The longest run of layers under one prefix."""
    last: dict[str, int] = {}
    for tensor in found:
        if match := _LAYER.search(tensor.name):
            before = tensor.name[: match.start(1)]
            last[before] = max(last.get(before, -1), int(match[1][:6]))
    return max(last.values()) + 1 if last else None


def _hidden_size(found: list[Tensor]) -> int | None:
    """The size that most norms have."""
    sizes = Counter(t.shape[0] for t in found if len(t.shape) == 1 and _NORM.search(t.name) and t.shape[0])
    return min(sizes, key=lambda size: (-sizes[size], size)) if sizes else None


def _vocabulary(found: list[Tensor], hidden: int | None) -> int | None:
    for tensor in found:
        if _EMBEDDINGS.search(tensor.name) and len(tensor.shape) == 2:
            return max(tensor.shape) if tensor.shape[0] == hidden else tensor.shape[0]
    return None


def _experts(found: list[Tensor]) -> int | None:
    """How many experts a layer has; 0 if none; the first size of fused ones."""
    indices = [int(match[1][:6]) for tensor in found if (match := _EXPERT.search(tensor.name))]
    if indices:
        return max(indices) + 1
    fused = [
        t.shape[0]
        for t in found
        if len(t.shape) == 3 and re.search(r"experts|_exps\.", t.name) and "shared" not in t.name
    ]
    return max(fused) if fused else 0
