"""PyTorch Hub -> archive: pages, entry points, and the weights of torchvision, torchaudio and torchtext.

A source is a folder, a git clone, the address of a git repository, a wheel or an sdist. What lies in it decides:
pages of ``pytorch/hub``, a ``hubconf.py``, or the source of a torch library. It is read as text, nothing of it is run.
Only an installed library, given by its name, is imported and asked for its registry.
The models of one call are one shard; pages are cards, of the models they load, in a shard of snapshots.
"""

from __future__ import annotations

import importlib
import tarfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from peatmoss import archive
from peatmoss.archive import Record
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.fetch import git, git_clone
from peatmoss.fetch.hub_dump import Fetched
from peatmoss.parse import pytorch_hub as parse
from peatmoss.parse.torch_source import Builder, Weights, library

HUB, HUB_URL = "PyTorch", "https://pytorch.org/hub"
MAX_MEMBERS = 100_000
_MODELS = {
    "torchvision": "torchvision/models/",
    "torchaudio": "torchaudio/pipelines/",
    "torchtext": "torchtext/models/",
}
"""Package -> where its models are defined."""


class Tree(NamedTuple):
    """The texts of a source: path -> content. `commit` and `moment` are those of a git clone."""

    name: str
    files: dict[str, str]
    repository: str | None = None
    commit: str | None = None
    moment: datetime | None = None


def run(
    root: Path,
    paths: Sequence[str],
    *,
    as_of: str | None = None,
    repository: str | None = None,
) -> list[Fetched]:
    """Take the models of some sources into the archive at `root`, as one shard named after them.

    paths: folders, git clones, addresses of git repositories, wheels, sdists, or the name of an installed library
    as_of: when that was so; the date of the newest commit if all are git repositories
    repository: owner/name of a source with a ``hubconf.py`` that does not say so itself

    Raises PeatmossError if the call makes no sense, SourceError if a source is damaged or holds no models.
    """
    if not paths:
        raise PeatmossError("no source: give --path and a folder, a clone, an address, a wheel or an sdist")
    if repository is not None and repository.count("/") != 1:
        raise PeatmossError(f"{repository!r} is no repository: give --repo owner/name")
    models: list[dict[str, Any]] = []
    cards: dict[str, Record] = {}
    moments: list[datetime | None] = []
    sources = []
    for path in paths:
        if path in parse.LIBRARIES and not Path(path).exists():
            found, source = _installed(path)
            moments.append(None)
        else:
            tree = read(path)
            found, pages = _records(tree, repository)
            cards |= pages
            moments.append(tree.moment)
            source = {"name": tree.name, "commit": tree.commit}
        if not found:
            raise SourceError(f"{path} holds no pages of PyTorch Hub, no hubconf.py and no torch library")
        models += found
        sources.append({name: value for name, value in source.items() if value} | {"models": len(found)})
    date = _date(as_of, moments)
    label = "-".join(str(source["name"]).rstrip("/").rpartition("/")[2] for source in sources)
    described = {"hub": HUB, "hub_url": HUB_URL, "source": {"name": "PyTorch Hub", "sources": sources}}
    records = [Record(model["id"], model["id"], model) for model in parse.merged(iter(models))]
    shards = [_write(root, "model", date, label, records, described)]
    if cards:
        shards.append(_write(root, "snapshot", date, label, [cards[key] for key in sorted(cards)], described))
    return shards


def read(path: str) -> Tree:
    """The texts of a source."""
    if "://" in path:
        found = git.source(path)
        with git.Clones([path]).opened(found, "newest") as clone:
            return _git_tree(clone, path, found.key if found.host == "github.com" else None)
    place = Path(path)
    if place.is_dir():
        if git.is_repository(place):
            return _git_tree(place, place.name, git.github_name(place))
        return Tree(place.name, _texts(git_clone.folder_files(place)))
    if place.name.endswith((".whl", ".zip")):
        return Tree(place.name, _zip_texts(place))
    if place.name.endswith((".tar.gz", ".tgz")):
        return Tree(place.name, _tar_texts(place))
    raise PeatmossError(f"no folder, wheel (.whl), sdist (.tar.gz) or address of a git repository at {path}")


def _git_tree(clone: Path, name: str, repository: str | None) -> Tree:
    commit = git_clone.resolve_commit(clone, "HEAD")
    texts = _texts(git_clone.commit_files(clone, commit))
    return Tree(name, texts, repository, commit, git.commit_moment(clone, commit))


def _texts(files: Iterator[git_clone.File]) -> dict[str, str]:
    return {file.path: file.content for file in files if file.content is not None and _is_wanted(file.path)}


def _is_wanted(path: str) -> bool:
    return path.endswith((".py", ".md", "/METADATA", "PKG-INFO"))


def _zip_texts(path: Path) -> dict[str, str]:
    try:
        with zipfile.ZipFile(path) as package:
            members = [m for m in package.infolist()[:MAX_MEMBERS] if _is_wanted(m.filename)]
            small = [m for m in members if m.file_size <= git_clone.MAX_FILE_BYTES]
            return {m.filename: package.read(m).decode("utf-8", "replace") for m in small}
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise SourceError(f"cannot read {path}: {error}") from error


def _tar_texts(path: Path) -> dict[str, str]:
    texts = {}
    try:
        with tarfile.open(path, "r:gz") as package:
            for number, member in enumerate(package):
                if number >= MAX_MEMBERS:
                    break
                inner = str(PurePosixPath(*PurePosixPath(member.name).parts[1:]))  # without name-version/
                if member.isfile() and member.size <= git_clone.MAX_FILE_BYTES and _is_wanted(inner):
                    stream = package.extractfile(member)
                    texts[inner] = stream.read().decode("utf-8", "replace") if stream else ""
    except (OSError, EOFError, ValueError, tarfile.TarError) as error:
        raise SourceError(f"cannot read {path}: {error}") from error
    return texts


def _records(tree: Tree, repository: str | None) -> tuple[list[dict[str, Any]], dict[str, Record]]:
    """The models of a source, and a snapshot with the page of each that has one."""
    models: list[dict[str, Any]] = []
    cards: dict[str, Record] = {}
    for path, text in sorted(tree.files.items()):
        if "/" not in path and path.endswith(".md") and parse.is_page(text):
            for record in parse.page_records(path, text):
                models.append(record)
                if tree.commit:
                    key = f"{record['id']} {tree.commit}"
                    cards.setdefault(key, Record(key, key, _page(record, tree.commit, text)))
    if "hubconf.py" in tree.files:
        name = repository or tree.repository
        if name is None:
            raise PeatmossError(f"{tree.name} has a hubconf.py but does not say whose: give --repo owner/name")
        own = {path.partition("/")[0].removesuffix(".py") for path in tree.files}
        found = parse.hubconf_records(name, tree.files["hubconf.py"], own)
        models += [record | {"sha": tree.commit} if tree.commit else record for record in found]
    for package, folder in _MODELS.items():
        files = {path: text for path, text in tree.files.items() if f"/{folder}" in f"/{path}" and path.endswith(".py")}
        if files:
            models += parse.library_records(package, *library(files), _stated_license(tree.files))
    return models, cards


def _page(record: Mapping[str, Any], commit: str, text: str) -> dict[str, Any]:
    return {"modelId": record["id"], "sha": commit, "readme": text, "path": record["page"]["path"]}


def _stated_license(files: Mapping[str, str]) -> str | None:
    for path in sorted(files):
        if path.endswith((".dist-info/METADATA", "PKG-INFO")) or path == "setup.py":
            head = files[path] if path == "setup.py" else files[path].partition("\n\n")[0]
            if found := parse.metadata_license(head):
                return found
    return None


def _installed(name: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The models of an installed library, by its own registry. Raises PeatmossError if it cannot be imported."""
    try:
        module = importlib.import_module(name)
        models = importlib.import_module(_MODELS[name].strip("/").replace("/", "."))
    except Exception as error:  # whatever a library does when it is imported
        raise PeatmossError(
            f"{name} cannot be imported here ({error}): give its wheel or source tree instead"
        ) from error
    builders, weights = [], []
    if hasattr(models, "list_models"):
        for each in models.list_models():
            enumeration = models.get_model_weights(each)
            builders.append(Builder(each, (enumeration.__name__,), models.get_model_builder(each).__doc__))
            default = getattr(enumeration, "DEFAULT", None)
            for member in enumeration:
                meta = {key: value for key, value in dict(member.meta).items() if _is_plain(value)}
                weights.append(Weights(str(member), enumeration.__name__, member.url, meta, member is default))
    else:
        for each in sorted(vars(models)):
            bundle = getattr(models, each)
            if each.isupper() and type(bundle).__name__.endswith("Bundle"):
                weights.append(Weights(each, None, getattr(bundle, "_path", None), {"_docs": bundle.__doc__}, True))
    unique = list({each.name: each for each in weights}.values())
    records = parse.library_records(name, builders, unique)
    return records, {"name": name, "version": str(getattr(module, "__version__", ""))}


def _is_plain(value: Any) -> bool:
    """Worth keeping: no list of 1,000 class names."""
    return isinstance(value, str | int | float | dict) or (isinstance(value, list | tuple) and len(value) <= 64)


def _date(as_of: str | None, moments: Sequence[datetime | None]) -> datetime:
    if as_of is not None:
        return archive.moment(as_of)
    known = [moment for moment in moments if moment is not None]
    if len(known) < len(moments):
        raise PeatmossError("a source that is no git repository does not say when it was so: give --as-of DATE")
    return max(known)


def _write(
    root: Path, kind: str, date: datetime, label: str, records: Sequence[Record], described: Mapping[str, Any]
) -> Fetched:
    """One closed shard; the same sources once more change nothing."""
    path = root / kind / (archive.shard_stem(date, "pytorch_hub", label) + ".jsonl.zst")
    if known := archive.closed(path):
        if known.source != described["source"]:
            raise PeatmossError(f"{known.name} holds other sources: give another --as-of")
        return Fetched(known, is_new=False)
    with archive.append(root, kind, "pytorch_hub", date, label, **described) as sink:
        for record in records:
            if sink.cursor is None or record.key > sink.cursor:
                sink.write(record)
    closed = archive.closed(path)
    assert closed is not None  # noqa: S101
    return Fetched(closed, is_new=True)
