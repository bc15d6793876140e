"""Which files can name a model at all? One pass over the texts with all literals at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from peatmoss.parse.code import signatures

_WORDS = {"clip", "TTS", "torch", "haystack", "evaluate", "guidance", "outlines", "mteb", "farm", "awq", "kokoro",
          "lpips", "txtai",
          "doctr", "whisper", "flair", "dspy", "skops", "gradio", "stanza", "timm", "peft", "trl", "adapters",
          "asteroid", "espnet2",
          "nemo", "ollama", "rerankers", "allennlp", "crewai", "litellm", "mlx_lm", "mlx_vlm", "sglang"}  # fmt: skip
"""Packages whose names are short or words of a language: only their imports count."""
_MORE = (
    "from_pretrained", "huggingface", "hf.co/", "hf://", "hf-hub:", "hf_hub:", "torch.hub", "torchvision",
    "torchaudio", "torchtext",
    "load_state_dict_from_url", "spacy", "vllm", "ollama run", "ollama pull", "ollama:", "langchain", "bert_score",
    "llama-server",
    "llama-cli", "--hf-repo", "--model-id", "model_name_or_path", "_name_or_path", "HF_MODEL_ID",
    "@xenova/transformers", "HfInference",
    "text-generation-launcher", "text-embeddings-router", "keras.applications", "wllama", "_core_web_", "_core_news_",
    "model_id",
    "base_model", "repo_id", "embedding_model", "model_name:",
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
_CHUNK = 32 * 2**20


@cache
def literals() -> list[str]:
    """Package names, telling calls, hub addresses."""
    names = {name for name in signatures.packages() if name not in _WORDS and len(name) > 3}
    imports = {f"{verb} {name}" for name in _WORDS for verb in ("import", "from")}
    calls = {
        each.parts[-1]
        for group in signatures.python().values()
        for each in group
        if each.match == "name" and len(each.parts[-1]) > 8
    }
    wanted = names | calls | imports | set(_MORE)
    return sorted(name for name in wanted if not any(other in name for other in wanted if other != name))


def candidates(files: Mapping[str, str]) -> set[str]:
    """The paths of the files that have at least one of the literals."""
    found: set[str] = set()
    paths: list[str] = []
    texts: list[str] = []
    size = 0
    for path, text in files.items():
        paths.append(path)
        texts.append(text)
        size += len(text)
        if size >= _CHUNK:
            found |= _hits(paths, texts)
            paths, texts, size = [], [], 0
    return found | _hits(paths, texts)


def _hits(paths: list[str], texts: list[str]) -> set[str]:
    if not paths:
        return set()
    try:
        has = pl.Series(texts, dtype=pl.String).str.contains_any(literals())
    except UnicodeEncodeError:  # a lone surrogate
        texts = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        has = pl.Series(texts, dtype=pl.String).str.contains_any(literals())
    return {path for path, is_hit in zip(paths, has, strict=True) if is_hit}


def may_be_config(text: str) -> bool:
    """Whether a large JSON file is worth reading: most are data."""
    return any(word in text for word in _JSON)
