"""Sentences that say what a model comes from: the models it was derived from, the datasets it was trained on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Document
from peatmoss.parse.card.prose import sentences
from peatmoss.parse.card.value import Value

_NAME = (
    r"(?:\[(?P<text>[^\]\n]{2,120})\]\((?P<url>[^)\s]{3,300})\)"
    r"|[`*\"'_]{1,3}(?P<mark>[A-Za-z0-9][\w.\-]{1,60}(?:/[\w.\-]{1,96})?)[`*\"'_]{1,3}"
    r"|(?P<bare>[A-Za-z0-9][\w.\-]{0,60}/[A-Za-z0-9][\w.\-]{1,96}(?<!\.)"
    r"|(?<![\w./-])[A-Za-z][A-Za-z0-9]{0,40}(?:[-_.][A-Za-z0-9]{1,40}){1,8}"
    r"|(?:https://huggingface\.co/)[\w.\-]+/[\w.\-]+))"
)
_BASES = (
    ("finetune", 0.95, re.compile(
        rf"\b(?:fine-?tuned?|distilled|pruned|compressed)\s+(?:\w+\s){{0,2}}?(?:version|variant|checkpoint|model|adaptation"
        rf"|derivative)\s+of\s+(?:the\s+)?(?:\w+['’]s\s+)?(?:HuggingFace\s+)?{_NAME}"
    , re.IGNORECASE)),
    ("finetune", 0.9, re.compile(
        rf"\b(?:(?:further |continually )?(?:fine-?tuned|finetuned|pre-?trained)|adapted|initiali[sz]ed"
        rf"|derived|distilled|trained|started)\s+(?:from|on top of|over|starting from|using the weights "
        rf"of)\s+(?:the\s+)?(?:(?:pre-?trained|original|base|HuggingFace|Hugging Face|public|official"
        rf"|model|checkpoint|weights of)\s+){{0,3}}(?:checkpoint\s+)?{_NAME}"
    , re.IGNORECASE)),
    ("quantized", 0.95, re.compile(
        rf"\b(?:quanti[sz]ed\s+(?:version|variant|model)?\s*(?:of|from)|quants\s+of|(?:gguf|gptq"
        rf"|awq)\s+(?:version|quants?|format model files)\s+(?:of"
        rf"|for))\s+(?:the\s+)?(?:[\w.]+['’]s\s+)?{_NAME}"
    , re.IGNORECASE)),
    ("unknown", 0.85, re.compile(
        rf"\b(?:is\s+|model\s+is\s+|was\s+|mainly\s+)?(?:based|built|builds)\s+(?:up)?on\s+(?:top "
        rf"of\s+)?(?:a\s+|the\s+)?(?:(?:pre-?trained|pretrained|original|base|multilingual"
        rf"|Google's)\s+){{0,2}}{_NAME}"
    , re.IGNORECASE)),
    ("finetune", 0.9, re.compile(
        rf"\b[Tt]his\s+{_NAME}\s+(?:model\s+)?(?:was|is|has been)\s+fine-?tuned", re.IGNORECASE,
    )),
    ("finetune", 0.9, re.compile(
        rf"\bfine-?tuned\b[^.\n]{{0,150}}?\bfrom\s+(?:the\s+)?{_NAME}\s+checkpoint\b", re.IGNORECASE,
    )),
    ("unknown", 0.85, re.compile(
        rf"\boriginal (?:pre-?trained )?model can be found here\s?:\s*{_NAME}", re.IGNORECASE,
    )),
    ("finetune", 0.9, re.compile(rf"\bmodel used for training is\s+{_NAME}", re.IGNORECASE)),
    ("finetune", 0.9, re.compile(
        rf"(?:\A|[.\n>#*]\s*|\bwe\s+|\bmodel takes\s+"
        rf"|\bis\s+)(?:the\s+)?{_NAME}\s+(?:model\s+)?(?:\(?[\w\s]{{0,12}}\)?\s*)?(?:was\s+|is\s+"
        rf"|and\s+)?(?:fine-?tun(?:ed|es)|quanti[sz]ed)\b"
    , re.IGNORECASE)),
    ("finetune", 0.85, re.compile(
        rf"\b[Ff]ine-?tun(?:ed|ing)\s+(?:the\s+)?(?:(?:pre-?trained"
        rf"|original)\s+)?{_NAME}\s+(?:model\s+)?(?:on|for|in|with|using)\b"
    , re.IGNORECASE)),
)  # fmt: skip
_HUB = re.compile(
    r"huggingface\.co/(?!datasets/|spaces/|docs/|blog/|papers/|transformers/|models\b|metrics/|course"
    r"|learn|join|languages|hub\b"
    r"|tasks\b)(?:models/)?([A-Za-z0-9][\w.-]{0,60}(?:/[\w.-]{1,96})?)/?(?:[?#/].*)?\Z"
)
_GENERIC = {
    "pre-trained", "pretrained", "fine-tuned", "fine-tuning", "non-english", "state-of-the-art", "english-only",
    "multi-task", "model", "models", "transformer", "transformers", "encoder-decoder", "sequence-to-sequence",
    "self-supervised", "large-scale", "text-to-text", "cross-encoder", "bi-encoder", "pre-training", "in-house",
    "end-to-end", "huggingface", "hugging", "open-source", "dataset", "data", "sentence-transformers",
    "pytorch", "keras", "tensorflow", "large-sized", "base-sized", "custom", "e.g", "i.e",
}  # fmt: skip
_QUOTED = (
    r"(?:\[(?P<text>[^\]\n]{2,120})\]\((?P<url>[^)\s]{3,300})\)"
    r"|[`*\"'_]{1,3}(?P<mark>[A-Za-z0-9][\w.\- /]{1,60})[`*\"'_]{1,3}"
    r"|(?P<bare>[a-z0-9][\w.\-]{1,40}/[A-Za-z0-9][\w.\-]{1,96}(?<!\.)))"
)
_DATASETS = (
    (0.85, re.compile(
        rf"\b(?:fine-?tuned|trained|tuned|pre-?trained|evaluated|finetuning|fine-tuning|training"
        rf"|constructed|results)\s+(?:\w+\s){{0,3}}?(?:on|with|using|over|in)\s+(?:the\s+"
        rf"|an?\s+)?(?:\w+\s){{0,1}}?{_QUOTED}\s*(?:[-–]\s?[A-Za-z]{{2,3}}\s+)?(?:data-?sets?|corpus"
        rf"|corpora|benchmark|training set|data|task)?"
    , re.IGNORECASE)),
    (0.9, re.compile(
        rf"\b(?:on|using|the|from)\s+(?:the\s+)?{_NAME}\s+(?:data-?sets?|corpus|corpora)\b", re.IGNORECASE,
    )),
    (0.9, re.compile(
        r"\bload_dataset\(\s*[\"'](?P<mark>[\w.\-]{2,60}(?:/[\w.\-]{2,96})?)[\"'](?P<text>)?(?P<url>)?(?P<bare>)?"
    )),
)  # fmt: skip
_PLAIN_DATASET = re.compile(
    r"\b(?:on|with|using|over)\s+(?:the\s+)?(?P<names>[A-Za-z][\w/\-]{1,60}(?:(?:,| and| and "
    r"the)\s+[A-Za-z][\w/\-]{1,60}){0,4})(?:\s+[-–]\s+[A-Z]{2,3})?\s+(?:data-?sets?|corpus|corpora)\b"
)
_TITLED = re.compile(
    r"\b(?:[Tt]rained|[Ff]ine-?tuned|evaluated)\s+(?:\w+\s)?(?:on|with"
    r"|using)\s+(?:the\s+)?(?P<names>[A-Z][\w-]+(?:\s[A-Z\d][\w-]*){1,3})\s+(?:data-?set|corpus)\b"
)
_NO_DATASET = {
    "none", "unknown", "an", "the", "a", "same", "following", "above", "this", "that", "training", "test",
    "evaluation", "validation", "entire", "full", "whole", "custom", "large", "own", "combined", "original",
    "resulting", "given", "new", "english", "different", "previous", "our", "private",
    "other", "others", "all", "these", "both", "many", "several", "various", "some", "diverse", "public", "available",
    "labeled", "labelled", "annotated", "curated", "cleaned", "small", "big", "huge", "specific", "similar", "parallel",
    "collected", "filtered", "monolingual", "multilingual", "internal", "proprietary", "synthetic", "existing",
}  # fmt: skip


def base_models(document: Document, model_id: str | None) -> Iterator[Value]:
    """Models that sentences say this one is derived from."""
    own = (model_id or "").lower()
    for block in sentences(document):
        for relation, confidence, pattern in _BASES:
            for match in pattern.finditer(block.text):
                name, group = _named(match)
                if name is None or name.lower() == own or name.lower() in _GENERIC or own.endswith("/" + name.lower()):
                    continue
                start, end = block.start + match.start(group), block.start + match.end(group)
                yield Value(
                    "base_model",
                    name,
                    document.text[start:end],
                    "sentence",
                    confidence,
                    role=relation,
                    start=start,
                    end=end,
                )


def hub_model(url: str) -> str | None:
    """The model that an address on the Hub is the page of."""
    match = _HUB.search(url)
    return match[1].rstrip(".") if match else None


def _named(match: re.Match[str]) -> tuple[str | None, str]:
    """(name, group that holds it) of a `_NAME`."""
    if match["url"]:
        if found := hub_model(match["url"]):
            return found, "url"
        text = words.plain(match["text"])
        return (
            text
            if re.fullmatch(r"[\w.\-/ ]{2,60}", text)
            and (re.search(r"[-_/\d]", text) or text.isupper())
            and not match["url"].startswith("#")
            and "arxiv" not in match["url"]
            else None
        ), "text"
    if match["mark"]:
        return (match["mark"] if re.search(r"[-_/0-9]", match["mark"]) else None), "mark"
    name = match["bare"]
    if name is None:
        return None, "bare"
    if name.startswith("https://"):
        return hub_model(name), "bare"
    return (name if re.search(r"\d|/|base|large|small|bert|gpt|llama", name, re.IGNORECASE) else None), "bare"


def datasets(document: Document) -> Iterator[Value]:
    """Datasets that sentences say the model was trained or evaluated on."""
    for block in document.blocks:
        if block.kind in ("table", "html"):
            continue
        patterns = _DATASETS[2:] if block.kind == "code" else _DATASETS[:2]
        for confidence, pattern in patterns:
            for match in pattern.finditer(block.text):
                group = next((g for g in ("mark", "text", "bare") if match[g]), None)
                if group is None:
                    continue
                shown = words.plain(match[group])
                name = re.sub(r"^the\s+|\s+(?:data-?sets?|corpus)\Z", "", shown, flags=re.IGNORECASE)
                known = words.aliases("card_datasets").get(words.fold(name))
                says = re.search(r"(data-?sets?|corpus|corpora)\s*\Z", match[0], re.IGNORECASE) or (
                    (match["url"] and "/datasets/" in match["url"]) or name != shown
                )
                if (
                    not (known or says or block.kind == "code")
                    or name.lower() in _NO_DATASET | _GENERIC
                    or len(name) > 80
                ):
                    continue
                if match["url"] and hub_model(match["url"]) and not says:
                    continue
                start, end = block.start + match.start(group), block.start + match.end(group)
                role = "evaluation" if re.search(r"evaluat|result|\btest", match[0], re.IGNORECASE) else "train"
                yield Value(
                    "dataset",
                    known or name,
                    document.text[start:end],
                    "sentence" if block.kind != "code" else "code",
                    confidence,
                    role=role,
                    start=start,
                    end=end,
                )
        if block.kind == "code":
            continue
        for match in _TITLED.finditer(block.text):
            start = block.start + match.start("names")
            known = words.aliases("card_datasets").get(words.fold(match["names"]), match["names"])
            yield Value(
                "dataset",
                known,
                match["names"],
                "sentence",
                0.85,
                role="train",
                start=start,
                end=start + len(match["names"]),
            )
        for match in _PLAIN_DATASET.finditer(block.text):
            for part in re.finditer(r"[A-Za-z][\w/\-]{1,60}", match["names"]):
                if (
                    words.language(part[0])
                    or part[0].lower() in _NO_DATASET | _GENERIC | {"and", "of"}
                    or len(part[0]) < 2
                ):
                    continue
                start = block.start + match.start("names") + part.start()
                name = words.aliases("card_datasets").get(words.fold(part[0]), part[0])
                yield Value(
                    "dataset", name, part[0], "sentence", 0.85, role="train", start=start, end=start + len(part[0])
                )
