"""Weights in the source of a torch library: what is written there is taken, nothing is executed."""

from pathlib import Path

from peatmoss.parse.torch_source import Builder, Weights, library, stated_license

VISION = '''
_COMMON = {"min_size": (1, 1), "categories": _IMAGENET}
class Net18_Weights(WeightsEnum):
    V1 = Weights(url="https://dl.example/net18-1.pth", transforms=partial(x, crop=1),
                 meta={**_COMMON, "num_params": 12, "_metrics": {"set": {"acc@1": -1.5}}, "n": compute()})
    V2 = Weights(url="https://dl.example/net18-2.pth", meta={"num_params": 12})
    DEFAULT = V2

@register_model()
@handle_legacy_interface(weights=("pretrained", Net18_Weights.V1))
def net18(*, weights: Optional[Net18_Weights] = None, **kwargs: Any) -> Net:
    """A net of 18 layers."""

@register_model(name="quantized_net18")
def net18_q(*, weights: Optional[Union[Net18_QuantizedWeights, Net18_Weights]] = None) -> Net: ...

def helper(weights: Net18_Weights): ...
'''

AUDIO = '''
BASE = Wav2Vec2Bundle("wav2vec2_base.pth", {"layers": 12}, _rate=16000)
BASE.__doc__ = """Trained on speech, published under MIT License and redistributed with the same license."""
DOC = "T5 {} model, under Apache License, Version 2.0"
LARGE: Bundle = T5Bundle(_path=urljoin(BUCKET, "t5.large.pt"))
LARGE.__doc__ = DOC.format("large")
_HIDDEN = Wav2Vec2Bundle("hidden.pth")
OTHER = make("x.pth")
'''


def test_enumerations_and_registered_functions_are_found() -> None:
    builders, weights = library({"models/net.py": VISION})
    assert builders == [
        Builder("net18", ("Net18_Weights",), "A net of 18 layers."),
        Builder("quantized_net18", ("Net18_QuantizedWeights", "Net18_Weights"), None),
    ]
    facts = {"min_size": [1, 1], "num_params": 12, "_metrics": {"set": {"acc@1": -1.5}}}
    assert weights == [
        Weights("Net18_Weights.V1", "Net18_Weights", "https://dl.example/net18-1.pth", facts),
        Weights("Net18_Weights.V2", "Net18_Weights", "https://dl.example/net18-2.pth", {"num_params": 12}, True),
    ]


def test_bundles_are_found_with_what_stands_behind_them() -> None:
    _, weights = library({"pipelines/impl.py": AUDIO})
    assert [(each.name, each.url) for each in weights] == [("BASE", "wav2vec2_base.pth"), ("LARGE", "t5.large.pt")]
    assert [stated_license(each.meta["_docs"]) for each in weights] == ["MIT", "Apache License, Version 2.0"]


def test_lists_of_addresses_of_older_versions_are_found() -> None:
    text = (
        'model_urls = {"net": "https://dl.example/net.pth", "gone": None, "x": "y"}\ndef net(pretrained=False): ...\n'
    )
    assert library({"net.py": text}) == (
        [Builder("net", (), None)],
        [Weights("net", None, "https://dl.example/net.pth", {}, is_default=True)],
    )


def test_a_license_is_stated_only_where_it_is_named() -> None:
    assert stated_license("under [`CC-BY-NC 4.0 License <https://x>`__].") == "CC-BY-NC 4.0"
    assert stated_license("under the\n*Creative Commons\nBY* License") == "Creative Commons BY"
    assert stated_license("under Foo. See the license") is None
    assert stated_license("under the dataset's license") is None
    assert stated_license(None) is None


def test_what_is_no_python_is_passed_over_and_nothing_is_executed(tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'trap')!r}, 'w')"
    hostile = f"{trap}\nX = EvilBundle({trap})\nclass E(WeightsEnum):\n    A = Weights({trap}, meta={{**{trap}}})\n"
    builders, weights = library({"a.py": "def (", "b.py": "(" * 10_000, "c.py": hostile, "d.py": "\0"})
    assert builders == []
    assert sorted(each.name for each in weights) == ["E.A", "X"]
    assert list(tmp_path.iterdir()) == []
