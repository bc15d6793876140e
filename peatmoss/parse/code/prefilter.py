"""Which files can name a model at all? One pass over the texts with all literals at once."""

from __future__ import annotations

from functools import cache
from typing import Any

import re2

from peatmoss.parse.code import signatures

_WORDS = {"clip", "TTS", "torch", "haystack", "evaluate", "guidance", "outlines", "mteb", "farm", "awq", "kokoro",
          "lpips", "txtai",
          "doctr", "whisper", "flair", "dspy", "skops", "gradio", "stanza", "timm", "peft", "trl", "adapters",
          "asteroid", "espnet2",
          "agno", "optimum", "nemo",
          "ollama", "rerankers", "allennlp", "crewai", "litellm", "mlx_lm", "mlx_vlm", "sglang"}  # fmt: skip
"""Packages whose names are short or words of a language: only their imports count."""
_ROOTS = {"google"}
"""Packages that hold much else: a literal of their own stands in `_MORE`."""
_MORE = (
    "google.adk",
    "from_pretrained", "huggingface", "hf.co/", "hf://", "hf-hub:", "hf_hub:", "torch.hub", "torchvision",
    "torchaudio", "torchtext",
    "load_state_dict_from_url", "spacy", "vllm", "ollama", "Ollama", "OLLAMA", "mlx_lm.",
    "langchain", "bert_score",
    "llama-server",
    "llama-cli", "--hf-repo", "--model-id", "model_name_or_path", "_name_or_path", "HF_MODEL_ID",
    "@xenova/transformers", "HfInference",
    "text-generation-launcher", "text-embeddings-router", "keras.applications", "wllama", "_core_web_", "_core_news_",
    "model_id",
    "base_model", "repo_id", "embedding_model", "model_name:", '"model_name"', "HuggingFace", "11434", "-MLC",
    "node-llama-cpp", "kokoro-js", "llama serve", " -hf ",
)  # fmt: skip
_JSON = (
    "_name_or_path",
    "model_id",
    "model_name",
    "huggingface",
    "from_pretrained",
    "repo_id",
    "base_model",
    '"model"',
    "tokenizer",
)


@cache
def literals() -> list[str]:
    """Package names, telling calls, hub addresses."""
    names = {name for name in signatures.packages() if name not in _WORDS | _ROOTS and len(name) > 3}
    imports = {f"{verb} {name}" for name in _WORDS for verb in ("import", "from")}
    calls = {
        each.parts[-1]
        for group in signatures.python().values()
        for each in group
        if each.match == "name" and len(each.parts[-1]) > 8
    }
    wanted = names | calls | imports | set(_MORE)
    return sorted(name for name in wanted if not any(other in name for other in wanted if other != name))


@cache
def _pattern() -> Any:
    """All literals at once, over bytes: a file that names no model is told apart without being decoded."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = True
    options.max_mem = 64 * 2**20
    return re2.compile("|".join(map(re2.escape, literals())).encode(), options)


def has_literal(text: str | bytes) -> bool:
    """Whether a text has at least one of the literals."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    return _pattern().search(raw) is not None


def may_be_config(text: str) -> bool:
    """Whether a large JSON file is worth reading: most are data."""
    return any(word in text for word in _JSON)
