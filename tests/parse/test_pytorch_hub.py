"""Pages, entry points and weights of PyTorch Hub as records of models."""

from peatmoss.parse.pytorch_hub import (
    Entry,
    hubconf_entries,
    is_page,
    library_records,
    merged,
    metadata_license,
    page_entries,
    page_records,
)
from peatmoss.parse.torch_source import Builder, Weights

PAGE = """---
layout: hub_detail
title: Net
author: Some Team
tags: [vision, scriptable]
github-link: https://github.com/owner/repo/blob/main/net.py
github-id: owner/repo
---
```python
model = torch.hub.load('owner/repo:v1.0', 'net18', pretrained=True)
# or
#model = torch.hub.load("owner/repo:v1.0",
#                       "net34")
name = 'net_x'
other = torch.hub.load(repo_or_dir='owner/other', model=name)
again = torch.hub.load('owner/repo', 'net18')
saved = torch.hub.load('owner/repo', './saved/model')
local = torch.hub.load('./here', 'net', source='local')
unknown = torch.hub.load('owner/repo', variable)
```
Text: torch.hub.load('not/code', 'x')
"""


def test_a_page_gives_what_its_code_loads_comments_and_variables_too() -> None:
    assert is_page(PAGE)
    assert not is_page("# Contributing\n")
    assert page_entries(PAGE) == [
        Entry("owner/repo", "net18", "v1.0"), Entry("owner/repo", "net34", "v1.0"), Entry("owner/other", "net_x"),
    ]  # fmt: skip


def test_a_record_has_the_shape_of_the_hub_with_the_page_beside_it() -> None:
    assert page_records("owner_repo_net.md", PAGE)[0] == {
        "id": "owner/repo/net18",
        "author": "owner",
        "tags": ["vision", "scriptable"],
        "page": {
            "path": "owner_repo_net.md",
            "title": "Net",
            "author": "Some Team",
            "github-id": "owner/repo",
            "github-link": "https://github.com/owner/repo/blob/main/net.py",
        },
        "revision": "v1.0",
    }


def test_entry_points_are_public_functions_of_the_repository_itself() -> None:
    text = '''
dependencies = ["torch"]
import torch
from functools import partial
from torch import nn
from own.models import net18 as net, Net, _hidden, get_weight
from missing.package import other
try:
    from own.big import big
except ImportError:
    pass
def local(pretrained=False):
    """Makes it."""
def _private(): ...
small = partial(local, size=1)
alias = local
number = 3
'''
    assert hubconf_entries("o/r", text, {"own", "hubconf", "torch_stub"}) == [
        Entry("o/r", "net"), Entry("o/r", "big"), Entry("o/r", "local", None, "Makes it."),
        Entry("o/r", "small"), Entry("o/r", "alias"),
    ]  # fmt: skip
    assert hubconf_entries("o/r", "def broken(", {"own"}) == []


def test_builders_and_weights_of_a_library_are_models_of_their_own() -> None:
    builders = [Builder("net18", ("Net18_Weights",), "A net.")]
    weights = [
        Weights(
            "Net18_Weights.V1", "Net18_Weights", "https://dl.example/1.pth", {"num_params": 3, "license": "https://l"}
        ),
        Weights("Net18_Weights.V2", "Net18_Weights", None, {"num_params": 5}, is_default=True),
    ]
    common = {"author": "pytorch", "tags": ["vision"], "library_name": "torchvision"}
    assert library_records("torchvision", builders, weights, "BSD") == [
        common | {
            "id": "pytorch/vision/net18", "weights": ["Net18_Weights.V1", "Net18_Weights.V2"], "doc": "A net.",
            "safetensors": {"total": 5}, "cardData": {"license": "BSD"},
        },
        common | {
            "id": "pytorch/vision/Net18_Weights.V1", "safetensors": {"total": 3}, "url": "https://dl.example/1.pth",
            "meta": {"num_params": 3, "license": "https://l"},
            "cardData": {"license": "other", "license_link": "https://l"},
        },
        common | {
            "id": "pytorch/vision/Net18_Weights.V2", "safetensors": {"total": 5}, "meta": {"num_params": 5},
        },
    ]  # fmt: skip


def test_sources_that_speak_of_one_model_complete_each_other() -> None:
    page = {"id": "a/b/c", "tags": ["vision", "x"], "page": {"path": "p.md"}}
    source = {"id": "a/b/c", "tags": ["vision"], "doc": "text", "page": {"path": "q.md"}}
    first = {"id": "a/a/a"}
    assert merged(iter([page, source, first])) == [
        {"id": "a/a/a"}, {"id": "a/b/c", "tags": ["vision", "x"], "page": {"path": "p.md"}, "doc": "text"},
    ]  # fmt: skip


def test_the_license_of_a_package_is_taken_as_it_is_stated() -> None:
    assert metadata_license("Name: x\nLicense: BSD\n") == "BSD"
    assert metadata_license("Classifier: License :: OSI Approved :: BSD License\n") == "BSD License"
    assert metadata_license('setup(\n    license="BSD",\n)') == "BSD"
    assert metadata_license("Name: x\n") is None
