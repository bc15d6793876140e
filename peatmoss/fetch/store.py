"""Whole repositories on disk: files by the hash of their content, each once, however many models hold it.

    store/ab/abcdef...    the file whose SHA-256 is abcdef...

A file is written in pieces and gets its name when its hash is right, so whatever has a name is whole.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from peatmoss.errors import Gated, NotFound
from peatmoss.fetch.hub_http import Failed, Hub
from peatmoss.files import writing

PIECE = 32 * 2**20
"""Bytes of one request."""


def mirror(
    hub: Hub,
    store: Path,
    files: Sequence[Mapping[str, Any]],
    where: Callable[[str], str],
    skipped: dict[str, str],
) -> dict[str, str]:
    """Bring the files of a repository into the store. `where` gives the address of a path.

    Gives path -> SHA-256; what could not be had is in `skipped`.
    """
    stored = {}
    for file in files:
        path, lfs = file["path"], file.get("lfs")
        wanted = str(lfs.get("oid", "")) if isinstance(lfs, dict) else ""
        wanted = wanted if re.fullmatch(r"[0-9a-f]{64}", wanted) else ""
        if wanted and _place(store, wanted).is_file():
            stored[path] = wanted
            continue
        try:
            digest = _download(hub, store, where(path), wanted)
        except Gated:
            skipped[path] = "gated"
        except (NotFound, Failed) as error:
            skipped[path] = f"HTTP {error.status}"
        else:
            if wanted and digest != wanted:
                skipped[path] = "its content has another hash than the hub says"
            else:
                stored[path] = digest
                skipped.pop(path, None)
    return stored


def _place(store: Path, digest: str) -> Path:
    return store / digest[:2] / digest


def _download(hub: Hub, store: Path, address: str, wanted: str) -> str:
    """Write one file, piece by piece; its hash. What has not the `wanted` hash does not stay."""
    part = store / f".{os.getpid()}-{threading.get_ident()}.part"
    digest = hashlib.sha256()
    try:
        with writing(part):
            part.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as stream:
                size = 0
                while True:
                    blob = hub.bytes(address, size, size + PIECE, max_bytes=PIECE)
                    stream.write(blob.content)
                    digest.update(blob.content)
                    size += len(blob.content)
                    if not blob.is_cut or not blob.content:
                        break
                stream.flush()
                os.fsync(stream.fileno())
            if not wanted or digest.hexdigest() == wanted:
                target = _place(store, digest.hexdigest())
                target.parent.mkdir(exist_ok=True)
                part.replace(target)
        return digest.hexdigest()
    finally:
        part.unlink(missing_ok=True)
