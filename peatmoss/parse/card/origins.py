"""What a model is derived from, by sentences, by the code that trains or loads it, by lists of merged models."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Block, Document
from peatmoss.parse.card.own import flat, names, tail
from peatmoss.parse.card.value import Value

NAME = (
    r"(?:\[(?P<text>[^\]\n]{2,120})\]\((?P<url>[^)\s]{3,300})\)"
    r"|[`*\"'_]{1,3}(?P<mark>[A-Za-z0-9][\w.\-]{1,60}(?:/[\w.\-]{1,96})?)[`*\"'_]{1,3}"
    r"|(?P<bare>[A-Za-z0-9][\w.\-]{0,60}/[A-Za-z0-9][\w.\-]{1,96}(?<!\.)"
    r"|(?<![\w./-])[A-Za-z][A-Za-z0-9]{0,40}(?:[-_.][A-Za-z0-9]{1,40}){1,8}"
    r"|(?:https://huggingface\.co/)[\w.\-]+/[\w.\-]+))"
)
_BEFORE = (
    r"(?:(?:the|an?|our|its|\w+['’]s)\s+){0,2}(?:(?:pre-?trained|fine-?tuned|original|base|multilingual|HuggingFace"
    r"|Hugging Face|public|official|open|model|checkpoint|weights of|large|language|LLM|\d[\d.]*[BM]"
    r"(?: parameters?)?)\s+){0,3}"
    r"(?:called\s+|named\s+)?"
)
_BASES = (
    ("finetune", 0.95, re.compile(
        rf"\b(?:fine[- ]?tuned?|distilled|pruned|compressed|smaller|lighter|reduced|optimi[sz]ed|sparse"
        rf"|converted|merged"
        rf"|adapted|instruct\w*|chat|trained|full[- ]rank \w+|abliterated|uncensored)\s+(?:\w+\s){{0,2}}?"
        rf"(?:versions?|variants?|checkpoint|model|adaptation|derivative|conversion)\s+of\s+{_BEFORE}{NAME}"
    , re.IGNORECASE)),
    ("finetune", 0.9, re.compile(
        rf"\b(?:(?:further |continually )?(?:fine[- ]?tuned|finetuned|pre-?trained)|adapted|initiali[sz]ed"
        rf"|derived|distilled|trained|started|converted|forked|copied|cloned)\s+(?:from|on top of|over|upon"
        rf"(?: on)?|starting from"
        rf"|using the weights "
        rf"of|with the weights of)\s+{_BEFORE}{NAME}"
    , re.IGNORECASE)),
    ("quantized", 0.95, re.compile(
        rf"\b(?:quanti[sz]ed\s+(?:version|variant|model)?\s*(?:of|from)|quants\s+of|(?:gguf|gptq"
        rf"|awq)\s+(?:version|quants?|format model files)\s+(?:of"
        rf"|for))\s+(?:the\s+)?(?:[\w.]+['’]s\s+)?{NAME}"
    , re.IGNORECASE)),
    ("unknown", 0.85, re.compile(
        rf"\b(?:is\s+|model\s+is\s+|was\s+|mainly\s+)?(?:(?:based|built|builds)\s+(?:up)?on|on the basis of)\s+(?:top "
        rf"of\s+)?{_BEFORE}{NAME}"
    , re.IGNORECASE)),
    ("finetune", 0.9, re.compile(
        rf"\b[Tt]his\s+{NAME}\s+(?:model\s+)?(?:was|is|has been)\s+fine-?tuned", re.IGNORECASE,
    )),
    ("finetune", 0.9, re.compile(
        rf"\bfine-?tuned\b(?:[^.\n]|\.\w){{0,150}}?\bfrom\s+(?:the\s+)?{NAME}\s+checkpoint\b", re.IGNORECASE,
    )),
    ("unknown", 0.85, re.compile(
        rf"\boriginal (?:pre-?trained )?model can be found here\s?:\s*{NAME}", re.IGNORECASE,
    )),
    ("finetune", 0.9, re.compile(rf"\bmodel used for training is\s+{NAME}", re.IGNORECASE)),
    ("unknown", 0.9, re.compile(
        rf"\b(?:copy|clone|mirror|re-?upload|fork)\s+of\s+{_BEFORE}{NAME}", re.IGNORECASE,
    )),
    ("finetune", 0.9, re.compile(rf"\({NAME}\)\s+(?:model\s+)?fine[- ]?tuned\b", re.IGNORECASE)),
    ("finetune", 0.9, re.compile(
        rf"\b[Tt]his\s+is\s+(?:an?\s+|the\s+)?{NAME}\s+(?:model\s+)?(?:supervised\s+|that (?:was|is|has been)\s+)?"
        r"fine[- ]?tuned\s+(?:on|for|with|using)\b", re.IGNORECASE,
    )),
    ("unknown", 0.9, re.compile(
        rf"\b(?:base|backbone|underlying|parent|starting|initial)\s+(?:model|checkpoint)\s+(?:used\s+)?(?:is"
        rf"|was)\s+{_BEFORE}{NAME}",
        re.IGNORECASE,
    )),
    ("finetune", 0.85, re.compile(rf"\b(?:is|with|using)\s+an?\s+fine[- ]?tuned\s+{NAME}", re.IGNORECASE)),
    ("finetune", 0.85, re.compile(
        rf"\b(?:used?|took|take|start(?:ed|ing)? (?:with|from)|employ(?:ed)?)\s+(?:the|a|an)\s+pre-?trained\s+"
        rf"(?:model\s+|weights of\s+)?{NAME}"
        , re.IGNORECASE,
    )),
    ("finetune", 0.9, re.compile(
        rf"\b(?:[Tt]his|[Tt]he|[Oo]ur)\s+(?:\w+\s)?model\s+is\s+(?:an?\s+|the\s+)?{NAME}\s+(?:large\s+|base\s+)?"
        rf"(?:model\s+)?(?:that\s+(?:was|is|has been)\s+)?"
        r"(?:further\s+)?(?:fine[- ]?tuned|(?:pre-?)?trained)\s+(?:on|for|with|using)\b"
        , re.IGNORECASE,
    )),
    ("finetune", 0.9, re.compile(
        rf"{NAME}\s+(?:pre-?)?trained\s+by\s[^\n]{{1,120}}?\band\s+(?:then\s+|further\s+)?fine[- ]?tuned"
        rf"\b", re.IGNORECASE,
    )),
    ("finetune", 0.85, re.compile(
        rf"\b(?:downstream|further)\s+(?:optimi[sz]ation|training|fine[- ]?tuning|pre-?training)\s+of"
        rf"\s+{_BEFORE}{NAME}", re.IGNORECASE,
    )),
    ("finetune", 0.85, re.compile(rf"\b[Tt]he\s+{NAME}\s+(?:model\s+)?was\s+(?:further\s+)?distilled"
        rf"\b", re.IGNORECASE)),
    ("adapter", 0.9, re.compile(
        rf"\b(?:Q?LoRA|adapters?|PEFT)\s+(?:\w+\s){{0,4}}?(?:for|of|on top of)\s+{_BEFORE}{NAME}", re.IGNORECASE,
    )),
    ("merge", 0.9, re.compile(
        rf"\bmerge\s+(?:of|between)\s+(?:the\s+)?(?:following\s+)?{NAME}", re.IGNORECASE,
    )),
    ("finetune", 0.9, re.compile(
        rf"(?:\A|[.\n>#*]\s*|\bwe\s+|\bmodel takes\s+"
        rf"|\bis\s+)(?:the\s+)?{NAME}\s+(?:model\s+)?(?:\([\w\s]{{0,20}}\)\s*)?(?:was\s+|is\s+"
        rf"|and\s+)?(?:fine-?tun(?:ed|es)|quanti[sz]ed)\b(?!\s+from\b|\s+(?:\w+\s+){{0,2}}?(?:version|variant"
        rf"|model|checkpoint|derivative)s?\b)"
    , re.IGNORECASE)),
    ("finetune", 0.85, re.compile(
        rf"\b[Ff]ine-?tun(?:ed|ing)\s+(?:the\s+)?(?:(?:pre-?trained"
        rf"|original)\s+)?{NAME}\s+(?:model\s+)?(?:on|for|in|with|using)\b"
    , re.IGNORECASE)),
)  # fmt: skip
_HUB = re.compile(
    r"huggingface\.co/(?!datasets/|spaces/|docs/|blog/|papers/|transformers/|models\b|metrics/|course"
    r"|learn|join|languages|hub\b"
    r"|tasks\b)(?:models/)?([A-Za-z0-9][\w.-]{0,60}(?:/[\w.-]{1,96})?)/?(?:[?#/].*)?\Z"
)
GENERIC = {
    "pre-trained", "pretrained", "fine-tuned", "fine-tuning", "non-english", "state-of-the-art", "english-only",
    "multi-task", "model", "models", "transformer", "transformers", "encoder-decoder", "sequence-to-sequence",
    "self-supervised", "large-scale", "text-to-text", "cross-encoder", "bi-encoder", "pre-training", "in-house",
    "end-to-end", "huggingface", "hugging", "open-source", "dataset", "data", "sentence-transformers",
    "pytorch", "keras", "tensorflow", "large-sized", "base-sized", "custom", "e.g", "i.e",
}  # fmt: skip
_CODE_BASE = re.compile(
    r"\b(?P<key>model_name_or_path|pretrained_model_name_or_path|base_?model(?:_(?:name|id|path|name_or_path))?)[\"']?"
    r"\s*(?:=|:|\s)\s*[\"']?(?P<name>[A-Za-z][\w.-]{1,60}(?:/[\w.-]{1,96})?)(?![\w(/])",
    re.IGNORECASE,
)
_TRAINS = re.compile(r"\b(?:do_train|num_train_epochs|learning_rate|per_\w+_batch_size|TrainingArguments)\b")
_TWO = re.compile(
    r"from_encoder_decoder_pretrained\(\s*[\"'](?P<one>[\w./-]{2,100})[\"']\s*,\s*[\"'](?P<two>[\w./-]{2,100})[\"']"
)
_MERGED = re.compile(r"^\s*-?\s*(?:-\s*)?model:\s*[\"']?(?P<name>[A-Za-z][\w.-]{1,60}/[\w.-]{1,96})", re.MULTILINE)
_NO_NAME = re.compile(
    r"\.(?:json|bin|pt|pth|safetensors|yaml|py|ckpt|gguf)\Z|\A(?:models?|outputs?|checkpoints?|ckpts?|data|path"
    r"|tmp|results?"
    r"|none|true|false|auto|your|my)\b",
    re.IGNORECASE,
)
_WERE_MERGED = re.compile(
    r"\bmodels?\b[^.\n]{0,40}\b(?:merged?|included)\b|\bmerged?\s+(?:of|the following)\b", re.IGNORECASE
)


def base_models(document: Document, model_id: str | None) -> Iterator[Value]:
    """Models that a card says this one is derived from."""
    own = (model_id or "").lower()
    called = frozenset(map(flat, names(document)))
    merged = False
    for block in document.blocks:
        if block.kind == "code":
            yield from _in_code(block, own)
        elif block.kind in ("text", "item", "heading"):
            yield from _in_sentences(block, own, called)
        if block.kind == "text":
            merged = bool(_WERE_MERGED.search(block.text[-200:])) and block.text.rstrip(" *\n").endswith(":")
        elif block.kind == "heading":
            merged = False
        elif block.kind == "item" and merged and (match := _ITEM.match(block.text)):
            name, group = _named(match)
            if name and not _is_own(name, own):
                yield _value(name, block.start + match.start(group), match[group], "pair", 0.9, "merge")


_ITEM = re.compile(rf"[\s*+\d.-]*{NAME}")


def _value(name: str, start: int, raw: str, method: str, confidence: float, role: str) -> Value:
    return Value("base_model", name, raw, method, confidence, role=role, start=start, end=start + len(raw))


def _is_own(name: str, own: str) -> bool:
    return own in (name.lower(), f"{own.rpartition('/')[0]}/{name.lower()}")


_TELLS = re.compile(
    r"tun|cop(?:y|ies)|clone|mirror|upload|fork|distil|prun|compress|version|variant|quant|gguf|based|built"
    r"|builds|basis|deriv|adapt|initiali|trained|start|merge"
    r"|base model|backbone|underlying|parent|conver|lora|peft|optimi[sz]|original",
    re.IGNORECASE,
)
"""Words of which every sentence about an origin has one."""


def _in_sentences(block: Block, own: str, called: frozenset[str]) -> Iterator[Value]:
    if not _TELLS.search(block.text):
        return
    for relation, confidence, pattern in _BASES:
        for match in pattern.finditer(block.text):
            name, group = _named(match)
            if (
                name is None
                or name.lower() in GENERIC
                or _NO_MODEL.search(name)
                or (name.lower() == own if group == "url" else _is_own(name, own))
                or _speaks_of_another(block.text[: match.start()], name, own, called)
            ):
                continue
            yield _value(name, block.start + match.start(group), match[group], "sentence", confidence, relation)


def _in_code(block: Block, own: str) -> Iterator[Value]:
    """The model that a training starts from, an adapter is put on, or a merge is made of."""
    found: list[tuple[str, int, str]] = []
    for match in _CODE_BASE.finditer(block.text):
        if match["key"].lower().startswith("base") or _TRAINS.search(block.text):
            found.append((match["name"], match.start("name"), "unknown"))
    for match in _TWO.finditer(block.text):
        found += [(match[group], match.start(group), "finetune") for group in ("one", "two")]
    if "merge_method" in block.text:
        found += [(match["name"], match.start("name"), "merge") for match in _MERGED.finditer(block.text)]
    for name, at, role in found:
        if re.search(r"[-_/\d]", name) and not _NO_NAME.search(name) and not _is_own(name, own):
            yield _value(name, block.start + at, name, "code", 0.85, role)


def _speaks_of_another(before: str, base: str, own: str, called: frozenset[str]) -> bool:
    """Whether the subject of the sentence that ends `before` is another model."""
    sentence = re.split(r"(?:[.!?:](?=\s)|。|\n\s*[-*\n]|\A[\s>*-]+)\s*", before[-300:])[-1]
    linked = [found for url in re.findall(r"\]\((https?://[^)\s]{3,200})\)", sentence) if (found := hub_model(url))]
    if _OTHER_SUBJECT.search(sentence) or any(name != base and not _is_own(name, own) for name in linked):
        return True
    mine = flat(tail(own))
    parts_of = [re.split(r"[-_.]", match[0].lower()) for match in _MODEL_NAME.finditer(sentence)]
    return bool(parts_of) and not any(
        "".join(parts) in called or all(part in mine for part in parts) for parts in parts_of
    )


_NO_MODEL = re.compile(
    r"-(?:based|like|style)\Z|(?:\S+\s){3}|\A(?:tensorflow|pytorch|mecab|keras|jax)\b", re.IGNORECASE
)
_OTHER_SUBJECT = re.compile(
    r"\b(?:by contrast|in contrast|unlike|other(?: similar)? (?:models|versions|variants)|dense models"
    r"|checkpoints|vocabulary)\b",
    re.IGNORECASE,
)
_MODEL_NAME = re.compile(r"(?<![\w/(\[])[A-Z][A-Za-z]*\d*(?:[-_.][A-Za-z0-9.]+){1,8}")
"""Llama-3.1-8B, DeepSeek-R1-Distill-Qwen-7B; not in links."""


_SIZED = re.compile(r"[-_ ](?:tiny|mini|small|base|large|xl|xxl|\d+(?:\.\d+)?[bm])\b", re.IGNORECASE)


def hub_model(url: str) -> str | None:
    """The model that an address on the Hub is the page of."""
    match = _HUB.search(url)
    return match[1].rstrip(".") if match else None


def _named(match: re.Match[str]) -> tuple[str | None, str]:
    """(name, group that holds it) of a `NAME`."""
    if match["url"]:
        if found := hub_model(match["url"]):
            return found, "url"
        text = words.plain(match["text"])
        return (
            text
            if re.fullmatch(r"[A-Za-z\d][\w.\-/ ]{1,60}", text)
            and (re.search(r"[-_/\d]", text) or text.isupper())
            and not match["url"].startswith("#")
            and ("arxiv" not in match["url"] or _SIZED.search(text))
            else None
        ), "text"
    if match["mark"]:
        return (match["mark"] if re.search(r"[-_/0-9]", match["mark"]) else None), "mark"
    name = match["bare"]
    if name is None:
        return None, "bare"
    if name.startswith("https://"):
        return hub_model(name), "bare"
    return (
        name
        if re.search(
            r"\d|/|base|large|small|bert|gpt|llama|bart|electra|t5|whisper|mistral|gemma|xlnet|clip|vit\b|diffusion",
            name,
            re.IGNORECASE,
        )
        else None
    ), "bare"
