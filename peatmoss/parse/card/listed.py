"""Datasets that sentences list, link or name before the word dataset."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Block, Document
from peatmoss.parse.card.origins import hub_model
from peatmoss.parse.card.sections import kinds_of
from peatmoss.parse.card.value import Value

_TRAINED = re.compile(
    r"\b(?:(?:pre-?|fine-?|re)?-?train(?:ed|ing)?|(?:fine-?)?tun(?:ed|ing)|adapted|fitted|version of|built)\b",
    re.IGNORECASE,
)
_EVALUATED = re.compile(r"\b(?:evaluat\w+|tested|benchmarked|validated)\b", re.IGNORECASE)
_NOT_USED = re.compile(
    r"\b(?:not|never|without|except|unlike|instead of|compared?|outperform\w*|similar to|such as|can be|could be"
    r"|should be|may be|https?)\b",
    re.IGNORECASE,
)
_KAGGLE = re.compile(
    r"https?://(?:www\.)?kaggle\.com/(?:(?:c|competitions)/(?P<contest>[\w-]{3,80})"
    r"|(?:datasets/)?(?!c/|competitions/|code/|kernels/|learn/|datasets/|docs/|discussions/|models/|notebooks)"
    r"(?P<dataset>[\w-]{2,60}/[\w-]{3,90}))(?![\w/-])"
)
_LINK = r"\[[^\]\n]{2,80}\]\([^)\s]{3,300}\)(?:\s\([^()\n]{1,40}\))?"
_LINKS = re.compile(
    rf"(?P<list>{_LINK}(?:(?:,|,?\s+(?:and|&|or))\s+(?:the\s+)?{_LINK}){{0,9}})(?P<after>\s+"
    r"(?:(?!(?:on|from|of|by|the|an?|with|for|to|in|is)\b)[\w'-]{1,20}\s){0,2}(?:data-?sets?|corpus|corpora|benchmarks?)\b)?"
)
_LINKED = re.compile(r"\[(?P<name>[^\]\n]{2,80})\]\((?P<url>[^)\s]{3,300})\)")
_DATA_BEFORE = re.compile(
    r"\b(?:data-?sets?|corpus|corpora)\b[^.\n]{0,60}\b(?:from|of|including|includes?|are|is|namely|called|used|union)"
    r"\W{0,3}(?:the\s)?\Z|\b(?:evaluated|tested)\s+(?:[\w-]+\s+){0,2}on\s+(?:the\s+)?\Z"
    r"|\bdata-?sets?\s?:\W{0,4}(?:the\s)?\Z",
    re.IGNORECASE,
)
_WORD = r"(?:[A-Z][\w'.+/&-]*|\d+[A-Z][\w-]*)"
_NAMED = re.compile(
    rf"\b(?:on|using|used|uses|with|from|over|in|is|of)\s+(?:the\s+|an?\s+|its\s+)?(?P<mark>[*_`\"']{{0,3}})"
    rf"(?P<name>{_WORD}(?:\s(?:of|and|for|in|the|\d[\w.]*|{_WORD})){{0,5}})(?P=mark)\s+"
    r"(?:(?:training|evaluation|summary|sentiment|speech|text|image|question)\s+)?(?:data-?set|corpus)\b"
)
_QUOTED = re.compile(r"\b(?:data-?set|corpus)\s[\"'“`]{1,2}(?P<name>[A-Z][\w-]{2,30})[\"'”`]{1,2}")
_EASTERN = re.compile(
    r"(?<![\w/.-])(?P<name>[A-Z][A-Za-z\d+_-]{2,30})\s?(?:的|中文[^\sA-Za-z\d,.，。]{0,6})?"
    r"(?:数据集|训练集|测试集|验证集|语料|データセット|コーパス|데이터셋|데이터 셋)"
)
"""A name before the word dataset in Chinese, Japanese and Korean."""
_INCLUDING = re.compile(
    r"\b(?:data-?sets|corpora)\b(?:\s\([^()\n]{1,40}\))?,?\s(?:including|namely|like|such as|are)\s?:?\s"
    rf"(?P<names>{_WORD}(?:\s{_WORD}){{0,3}}(?:,\s+(?:and\s)?{_WORD}(?:\s{_WORD}){{0,3}}){{1,14}}"
    rf"(?:,?\sand\s{_WORD}(?:\s{_WORD}){{0,3}})?)"
)
_NO_NAME = re.compile(
    r"(?:the|this|our|an?|here|link|paper|repo\w*|github|website|code|page|hugging ?face|hub|kaggle|custom|own|new"
    r"|private|unknown|none|train\w*|test\w*|dev\w*|valid\w*|eval\w*|data|datasets?|corpus|original|full|large|small|following"
    r"|these|both|all|other|public|model\w*|see|i|we|it|in|for|if|please|open ?source|synthetic|internal|web"
    r"|same|tensorflow|pytorch|huggingface\S*)\Z",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"bert|\bgpt|llama|\bt5\b|bart\b|mistral|qwen|gemma|model|wav2vec|transformer|checkpoint", re.IGNORECASE
)
_DEEP = 300


def listed(document: Document) -> Iterator[Value]:
    """Datasets in lists of links and of names, before the word dataset, and by their pages on Kaggle."""
    for block in document.blocks:
        if block.kind == "html":
            continue
        about = kinds_of(document, block.section)
        yield from _kaggle(block, about)
        if block.kind in ("text", "item"):
            yield from _links(block, about)
            yield from _names(block, about)


def _sentence(text: str, start: int) -> str:
    """What stands before `start` in its sentence."""
    return re.split(r"(?<=[a-z\d)\]][.!?])\s+(?=[A-Z])|\n\s*\n", text[max(0, start - _DEEP) : start])[-1]


def _role(before: str, about: frozenset[str]) -> str | None:
    """How a dataset is used that a sentence names after these words; None where it does not say."""
    plain = re.sub(r"\]\([^)\s]*\)", "]", before)
    if _NOT_USED.search(plain[-90:]):
        return None
    trained, evaluated = _TRAINED.search(plain), _EVALUATED.search(plain)
    if trained or evaluated:
        return "train" if trained else "evaluation"
    return "train" if "training_data" in about and "evaluation" not in about else None


def _kaggle(block: Block, about: frozenset[str]) -> Iterator[Value]:
    for match in _KAGGLE.finditer(block.text) if "kaggle.com" in block.text else ():
        before = _sentence(block.text, match.start())
        if re.search(r"\b(?:kernel|notebook|code|script)\W{0,8}\Z", before, re.IGNORECASE):
            continue
        if "training_data" in about or _TRAINED.search(before) or re.search(r"\bdata", before, re.IGNORECASE):
            start, end = block.start + match.start(), block.start + match.end()
            name = match["dataset"] or match["contest"]
            text = re.search(r"\[([^\]\n]{3,80})\]\(\Z", block.text[max(0, match.start() - 90) : match.start()])
            line = block.text[max(0, match.start() - 90) : match.start()].rsplit("\n", 1)[-1]
            is_key = words.keys().get(words.fold(line.strip(" *-:")))
            is_told = not is_key and re.fullmatch(r"[\s*-]*[A-Z][\w .-]{2,60}:\s*", line)
            if not (is_told or (text and _same(text[1], name))):  # else the text of the link is its name
                yield Value("dataset", name, match[0], "link", 0.8, role="train", start=start, end=end)


def _same(text: str, slug: str) -> bool:
    """Whether a text names what an address names: half of its words are in there."""
    mine = re.findall(r"[a-z\d]{3,}", text.lower())
    return bool(mine) and sum(word in slug.lower() for word in mine) * 2 >= len(mine)


def _links(block: Block, about: frozenset[str]) -> Iterator[Value]:
    """[A](..), [B](..) and [C](..) datasets; a corpus made of [A](..) and [B](..)."""
    for run in _LINKS.finditer(block.text) if "](" in block.text else ():
        before = _sentence(block.text, run.start())
        role = _role(before, about)
        if not role or re.search(r"\bby\s+(?:the\s+)?\Z", before) or not (run["after"] or _DATA_BEFORE.search(before)):
            continue
        for link in _LINKED.finditer(run["list"]):
            if "huggingface.co/datasets/" not in link["url"] and not hub_model(link["url"]):
                yield from _value(link["name"], block.start + run.start("list") + link.start("name"), role)


def _names(block: Block, about: frozenset[str]) -> Iterator[Value]:
    for match in _NAMED.finditer(block.text):
        if role := _role(_sentence(block.text, match.start("name")), about):
            for part in re.finditer(r"(?!and\s)\S+(?:\s(?!and\s)\S+)*", match["name"]):
                yield from _value(part[0], block.start + match.start("name") + part.start(), role)
    for match in _QUOTED.finditer(block.text):
        if role := _role(_sentence(block.text, match.start()), about):
            yield from _value(match["name"], block.start + match.start("name"), role)
    for match in _EASTERN.finditer(block.text):
        yield from _value(match["name"], block.start + match.start("name"), "train")
    for match in _INCLUDING.finditer(block.text):
        if role := _role(_sentence(block.text, match.start()), about):
            for part in re.finditer(rf"{_WORD}(?:\s(?!and\s){_WORD})*", match["names"]):
                yield from _value(part[0], block.start + match.start("names") + part.start(), role)


def _value(text: str, start: int, role: str) -> Iterator[Value]:
    """The value of a name, if it is one: not a word of every day, a language, a task, a library, a model."""
    whole = len(text)
    text = re.sub(r"\A[A-Z]\w+'s\s(?=[A-Z])", "", text)
    start += whole - len(text)
    text = text.rstrip(".,")
    name = re.sub(r"\s(?:data-?set|corpus)s?\Z", "", words.plain(text), flags=re.IGNORECASE)
    known = words.dataset(name)
    first = name.split()[0] if name.split() else ""
    is_named = re.search(r"[A-Z\d]", name) and not _NO_NAME.match(first) and len(name) > 2
    spoken = [word for word in name.split() if not (words.language(word) or words.task(word))]
    if known or (
        is_named
        and spoken
        and not words.task(name)
        and not _MODEL.search(name)
        and words.fold(name) not in words.libraries()
    ):
        yield Value(
            "dataset", known or name, text, "sentence", 0.75, role=role, start=start, end=start + len(text)
        )  # fmt: skip
