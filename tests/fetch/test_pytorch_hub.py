"""PyTorch Hub into the archive: from clones, folders, packages and installed libraries, all of them data."""

import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from peatmoss import archive
from peatmoss.errors import PeatmossError, SourceError
from peatmoss.fetch.pytorch_hub import run
from tests.fetch.test_git_clone import git

PAGE = """---
title: Net
tags: [vision]
github-id: pytorch/vision
---
```python
torch.hub.load('pytorch/vision', 'net18')
```
"""
SOURCE = """
class Net18_Weights(WeightsEnum):
    V1 = Weights(url="https://dl.example/1.pth", meta={"num_params": 3})
    DEFAULT = V1
@register_model()
def net18(*, weights: Optional[Net18_Weights] = None): ...
"""
HUBCONF = "from torchvision.models import net18, get_weight\n"
AS_OF = "2026-01-05"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "archive"
    path.mkdir()
    return path


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    path = tmp_path / "hub"
    path.mkdir()
    (path / "pytorch_vision_net.md").write_text(PAGE)
    (path / "README.md").write_text("# Hub\n")
    git(path, "init", "-q")
    git(path, "add", "-A")
    git(path, "commit", "-qm", "one", "--date", "2026-01-02T03:04:05Z")
    return path


def data(shard: archive.Shard) -> list[Any]:
    return [line.record.data for line in archive.lines(shard) if line.record]


def test_pages_become_models_and_cards_as_of_their_commit(root: Path, pages: Path) -> None:
    commit = git(pages, "rev-parse", "HEAD").strip()
    made = int(git(pages, "show", "-s", "--format=%ct", "HEAD"))
    models, cards = run(root, [str(pages)])
    assert (models.shard.origin, models.shard.hub, models.shard.as_of.timestamp()) == ("pytorch_hub", "PyTorch", made)
    assert models.shard.source["sources"] == [{"name": "hub", "commit": commit, "models": 1}]
    assert [model["id"] for model in data(models.shard)] == ["pytorch/vision/net18"]
    assert data(cards.shard) == [
        {"modelId": "pytorch/vision/net18", "sha": commit, "readme": PAGE, "path": "pytorch_vision_net.md"}
    ]


def test_doing_it_twice_changes_nothing_and_other_sources_need_another_name(root: Path, pages: Path) -> None:
    first = run(root, [str(pages)], as_of=AS_OF)
    assert [each.is_new for each in first] == [True, True]
    assert [each.is_new for each in run(root, [str(pages)], as_of=AS_OF)] == [False, False]
    (pages / "more.md").write_text(PAGE.replace("net18", "net34"))
    git(pages, "add", "-A")
    git(pages, "commit", "-qm", "two")
    with pytest.raises(PeatmossError, match="holds other sources"):
        run(root, [str(pages)], as_of=AS_OF)
    assert run(root, [str(pages)], as_of="2026-01-06")[0].shard.records == 2


def test_a_repository_is_cloned_by_its_address_and_named_by_its_origin(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "net"
    (path / "torchvision" / "models").mkdir(parents=True)
    (path / "torchvision" / "models" / "net.py").write_text(SOURCE)
    (path / "hubconf.py").write_text(HUBCONF)
    (path / "setup.py").write_text('setup(\n    license="BSD",\n)\n')
    (path / ".git-trap").write_text("")
    git(path, "init", "-q")
    git(path, "add", "-A")
    git(path, "commit", "-qm", "one")
    commit = git(path, "rev-parse", "HEAD").strip()
    with pytest.raises(PeatmossError, match="give --repo owner/name"):
        run(root, [f"file://{path}"])
    git(path, "remote", "add", "origin", "git@github.com:pytorch/vision.git")
    (models,) = run(root, [str(path)])
    assert data(models.shard) == [
        {
            "id": "pytorch/vision/Net18_Weights.V1", "author": "pytorch", "tags": ["vision"],
            "library_name": "torchvision", "safetensors": {"total": 3}, "meta": {"num_params": 3},
            "url": "https://dl.example/1.pth",
        },
        {
            "id": "pytorch/vision/net18", "author": "pytorch", "sha": commit, "tags": ["vision"],
            "library_name": "torchvision", "weights": ["Net18_Weights.V1"], "safetensors": {"total": 3},
            "cardData": {"license": "BSD"},
        },
    ]  # fmt: skip
    cloned = run(root, [f"file://{path}"], as_of=AS_OF, repository="pytorch/vision")
    assert data(cloned[0].shard) == data(models.shard)


def test_a_wheel_and_an_sdist_are_read_without_unpacking_them(root: Path, tmp_path: Path) -> None:
    wheel, sdist = tmp_path / "torchvision-1.0-py3-none-any.whl", tmp_path / "torchvision-1.0.tar.gz"
    files = {"torchvision/models/net.py": SOURCE, "torchvision-1.0.dist-info/METADATA": "License: BSD\n\nLicense: x\n"}
    with zipfile.ZipFile(wheel, "w") as package:
        for name, text in files.items():
            package.writestr(name, text)
    with tarfile.open(sdist, "w:gz") as package:
        raw = SOURCE.encode()
        for name in ("torchvision-1.0/torchvision/models/net.py", "torchvision-1.0/../../../evil.py"):
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            package.addfile(member, io.BytesIO(raw))
        link = tarfile.TarInfo("torchvision-1.0/torchvision/models/link.py")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        package.addfile(link)
    names = ["pytorch/vision/Net18_Weights.V1", "pytorch/vision/net18"]
    for place in (wheel, sdist):
        (models,) = run(root, [str(place)], as_of=AS_OF)
        assert [model["id"] for model in data(models.shard)] == names
    assert not list(tmp_path.parent.rglob("evil.py"))
    with pytest.raises(PeatmossError, match="give --as-of"):
        run(root, [str(wheel)])


def test_an_installed_library_is_asked_for_its_registry(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "site" / "torchvision"
    (place / "models").mkdir(parents=True)
    (place / "__init__.py").write_text("__version__ = '9.9'\n")
    (place / "models" / "__init__.py").write_text(REGISTRY)
    audio = tmp_path / "site" / "torchaudio"
    (audio / "pipelines").mkdir(parents=True)
    (audio / "__init__.py").write_text("")
    (audio / "pipelines" / "__init__.py").write_text(
        'class Bundle:\n    "Under MIT License."\n    _path = "b.pth"\nBASE = Bundle()\n'
    )
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    (models,) = run(root, ["torchvision", "torchaudio"], as_of=AS_OF)
    for name in [name for name in sys.modules if name.startswith(("torchvision", "torchaudio"))]:
        monkeypatch.delitem(sys.modules, name)
    assert models.shard.source["sources"] == [
        {"name": "torchvision", "version": "9.9", "models": 2}, {"name": "torchaudio", "models": 1},
    ]  # fmt: skip
    found = {model["id"]: model for model in data(models.shard)}
    assert list(found) == ["pytorch/audio/BASE", "pytorch/vision/Net18_Weights.V1", "pytorch/vision/net18"]
    assert found["pytorch/vision/net18"]["safetensors"] == {"total": 3}
    assert found["pytorch/vision/Net18_Weights.V1"]["meta"] == {"num_params": 3}
    assert found["pytorch/audio/BASE"]["url"] == "b.pth"


REGISTRY = """
import enum
class Net18_Weights(enum.Enum):
    V1 = "https://dl.example/1.pth"
    DEFAULT = "https://dl.example/1.pth"
    @property
    def url(self): return self.value
    @property
    def meta(self): return {"num_params": 3, "categories": ["c"] * 1000}
    def __str__(self): return f"{type(self).__name__}.{self.name}"
def net18(): "A net."
def list_models(): return ["net18"]
def get_model_weights(name): return Net18_Weights
def get_model_builder(name): return net18
"""


def test_what_cannot_be_read_is_one_clear_error(root: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.whl").write_bytes(b"no zip")
    (tmp_path / "bad.tar.gz").write_bytes(b"no tar")
    (tmp_path / "empty").mkdir()
    for path, kind, said in (
        (str(tmp_path / "none"), PeatmossError, "no folder, wheel"),
        (str(tmp_path / "bad.whl"), SourceError, "cannot read"),
        (str(tmp_path / "bad.tar.gz"), SourceError, "cannot read"),
        (str(tmp_path / "empty"), SourceError, "holds no pages"),
        (f"file://{tmp_path}/none", SourceError, "cannot be cloned"),
        ("ext::sh -c true://x", PeatmossError, "no repository"),
        ("torchtext", PeatmossError, "cannot be imported"),
    ):
        with pytest.raises(kind, match=said):
            run(root, [path], as_of=AS_OF)
    assert not list(root.iterdir())


def test_cloning_runs_no_hooks_of_the_other_side(root: Path, pages: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    for hook in ("post-checkout", "post-upload-pack", "pre-auto-gc"):
        place = pages / ".git" / "hooks" / hook
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"#!/bin/sh\ntouch {trap}\n")
        place.chmod(0o755)
    subprocess.run(["git", "-C", str(pages), "config", "uploadpack.packObjectsHook", f"touch {trap};"], check=True)
    run(root, [f"file://{pages}"])
    assert not trap.exists()
