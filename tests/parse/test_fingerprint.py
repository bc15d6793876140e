"""Fingerprints of tensor headers: levels, logical counts, the registry, hostile headers."""

from __future__ import annotations

from typing import Any

import pytest

from peatmoss.analyze.architectures import compare, of_gguf, predict
from peatmoss.parse.fingerprint import Fingerprint, fingerprint
from peatmoss.parse.registry import nearest, registry
from peatmoss.parse.tensors import tensors


def header(shapes: dict[str, tuple[Any, ...]], dtype: str = "F32", form: str = "safetensors") -> dict[str, Any]:
    """A header of tensors of one format, or of (format, shape) each."""
    entries = {
        name: dict(zip(("dtype", "shape"), shape if isinstance(shape[0], str) else (dtype, shape), strict=True))
        for name, shape in shapes.items()
    }  # fmt: skip
    return {"format": form, "metadata": {}, "tensors": entries, "header_bytes": 100}


def of(name: str, hidden: int = 64, layers: int = 3, leave_out: str = "-") -> Fingerprint:
    """The fingerprint of a class of the registry, in some size: its default hidden size becomes `hidden`."""
    known = next(each for each in registry().known if each.name == name)
    flat = [shape[0] for shape in known.shapes.values() if len(shape) == 1]
    usual = max(sorted(set(flat)), key=flat.count)
    found: dict[str, tuple[Any, ...]] = {}
    for pattern, shape in known.shapes.items():
        sizes = tuple(hidden if size == usual else size for size in shape)
        for layer in range(layers if "*" in pattern else 1):
            if not pattern.startswith(leave_out):
                found[pattern.replace("*", str(layer), 1).replace("*", "0")] = sizes
    made = fingerprint({"model.safetensors": header(found)})
    assert made
    return made


def test_levels_tell_apart_what_they_should() -> None:
    small, large, deep = of("BertForMaskedLM"), of("BertForMaskedLM", hidden=96), of("BertForMaskedLM", layers=5)
    assert small.f0 == large.f0 == deep.f0
    assert small.f2 == large.f2 == deep.f2
    assert len({small.f3, large.f3, deep.f3}) == 3
    assert of("BertModel").f0 != of("BertForMaskedLM").f0
    assert (small.layers, deep.layers, large.hidden_size) == (3, 5, 96)


def test_the_prefix_of_the_base_model_is_no_difference_at_the_second_level() -> None:
    shapes = {"embeddings.word_embeddings.weight": (9, 4), "encoder.layer.0.output.dense.weight": (4, 4)}
    bare = fingerprint({"model.safetensors": header(shapes)})
    headed = fingerprint({"model.safetensors": header({f"bert.{name}": shape for name, shape in shapes.items()})})
    assert bare
    assert headed
    assert bare.f0 != headed.f0
    assert bare.f1 == headed.f1


CLASSES = (
    "BertForMaskedLM GPT2LMHeadModel T5ForConditionalGeneration ViTForImageClassification Qwen2ForCausalLM"
    " WhisperForConditionalGeneration MixtralForCausalLM"
)


@pytest.mark.parametrize("name", CLASSES.split())
def test_a_class_is_known_by_its_tensors(name: str) -> None:
    found = of(name)
    assert predict(found.shapes, found.vocabulary)[1:4:2] == (name, "exact")


def test_classes_with_the_same_tensors_are_all_named() -> None:
    found = predict(of("LlamaForCausalLM").shapes)
    assert {"LlamaForCausalLM", "MistralForCausalLM"} <= set(found.equals)


def test_the_vocabulary_decides_between_equals() -> None:
    shapes = of("RobertaForMaskedLM").shapes
    assert predict(shapes, 250_002).model_type == "xlm-roberta"
    assert predict(shapes, 50_265).model_type == "roberta"
    assert predict(shapes, 32_005).model_type == "camembert"


def test_an_unknown_fingerprint_names_the_nearest_and_means_none() -> None:
    found = predict({"tower.block.weight": (4, 4), "bert.embeddings.word_embeddings.weight": (9, 4)})
    assert (found.model_type, found.architecture, found.certainty) == (None, None, "unknown")
    assert found.nearest
    assert found.distance is not None
    assert found.distance > 0.1
    assert predict({"x.y": (1,)}).nearest == ()


def test_tensors_that_repeat_others_may_be_left_out_of_a_file() -> None:
    found = of("GPT2LMHeadModel", leave_out="lm_head")
    assert predict(found.shapes, found.vocabulary).architecture == "GPT2LMHeadModel"


@pytest.mark.parametrize(
    ("model_type", "architecture", "verdict"),
    [
        ("bert", "BertForMaskedLM", "same"),
        ("bert", "BertForTokenClassification", "equivalent"),
        ("gpt2", "GPT2LMHeadModel", "contradicted"),
        ("", "GPT2LMHeadModel", "contradicted"),
        ("something_new", "SomethingNewModel", "unknown"),
        ("", "", "unknown"),
    ],
)
def test_a_declaration_is_compared_with_the_tensors(model_type: str, architecture: str, verdict: str) -> None:
    found = of("BertForMaskedLM")
    assert compare(predict(found.shapes, found.vocabulary), model_type, architecture)[0] == verdict


def test_a_gguf_file_is_known_by_what_it_says_of_itself() -> None:
    assert of_gguf("gptneox", 3).model_type == "gpt_neox"
    assert of_gguf("no such thing", 3).certainty == "unknown"


Q = "model.layers.0.q"


def count(shapes: dict[str, tuple[Any, ...]], config: dict[str, Any] | None = None) -> int:
    found = fingerprint({"model.safetensors": header(shapes)}, config)
    assert found
    return found.parameters


def test_parameters_are_counted_as_the_model_has_them_not_as_they_are_stored() -> None:
    plain = {f"{Q}.weight": (128, 128)}
    scales: dict[str, tuple[Any, ...]] = {f"{Q}.qzeros": ("I32", (1, 16)), f"{Q}.scales": ("F16", (1, 128))}
    gptq = {f"{Q}.qweight": ("I32", (16, 128)), f"{Q}.g_idx": ("I32", (128,)), **scales}
    awq = {f"{Q}.qweight": ("I32", (128, 16)), **scales}
    bnb = {
        f"{Q}.weight": ("U8", (8192, 1)),
        f"{Q}.weight.absmax": ("F32", (256,)),
        f"{Q}.weight.quant_map": ("F32", (16,)),
    }
    mlx = {f"{Q}.weight": ("U32", (128, 16)), f"{Q}.scales": ("F16", (128, 2)), f"{Q}.biases": ("F16", (128, 2))}
    fp8 = {f"{Q}.weight": ("F8_E4M3", (128, 128)), f"{Q}.weight_scale": ("F32", (1,))}
    assert {count(shapes) for shapes in (plain, gptq, awq, bnb, mlx, fp8)} == {128 * 128}
    assert count(mlx | {f"{Q}.weight": ("U32", (128, 32))}, {"quantization": {"bits": 8}}) == 128 * 128


def test_tied_tensors_count_once_and_buffers_not_at_all() -> None:
    shapes = {"model.embed_tokens.weight": (100, 8), "lm_head.weight": (100, 8), "model.rotary_emb.inv_freq": (4,)}
    assert count(shapes) == 1600
    assert count(shapes, {"tie_word_embeddings": True}) == 800


@pytest.mark.parametrize(
    ("shapes", "experts"),
    [
        ({f"model.layers.0.mlp.experts.{number}.w1.weight": (4, 4) for number in range(8)}, 8),
        ({"model.layers.0.mlp.experts.gate_up_proj": (16, 4, 4)}, 16),
        ({"model.layers.0.mlp.w1.weight": (4, 4)}, 0),
    ],
)
def test_experts_are_counted_by_their_numbers_or_by_a_fused_tensor(shapes: dict[str, Any], experts: int) -> None:
    found = fingerprint({"model.safetensors": header(shapes)})
    assert found
    assert found.experts == experts


def test_of_several_files_the_main_model_is_read_whole_and_alone() -> None:
    files = {
        "model-00001-of-00002.safetensors": header({"model.layers.0.a.weight": (2, 2)}),
        "model-00002-of-00002.safetensors": header({"model.layers.1.a.weight": (2, 2)}),
        "text_encoder/model.safetensors": header({"b.weight": (2, 2)}),
        "adapter_model.safetensors": header({"c.lora_A.weight": (2, 2)}),
        "mmproj.gguf": header({"d": (2, 2)}, form="gguf"),
    }
    found = fingerprint(files)
    assert found
    assert (found.tensor_count, found.parameters, found.layers, found.is_adapter) == (2, 8, 2, False)
    only = fingerprint({"adapter_model.safetensors": files["adapter_model.safetensors"]})
    assert only
    assert only.is_adapter


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"dtype": None, "shape": None},
        {"dtype": "F32", "shape": [-1, 2**70, "x", True, 1.5]},
        {"dtype": "I32", "shape": "12"},
    ],
)
def test_a_header_that_lies_does_no_harm(entry: dict[str, Any]) -> None:
    names = ["x.qweight", "x.scales", "x.weight", "a" * 10_000, "\ud800", "", "0", "layers.99999999999.x"]
    found = fingerprint({"model.safetensors": {"format": "safetensors", "tensors": dict.fromkeys(names, entry)}})
    assert found
    assert found.parameters >= 0
    assert predict(found.shapes).certainty == "unknown"


def test_nothing_is_told_of_headers_without_tensors() -> None:
    assert fingerprint({}) is None
    assert fingerprint({"model.safetensors": {"format": "safetensors", "tensors": {}}}) is None
    assert fingerprint({"model.safetensors": {"format": "safetensors", "tensors": [1]}}) is None
    assert tensors({}) == []


def test_the_registry_says_where_it_is_from_and_knows_every_class_it_holds() -> None:
    assert registry().source.startswith("transformers ")
    assert len({known.name for known in registry().known}) > 1500
    assert nearest(registry().known[0].patterns)[0].distance == 0
