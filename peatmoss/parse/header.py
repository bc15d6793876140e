"""What the head of a weight file says: names, number formats and shapes of its tensors. Weights are never read.

    safetensors(raw), gguf.gguf(raw)   the first bytes of a file -> a header, or how many bytes it takes to tell
    safetensors_answer(value)          one file of the Hub's safetensors-metadata call -> a header
    safetensors_index(text)            ``model.safetensors.index.json`` -> file -> names of its tensors
    checked(value)                     a header as the archive holds it, or why it is none
    fold(tensors), unfold(text)        tensors <-> a short text in which numbered layers are written once

A header is ``{"format", "metadata": {...}, "tensors": {name: {"dtype", "shape"}}, "header_bytes"}``. Whoever
publishes a file also wrote its head: every number in it may be a lie. What cannot be true is a RecordError.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import prod
from typing import Any

from peatmoss.errors import RecordError

MAX_SAFETENSORS_BYTES = 25_000_000
"""What the Hub's own client reads of a header at most; the format allows 100 MB, real headers have 0.2."""
MAX_TENSORS = 200_000
MAX_TENSOR_NAME = 512
MAX_DIMENSIONS = 16
MAX_METADATA_TEXT = 4096
FORMATS = ("safetensors", "gguf")

BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64, "I64": 64, "F16": 16,
    "BF16": 16, "F32": 32, "F64": 64, "C64": 64, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E5M2FNUZ": 8,
    "F8_E4M3FNUZ": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
}  # fmt: skip
"""Bits of one element; a format that is not here is taken as it is named, and its size is not checked."""

Header = dict[str, Any]
Tensors = Mapping[str, Mapping[str, Any]]
_DTYPE = re.compile(r"[A-Za-z0-9_.-]{1,32}")
_INDEX = re.compile(r"0|[1-9]\d{0,8}")


def safetensors(raw: bytes, size: int | None = None) -> Header | int:
    """The header of a safetensors file of `size` bytes that begins with `raw`, or how many bytes it takes.

    Raises RecordError if it is none.
    """
    if size is not None and size < 10:
        raise RecordError(f"a safetensors file has at least 10 bytes, this one {size}")
    if len(raw) < 8:
        return 8
    length = int.from_bytes(raw[:8], "little")
    if length > MAX_SAFETENSORS_BYTES:
        raise RecordError(f"header of {length} bytes (more than {MAX_SAFETENSORS_BYTES})")
    if size is not None and 8 + length > size:
        raise RecordError(f"header of {length} bytes in a file of {size}")
    if len(raw) < 8 + length:
        return 8 + length
    entries = _object(raw[8 : 8 + length], "header")
    metadata = entries.pop("__metadata__", {})
    _check_layout(entries, None if size is None else size - 8 - length)
    return _header("safetensors", metadata, entries, 8 + length)


def safetensors_answer(value: Any, size: int) -> Header:
    """One file of `size` bytes in an answer of the Hub's safetensors-metadata call -> its header.

    Raises RecordError if it is none, or of another file: head and tensors together are the whole file.
    """
    if not isinstance(value, dict):
        raise RecordError("header is not an object")
    entries = {key: entry for key, entry in value.items() if key != "__metadata__"}
    length = size - _check_layout(entries, size)
    if length < 10 or (length - 8 > MAX_SAFETENSORS_BYTES):
        raise RecordError(f"the tensors leave {length} bytes for the header of a file of {size}")
    return _header("safetensors", value.get("__metadata__"), entries, length)


def safetensors_index(text: str | bytes) -> dict[str, list[str]]:
    """``{"weight_map": {tensor: file}}`` -> file -> its tensors, both in order.

    Raises RecordError if it is no index.
    """
    entries = _object(text, "index").get("weight_map")
    if not isinstance(entries, dict):
        raise RecordError("index without a weight_map")
    if len(entries) > MAX_TENSORS:
        raise RecordError(f"{len(entries)} tensors (more than {MAX_TENSORS})")
    files: dict[str, list[str]] = defaultdict(list)
    for name, path in sorted(entries.items()):
        if not isinstance(path, str) or not path:
            raise RecordError("a tensor in the index lies in no file")
        files[path].append(_tensor_name(name))
    return dict(sorted(files.items()))


def checked(value: Any) -> Header:
    """A header as the archive holds it. Raises RecordError if it is none."""
    if not isinstance(value, dict) or value.get("format") not in FORMATS:
        raise RecordError("no header of safetensors or GGUF")
    length = value.get("header_bytes")
    if type(length) is not int or not 0 <= length < 2**63:
        raise RecordError("header without its length")
    if not isinstance(value.get("tensors"), dict):
        raise RecordError("header without tensors")
    return _header(value["format"], value.get("metadata"), value["tensors"], length)


def parameter_counts(tensors: Tensors) -> dict[str, tuple[int, int]]:
    """Number format -> (tensors, elements in them)."""
    counts: dict[str, tuple[int, int]] = {}
    for tensor in tensors.values():
        number, elements = counts.get(tensor["dtype"], (0, 0))
        counts[tensor["dtype"]] = number + 1, elements + prod(tensor["shape"])
    return dict(sorted(counts.items()))


def _header(form: str, metadata: Any, entries: Mapping[str, Any], length: int) -> Header:
    if len(entries) > MAX_TENSORS:
        raise RecordError(f"{len(entries)} tensors (more than {MAX_TENSORS})")
    tensors = {_tensor_name(name): _tensor(name, entries[name]) for name in sorted(entries)}
    if sum(elements for _, elements in parameter_counts(tensors).values()) >= 2**63:
        raise RecordError("more elements than any file can hold")
    return {"format": form, "metadata": _metadata(metadata), "tensors": tensors, "header_bytes": length}


def _tensor_name(name: Any) -> str:
    if not isinstance(name, str) or not name or len(name) > MAX_TENSOR_NAME:
        raise RecordError("a tensor has no name or one that is too long")
    if not name.isprintable():
        raise RecordError(f"tensor name {name[:40]!r} holds what cannot be printed")
    return name


def _tensor(name: str, entry: Any) -> dict[str, Any]:
    dtype = entry.get("dtype") if isinstance(entry, dict) else None
    shape = entry.get("shape") if isinstance(entry, dict) else None
    if not isinstance(dtype, str) or not _DTYPE.fullmatch(dtype):
        raise RecordError(f"tensor {name[:80]!r} has no number format")
    if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
        raise RecordError(f"tensor {name[:80]!r} has no shape")
    if any(type(size) is not int or not 0 <= size < 2**63 for size in shape) or prod(shape) >= 2**63:
        raise RecordError(f"tensor {name[:80]!r} has an impossible shape")
    return {"dtype": dtype, "shape": list(shape)}


def _metadata(value: Any) -> dict[str, Any]:
    """Names with plain values; of a long text only its length is kept."""
    if not isinstance(value, dict):
        return {}
    kept = {}
    for name, item in itertools.islice(value.items(), 1000):
        if not isinstance(name, str) or len(name) > MAX_TENSOR_NAME:
            continue
        if isinstance(item, str) and len(item) > MAX_METADATA_TEXT:
            item = {"length": len(item)}
        kept[name] = item
    return kept


def _check_layout(entries: Mapping[str, Any], size: int | None) -> int:
    """Where the tensors end. They lie one behind another: none in another, past the end, or unlike its shape."""
    spans = []
    for name, entry in entries.items():
        tensor = _tensor(name, entry)
        offsets = entry.get("data_offsets")
        if not isinstance(offsets, list) or len(offsets) != 2 or any(type(at) is not int for at in offsets):
            raise RecordError(f"tensor {name[:80]!r} has no place in the file")
        begin, end = offsets
        if not 0 <= begin <= end or (size is not None and end > size):
            raise RecordError(f"tensor {name[:80]!r} lies outside the file")
        bits = BITS.get(tensor["dtype"])
        if bits is not None and (prod(tensor["shape"]) * bits + 7) // 8 != end - begin:
            raise RecordError(f"tensor {name[:80]!r} takes {end - begin} bytes, which is not its shape")
        if end > begin:
            spans.append((begin, end, name))
    for (_, end, first), (begin, _, second) in itertools.pairwise(sorted(spans)):
        if begin < end:
            raise RecordError(f"tensors {first[:80]!r} and {second[:80]!r} overlap")
    return max((end for _, end, _ in spans), default=0)


def _object(raw: str | bytes, what: str) -> dict[str, Any]:
    """Strict JSON: no name twice, no NaN, an object."""
    try:
        value = json.loads(raw, object_pairs_hook=_unique, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"{what} is not JSON: {str(error)[:80]}") from error
    if not isinstance(value, dict):
        raise RecordError(f"{what} is not an object")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RecordError("a name occurs twice in the header")
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


# --- a short text for tensors -----------------------------------------------------------------------------------------


def fold(tensors: Tensors) -> str:
    """Tensors as a short JSON text; `unfold` gives them back.

    Each entry is ``[name, dtype, shape]``, and where the name holds ``*`` for numbers, for each a text such as
    ``0-11,14``: the entry stands for every combination. A name that holds ``*`` itself is written as it is.
    """
    groups: dict[tuple[str, int, str, tuple[int, ...]], list[tuple[int, ...]]] = defaultdict(list)
    for name, tensor in tensors.items():
        parts = name.split(".")
        numbers = [] if "*" in parts else [int(part) for part in parts if _INDEX.fullmatch(part)]
        pattern = ".".join("*" if _INDEX.fullmatch(part) else part for part in parts) if numbers else name
        groups[pattern, len(numbers), tensor["dtype"], tuple(tensor["shape"])].append(tuple(numbers))
    entries = []
    for (pattern, _, dtype, shape), found in groups.items():
        for sets in _factors(found):
            entries.append([pattern, dtype, list(shape), *map(_ranges, sets)])
    return json.dumps(sorted(entries), separators=(",", ":"), ensure_ascii=False)


def unfold(text: str) -> dict[str, dict[str, Any]]:
    """What `fold` wrote -> name -> ``{"dtype", "shape"}``, in order of the names."""
    tensors = {}
    for pattern, dtype, shape, *sets in json.loads(text):
        for numbers in itertools.product(*map(_numbers, sets)):
            found = iter(numbers)
            parts = (str(next(found)) if part == "*" and sets else part for part in pattern.split("."))
            tensors[".".join(parts)] = {"dtype": dtype, "shape": shape}
    return dict(sorted(tensors.items()))


def _factors(found: Iterable[tuple[int, ...]]) -> Iterator[list[list[int]]]:
    """Tuples of numbers as products of sets of numbers."""
    rests: dict[int, set[tuple[int, ...]]] = defaultdict(set)
    for numbers in found:
        if not numbers:
            yield []
            return
        rests[numbers[0]].add(numbers[1:])
    same: dict[frozenset[tuple[int, ...]], list[int]] = defaultdict(list)
    for first, rest in rests.items():
        same[frozenset(rest)].append(first)
    for rest_set, firsts in same.items():
        for sets in _factors(sorted(rest_set)):
            yield [sorted(firsts), *sets]


def _ranges(numbers: list[int]) -> str:
    parts = []
    for _, run in itertools.groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        parts.append(str(members[0]) if len(members) == 1 else f"{members[0]}-{members[-1]}")
    return ",".join(parts)


def _numbers(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
