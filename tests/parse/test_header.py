"""Heads of weight files: what they say is taken, what cannot be true is an error with its reason."""

import json
import struct
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peatmoss.errors import RecordError
from peatmoss.parse.gguf import gguf
from peatmoss.parse.header import (
    MAX_SAFETENSORS_BYTES,
    checked,
    fold,
    parameter_counts,
    safetensors,
    safetensors_answer,
    safetensors_index,
    unfold,
)

TWO = {
    "__metadata__": {"format": "pt"},
    "wte.weight": {"dtype": "BF16", "shape": [10, 4], "data_offsets": [0, 80]},
    "ln.bias": {"dtype": "F32", "shape": [4], "data_offsets": [80, 96]},
}


def head(entries: Any) -> bytes:
    text = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    return len(text).to_bytes(8, "little") + text


def one(**changes: Any) -> bytes:
    return head({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} | changes})


def string(text: bytes, length: str = "<Q") -> bytes:
    return struct.pack(length, len(text)) + text


def gguf_file(pairs: list[bytes], tensors: list[bytes], version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(pairs)) + b"".join(pairs) + b"".join(tensors)


def gguf_tensor(name: bytes, kind: int, *sizes: int) -> bytes:
    return string(name) + struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, kind, 0)


PAIRS = [
    string(b"general.architecture") + struct.pack("<I", 8) + string(b"llama"),
    string(b"llama.context_length") + struct.pack("<II", 4, 4096),
    string(b"tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 100) + string(b"word") * 100,
    string(b"tokenizer.ggml.scores") + struct.pack("<IIQ", 9, 6, 100) + struct.pack("<f", 0.5) * 100,
    string(b"general.languages") + struct.pack("<IIQ", 9, 8, 2) + string(b"en") + string(b"de"),
    string(b"nan") + struct.pack("<If", 6, float("nan")),
]
TENSORS = [gguf_tensor(b"token_embd.weight", 12, 64, 100), gguf_tensor(b"blk.0.attn_norm.weight", 0, 64)]


def test_a_safetensors_header_gives_names_formats_and_shapes() -> None:
    raw = head(TWO)
    assert safetensors(raw + b"weights", len(raw) + 96) == {
        "format": "safetensors",
        "metadata": {"format": "pt"},
        "tensors": {
            "ln.bias": {"dtype": "F32", "shape": [4]},
            "wte.weight": {"dtype": "BF16", "shape": [10, 4]},
        },
        "header_bytes": len(raw),
    }


def test_it_says_how_many_bytes_it_needs() -> None:
    raw = head(TWO)
    assert safetensors(b"") == 8
    assert safetensors(raw[:7]) == 8
    assert safetensors(raw[:8]) == len(raw)
    assert safetensors(raw[:-1]) == len(raw)


@pytest.mark.parametrize(
    ("raw", "size", "reason"),
    [
        (b"", 9, "at least 10 bytes"),
        ((2**63).to_bytes(8, "little"), None, "more than"),
        ((MAX_SAFETENSORS_BYTES + 1).to_bytes(8, "little"), None, "more than"),
        ((1000).to_bytes(8, "little"), 500, "in a file of 500"),
        (head(b'{"a": '), None, "not JSON"),
        (head(b"[" * 100_000), None, "not JSON"),
        (head(b"\xff\xfe\xff"), None, "not JSON"),
        (head(b"[]"), None, "not an object"),
        (head(b'{"w": {"dtype": "F32", "shape": [' + b"9" * 5000 + b'], "data_offsets": [0, 8]}}'), None, "JSON"),
        (head(b'{"w": NaN}'), None, "no number"),
        (head(b'{"w": {"dtype": "I8", "shape": [], "data_offsets": [0, 1]}, "w": {}}'), None, "twice"),
        (head({"w": 1}), None, "no number format"),
        (one(dtype="F32'; DROP"), None, "no number format"),
        (one(shape=[-2]), None, "impossible shape"),
        (one(shape=[True]), None, "impossible shape"),
        (one(shape=[2.5]), None, "impossible shape"),
        (one(shape=[2**40, 2**40]), None, "impossible shape"),
        (one(shape=[1] * 17), None, "no shape"),
        (one(data_offsets=[8, 0]), None, "outside"),
        (one(data_offsets=[-8, 0]), None, "outside"),
        (one(data_offsets=[0, 8, 9]), None, "no place"),
        (one(data_offsets=[100, 108]), 120, "outside"),
        (one(data_offsets=[0, 400]), None, "not its shape"),
        (head({"a\nb": {"dtype": "I8", "shape": [1], "data_offsets": [0, 1]}}), None, "cannot be printed"),
        (head({"": {"dtype": "I8", "shape": [1], "data_offsets": [0, 1]}}), None, "no name"),
        (
            head({n: {"dtype": "I8", "shape": [4], "data_offsets": [at, at + 4]} for n, at in (("a", 0), ("b", 3))}),
            None, "overlap",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_a_safetensors_header_is_an_error(raw: bytes, size: int | None, reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        safetensors(raw, size)


def test_an_answer_of_the_hub_gives_the_same_header_as_the_bytes() -> None:
    raw = head(TWO)
    assert safetensors_answer(TWO, len(raw) + 96) == safetensors(raw, len(raw) + 96)
    with pytest.raises(RecordError, match="leave 4 bytes"):
        safetensors_answer(TWO, 100)


def test_the_index_names_the_tensors_of_each_file() -> None:
    text = json.dumps({"metadata": {"total_size": 9}, "weight_map": {"b": "2.safetensors", "a": "1.safetensors"}})
    assert safetensors_index(text) == {"1.safetensors": ["a"], "2.safetensors": ["b"]}
    for wrong in ("{", "[]", "{}", '{"weight_map": {"a": 1}}', '{"weight_map": {"a": "x", "a": "y"}}'):
        with pytest.raises(RecordError):
            safetensors_index(wrong)


def test_a_gguf_header_gives_pairs_and_tensors_with_the_slowest_dimension_first() -> None:
    raw = gguf_file(PAIRS, TENSORS)
    assert gguf(raw + b"weights" * 100) == {
        "format": "gguf",
        "metadata": {
            "general.architecture": "llama",
            "llama.context_length": 4096,
            "tokenizer.ggml.tokens": {"type": "string", "length": 100},
            "tokenizer.ggml.scores": {"type": "f32", "length": 100},
            "general.languages": ["en", "de"],
            "nan": None,
        },
        "tensors": {
            "blk.0.attn_norm.weight": {"dtype": "F32", "shape": [64]},
            "token_embd.weight": {"dtype": "Q4_K", "shape": [100, 64]},
        },
        "header_bytes": len(raw),
    }


def test_a_gguf_header_is_read_by_giving_it_what_it_asks_for() -> None:
    raw = gguf_file(PAIRS, TENSORS)
    known, steps = 0, 0
    while isinstance(found := gguf(raw[:known]), int):
        assert known < found <= len(raw)
        known, steps = found, steps + 1
    assert (found["header_bytes"], known) == (len(raw), len(raw))
    assert steps < 600


def test_old_and_big_endian_gguf_is_read_too() -> None:
    old = b"GGUF" + struct.pack("<III", 1, 1, 1) + string(b"k", "<I") + struct.pack("<I", 8) + string(b"v", "<I")
    old += string(b"t", "<I") + struct.pack("<IIIQ", 1, 7, 1, 0)
    big = b"GGUF" + struct.pack(">IQQ", 3, 1, 0) + string(b"t", ">Q") + struct.pack(">IQIQ", 1, 7, 1, 0)
    for raw in (old, big):
        assert isinstance(found := gguf(raw), dict)
        assert found["tensors"] == {"t": {"dtype": "F16", "shape": [7]}}


@pytest.mark.parametrize(
    ("raw", "size", "reason"),
    [
        (b"", 10, "at least 24 bytes"),
        (b"GGML" + bytes(20), None, "does not begin"),
        (gguf_file([], [], version=9), None, "version 9"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**60, 0), None, "too many"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 2**60), None, "too many"),
        (gguf_file([struct.pack("<Q", 2**62)], []), None, "more than"),
        (gguf_file([struct.pack("<Q", 5000)], []), 1000, "of a file of 1000"),
        (gguf_file([string(b"k") + struct.pack("<I", 99)], []), None, "type 99"),
        (gguf_file([string(b"k") + struct.pack("<IIQ", 9, 8, 2**50)], []), None, "more than"),
        (gguf_file([string(b"k") + struct.pack("<IIQ", 9, 6, 2**62)], []), None, "more than"),
        (gguf_file([string(b"k") + struct.pack("<IIQ", 9, 77, 1)], []), None, "list of type 77"),
        (gguf_file([string(b"k") + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 9], []), None, "type 9"),
        (gguf_file([PAIRS[0], PAIRS[0]], []), None, "twice"),
        (gguf_file([], [TENSORS[1], TENSORS[1]]), None, "twice"),
        (gguf_file([], [string(b"t") + struct.pack("<I", 2**31)]), None, "dimensions"),
        (gguf_file([], [gguf_tensor(b"t", 0, 2**40, 2**40)]), None, "impossible shape"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_gguf_header_is_an_error(raw: bytes, size: int | None, reason: str) -> None:
    began = time.monotonic()
    with pytest.raises(RecordError, match=reason):
        gguf(raw, size)
    assert time.monotonic() - began < 5


@given(st.binary(max_size=200), st.sampled_from([b"", b"GGUF\3\0\0\0", b"\x20\0\0\0\0\0\0\0{"]))
def test_no_bytes_make_it_do_anything_else(raw: bytes, start: bytes) -> None:
    for parse in (safetensors, gguf):
        try:
            found = parse(start + raw)
        except RecordError:
            continue
        assert checked(found) == found if isinstance(found, dict) else found > len(start + raw)


@pytest.mark.parametrize(
    "value",
    [
        None, [], {}, {"format": "pickle", "tensors": {}, "header_bytes": 1},
        {"format": "gguf", "tensors": [], "header_bytes": 1}, {"format": "gguf", "tensors": {}, "header_bytes": -1},
        {"format": "gguf", "tensors": {"a": {"dtype": "F32", "shape": None}}, "header_bytes": 1},
        {"format": "gguf", "tensors": {str(n): {"dtype": "I8", "shape": [2**62]} for n in range(2)}, "header_bytes": 1},
    ],
)  # fmt: skip
def test_an_archived_header_is_checked_again(value: Any) -> None:
    with pytest.raises(RecordError):
        checked(value)


def test_numbered_layers_fold_to_one_entry_and_unfold_to_the_same_tensors() -> None:
    tensors: dict[str, Any] = {"embed.weight": {"dtype": "BF16", "shape": [100, 8]}}
    for layer in range(12):
        tensors[f"layers.{layer}.norm.weight"] = {"dtype": "BF16", "shape": [8]}
        for expert in range(4):
            tensors[f"layers.{layer}.experts.{expert}.w.weight"] = {"dtype": "BF16", "shape": [8, 8]}
    del tensors["layers.3.norm.weight"], tensors["layers.7.experts.2.w.weight"]
    text = fold(tensors)
    assert json.loads(text) == [
        ["embed.weight", "BF16", [100, 8]],
        ["layers.*.experts.*.w.weight", "BF16", [8, 8], "0-6,8-11", "0-3"],
        ["layers.*.experts.*.w.weight", "BF16", [8, 8], "7", "0-1,3"],
        ["layers.*.norm.weight", "BF16", [8], "0-2,4-11"],
    ]
    assert unfold(text) == dict(sorted(tensors.items()))
    assert parameter_counts(tensors) == {"BF16": (59, 100 * 8 + 11 * 8 + 47 * 64)}


_PART = st.sampled_from(["a", "*", "0", "1", "2", "10", "01", "{}", ""])


@given(st.dictionaries(st.lists(_PART, min_size=1, max_size=4).map(".".join), st.integers(0, 2), max_size=30))
def test_folding_loses_nothing(names: dict[str, int]) -> None:
    tensors = {name: {"dtype": "F32", "shape": [size]} for name, size in names.items()}
    assert unfold(fold(tensors)) == dict(sorted(tensors.items()))
