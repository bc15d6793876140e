"""The ggml naming standard, with the cases of its document."""

from __future__ import annotations

import time

import pytest

from peatmoss.parse.name import parse
from peatmoss.parse.name.gguf import gguf_name, size_label

PARTS = """
Mixtral-8x7B-v0.1-KQ2.gguf base=Mixtral size=8x7B version=v0.1 encoding=KQ2
Grok-100B-v1.0-Q4_0-00003-of-00009.gguf base=Grok size=100B version=v1.0 encoding=Q4_0 shard=00003-of-00009
Hermes-2-Pro-Llama-3-8B-v1.0-F16.gguf base=Hermes-2-Pro-Llama-3 size=8B version=v1.0 encoding=F16
Phi-3-mini-3.8B-ContextLength4k-it-v1.0.gguf base=Phi-3-mini size=3.8B-ContextLength4k finetune=it version=v1.0
not-a-known-arrangement.gguf
mmproj-Model-7B-v1.0-F16.gguf sidecar=mmproj base=Model size=7B version=v1.0 encoding=F16
Model-8B-v1.0-F16-LoRA.gguf base=Model size=8B version=v1.0 encoding=F16 type=LoRA
Qwen-14B-A2.7B-Chat-v1.0.gguf base=Qwen size=14B-A2.7B finetune=Chat version=v1.0
llama-7b.bin
"""


@pytest.mark.parametrize("case", PARTS.strip().splitlines())
def test_a_file_name_is_read_by_the_standard(case: str) -> None:
    name, *parts = case.split()
    found = gguf_name(name)
    told = [f"{key}={name[place[0] : place[1]]}" for key, place in found._asdict().items() if place] if found else []
    assert told == parts


def test_the_spans_of_such_a_file_follow_the_standard() -> None:
    found = parse("org/repo/Grok-100B-v1.0-Q4_0-00003-of-00009.gguf")
    assert [(span.text, span.code, span.element) for span in found.spans][-6:] == [
        ("Grok", "A", "architecture"),
        ("100B", "P", "parameters"),
        ("v1.0", "V", "version"),
        ("Q4_0", "C", "quantization"),
        ("00003-of-00009", "O", "shard"),
        ("gguf", "W", "format"),
    ]
    assert parse("Mixtral-8x7B-v0.1-KQ2.gguf").spans[3][3:] == ("C", "quantization", "kq2")


@pytest.mark.parametrize(
    ("experts", "count", "label"), [(8, 7e9, "8x7B"), (0, 3.8e9, "3.8B"), (1, 1.6e8, "160M"), (0, 1629, "1.6K")]
)
def test_a_size_label_is_made(experts: int, count: float, label: str) -> None:
    assert size_label(experts, int(count)) == label


def test_no_name_makes_it_slow() -> None:
    start = time.process_time()
    gguf_name("a-" * 200_000 + "v1.gguf")
    parse("1-a" * 160 + "-v1-x.gguf")
    assert time.process_time() - start < 5
