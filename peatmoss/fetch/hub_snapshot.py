"""One model at one revision, from the Hub: its files by name, its texts, and the heads of its weights.

Requests per model: the tree (one per 1,000 files), one per text, and for the heads of the weights one for all shards
together where the Hub answers that, else one or two per file. Pickles are never opened. Everything has a limit; what is
over it, or not ours to read, is named under ``skipped`` with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from peatmoss.archive import Record
from peatmoss.errors import Gated, NotFound, RecordError
from peatmoss.fetch.collect import DONE, Moved
from peatmoss.fetch.hub_http import Failed, Hub
from peatmoss.fetch.store import mirror
from peatmoss.parse import header as heads
from peatmoss.parse.gguf import gguf

MAX_FILES = 100_000
MAX_TEXTS = 100
MAX_TEXT_BYTES = 24 * 2**20
MAX_HEADERS = 200
MAX_HEADER_BYTES = 128 * 2**20
FIRST_BYTES = 100_000
"""What is read of a weight file at first: 97 % of safetensors headers are shorter."""

_MIB = 2**20
TEXTS: tuple[tuple[str, int], ...] = (
    (r"readme\.md", 4 * _MIB),
    (r"(?:[^/]+/)?(?:licen[cs]e|notice|copying|unlicense|use_policy|third_party_notices)(?:[._-][^/]*)?", _MIB),
    (r"(?:[^/]+/){0,2}config\.json", _MIB),
    (r"(?:[^/]+/)?(?:generation|adapter|preprocessor|processor|feature_extractor|scheduler|quantize|quant|quantization|"
     r"quantisation|video_preprocessor|image_processor|sentence_bert|open_clip|vision)_config\.json", _MIB),
    (r"(?:model_index|modules|config_sentence_transformers|params|hyperparams|model_args|args)\.json", _MIB),
    (r"(?:[^/]+/)?(?:tokenizer_config|special_tokens_map)\.json", 4 * _MIB),
    (r"(?:[^/]+/)?[^/]+\.index\.json", 16 * _MIB),
    (r"(?:config|hyperparams|mergekit_config)\.ya?ml", _MIB),
)  # fmt: skip
"""Which files are read, and up to what size."""

PICKLES = re.compile(r"\.(?:bin|pt|pth|ckpt|pkl|pickle|joblib|dill|npy|h5|hdf5|keras)(?:\.\d+)?$", re.IGNORECASE)
INDEX = "model.safetensors.index.json"
_TEXTS = [(re.compile(pattern, re.IGNORECASE), limit) for pattern, limit in TEXTS]


class Plan(NamedTuple):
    """What is known before anything is asked.

    revisions: model -> its revision by a listing; known: model -> that of its last snapshot in the archive
    store: where whole repositories go, or None for texts only
    """

    revisions: Mapping[str, str | None]
    known: Mapping[str, str]
    store: Path | None = None


class _Snapshot(NamedTuple):
    """One being collected."""

    hub: Hub
    name: str
    sha: str
    skipped: dict[str, str]

    def path(self, file: str) -> str:
        return f"/{quote(self.name)}/resolve/{self.sha}/{quote(file)}"


def say(plan: Plan) -> Callable[[Hub, str, str | None], Iterator[Record]]:
    """What `collect` calls for each model."""

    def records(hub: Hub, name: str, _: str | None) -> Iterator[Record]:
        sha, modified = plan.revisions.get(name), None
        if sha is None:
            sha, modified = _current(hub, name)
        if plan.known.get(name) == sha:
            yield Record(name, DONE, {"modelId": name, "sha": sha})
            return
        try:
            data = snapshot(hub, name, sha, plan.store)
        except NotFound:  # the listing is old, and the history was rewritten since
            sha, modified = _current(hub, name)
            data = snapshot(hub, name, sha, plan.store)
        yield Record(name, DONE, data | ({"lastModified": modified} if modified else {}))

    return records


def _current(hub: Hub, name: str) -> tuple[str, str | None]:
    """The current revision of a model. Raises Moved, NotFound."""
    page = hub.json(f"/api/models/{quote(name)}", {"expand": ["sha", "lastModified"]})
    data = page.data if isinstance(page.data, dict) else {}
    found, sha = data.get("id"), data.get("sha")
    if isinstance(found, str) and found != name:
        raise Moved(found)
    if not isinstance(sha, str) or not re.fullmatch(r"[0-9a-f]{7,64}", sha):
        raise NotFound(f"{name} has no revision", 404)
    modified = data.get("lastModified")
    return sha, modified if isinstance(modified, str) else None


def snapshot(hub: Hub, name: str, sha: str, store: Path | None = None) -> dict[str, Any]:
    """A model at a revision. Raises NotFound if there is no such revision."""
    work = _Snapshot(hub, name, sha, {})
    try:
        files = _tree(work)
    except Gated:
        return {"modelId": name, "sha": sha, "skipped": {"*": "gated"}}
    readme, contents = _texts(work, files)
    data: dict[str, Any] = {"readme": readme, "files": files, "contents": contents}
    data["headers"] = _headers(work, files, contents)
    if store is not None:
        data["stored"] = mirror(hub, store, files, work.path, work.skipped)
    said: dict[str, Any] = {"modelId": name, "sha": sha}
    if any(reason.startswith("HTTP 5") for reason in work.skipped.values()):
        said["incomplete"] = True  # the host was in trouble: worth another try
    return said | data | {"skipped": dict(sorted(work.skipped.items()))}


def _tree(work: _Snapshot) -> list[dict[str, Any]]:
    """All files of a revision, page by page, folders left out."""
    files: list[dict[str, Any]] = []
    path: str | None = f"/api/models/{quote(work.name)}/tree/{work.sha}"
    params: dict[str, Any] | None = {"recursive": "true", "limit": 1000}
    while path is not None:
        page = work.hub.json(path, params)
        found = re.match(r"/api/models/(.+)/tree/", page.path)
        if found and unquote(found[1]) != work.name:
            raise Moved(unquote(found[1]))
        entries = page.data if isinstance(page.data, list) else []
        files += [entry for entry in entries if isinstance(entry, dict) and entry.get("type") == "file"]
        if len(files) > MAX_FILES:
            work.skipped["*"] = f"more than {MAX_FILES} files"
            return files[:MAX_FILES]
        path, params = page.next, None
    return [file for file in files if isinstance(file.get("path"), str)]


def _texts(work: _Snapshot, files: list[dict[str, Any]]) -> tuple[str | None, dict[str, str]]:
    """The card, and the other texts by path."""
    wanted = [(file["path"], _size(file), limit) for file in files if (limit := text_limit(file["path"])) is not None]
    readme, contents, total = None, {}, 0
    for number, (path, size, limit) in enumerate(sorted(wanted, key=lambda each: (each[0].count("/"), each[0]))):
        if number >= MAX_TEXTS:
            work.skipped[path] = f"more than {MAX_TEXTS} texts"
        elif size > limit or total + size > MAX_TEXT_BYTES:
            work.skipped[path] = f"{size} bytes (more than {min(limit, MAX_TEXT_BYTES - total)})"
        else:
            raw = _bytes(work, path, 0, None, limit)
            if raw is None:
                continue
            total += len(raw)
            if b"\0" in raw:
                work.skipped[path] = "binary"
            elif path.lower() == "readme.md" and readme is None:
                readme = raw.decode("utf-8", "replace")
            else:
                contents[path] = raw.decode("utf-8", "replace")
    return readme, contents


def text_limit(path: str) -> int | None:
    """How many bytes of a file are read at most, or None if it is no text that we collect."""
    return next((limit for pattern, limit in _TEXTS if pattern.fullmatch(path)), None)


def _headers(work: _Snapshot, files: list[dict[str, Any]], contents: Mapping[str, str]) -> dict[str, Any]:
    """The heads of the weight files: path -> header."""
    sizes = {file["path"]: _size(file) for file in files}
    weights = [path for path in sorted(sizes) if path.lower().endswith((".safetensors", ".gguf"))]
    found = _answered(work, sizes) if INDEX in contents and len(weights) > 1 else {}
    read = sum(each["header_bytes"] for each in found.values())
    tensors = sum(len(each["tensors"]) for each in found.values())
    for path in sizes:
        if PICKLES.search(path):
            work.skipped.setdefault(path, "pickle: never opened")
    for number, path in enumerate(weights):
        if path in found:
            continue
        if number >= MAX_HEADERS or read > MAX_HEADER_BYTES or tensors > heads.MAX_TENSORS:
            work.skipped[path] = "more weight files than are read"
            continue
        try:
            header = _header(work, path, sizes[path])
        except RecordError as error:
            work.skipped[path] = error.reason
            continue
        if header is not None:
            found[path] = header
            read += header["header_bytes"]
            tensors += len(header["tensors"])
    return dict(sorted(found.items()))


def _answered(work: _Snapshot, sizes: Mapping[str, int]) -> dict[str, Any]:
    """All shard headers by one call. It answers for the newest revision: a header that does not fit is not taken."""
    try:
        page = work.hub.json(f"/api/models/{quote(work.name)}/safetensors-metadata/{INDEX}")
    except (NotFound, Gated, Failed):
        return {}
    answers = page.data.get("headers") if isinstance(page.data, dict) else None
    found = {}
    for path, answer in answers.items() if isinstance(answers, dict) else ():
        if path in sizes:
            try:
                found[path] = heads.safetensors_answer(answer, sizes[path])
            except RecordError:
                continue  # it is asked for itself
    return found


def _header(work: _Snapshot, path: str, size: int) -> dict[str, Any] | None:
    """The head of one file, read until it is whole. Raises RecordError if it is none."""
    is_gguf = path.lower().endswith(".gguf")
    parse = gguf if is_gguf else heads.safetensors
    raw, found = b"", parse(b"", size)
    while isinstance(found, int):
        # How much the vocabulary of a GGUF file takes is not told: each time more is read than is needed at least.
        ahead = min(4 * len(raw), len(raw) + 4 * _MIB) if is_gguf else 0
        needed = min(size, max(found, FIRST_BYTES, ahead))
        more = _bytes(work, path, len(raw), needed, needed)
        if more is None:
            return None
        if not more:
            raise RecordError(f"the file ends after {len(raw)} of {size} bytes")
        raw += more
        found = parse(raw, size)
    return found


def _bytes(work: _Snapshot, path: str, start: int, end: int | None, limit: int) -> bytes | None:
    """Bytes of a file, or None and the reason why there are none."""
    try:
        blob = work.hub.bytes(work.path(path), start, end, max_bytes=limit)
    except Gated:
        work.skipped[path] = "gated"
    except NotFound as error:
        work.skipped[path] = f"HTTP {error.status}"
    except Failed as error:
        work.skipped[path] = f"HTTP {error.status}"
    else:
        if end is None and blob.is_cut:
            work.skipped[path] = f"more than {limit} bytes"
            return None
        return blob.content
    return None


def _size(file: Mapping[str, Any]) -> int:
    size = file.get("size")
    return size if type(size) is int and size >= 0 else 0
