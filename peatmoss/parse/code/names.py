"""Texts -> names of models: which hub, which id, which revision, or that it is a local path and no id at all."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from peatmoss.parse.code.invented import is_invented

MAX_ID = 96 * 2 + 1
_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9_][\w.-]{0,95}")
_BARE = re.compile(r"[A-Za-z0-9][\w.-]{1,95}")
_HUB_URL = re.compile(
    r"(?:https?://)?(?:(?:api-inference|router)\.huggingface\.co/(?:hf-inference/)?models/|"
    r"(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)/"
    r"(?!(?:datasets|spaces|docs|blog|papers|collections|organizations|settings|join|login|models|tasks|posts|learn|"
    r"pricing|api/(?!models/)|front|new|chat|inference|course|support|terms|privacy|transformers|static|assets|coursera|"
    r"hub|about|enterprise|welcome|spaces-config|inference-endpoints|inference-api|autotrain|landing|shop|metrics)\b)"
    r"(?:api/models/)?)(?P<id>[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9_][\w.-]{0,95})"
    r"(?:/(?:resolve|blob|tree|raw|commit)/(?P<revision>[\w.-]+))?(?P<rest>[^\s\"'`)>\]]*)"
)
_ENDINGS = re.compile(
    r"\.(?:pt|pth|bin|ckpt|json|txt|h5|hdf5|onnx|pkl|pickle|py|csv|tsv|md|ya?ml|tar|gz|zip|tflite|safetensors|gguf|ggml|model|"
    r"npy|npz|png|jpe?g|gif|svg|webp|wav|mp3|mp4|html?|css|[jt]sx?|mjs|cjs|vue|ipynb|sh|log|xml|toml|cfg|ini|db|parquet|jsonl|"
    r"pb|engine|plan|trt|params|pdparams|nemo|mar|vocab|spm|lock|exe|dll|so|h|c|cc|cpp|java|go|rs|rb|php|pdf|docx?|xlsx?)$",
    re.IGNORECASE,
)
_FOLDERS = re.compile(
    r"(?:\.{0,2}|models?|saved?[_-]?models?|my[_-]?models?|trained[_-]?models?|fine[_-]?tuned?[_-]?models?|checkpoints?|ckpts?|"
    r"outputs?|out|data|datasets?|results?|runs?|logs?|tmp|temp|cache|weights?|pretrained(?:[_-]\w+)?|path|dir|home|mnt|root|"
    r"usr|var|opt|etc|bin|lib|src|source|test|tests|assets?|resources?|files?|content|kaggle|workspace|exp|experiments?|dist|build|"
    r"artifacts?|save[sd]?|export(?:ed)?|downloads?|local|users?|base|bert|configs?|scripts?|images?|img|media|static|public|"
    r"input|train|dev|eval|application|text|image|audio|video|font|multipart|model[_-]?(?:dir|path|zoo|hub|store|files?)|"
    r"your[_-].*|my[_-](?:org|user|name|username).*|user(?:name)?|org|owner|organization|namespace|repo|example|foo|"
    r"training|trained|val(?:id|idation)?|loss(?:es)?|metrics?|path[_-]to.*|some|the|storage|scratch|nfs|gpfs|home\d|n|and|or|he|she|his|on|yes|true)",
    re.IGNORECASE,
)
_SPACY = re.compile(
    r"[a-z]{2,3}_[a-z0-9_]+_(?:sm|md|lg|trf|vectors|xl)(?:_[a-z]+)?|[a-z]{2}_(?:core|ent|dep|vectors|depent|pytt|trf)_\w+"
)
_SPACY_SHORT = {"en": "en_core_web_sm", "de": "de_core_news_sm", "fr": "fr_core_news_sm", "es": "es_core_news_sm",
                "it": "it_core_news_sm", "pt": "pt_core_news_sm", "nl": "nl_core_news_sm", "el": "el_core_news_sm",
                "nb": "nb_core_news_sm", "lt": "lt_core_news_sm", "xx": "xx_ent_wiki_sm"}  # fmt: skip
_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SENTENCES = re.compile(
    r"all-|multi-qa-|paraphrase-|msmarco-|distiluse-|stsb-|nli-|gtr-|sentence-t5|clip-ViT|average_word|nq-distil|LaBSE|"
    r"allenai-specter|facebook-dpr|xlm-r-|quora-|use-cmlm|static-|bert-base-nli|roberta-.*-nli|distilbert-.*-(?:nli|stsb|msmarco)"
)
_WITHOUT_OWNER = ("sentence_transformers", "chromadb", "langchain", "keybert", "bertopic", "llama_index")
_API = re.compile(
    r"text-embedding-|gpt-[345]|gemini-|amazon\.|claude-|command-|embed-(?:english|multilingual)|voyage-|o[134]-"
)
_API_OWNERS = re.compile(
    r"(?:anthropic|openrouter|x-ai|z-ai|deepseek|minimax|moonshot|watsonx|perplexity|inflection|amazon|azure|bedrock|vertex_ai|gemini|groq|mistral|cohere|ollama|fireworks_ai|"
    r"together_ai|replicate|openai/(?:gpt-[345]|o[134]|text-|chatgpt)[\w.-]*|google/(?:gemini|palm)[\w.-]*|acme[\w-]*/.*|test-org/.*)",
    re.IGNORECASE,
)
_NEMO = re.compile(
    r"titanet_\w+|ecapa_tdnn|speakerverification_speakernet|vad_(?:multilingual_|telephony_)?(?:frame_)?marblenet|diar_\w+|langid_\w+|"
    r"(?:stt|asr|tts|nmt)_[a-z]{2}_\w+|QuartzNet\d+x\d+\w+(?:-\w+)?|commandrecognition_\w+"
)
_PROVIDERS = re.compile(
    r"(?:azure|azure_ai|bedrock|vertex_ai|openrouter|together_ai|fireworks_ai|gemini|ollama|ollama_chat|groq)/"
)
"""What wrappers of many services put before a name: no accounts of the Hub."""
_PROGRAMMERS = frozenset(
    {
        "apple",
        "databricks",
        "elastic",
        "facebook",
        "google",
        "Intel",
        "microsoft",
        "naver",
        "nvidia",
        "openai",
        "tencent",
    }
)
"""Accounts whose names stand at least as often before programs, images and data."""
_RUN = re.compile(r"[A-Za-z0-9]{33,}")
_PLACEHOLDER = re.compile(r"[<>{}$*\s|\\,;:\"'()\[\]=&!?]")


_HUB_FILE = re.compile(
    r"(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)/(?!datasets/|spaces/)[\w.-]+/[\w.-]+/(?:resolve|raw)/"
    r"|(?:huggingface|hf)://(?!datasets/|spaces/)[\w.-]+/[\w.-]+/)\S+"
)
_PICTURES = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|mp4|wav|mp3|md|pdf)(?:\?.*)?$", re.IGNORECASE)
_OLLAMA_TAG = re.compile(
    r"(?:[\w.-]+/)?[a-z][a-z0-9._-]*:(?:latest|(?:\d+x)?e?\d+(?:\.\d+)?[bm](?:-[\w.-]+)?|(?:q\d|fp16|instruct|chat|text|code)[\w.-]*)"
)


class Name(NamedTuple):
    """A model as it is called on its hub. canonical: None for local paths; is_sure: not by its shape alone."""

    hub: str
    model_id: str
    canonical: str | None
    revision: str | None = None
    is_sure: bool = False


@cache
def aliases() -> Mapping[tuple[str, str], str]:
    """(hub, name as written) -> canonical id; curated."""
    text = resources.files("peatmoss.reference").joinpath("model_aliases.csv").read_text("utf-8")
    return {(row["hub"], row["name"]): row["canonical_id"] for row in csv.DictReader(text.splitlines())}


@cache
def _legacy() -> frozenset[str]:
    return frozenset(name for hub, name in aliases() if hub == "hf")


@cache
def owners() -> frozenset[str]:
    """Accounts that are known to hold models."""
    text = resources.files("peatmoss.reference").joinpath("model_owners.csv").read_text("utf-8")
    curated = {row["owner"] for row in csv.DictReader(text.splitlines())}
    return frozenset(name.split("/")[0] for name in aliases().values() if "/" in name) - {"ViT-B", "ViT-L"} | curated


def is_sentence_model(text: str) -> bool:
    """A name without an owner in the shape that sentence-transformers gives its own models."""
    return _SENTENCES.match(text) is not None and _BARE.fullmatch(text) is not None and not _ENDINGS.search(text)


def is_legacy(text: str) -> bool:
    """A name without an owner that the Hub knows."""
    return text in _legacy()


def is_nemo(text: str) -> bool:
    """What NVIDIA's NeMo calls the models that it fetches by themselves."""
    return _NEMO.fullmatch(text) is not None


def is_known(text: str) -> bool:
    """A name that stands for a model wherever it stands: an old one without owner, or of an account that is known."""
    return (is_legacy(text) and "-" in text) or (is_likely_id(text) and text.split("/")[0] in owners())


def hub_urls(text: str) -> list[tuple[int, Name]]:
    """Addresses of models on the Hub: (offset, name)."""
    found = []
    for match in _HUB_URL.finditer(text):
        name = match["id"].rstrip(".")
        if name.endswith(".git"):
            name = name.removesuffix(".git")
        if _ID.fullmatch(name) and not _FOLDERS.fullmatch(name.split("/")[0]):
            found.append((match.start(), Name("hf", name, canonical("hf", name), match["revision"], True)))
    return found


def is_hub_file(text: str) -> bool:
    """The address of one file of a model on the Hub: whoever keeps it fetches it."""
    return _HUB_FILE.match(text) is not None and not _PICTURES.search(text)


def is_ollama_tag(text: str) -> bool:
    """name:tag with a tag that only models have: a size, a quantisation, or the latest."""
    return _OLLAMA_TAG.fullmatch(text) is not None


def is_ollama(text: str) -> bool:
    """What a model may be called in Ollama's library."""
    return len(text) > 2 and _ollama(text) is not None and not re.match(r"(?:my|your)\b", text)


def canonical(hub: str, name: str) -> str:
    """The id that the model has now, as far as the curated table knows."""
    return aliases().get((hub, name), name)


def is_likely_id(text: str) -> bool:
    """owner/name where nothing but the shape speaks for it: the name must look like a model's."""
    if not is_id(text):
        return False
    owner, name = text.split("/")
    if _API_OWNERS.fullmatch(owner) or _API_OWNERS.fullmatch(text) or is_invented(text):
        return False
    return owner in owners() - _PROGRAMMERS or (len(name) > 3 and re.search(r"[\d_-]|[a-z][A-Z]", name) is not None)


def is_id(text: str) -> bool:
    """owner/name, and nothing that says path."""
    return (
        _ID.fullmatch(text) is not None
        and not _RUN.search(text)
        and not _ENDINGS.search(text)
        and not _FOLDERS.fullmatch(text.split("/", 1)[0])
        and not re.fullmatch(r"[^/]*/[\d.]+", text)
    )


def name_of(hub: str, text: str, library: str | None = None) -> Name | None:
    """What a text means to a call that takes names of this hub. None: nothing that a model could be called."""
    text = text.strip()
    if not text or len(text) > 400:
        return None
    urls = (
        hub_urls(text) if "/" in text and ("huggingface.co/" in text or "hf.co/" in text or "hf-mirror" in text) else []
    )
    if urls and urls[0][0] == 0:
        return urls[0][1]
    reader = _READERS.get(hub)
    if reader is not None:
        return reader(text)
    if hub in ("hf", "prefix", "gradio"):
        return _hub_name(hub, text, library)
    if _URL.match(text):
        return Name("url", text, text, None, True)
    if _looks_local(text):
        return Name("local", text, None)
    return Name(hub, text, aliases().get((hub, text), text), None, True)


def _looks_local(text: str) -> bool:
    return text.startswith((".", "/", "~", "\\", "$")) or "\\" in text or (len(text) > 2 and text[1] == ":")


def _hub_name(hub: str, text: str, library: str | None) -> Name | None:
    file = re.match(r"(?:huggingface|hf)://([\w.-]+/[\w.-]+)/\S+", text)
    if file is not None:
        text, hub = file[1], "hf"
    for prefix in ("hf://", "hf-hub:", "hf_hub:", "huggingface/", "huggingface:", "local:", "models/", "hf:"):
        if text.startswith(prefix) and (hub != "hf" or prefix not in ("huggingface/", "models/", "local:")):
            text, hub = text[len(prefix) :], "hf"
    if hub != "hf":
        served = re.match(r"ollama(?:_chat)?[/:](\S+)", text)
        return _ollama(served[1]) if served is not None else None
    if _URL.match(text):
        return Name("url", text, text, None, True)
    if text.startswith("huggingface_") and "/" in text:  # a prefix of wrappers: no account has an underscore
        text = text.removeprefix("huggingface_")
    revision = None
    if text.count("@") == 1 and "/" in text:
        text, revision = text.split("@")
    if is_id(text):
        if _PROVIDERS.match(text):
            return None
        return Name("hf", text, canonical("hf", text), revision, text in _legacy())
    if _looks_local(text):
        return Name("local", text, None)
    if (
        _ID.fullmatch(text.split(":", 1)[0])
        and is_id(text.split(":", 1)[0])
        and re.fullmatch(r"[\w.-]+", text.split(":", 1)[-1])
    ):
        base = text.split(":", 1)[0]
        return Name("hf", base, canonical("hf", base), None)
    if _PLACEHOLDER.search(text):
        return None
    if text in _legacy():
        return Name("hf", text, canonical("hf", text), None, True)
    if "/" in text:
        return Name("local", text, None)
    if _BARE.fullmatch(text) and not _ENDINGS.search(text):
        is_general = (
            library == "sentence_transformers"
            and re.search(r"[a-z0-9]-[a-zA-Z0-9]", text)
            and not _API.match(text)
            and not is_invented(text)
        )
        if is_general or (library in _WITHOUT_OWNER and _SENTENCES.match(text)):
            return Name("hf", text, f"sentence-transformers/{text}", None, True)
        if library == "transformer_lens":
            return Name("hf", text, text, None)
    return Name("local", text, None)


def _spacy(text: str) -> Name | None:
    if text in _SPACY_SHORT:
        return Name("spacy", text, f"spacy/{_SPACY_SHORT[text]}", None, True)
    if _URL.match(text):
        return Name("url", text, text, None, True)
    base, _, version = text.partition("-")
    if _SPACY.fullmatch(base) and re.fullmatch(r"[\d.]*(?:a\d+|rc\d+)?", version):
        return Name("spacy", base, f"spacy/{base}", version or None, True)
    if re.fullmatch(
        r"[a-z]{2}_[a-z0-9_]{3,60}", text
    ):  # other people's packages, such as en_core_sci_sm or en_ner_bc5cdr_md
        return Name("spacy", text, f"spacy/{text}")
    return Name("local", text, None)


def _timm(text: str) -> Name | None:
    if text.startswith(("hf-hub:", "hf_hub:", "timm/")) or "/" in text:
        return _hub_name("hf", text, "timm")
    if not re.fullmatch(r"[a-z][a-z0-9_]+(?:\.[a-z0-9_]+)?", text):
        return Name("local", text, None) if _looks_local(text) else None
    return Name("timm", text, f"timm/{text}", None, True)


def _stanza(text: str) -> Name | None:
    return Name("stanza", text, f"stanza:{text}", None, True) if _LANGUAGE.fullmatch(text) else None


_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_](?:hans|hant|[a-z]{2,3}))?|[A-Za-z]{4,20}")


def _flair(text: str) -> Name | None:
    if ("flair", text) in aliases():
        return Name("hf", text, aliases()["flair", text], None, True)
    if "/" in text:
        return _hub_name("hf", text, "flair")
    if not _BARE.fullmatch(text):
        return None
    return Name("local", text, None) if _ENDINGS.search(text) else Name("flair", text, text)


_PUBLIC = re.compile(r"https://openaipublic\.azureedge\.net/(?:clip|main/whisper)/models/\w+/([\w.@-]+)\.pt")


def _size(hub: str) -> Callable[[str], Name | None]:
    def read(text: str) -> Name | None:
        if (file := _PUBLIC.fullmatch(text)) is not None:
            text = re.sub(r"^ViT-([BL])-", r"ViT-\1/", file[1]).replace("-336px", "@336px")
        if (hub, text) in aliases():
            return Name(hub if hub == "clip" else "hf", text, aliases()[hub, text], None, True)
        return _hub_name("hf", text, hub)

    return read


def _ollama(text: str) -> Name | None:
    if text.startswith(("hf.co/", "huggingface.co/")):
        return _hub_name("hf", text.split("/", 1)[1], None)
    if (
        _API.match(text)
        or re.match(r"(?:dummy|test|fake|mock|model|foo|bar|example|default|none|null|string)\b", text)
        or _PLACEHOLDER.search(text.replace(":", ""))
        or not re.fullmatch(r"[a-z0-9][\w./-]*(?::[\w.-]+)?", text)
    ):
        return None
    return Name("ollama", text, text, None, True)


def _url(text: str) -> Name | None:
    if _URL.match(text):
        return Name("url", text, text, None, True) if "://" in text[:12] else None
    return Name("local", text, None)


def _keras(text: str) -> Name | None:
    for prefix, hub in (("hf://", "hf"), ("kaggle://", "kaggle"), ("modelscope://", "modelscope")):
        if text.startswith(prefix):
            return Name(hub, text[len(prefix) :], text[len(prefix) :], None, True)
    return Name("local", text, None) if _looks_local(text) else Name("keras_hub", text, text, None, True)


def _modelscope(text: str) -> Name | None:
    return Name("modelscope", text, text) if is_id(text) else Name("local", text, None)


_READERS: dict[str, Callable[[str], Name | None]] = {
    "spacy": _spacy,
    "timm": _timm,
    "stanza": _stanza,
    "flair": _flair,
    "ollama": _ollama,
    "url": _url,
    "keras_hub": _keras,
    "modelscope": _modelscope,
    "whisper": _size("whisper"),
    "faster_whisper": _size("faster_whisper"),
    "clip": _size("clip"),
}
