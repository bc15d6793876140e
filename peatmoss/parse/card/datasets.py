"""Datasets that sentences and code say a model was trained or evaluated on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Block, Document
from peatmoss.parse.card.origins import GENERIC, NAME, hub_model
from peatmoss.parse.card.sections import kinds_of, says_something
from peatmoss.parse.card.value import Value

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
        rf"\b(?:on|using|the|from)\s+(?:the\s+)?{NAME}\s+(?:data-?sets?|corpus|corpora)\b", re.IGNORECASE,
    )),
    (0.9, re.compile(
        r"(?:--|\b)dataset_name[\"']?\s*(?:[=:]|\s)\s*[\"']?(?P<mark>[A-Za-z][\w.\-]{1,60}(?:/[\w.\-]{2,96})?)"
        r"(?![\w(/])"
        r"(?P<text>)?(?P<url>)?(?P<bare>)?"
    )),
    (0.9, re.compile(
        r"^[ \t]*-[ \t]*path:[ \t]*[\"']?(?P<mark>[A-Za-z][\w.\-]{1,60}/[\w.\-]{2,96})(?<!\.json)(?<!\.jsonl)"
        r"(?<!\.parquet)[\"']?[ \t]*$"
        r"(?P<text>)?(?P<url>)?(?P<bare>)?", re.MULTILINE,
    )),
    (0.9, re.compile(
        r"\bload_dataset\(\s*[\"'](?P<mark>[\w.\-]{2,60}(?:/[\w.\-]{2,96})?)[\"'](?P<text>)?(?P<url>)?(?P<bare>)?"
    )),
)  # fmt: skip
_PLAIN_DATASET = re.compile(
    r"\b(?:on|with|using|over)\s+(?:the\s+)?(?P<names>[A-Za-z][\w/\-]{1,60}(?:\s\d[\w.]{0,8})?(?:(?:,| and| and "
    r"the)\s+[A-Za-z][\w/\-]{1,60}(?:\s\d[\w.]{0,8})?){0,4})(?:\s+[-–]\s+[A-Z]{2,3})?\s+(?:data-?sets?|corpus"
    r"|corpora)\b"
)
_TITLED = re.compile(
    r"\b(?:[Tt]rained|[Ff]ine-?tuned|evaluated)\s+(?:\w+\s)?(?:on|with"
    r"|using)\s+(?:the\s+)?(?P<names>[A-Z][\w-]+(?:\s[A-Z\d][\w-]*){1,3})\s+(?:data-?set|corpus)\b"
)
_NO_DATASET = {
    "none", "unknown", "an", "the", "a", "same", "following", "above", "this", "that", "training", "test",
    "evaluation", "validation", "entire", "full", "whole", "custom", "large", "own", "combined", "original",
    "resulting", "given", "new", "english", "different", "previous", "our", "private", "other", "others", "all",
    "these", "both", "many", "several", "various", "some", "diverse", "public", "available", "labeled",
    "labelled", "annotated", "curated", "cleaned", "small", "big", "huge", "specific", "similar", "parallel",
    "dev", "train", "valid", "three", "two", "four", "smaller", "larger", "bigger", "any", "balanced",
    "small-scale", "third-party", "real", "high-quality", "downstream", "benchmark", "open", "domain-specific",
    "csv", "json", "parquet", "imagefolder", "audiofolder", "huggingface", "hugging", "kaggle", "github",
    "each", "target", "source", "medical", "legal", "clinical", "web", "raw", "text", "collected", "filtered",
    "monolingual", "multilingual", "internal", "proprietary", "synthetic", "existing",
}  # fmt: skip


def datasets(document: Document) -> Iterator[Value]:
    """Datasets that sentences, code and headings say the model was trained or evaluated on."""
    yield from _headed(document)
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
                known = words.dataset(name)
                says = re.search(r"(data-?sets?|corpus|corpora)\s*\Z", match[0], re.IGNORECASE) or (
                    (match["url"] and "/datasets/" in match["url"]) or name != shown
                )
                if (
                    not (known or says or block.kind == "code")
                    or re.match(r"[`*\]_)]{0,3}\s?(?:models?|checkpoints?)\b", block.text[match.end(group) :])
                    or name.lower() in _NO_DATASET | GENERIC
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
        yield from _said(
            block, kinds_of(document, block.section), bool(_HEADED.fullmatch(document.sections[block.section].title))
        )
        for match in _TITLED.finditer(block.text):
            start = block.start + match.start("names")
            known = words.dataset(match["names"]) or match["names"]
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
            for part in re.finditer(r"[A-Za-z][\w/\-]{1,60}(?:\s\d[\w.]{0,8})?", match["names"]):
                if (
                    words.language(part[0])
                    or words.task(part[0])
                    or part[0].lower() in _NO_DATASET | GENERIC | {"and", "of"}
                    or len(part[0]) < 2
                    or (re.fullmatch(r"[a-z-]+-[a-z-]+", part[0]) and re.search(r"\sdata-?sets\Z", match[0]))
                ):
                    continue
                start = block.start + match.start("names") + part.start()
                name = words.dataset(part[0]) or part[0]
                yield Value(
                    "dataset", name, part[0], "sentence", 0.85, role="train", start=start, end=start + len(part[0])
                )


_HEADED = re.compile(
    r"(?:train(?:ing)?\s|evaluation\s|fine-?tuning\s)?(?:data-?sets?|corpora)(?:\sused)?", re.IGNORECASE
)
_SLUG = re.compile(r"[a-z][a-z0-9]*|[A-Za-z][\w.]*(?:[-_/][\w.]+)+|[A-Z]{2,}\w*|[A-Z][a-z]+[A-Z]\w*|[A-Za-z]+\d\w*")
_CALLED = re.compile(
    r"\b(?:data-?set|corpus)\s+\(?(?:called|named|known as)\s+[\"'`*]{0,2}(?P<name>[A-Z][\w.-]+(?:\s[A-Z][\w.-]+){0,2})"
)
_PHRASE = re.compile(
    r"(?<![\w/-])(?P<name>(?:[A-Z][\w'-]{1,40}\s){1,4}(?:(?:[Tt]ree|[Ww]ord)?[Bb]ank|[Cc]orpus|Dataset|Database"
    r"|Challenge Set)"
    r"|[A-Z]\w{1,40}\s[A-Z]{2,9}\s[Tt]ree[Bb]ank|[A-Z][a-z]{1,40}Tree[Bb]ank)(?![\w-])"
)
_ITEM = re.compile(
    r"[\s*+-]*(?:[Tt]he\s+)?(?P<name>[A-Za-z][\w.-]{2,}(?:\s[A-Z][\w.-]*){0,3})\s+"
    r"(?:(?:instruction|fine-?tuning|benchmark|preference|chat|training|evaluation|test|text|speech|image"
    r"|tuning)\s+){0,3}"
    r"(?:data-?set|corpus)\b"
)
_SEVERAL = re.compile(
    r"(?<![\w.-])(?P<names>(?:[A-Z][\w.-]{0,40}(?:\s[\w.-]{1,40})?,\s){1,6}(?:[A-Z][\w.-]{0,40}(?:"
    r"\s[\w.-]{1,40})?,?\s)?"
    r"and\s(?:the\s)?[A-Z][\w.-]{0,40})\s(?:data-?sets|corpora)\b"
)
_LINKED = re.compile(r"^(?P<name>[A-Z][\w .-]{2,60}?):\s*https?://", re.MULTILINE)
_THE = re.compile(r"\b[Tt]he\s+(?P<name>[A-Z][\w-]{0,20}[A-Z\d][\w-]{0,20})\s+(?:data-?set|corpus)\b")
_FIRST = re.compile(
    r"(?:the|this|our|an?|training|evaluation|test(?:ing)?|validation|development|data|large|small|english"
    r"|original|custom"
    r"|fine-?tuning|pre-?training|if|we|for|each|see|both|all|new|full|full-text|available|public|more|used"
    r"|calibration|to|in|on|note|dataset)\Z",
    re.IGNORECASE,
)


def _headed(document: Document) -> Iterator[Value]:
    """Datasets that are the headings below the heading Datasets, each with what is told about it."""
    for section in document.sections:
        if (
            len(section.titles) > 1
            and _HEADED.fullmatch(section.titles[-2])
            and (_SLUG.fullmatch(section.title) or words.fold(section.title) in words.aliases("card_datasets"))
            and section.title.lower() not in _NO_DATASET | GENERIC
            and says_something(document.text[section.body : section.end])
        ):
            start = section.start + max(0, document.text[section.start : section.body].find(section.title))
            yield _value(section.title, start, "section", 0.8, "train")


def _said(block: Block, about: frozenset[str], headed: bool) -> Iterator[Value]:
    """Datasets by the word after their name, in sections and sentences about training and evaluation."""
    for match in _CALLED.finditer(block.text):
        yield _value(match["name"], block.start + match.start("name"), "sentence", 0.8, "train")
    for match in _LINKED.finditer(block.text) if headed and block.kind == "text" else ():
        yield _value(match["name"], block.start + match.start("name"), "pair", 0.8, "train")
    for match in _THE.finditer(block.text) if "training_data" in about else ():
        if words.task(match["name"]):
            continue
        yield _value(match["name"], block.start + match.start("name"), "sentence", 0.75, "train")
    item = _ITEM.match(block.text) if block.kind == "item" and "training_data" in about else None
    if (
        item
        and re.search(r"[A-Z\d]", item["name"])
        and not _FIRST.match(item["name"].split()[0])
        and item["name"].lower() not in _NO_DATASET
    ):
        yield _value(item["name"], block.start + item.start("name"), "pair", 0.8, "train")
    for match in _PHRASE.finditer(block.text) if block.kind != "heading" else ():
        sentence = re.split(r"(?<=[.!?])\s", block.text[max(0, match.start() - 200) : match.start()])[-1]
        spoken = re.search(r"\b(?:pre-?train|fine-?tun|train|evaluat)\w*\b", sentence, re.IGNORECASE)
        first, *more = match["name"].split()
        is_named = bool(more) and not _FIRST.match(first) and not (len(more) == 1 and words.language(first))
        is_named = is_named or "Tree" in first
        if is_named and (spoken or about & {"training_data"}):
            role = "evaluation" if spoken and spoken[0].lower().startswith("eval") else "train"
            yield _value(match["name"], block.start + match.start("name"), "sentence", 0.75, role)
    for match in _SEVERAL.finditer(block.text) if "training_data" in about else ():
        for part in re.finditer(r"[A-Z][\w.-]*(?:\s(?!and\b)[\w.-]+)?", match["names"]):
            if not words.language(part[0]) and part[0].lower() not in _NO_DATASET:
                yield _value(part[0], block.start + match.start("names") + part.start(), "sentence", 0.75, "train")


def _value(name: str, start: int, method: str, confidence: float, role: str) -> Value:
    known = words.aliases("card_datasets").get(
        words.fold(re.sub(r"\s(?:dataset|corpus)\Z", "", name, flags=re.IGNORECASE))
    )
    return Value("dataset", known or name, name, method, confidence, role=role, start=start, end=start + len(name))
