"""What the sections of a card are about, and which of them say something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Block, Document, Section
from peatmoss.parse.card.value import Value

_RESERVE = re.compile(

        r"\b(limit(ed|ations?)?|bias(ed|es)?|not (intended|suitable|reliable|be used|guarantee|recommend)"
        r"|should not|cannot|"

    r"may (not|generate|produce|reflect)|poorly|caution|warranty|risk)\b", re.IGNORECASE,
)  # fmt: skip
_CITE = re.compile(r"\b(please )?(cite|citing)\b|@(?:inproceedings|article|misc|book|techreport)\s*\{", re.IGNORECASE)
_SUPPORT = re.compile(

        r"\b((?:was |were |is |are |been )?(?:generously |kindly |partially |financially |partly "
        r")*(?:funded|supported|sponsored|financed) "


        r"(?:\w+ )?by|(?:funding|grants?|sponsorship|support|(?:free )?access to|compute|credits"
        r"|resources) (?:\w+ ){0,3}(?:from|of|by|under|no\.?|number|to the (?:cloud )?tpu)|"


        r"provided (?:us )?(?:with )?(?:the )?(?:access to|compute|computing|gpus?|tpus?|credits)|"

        r"(?:credits?|compute|gpus?|tpus?) (?:\w+ ){0,2}(?:given|provided|donated|sponsored) by"
        r"|(?:TPU|TensorFlow) Research Cloud|TFRC\b|grant (?:agreement|no|number)|for (?:funding"
        r"|sponsoring|the free access|providing (?:\w+ )?(?:compute|gpu|tpu|resources|computing|the comput\w+))"
        r"|supported this (?:work|project|research))"
    ,
    re.IGNORECASE,
)  # fmt: skip


@lru_cache(4096)
def kinds(title: str) -> frozenset[str]:
    """What a section of that title is about."""
    clean = re.sub(r"^[^\w]+|[^\w)]+$", "", words.plain(title))[:120]
    return frozenset(kind for kind, pattern in words.sections() if pattern.search(clean))


def kinds_of(document: Document, number: int) -> frozenset[str]:
    """What a section is about, its own title and those above it taken together."""
    return frozenset().union(*(kinds(title) for title in document.sections[number].titles))


def text_of(document: Document, section: Section) -> tuple[int, int, str]:
    """(start, end, text) of what stands under a heading, with the sections below it that are about nothing else."""
    end = section.end
    own = kinds(section.title)
    for other in document.sections:
        if other.start == end and other.level > section.level and (not kinds(other.title) or kinds(other.title) & own):
            end = other.end
    return section.body, end, document.text[section.body : end]


def says_something(text: str) -> bool:
    """Whether a section has content: not empty, no placeholder, not only headings and comments."""
    text = re.sub(r"<!--.*?-->", " ", text, flags=re.DOTALL)
    lines = [
        line for line in text.splitlines() if line.strip() and not re.match(r"\s*(#{1,6}\s|<!--|[-=_*]{3,}\s*$)", line)
    ]
    told = [
        line
        for line in lines
        if not words.is_placeholder(re.sub(r"^[\s>*+-]*(\*\*[^*:]{1,60}:?\*\*:?|[A-Z][^:\n]{1,40}:)?\s*", "", line))
    ]
    return len(re.sub(r"\W", "", " ".join(told))) >= 8


def described(document: Document) -> Iterator[Value]:
    """Limitations, intended uses, citation and support, as far as they are really said."""
    for section in document.sections[1:]:
        about = kinds(section.title)
        for field in ("limitation", "intended_use", "citation"):
            if field not in about:
                continue
            start, _, text = text_of(document, section)
            if not says_something(text) or _is_template(text):
                continue
            if field == "limitation" and "intended_use" in about and not _RESERVE.search(text):
                continue
            if field == "citation" and not re.search(r"[@{]|https?:|\b(19|20)\d\d\b|cit(e|ing|ation)", text):
                continue
            lead = len(text) - len(text.lstrip())
            yield Value(
                field,
                "present",
                text.strip(),
                "section",
                0.9,
                name=section.title,
                start=start + lead,
                end=start + len(text.rstrip()),
            )
    for block in document.blocks:
        if block.kind == "text":
            yield from _untitled(block)
        if block.kind in ("code", "text") and (
            match := re.search(r"(?:^|\n|\s)@[a-z]{4,20}\s*\{\s*[\w:.+/-]+\s*,", block.text, re.IGNORECASE)
        ):
            at = block.start + match.start()
            yield Value(
                "citation",
                "present",
                block.text[match.start() :].strip().rstrip("`").rstrip(),
                "bibtex",
                0.95,
                start=at,
                end=at + len(block.text[match.start() :].strip().rstrip("`").rstrip()),
            )
        if block.kind in ("text", "item", "heading") and (match := _SUPPORT.search(block.text)):
            yield from _support(document, block, match)


def _untitled(block: Block) -> Iterator[Value]:
    """Sections whose title is a plain line, and sentences that ask to be cited."""
    for match in _LINE_TITLE.finditer(block.text):
        text = match["text"].strip()
        fields = kinds(match["title"]) & {"limitation", "intended_use"}
        if not fields or not says_something(text) or (len(fields) > 1 and not _RESERVE.search(text)):
            continue
        start = block.start + match.start("text")
        for field in sorted(fields):
            yield Value(
                field, "present", match["text"], "section", 0.75, name=match["title"],
                start=start, end=start + len(match["text"]),
            )  # fmt: skip
    if asks := _ASKS.search(block.text):
        start = block.start + asks.start()
        raw = block.text[asks.start() :].split("\n\n")[0].strip()
        yield Value("citation", "present", raw, "sentence", 0.8, start=start, end=start + len(raw))


_LINE_TITLE = re.compile(
    r"^[*_ \t]*(?P<title>[A-Z][A-Za-z]+(?:[ &/]+[A-Za-z]+){0,4})[*_ \t]*:?[*_ \t]*\n+"
    r"(?P<text>[^\n]{20,}(?:\n[^\n]+){0,20})",
    re.MULTILINE,
)
_ASKS = re.compile(
    r"\b(?:please|kindly|should|can|consider)\s(?:cit(?:e|ing)\b)[^.\n]{0,80}?(?:\b(?:as|us|our|this|paper|work)\b|:)",
    re.IGNORECASE,
)


def _support(document: Document, block: Block, match: re.Match[str]) -> Iterator[Value]:
    """The sentence that says who funded or supported the work."""
    first = max(block.text.rfind(". ", 0, match.start()) + 1, block.text.rfind("\n\n", 0, match.start()) + 1, 0)
    last = re.compile(r"\.\s|\n\s*\n|\Z").search(block.text, match.end())
    sentence = block.text[
        max(first, match.start() - 300) : min(last.start() if last else match.end(), match.end() + 300)
    ]
    if re.search(r"\b(languages?|models?|tasks?) (are |is )?(currently )?supported by\b", sentence, re.IGNORECASE):
        return
    if "acknowledgement" in kinds_of(document, block.section) or _WORK.search(sentence):
        raw = sentence.strip()
        start = block.start + block.text.find(raw)
        yield Value("grant", words.plain(raw), raw, "section", 0.8, start=start, end=start + len(raw))


_WORK = re.compile(
    r"\b(research|work|project|training) (was|is|has been) (\w+ )?(supported|funded|sponsored)|TFRC"
    r"|\b(?:credits?|compute|gpus?|tpus?)\b[^.]{0,40}\b(?:given|provided|donated|sponsored) by"
    r"|\bsupported this (?:work|project|research)|for providing \S+ comput"
    r"|Research Cloud|\bgrant\b|\bprovided (?:us )?(?:with )?(?:the )?(?:access to \S+|compute|gpus?|tpus?|credits)",
    re.IGNORECASE,
)
_TEMPLATE_LINES = (
    "Users (both direct and downstream) should be made aware of the risks, biases and limitations "
    "of the model. More information needed for further recommendations.",
    "Use the code below to get started with the model.",
)


def _is_template(text: str) -> bool:
    """Whether nothing stands there but the sentences of the Hub's own template."""
    for line in _TEMPLATE_LINES:
        text = text.replace(line, " ")
    return not says_something(text)
