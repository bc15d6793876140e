"""Claims against evidence, as a table of cases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from peatmoss.analyze.names import judge
from peatmoss.analyze.names.lineage import Part, derivation
from peatmoss.analyze.names.lookalike import Known, look_alikes, skeleton
from peatmoss.analyze.names.tables import in_circles
from peatmoss.parse.name.evidence import Evidence, class_type

CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    # I1 and I2: a claim, and its acquittals
    ("x/roberta-base", {"architectures": ("BertForMaskedLM",)}, ["I1 hard", "I2 hard"]),
    ("x/roberta-base", {"model_type": "bert"}, ["I1 hard"]),
    ("x/bert-base-cased", {"model_type": "bert", "architectures": ("BertForMaskedLM",)}, []),
    ("x/tiny-bert-qa", {"architectures": ("AlbertForQuestionAnswering",)}, ["I1 hard", "I2 hard"]),
    ("x/my-bert-ner", {"architectures": ("DistilBertForTokenClassification",)}, ["I1 info", "I2 info"]),
    ("x/nllb-200-distilled-600M", {"model_type": "m2m_100"}, []),
    ("x/deit-small-patch16", {"model_type": "vit"}, []),
    ("x/hubert-hungarian-ner", {"model_type": "bert"}, []),
    ("x/led-zeppelin", {"architectures": ("GPT2LMHeadModel",)}, ["I1 info", "I2 info"]),
    ("x/roberta-multi", {"model_type": "xlm-roberta"}, ["I1 soft"]),
    ("x/t5-large-news", {"architectures": ("MT5ForConditionalGeneration",)}, ["I1 soft", "I2 soft"]),
    ("x/distil-bert-uncased", {"model_type": "distilbert"}, []),
    ("x/long-t5-base", {"architectures": ("LongT5ForConditionalGeneration",)}, []),
    ("x/vit-gpt2-captioning", {"model_type": "vision-encoder-decoder"}, ["I1 info"]),
    ("x/vicuna-7b", {"model_type": "llama"}, []),
    ("x/vicuna-7b", {"model_type": "gpt2"}, ["I1 soft"]),
    ("x/roberta-base", {"architectures": ("RobertaForCL",)}, []),
    ("x/roberta-base", {"architectures": ("SomethingOfTheirOwn",)}, []),
    ("x/gpt-oss-20b-GGUF", {"model_type": "gpt-oss"}, []),
    ("x/Qwen3-30B-A3B-GGUF", {"model_type": "qwen3moe"}, []),
    ("x/EXAONE-4.0-32B", {"model_type": "exaone4"}, ["I1 info"]),
    ("x/convnext-tiny", {"model_type": "convnextv2"}, ["I1 soft"]),
    ("x/convnextv2-tiny", {"model_type": "convnext"}, ["I1 hard"]),
    ("x/hubert-base-cc", {"model_type": "bert"}, ["I1 info"]),
    ("x/siglip2-base-patch16-224", {"model_type": "siglip", "parameters": 375_187_970}, ["I1 info"]),
    ("x/kobigbird-bert-base", {"model_type": "big_bird"}, ["I1 info"]),
    ("x/xcodec-hubert-general", {"model_type": "xcodec"}, []),
    ("x/swin-v2-tiny", {"model_type": "swin"}, ["I1 hard"]),
    ("x/Qwen9.5-35B-A3B", {"model_type": "qwen9_5_moe"}, []),
    ("x/Qwen9.5-35B-A3B", {"model_type": "llama"}, ["I1 hard"]),
    ("x/Qwen3-Coder-Next", {"model_type": "qwen3_next"}, []),
    ("x/LFM2-VL-450M", {"model_type": "lfm2_vl"}, []),
    ("x/granite-vision-4b", {"model_type": "granite4_vision"}, ["I1 info"]),
    ("x/Qwen3.5-9B-DFlash", {"model_type": "qwen3"}, ["I1 info"]),
    ("x/phi-4-bnb-4bit", {"model_type": "llama"}, ["I1 soft"]),
    ("x/conv-bert-small", {"model_type": "convbert"}, []),
    ("x/paraphrase-multilingual-mpnet-base-v2", {"model_type": "xlm-roberta"}, []),
    ("x/all-mpnet-base-v2", {"model_type": "xlm-roberta"}, ["I1 hard"]),
    ("x/R1-Distill-Llama-8B", {"architectures": ("LlamaForCausalLM",)}, []),
    ("x/Qwen-Distill-Llama-8B", {"model_type": "qwen2"}, ["I1 hard"]),
    ("x/DeepSeek-R1-Distill-Llama-8B", {"model_type": "qwen2"}, ["I1 hard"]),
    ("x/BlenderBot_400M_distill_falcon", {"model_type": "blenderbot"}, ["I1 info"]),
    ("x/llama_or_what", {"model_type": "vit"}, ["I1 info"]),
    ("x/llama-7b-pictures", {"model_type": "vit"}, ["I1 hard"]),
    ("x/t5-vae", {"model_type": "transformer_vae"}, ["I1 soft"]),
    ("x/stablelm-beta-7b", {"model_type": "llama"}, ["I1 info"]),
    ("x/BioclinicalBERT-ner", {"model_type": "bert"}, []),
    (
        "x/some-bert",
        {"model_type": "bert-generation", "architectures": ("BertForSeqGenerationEncoderModel",)},
        ["I1 info", "I16 info"],
    ),
    ("x/some-phrases", {"model_type": "bert", "architectures": ("Encoder",)}, []),
    ("x/Phi-3.5-MoE-instruct", {"model_type": "phimoe", "architectures": ("PhiMoEForCausalLM",)}, []),
    # I3
    ("x/bert-base-ner", {"task": "token-classification"}, []),
    ("x/bert-base-ner", {"task": "summarization"}, ["I3 soft"]),
    ("x/bert-base-ner", {"architectures": ("BertForSequenceClassification",)}, ["I3 soft"]),
    # I4: tolerance, experts, packing, rounding
    ("x/llama-7b", {"parameters": 6_738_000_000}, []),
    ("x/gemma-7b", {"parameters": 8_538_000_000}, []),
    ("x/llama-7b", {"parameters": 1_300_000_000}, ["I4 hard"]),
    ("x/llama-7b", {"parameters": 5_000_000_000}, ["I4 soft"]),
    ("x/Mixtral-8x7B", {"parameters": 46_703_000_000}, []),
    ("x/Qwen3-30B-A3B", {"parameters": 30_500_000_000}, []),
    ("x/Llama-4-17B-16E", {"parameters": 108_000_000_000}, []),
    ("x/llama-7b-GPTQ", {"parameters": 1_130_000_000}, ["I4 info"]),
    ("x/llama-7b-lora", {"parameters": 4_000_000, "is_adapter": True}, []),
    ("x/stablelm-2-1_6b", {"parameters": 1_644_000_000}, []),
    ("x/InternVL3_5-38B-AWQ", {"parameters": 12_060_000_000}, ["I4 info"]),
    ("x/llama-7b-fp16", {"parameters": 1_300_000_000}, ["I4 hard"]),
    ("x/bitnet-b1.58-2B-4T", {"parameters": 849_787_090}, ["I4 info"]),
    ("x/llama_2_judged_by_llama_3_70B", {"parameters": 6_738_000_000}, ["I4 soft"]),
    # I5, I6
    ("x/bert-base", {"model_type": "bert", "parameters": 335_000_000}, ["I5 soft"]),
    ("x/bert-large", {"model_type": "bert", "parameters": 335_000_000}, []),
    ("x/whisper-large-v3-turbo", {"model_type": "whisper", "parameters": 808_878_080}, []),
    ("x/bert-large-fp16", {"model_type": "bert", "parameters": 109_000_000}, ["I5 soft"]),
    ("x/bert-base", {"model_type": "bert", "hidden_size": 1024, "layers": 24}, ["I5 soft"]),
    ("x/roberta_L-12_H-768", {"layers": 12, "hidden_size": 768}, []),
    ("x/roberta_L-12_H-768", {"layers": 6, "hidden_size": 768}, ["I6 hard"]),
    # I7, I8
    ("x/llama-7b-GGUF", {"files": ("llama.Q4_K_M.gguf",)}, []),
    ("x/llama-7b-GGUF", {"files": ("model.safetensors",)}, ["I7 hard"]),
    ("x/llama-7b-GGUF", {"files": ("README.md",)}, []),
    ("x/llama-7b-AWQ", {"quantization": "gptq"}, ["I7 hard"]),
    ("x/llama-7b-GPTQ", {"quantization": "gptq", "bits": 4}, []),
    ("x/llama-7b-GPTQ", {"files": ("model.safetensors",), "dtypes": ("F16",)}, ["I7 hard"]),
    ("x/llama-7b-8bit", {"quantization": "bitsandbytes", "bits": 4}, ["I7 hard"]),
    ("x/llama-7b", {"quantization": "awq"}, ["I7 info"]),
    ("x/llama-7b-fp16", {"dtypes": ("F32",)}, ["I8 hard"]),
    ("x/llama-7b-fp16", {"dtypes": ("F16", "F32")}, []),
    # I9
    ("x/bert-german", {"languages": ("de",)}, []),
    ("x/bert-german", {"languages": ("fr", "en")}, ["I9 soft"]),
    ("x/bert-german", {"languages": ("multilingual",)}, []),
    ("x/opus-mt-en-is", {"languages": ("en", "is")}, []),
    # I10
    ("x/great-writer", {"model_type": "bert", "base_models": ("org/gpt2-medium",)}, ["I10 hard"]),
    ("x/great-writer", {"model_type": "gpt2", "base_models": ("org/gpt2-medium",)}, []),
    ("x/great-distilled-writer", {"model_type": "bert", "base_models": ("org/gpt2-medium",)}, []),
    # I11 to I17
    ("x/llama-lora", {"files": ("pytorch_model.bin",)}, ["I11 soft"]),
    ("x/llama-lora", {"files": ("adapter_model.safetensors",)}, []),
    ("x/yarn-32k", {"context_length": 4096}, ["I12 soft"]),
    ("x/yarn-32k", {"context_length": 32768}, []),
    ("x/foo-8x7B", {"experts": 0}, ["I13 hard"]),
    ("x/foo-8x7B", {"experts": 4}, ["I13 hard"]),
    ("x/foo-8x7B", {"experts": 8}, []),
    ("x/bert-squad", {"datasets": ("glue",)}, ["I15 info"]),
    ("x/whatever", {"model_type": "bert", "architectures": ("GPT2LMHeadModel",)}, ["I16 hard"]),
    ("x/whatever", {"model_type": "gemma3", "architectures": ("Gemma3ForConditionalGeneration",)}, []),
    ("x/autotrain-abc-123", {}, ["I17 info"]),
    ("x/test-model", {}, ["I17 info"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "facts", "wanted"), CASES, ids=[f"{n} {f}" for n, f, _ in CASES])
def test_a_claim_is_judged_by_its_evidence(name: str, facts: dict[str, Any], wanted: list[str]) -> None:
    found = judge(Evidence(name, **facts))
    assert [f"{finding.kind} {finding.severity}" for finding in found] == wanted
    assert all(finding.claim and finding.evidence and finding.reason for finding in found)


def test_an_acquittal_names_its_rule() -> None:
    (found,) = judge(Evidence("x/clip-text", model_type="distilbert"))
    assert (found.severity, found.rule) == ("info", "clip_text_student")
    assert found.rule in found.reason


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("BertForMaskedLM", "bert"),
        ("TFBertModel", "bert"),
        ("DistilBertForMultilabelSequenceClassification", "distilbert"),
        ("RobertaForCL", "roberta"),
        ("T5WithLMHeadModel", "t5"),
        ("BertweetModel", ""),
        ("", ""),
    ],
)
def test_an_unknown_class_has_the_type_of_the_longest_known_one_it_begins_with(name: str, kind: str) -> None:
    assert class_type(name) == kind


def at(day: int) -> datetime:
    return datetime(2024, 1, day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("child", "base", "relation", "verdict"),
    [
        (Part("a/x"), Part("a/x"), "finetune", "contradicted"),
        (Part("a/x", created_at=at(1)), Part("b/y", created_at=at(2)), "finetune", "contradicted"),
        (Part("a/x", "bert"), Part("b/y", "gpt2"), "finetune", "contradicted"),
        (Part("a/x", "roberta"), Part("b/y", "xlm-roberta"), "finetune", "compatible"),
        (Part("a/x-distilled", "bert"), Part("b/y", "gpt2"), "finetune", "unknown"),
        (Part("a/x", "bert"), Part("b/y", "gpt2"), "merge", "unknown"),
        (Part("a/x", "bert"), Part("b/y", "gpt2"), "adapter", "unknown"),
        (Part("a/x", "bert", "f"), Part("b/y", "bert", "f"), "finetune", "compatible"),
        (Part("a/x", "bert", "f"), Part("b/y", "bert", "g"), "finetune", "unknown"),
        (Part("a/x", parameters=100), Part("b/y", parameters=1000), "finetune", "contradicted"),
        (Part("a/x", parameters=100), Part("b/y", parameters=1000), "quantized", "unknown"),
        (Part("a/x"), Part("b/y"), "finetune", "unknown"),
    ],
)  # fmt: skip
def test_a_derivation_is_contradicted_compatible_or_unknown(
    child: Part, base: Part, relation: str, verdict: str
) -> None:
    found, reason = derivation(child, base, relation)
    if (child.model_type, base.model_type) == ("roberta", "xlm-roberta"):
        verdict = "unknown"  # the same tensor names, which proves nothing
    assert found == verdict
    assert reason


def test_circles_of_derivations_are_found_however_long() -> None:
    chain = [(number, number + 1) for number in range(1, 5000)]
    assert in_circles(chain) == set()
    assert in_circles([*chain, (5000, 1)]) == {*chain, (5000, 1)}
    assert in_circles([(1, 2), (2, 3), (3, 2), (4, 1)]) == {(2, 3), (3, 2)}


def test_owners_that_look_like_far_more_used_ones_are_told() -> None:
    owners = [Known("stabilityai", 9_000_000), Known("stabi1ityai", 10), Known("stabilitiai", 3), Known("stability", 5)]
    owners += [
        Known("google", 8_000_000),
        Known("gooogle", 4),
        Known("goggles", 4),
        Known("openai", 10),
        Known("0penai", 1),
    ]
    found = {(alike.name, alike.looks_like, alike.how) for alike in look_alikes(owners)}
    assert found == {
        ("stabi1ityai", "stabilityai", "same_letters"),
        ("stabilitiai", "stabilityai", "one_letter"),
        ("gooogle", "google", "one_letter"),
    }


def test_letters_of_other_scripts_count_as_what_they_look_like() -> None:
    assert skeleton("gооgle") == skeleton("Google") == skeleton("G.o.o-gle")
