"""Names of tensors, made comparable: quantised parts put together, buffers and wrappers left out, indices as `*`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

_INDEX = re.compile(r"(?:(?<=\.)|^)\d+(?=\.|$)")
_WRAPPER = re.compile(r"^(?:module\.|_orig_mod\.|base_model\.model\.)+")
_BUFFER = re.compile(
    r"(?:^|\.)(?:position_ids|inv_freq|masked_bias|num_batches_tracked|running_mean|running_var|token_type_ids|relative_position_index"
    r"|original_inv_freq|attn\.bias|attention\.bias|rotary_emb\.[\w.]*|total_params|version)$"
)
_BESIDE = re.compile(
    r"\.(?:qzeros|scales|g_idx|absmax|quant_map|nested_absmax|nested_quant_map|quant_state\.[\w.]+|SCB|weight_format|weight_scale(?:_\d|_inv)?"
    r"|input_scale|output_scale|weight_zero_point|weight_shape|weight_g_idx|k_scale|v_scale|scale_inv|weight_global_scale|input_global_scale)$"
    r"|_(?:scales|scale_inv|absmax|quant_map)$"
)
_RENAMED = (
    (re.compile(r"LayerNorm\.gamma$"), "LayerNorm.weight"),
    (re.compile(r"LayerNorm\.beta$"), "LayerNorm.bias"),
    (re.compile(r"\.(?:qweight|weight_packed)$"), ".weight"),
    (re.compile(r"_blocks$"), ""),
    (re.compile(r"\.weight_g$"), ".parametrizations.weight.original0"),
    (re.compile(r"\.weight_v$"), ".parametrizations.weight.original1"),
)
_FLOATS = frozenset(("F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"))


class Tensor(NamedTuple):
    """One logical tensor: its name as in a plain model, its stored shape, and how many parameters it stands for."""

    name: str
    pattern: str
    shape: tuple[int, ...]
    dtype: str
    parameters: int


def pattern(name: str) -> str:
    """A name with its indices as `*`."""
    return _INDEX.sub("*", name)


def tensors(stored: Mapping[str, Mapping[str, Any]], bits: int | None = None) -> list[Tensor]:
    """The logical tensors among the stored ones. `bits`: of a quantised value, where the configuration says so."""
    found: list[Tensor] = []
    affine = {name.removesuffix(".biases") for name in stored if name.endswith(".biases")}
    for name, entry in stored.items():
        numbered = pattern(name)
        plain = _logical(numbered)
        if plain is None or (name.endswith(".biases") and name.removesuffix(".biases") in affine):
            continue
        shape = _shape(entry.get("shape"))
        dtype = str(entry.get("dtype", ""))
        count = math.prod(shape) * _packing(name, shape, dtype, stored, bits, affine)
        full = name if plain == numbered else _renamed(name)
        found.append(Tensor(full, plain, shape, dtype, round(count)))
    return found


@lru_cache(maxsize=1 << 16)
def _logical(numbered: str) -> str | None:
    """The pattern of the logical tensor; None for a buffer or for what stands beside a quantised tensor."""
    plain = _WRAPPER.sub("", numbered)
    return None if _BUFFER.search(plain) or _BESIDE.search(plain) else _renamed(plain)


def _renamed(name: str) -> str:
    plain = _WRAPPER.sub("", name)
    for form, better in _RENAMED:
        plain = form.sub(better, plain)
    return plain


def _shape(value: Any) -> tuple[int, ...]:
    """Sizes that are no numbers count as nothing: a header is hostile input."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return (0,)
    return tuple(
        size if isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 2**53 else 0 for size in value
    )


def _packing(
    name: str,
    shape: tuple[int, ...],
    dtype: str,
    stored: Mapping[str, Mapping[str, Any]],
    bits: int | None,
    affine: set[str],
) -> float:
    """How many values one stored element holds."""
    if dtype in _FLOATS or not shape:
        return 1
    stem = name.rsplit(".", 1)[0]
    if name.endswith(".qweight"):
        return 32 / (_stored_bits(stem, shape, stored) or bits or 4)
    if name.endswith(".weight_packed"):
        return (32 if dtype.endswith("32") else 8) / (bits or 4)
    if stem in affine and dtype.endswith("32"):
        return 32 / (bits or 4)
    if name.endswith("_blocks") or (dtype == "U8" and f"{name}.absmax" in stored) or dtype in ("F4", "F4_E2M1"):
        return 2
    if dtype == "U8" and (f"{stem}.weight_scale_2" in stored or f"{stem}.weight_global_scale" in stored):
        return 2
    return 1


def _stored_bits(stem: str, shape: tuple[int, ...], stored: Mapping[str, Mapping[str, Any]]) -> int | None:
    """GPTQ packs along the inputs, AWQ along the outputs: the scales, which are not packed, tell how many bits."""
    scales = _shape(stored.get(f"{stem}.scales", {}).get("shape"))
    zeros = _shape(stored.get(f"{stem}.qzeros", {}).get("shape"))
    if len(scales) != 2 or not scales[1] or len(shape) != 2:
        return None
    packed = shape[1] if shape[1] != scales[1] else (zeros[1] if len(zeros) == 2 else 0)
    bits = round(32 * packed / scales[1])
    return bits if bits in (2, 3, 4, 5, 6, 8) else None


def without_prefix(patterns: Iterable[str], prefixes: frozenset[str]) -> frozenset[str]:
    """Patterns without the name of the base model before them (`bert.`): F1 compares what heads and wrappers share."""
    return frozenset(
        tail if sep and head in prefixes else name for name in patterns for head, sep, tail in (name.partition("."),)
    )
