"""The ggml naming standard for `.gguf` files.

    [Sidecar-]BaseName-SizeLabel[-FineTune]-Version[-Encoding][-Type][-Shard].gguf

Read from both ends in one pass: it says what the standard's regular expression says, and no name makes it slow.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SIZE = re.compile(r"(?:\d+x)?(?:\d+\.)?\d+[A-Za-z]\Z")
_SIZE_ATTRIBUTE = re.compile(r"[A-Za-z]+(?:\d+\.)?\d+[A-Za-z]+\Z")
_VERSION = re.compile(r"v\d+(?:\.\d+)*\Z")
_NUMBER = re.compile(r"\d{5}\Z")
_WORD = re.compile(r"\w+\Z")
_BASE = re.compile(r"[A-Za-z0-9\s]*\Z")
SIDECARS = ("mmproj", "imatrix")


class GgufName(NamedTuple):
    """The parts of a file name, each as (start, end) in it; None: not there."""

    sidecar: tuple[int, int] | None
    base: tuple[int, int]
    size: tuple[int, int] | None
    finetune: tuple[int, int] | None
    version: tuple[int, int]
    encoding: tuple[int, int] | None
    type: tuple[int, int] | None
    shard: tuple[int, int] | None


def gguf_name(name: str) -> GgufName | None:
    """The parts of a name that keeps the standard, else None."""
    if not name.endswith(".gguf"):
        return None
    parts: list[tuple[int, int, str]] = []
    at = 0
    for text in name.removesuffix(".gguf").split("-"):
        parts.append((at, at + len(text), text))
        at += len(text) + 1
    sidecar = parts.pop(0) if len(parts) > 1 and parts[0][2] in SIDECARS else None
    shard = kind = encoding = None
    if len(parts) > 3 and parts[-2][2] == "of" and _NUMBER.match(parts[-1][2]) and _NUMBER.match(parts[-3][2]):
        shard = (parts[-3][0], parts[-1][1])
        del parts[-3:]
    if parts and parts[-1][2] in ("LoRA", "vocab"):
        kind = parts.pop()[:2]
    if len(parts) > 1 and not _VERSION.match(parts[-1][2]) and _WORD.match(parts[-1][2]):
        encoding = parts.pop()[:2]
    if len(parts) < 2 or not _VERSION.match(parts[-1][2]):
        return None
    version = parts.pop()[:2]
    place = next((k for k in range(1, len(parts)) if _SIZE.match(parts[k][2])), None)
    if place is None:
        base, size, finetune = parts, None, None
    else:
        more = place + 1 < len(parts) and _SIZE_ATTRIBUTE.match(parts[place + 1][2]) is not None
        after = parts[place + 1 + more :]
        base, size = parts[:place], (parts[place][0], parts[place + more][1])
        finetune = (after[0][0], after[-1][1]) if after else None
    if not all(_BASE.match(text) for *_, text in base):
        return None
    whole = (base[0][0], base[-1][1])
    return GgufName(sidecar[:2] if sidecar else None, whole, size, finetune, version, encoding, kind, shard)


def size_label(experts: int, parameters: int) -> str:
    """The standard's label for a number of parameters: `8x7B`, `3.8B`, `160M`."""
    units = ((1e15, "Q"), (1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))
    value, unit = next(
        ((parameters / size, unit) for size, unit in units if parameters >= size), (parameters / 1e3, "K")
    )
    text = f"{value:.1f}".removesuffix(".0") if value < 10 else f"{value:.0f}"
    return f"{experts}x{text}{unit}" if experts > 1 else f"{text}{unit}"
