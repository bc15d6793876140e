"""A local model folder as a snapshot: names of files, configurations, tensor headers. Weights are never read."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from peatmoss.errors import PeatmossError, RecordError
from peatmoss.parse.gguf import gguf
from peatmoss.parse.header import Header, safetensors

MAX_FILES = 10_000
MAX_CONFIG_BYTES = 2**20
MAX_CARD_BYTES = 2**20
_FORMATS: dict[str, Callable[[bytes, int | None], Header | int]] = {".safetensors": safetensors, ".gguf": gguf}


def snapshot(folder: Path) -> dict[str, Any]:
    """The content of a folder in the form of a `snapshot` record. Links are not followed; what was left out says why.

    Raises PeatmossError if there is no such folder.
    """
    if not folder.is_dir():
        raise PeatmossError(f"no folder {folder}: give the folder that holds config.json and the weights")
    data: dict[str, Any] = {"files": [], "contents": {}, "headers": {}, "skipped": {}, "readme": None}
    paths = list(itertools.islice(_files(folder), MAX_FILES + 1))
    if len(paths) > MAX_FILES:
        data["skipped"]["*"] = f"more than {MAX_FILES:,} files: only the first were read"
    for path in paths[:MAX_FILES]:
        name = path.relative_to(folder).as_posix()
        try:
            size = path.stat().st_size
            data["files"].append({"type": "file", "path": name, "size": size})
            if path.suffix in _FORMATS:
                data["headers"][name] = _header(path, size)
            elif path.suffix == ".json" and not name.endswith(".index.json") and "/" not in name:
                if size <= MAX_CONFIG_BYTES:
                    data["contents"][name] = path.read_text("utf-8", "replace")
                else:
                    data["skipped"][name] = f"{size:,} bytes, more than {MAX_CONFIG_BYTES:,}"
            elif name == "README.md" and size <= MAX_CARD_BYTES:
                data["readme"] = path.read_text("utf-8", "replace")
        except RecordError as error:
            data["skipped"][name] = error.reason
        except OSError as error:
            data["skipped"][name] = error.strerror or "cannot be read"
    return data


def _files(folder: Path) -> Iterator[Path]:
    """The files below a folder in the order of their names, folder by folder; what cannot be opened is passed over."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        yield from (path for name in sorted(names) if not (path := Path(place, name)).is_symlink() and path.is_file())


def _header(path: Path, size: int) -> Header:
    read = _FORMATS[path.suffix]
    wanted = 1 << 20
    with path.open("rb") as file:
        while True:
            file.seek(0)
            found = read(file.read(wanted), size)
            if not isinstance(found, int):
                return found
            if found <= wanted or wanted >= size:
                raise RecordError(f"the header takes {found:,} bytes, the file has {size:,}")
            wanted = max(found, 2 * wanted)
