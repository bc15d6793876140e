"""The head of a GGUF file: its key-value pairs and the names, formats and shapes of its tensors.

Layout: magic, version, number of tensors, number of pairs, the pairs, the tensors. Where it ends is known only when it
has been read, since the vocabulary of the tokenizer is among the pairs: read more of the file until it is enough.
"""

from __future__ import annotations

import struct
from typing import Any

from peatmoss.errors import RecordError
from peatmoss.parse.header import MAX_METADATA_TEXT, MAX_TENSORS, Header, checked

MAX_GGUF_BYTES = 64 * 2**20
"""Real heads have 0.1 to 20 MB, nearly all of it vocabulary."""
MAX_PAIRS = 100_000
MAX_LISTED = 64
"""A longer list is kept as its type and length."""

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_TYPES = (
    "u8", "i8", "u16", "i16", "u32", "i32", "f32", "bool", "string", "array", "u64", "i64", "f64",
)  # fmt: skip
_MAX_DEPTH = 3

DTYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 9: "Q8_1", 10: "Q2_K", 11: "Q3_K",
    12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
    20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64",
    29: "IQ1_M", 30: "BF16", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
}  # fmt: skip
"""Number of a format -> its name, as the ggml library writes it; TYPE_<number> if it is newer than this list."""


class _Short(Exception):
    """The bytes end before `needed`."""

    def __init__(self, needed: int):
        super().__init__(needed)
        self.needed = needed


class _Reader:
    """Reads forward in bytes."""

    def __init__(self, raw: bytes, order: str, size: int | None):
        self.raw, self.order, self.size, self.at = raw, order, size, 0

    def take(self, count: int) -> bytes:
        """The next bytes. Raises _Short if they are not there yet, RecordError if they never will be."""
        end = self.at + count
        if self.size is not None and end > self.size:
            raise RecordError(f"a value ends at byte {end} of a file of {self.size}")
        if end > MAX_GGUF_BYTES:
            raise RecordError(f"header of more than {MAX_GGUF_BYTES} bytes")
        if end > len(self.raw):
            raise _Short(end)
        found = self.raw[self.at : end]
        self.at = end
        return found

    def number(self, form: str) -> Any:
        return struct.unpack(self.order + form, self.take(struct.calcsize("=" + form)))[0]

    def text(self, length: str) -> str:
        return self.take(self.number(length)).decode("utf-8", "replace")


def gguf(raw: bytes, size: int | None = None) -> Header | int:
    """The header of a GGUF file of `size` bytes that begins with `raw`, or how many bytes it takes at least.

    Shapes are given slowest dimension first, as safetensors gives them. Raises RecordError if it is none.
    """
    if size is not None and size < 24:
        raise RecordError(f"a GGUF file has at least 24 bytes, this one {size}")
    if len(raw) < 24:
        return 24
    if raw[:4] != b"GGUF":
        raise RecordError("does not begin with GGUF")
    order = "<" if raw[4:6] != b"\0\0" else ">"
    reader = _Reader(raw, order, size)
    reader.at = 4
    version = reader.number("I")
    if version not in (1, 2, 3):
        raise RecordError(f"GGUF version {version}")
    length = "I" if version == 1 else "Q"
    tensor_count, pair_count = reader.number(length), reader.number(length)
    if tensor_count > MAX_TENSORS or pair_count > MAX_PAIRS:
        raise RecordError(f"{tensor_count} tensors and {pair_count} pairs are too many")
    try:
        metadata = _pairs(reader, pair_count, length)
        tensors = _tensors(reader, tensor_count, length)
    except _Short as short:
        return short.needed
    return checked({"format": "gguf", "metadata": metadata, "tensors": tensors, "header_bytes": reader.at})


def _pairs(reader: _Reader, count: int, length: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    for _ in range(count):
        name = reader.text(length)
        value = _value(reader, reader.number("I"), length, 0)
        if name in metadata:
            raise RecordError(f"{name[:80]!r} occurs twice in the header")
        metadata[name] = value
    return metadata


def _value(reader: _Reader, kind: int, length: str, depth: int) -> Any:
    if kind in _SCALARS:
        value = reader.number(_SCALARS[kind])
        return value if not isinstance(value, float) or abs(value) < float("inf") else None
    if kind == _STRING:
        text = reader.text(length)
        return text if len(text) <= MAX_METADATA_TEXT else {"length": len(text)}
    if kind != _ARRAY or depth == _MAX_DEPTH:
        raise RecordError(f"a value of type {kind} in the header")
    inner, count = reader.number("I"), reader.number(length)
    if inner not in _SCALARS and inner not in (_STRING, _ARRAY):
        raise RecordError(f"a list of type {inner} in the header")
    if inner in _SCALARS and count > MAX_LISTED:
        reader.take(count * struct.calcsize("=" + _SCALARS[inner]))
    elif count <= MAX_LISTED:
        return [_value(reader, inner, length, depth + 1) for _ in range(count)]
    else:
        if reader.at + 4 * count > MAX_GGUF_BYTES:  # each takes at least its own length
            raise RecordError(f"header of more than {MAX_GGUF_BYTES} bytes")
        for _ in range(count):
            if inner == _STRING:
                reader.take(reader.number(length))
            else:
                _value(reader, inner, length, depth + 1)
    return {"type": _TYPES[inner], "length": count}


def _tensors(reader: _Reader, count: int, length: str) -> dict[str, Any]:
    tensors: dict[str, Any] = {}
    for _ in range(count):
        name = reader.text(length)
        dimensions = reader.number("I")
        if dimensions > 8:
            raise RecordError(f"tensor {name[:80]!r} has {dimensions} dimensions")
        shape = [reader.number(length) for _ in range(dimensions)][::-1]
        kind = reader.number("I")
        reader.take(8)  # where its data begin
        if name in tensors:
            raise RecordError(f"tensor {name[:80]!r} occurs twice")
        tensors[name] = {"dtype": DTYPES.get(kind, f"TYPE_{kind}"), "shape": shape}
    return tensors
