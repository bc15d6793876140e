"""Evaluation results in a card's body: lists, sentences, printed reports; tables by way of `tables.py`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Block, Cell, Document
from peatmoss.parse.card.measures import NO_RESULT, metric, result, split
from peatmoss.parse.card.own import names
from peatmoss.parse.card.pairs import Pair, pairs
from peatmoss.parse.card.sections import kinds, kinds_of
from peatmoss.parse.card.tables import Tables, table
from peatmoss.parse.card.value import Value

MAX_RESULTS = 2_000

_ACHIEVES = re.compile(
    r"achieves? the following (?:results|performance|scores)|evaluation results?:|results on the "
    r"(?:evaluation|test|validation|dev) set",
    re.IGNORECASE,
)
_METRIC_WORDS = (
    "accuracy|(?:macro|micro|weighted)?[- ]?F1(?:[- ]score)?|F-(?:score|measure)|precision|recall|BLEU(?:[- "
    "]score)?|WER|CER|word error rate|character error rate|"
    "perplexity|top-?1[- ]accuracy|top-?5 accuracy|exact match|EM|ROUGE-?[12L]+|Pearson "
    "correlation(?: coefficient)?|Spearman(?:'s rank)? correlation(?: coefficient)?|"
    "(?:Super)?GLUE score|mAP|AUC|ROC-AUC|MRR|MCC|IoU|EER|chrF|(?:cross-entropy )?validation loss|"
    "eval(?:uation)? (?:set )?accuracy|test accuracy|mean reward|METEOR|RMSE|MAE|loss|"
    r"MRR@\d+|NDCG@\d+|Recall@\d+|R-precision|Hits@\d+|AUROC|PSNR|SSIM|FID|CIDEr|UAS|LAS|balanced accuracy"
)
_SENTENCE = re.compile(
    rf"\b(?P<metric>{_METRIC_WORDS})\b(?:\s*\((?:%|\w+)\))?\s*(?:score\s*)?(?:obtained\s|achieved\s|measured\s)?"
    rf"(?:(?:on|at"
    rf"|for)\s+(?:the\s+)?[\w.\- ]{{1,40}}?(?:\s+|(?=[:=]))(?:\([^()\n]{{1,80}}\)\s*)?)?(?:achieved\s+|was\s+"
    rf"|is\s+|of\s+"
    rf"|about\s+|around\s+|are\s+|equals?\s+(?:to\s+)?|reached\s+(?:to\s+)?|up to\s+"
    rf"|:\s*|=\s*|at\s+|reaches\s+|approximately\s+|the model achieved on this task "
    rf"was\s+)+\**\s*[`*~≈%]*(?P<value>\d[\d,]*(?:\.\d+)?|\.\d+)(?P<percent>\s?%)?(?![\d.]*[- ]?(?:gram|shot"
    rf"|bit|x\b))",
    re.IGNORECASE,
)
_THIS = re.compile(
    rf"\b(?P<metric>{_METRIC_WORDS})\b[^.\n]{{0,60}}?\b[Tt]his model\s*[-–:=]\s*(?P<value>\d[\d,]*(?:\.\d+)?)"
    rf"(?P<percent>\s?%)?",
    re.IGNORECASE,
)
_REVERSE = re.compile(
    rf"\b(?P<value>\d{{1,3}}(?:\.\d+)?)(?P<percent>\s?%)?(?:\\\\?\))?\s*\**\s+(?:(?!(?:on|of|in|and|for|with|from"
    rf"|{_METRIC_WORDS})\b)"
    rf"[a-z][\w-]{{1,15}}\s){{0,2}}(?P<metric>{_METRIC_WORDS})\b(?!\s*(?:of|is|=|:))",
    re.IGNORECASE,
)
_DIRECT = re.compile(
    rf"\b(?:achiev\w+|obtain\w*|reach\w*|attain\w*|scor\w+|gets?|yields?|with)\s[^.\n]{{0,60}}?\b(?P<metric>{_METRIC_WORDS})"
    r"[*`\s]{1,3}\(?(?P<value>\d{1,3}\.\d+)(?P<percent>\s?%)?",
    re.IGNORECASE,
)
"""a score of F1 79.5"""
_DASHED = re.compile(
    rf"\b(?P<metric>{_METRIC_WORDS})[`*]{{0,3}}\s+[-–—]\s+[*`]{{0,3}}(?P<value>\d{{1,3}}\.\d+|\d{{1,3}}(?=\s?%))"
    r"(?P<percent>\s?%)?",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"(?P<metric>\b(?:BLEU|chrF\d?\+{0,2}|TER))[|+](?:[\w#.~-]{1,20}[:.][^\s|+=]{1,30}[|+]){1,12}[^\s|+=]{1,40}\s*=\s*"
    r"(?P<value>\d{1,3}\.\d+)(?P<percent>%)?"
)
"""A result with the signature that sacreBLEU prints."""
_BEST_SCORE = re.compile(
    r"\bscore\b[^.\n]{0,60}?\b(?:was|is|of)\s+(?P<value>\d+\.\d+)[^.]{0,60}?\b(?P<metric>accuracy|f1"
    r"|pearson correlation|spearman correlation|loss|mse|rmse)\b",
    re.IGNORECASE,
)
_REPORT = re.compile(
    r"^[ \t]*(?P<name>micro avg|macro avg|weighted avg"
    r"|accuracy)[ \t]+(?P<numbers>(?:[01]\.\d+[ \t]+){1,3})(?P<support>\d+)[ \t]*$",
    re.MULTILINE,
)
_OTHERS = re.compile(
    r"\b(less than|more than|compared (with|to)|versus|vs\.?|whereas|instead of|dense version|baseline|outperform\w*"
    r"|previous|gain of|improv\w+ of)\b",
    re.IGNORECASE,
)


_COMPARISON = re.compile(
    r"\b(?:for|in|by) (?:comparison|contrast|reference)\b[^.;]*\Z"
    r"|\b(?:compar(?:able|ed) (?:to|with)|than|similar to)\s[^.;,]*,?\s+which\b[^.;]*\Z", re.IGNORECASE,
)  # fmt: skip
_ON = re.compile(
    r"[^.;,:\n]{0,12}?\bon\s+(?:the\s+)?(?:(?:held-out\s+)?(?:test|evaluation|validation|dev\w*)\s+(?:set|split)\s+of\s+"
    r"(?:the\s+)?)?[\"'`*_\[]{0,2}(?P<name>[A-Z][\w.-]*\w(?:\s(?:[A-Z][\w.-]*\w|[\d.]*\d)\b){0,3})"
)
"""The data that a sentence names right after its result."""
_ACHIEVED = re.compile(r"achiev|obtain|reach|scor|with|got\b|attain|yield", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]\s|\n\s*\n")
_TEST_RESULT = {"test result", "test results", "result on test"}
_OUTPUT = re.compile(
    r"[\"'](?:label|word|entity|entity_group|answer|sequence|token_str|generated_text|translation_text)[\"']\s*:"
)
"""What a pipeline prints: its scores are no results."""


def results(document: Document, model_id: str | None) -> Iterator[Value]:
    """Values of the field evaluation."""
    left = MAX_RESULTS
    for value in _all(document, model_id):
        left -= 1
        if left < 0:
            return
        yield value


def _all(document: Document, model_id: str | None) -> Iterator[Value]:
    announced = _announced(document)
    found = list(pairs(document))
    dumps = Counter(pair.block.start for pair in found if pair.block.kind == "code" and _is_measured(pair))
    for pair in found:
        several = dumps[pair.block.start] > 1 or (dumps[pair.block.start] and "eval_" in pair.block.text)
        is_dump = bool(several) and not _OUTPUT.search(pair.block.text)
        yield from _pair(pair, document, announced, is_dump)
    listed = any(block.kind == "text" and _ACHIEVES.search(block.text) for block in document.blocks)
    asked = Tables(document, listed, model_id, names(document))
    for block in document.blocks:
        about = kinds_of(document, block.section)
        if block.kind == "table":
            title = document.sections[block.section].title
            errors = list(_errors(list(block.rows), title))
            yield from errors or table(block, about, asked)
        elif block.kind in ("text", "item", "heading"):
            yield from _sentences(block)
        elif block.kind == "code":
            yield from _report(block, about)
            yield from _log(block)
            if "|" in block.text:
                yield from _printed_table(block)


def _is_measured(pair: Pair) -> bool:
    """Whether a pair is a metric with a decimal number."""
    return re.match(r"[-+]?\d+\.\d", pair.value) is not None and metric(pair.key) not in (None, "score", "loss")


def _announced(document: Document) -> set[int]:
    """Blocks that follow a sentence such as `It achieves the following results`."""
    found: set[int] = set()
    is_on = False
    for block in document.blocks:
        if block.kind == "text" and not (is_on and block.text.rstrip().endswith(":")):
            is_on = bool(_ACHIEVES.search(block.text)) or bool(
                re.search(r"\b(results?|metrics?|scores?)\b[^.\n]{0,60}:?\**\s*\Z", block.text, re.IGNORECASE)
            )
        elif block.kind == "heading":
            is_on = False
        elif is_on and block.kind in ("item", "code"):
            found.add(block.start)
    return found


def _pair(pair: Pair, document: Document, announced: set[int], is_dump: bool) -> Iterator[Value]:
    block = pair.block
    about = kinds_of(document, block.section)
    own = kinds(document.sections[block.section].title)
    known = metric(pair.key) or ("score" if pair.key in _TEST_RESULT else None)
    known = known or ("score" if pair.key in ("average", "avg", "avg.") and "evaluation" in about else None)
    is_announced = block.start in announced and block.kind == "item"
    if not known and not is_announced:
        return
    if (
        block.kind == "table"
        or "hyper_parameters" in own
        or (known == "loss" and not (is_announced or is_dump) and "evaluation" not in about)
    ):
        return
    if block.kind == "code" and not is_dump and "evaluation" not in about and block.start not in announced:
        return
    if _OUTPUT.search(block.text):
        return
    text = pair.value.lstrip("*_` ")
    found = re.match(r"\(?%?\s?([-+−]?\d[\d,]*\.?\d*(?:[eE][-+]?\d+)?)\s*(%)?(?!\s*[x×]\s)", text)
    amount = words.number(found[1]) if found else None
    if not found or amount is None or (not known and NO_RESULT.search(pair.key)) or len(text) > 160:
        return
    at = pair.start + pair.value.find(found[1])
    percent = "%" in found[0] or "%" in pair.key
    part = split(document.sections[block.section].title)
    yield result(
        pair.label or pair.key, found[1], amount, percent, at, "pair", 0.95 if is_announced else 0.9, part=part
    )


def _sentences(block: Block) -> Iterator[Value]:
    if not re.search(r"\d", block.text):
        return
    for pattern in (_SENTENCE, _THIS, _BEST_SCORE, _REVERSE, _DIRECT, _DASHED, _SIGNED):
        for match in pattern.finditer(block.text):
            before = block.text[max(0, match.start() - 90) : match.start()]
            if (
                _OTHERS.search(re.split(r"[.;,(]", before[-40:])[-1])
                or _COMPARISON.search(before)
                or (
                    match.re is _REVERSE
                    and not _ACHIEVED.search(
                        _SENTENCE_END.split(block.text[max(0, match.start() - 160) : match.start()])[-1]
                    )
                )
            ):
                continue
            raw = match["value"].rstrip(".,")
            amount = words.number(raw)
            if amount is None or match["metric"] == "em":
                continue
            percent = "percent" in match.re.groupindex and bool(match["percent"])
            yield result(
                match["metric"],
                raw,
                amount,
                percent,
                block.start + match.start("value"),
                "sentence",
                0.8,
                dataset=_on(block.text, match.end()),
                part=split(match[0] + _SENTENCE_END.split(block.text[match.end() : match.end() + 60], maxsplit=1)[0]),
            )


def _on(text: str, end: int) -> str | None:
    """The dataset on which the result that ends at `end` was measured, if the vocabulary knows its name."""
    found = _ON.match(text, end, end + 140)
    return words.dataset(found["name"]) if found else None


_LOGGED = re.compile(r"(?P<name>[A-Za-z][A-Za-z\d_@-]{1,30})\s{0,2}[:=]\s{0,2}(?P<value>\d{1,4}\.\d+)(?![\d.])")
_LOGGED_OF = re.compile(r"(?P<of>[A-Z][A-Za-z-]{2,40})\s*:\s+\Z")


def _log(block: Block) -> Iterator[Value]:
    """Lines that print several metrics, as Keras and sentence-transformers do: the last line that prints them."""
    if not _LOG_LINE.search(block.text) or _OUTPUT.search(block.text):
        return
    last: dict[str, Value] = {}
    at = block.start
    for line in block.text.splitlines(keepends=True):
        told = [
            match
            for match in _LOGGED.finditer(line[:1_000])
            if metric(match["name"]) or match["name"] == "val_accuracy"
        ]
        of = _LOGGED_OF.search(line[: told[0].start()]) if told else None
        is_log = len(told) > 1 and (of or any(match["name"].startswith("val_") for match in told))
        for match in told if is_log else ():
            name = f"{of['of']} {match['name']}" if of else match["name"]
            last[name] = result(
                name, match["value"], float(match["value"]), False, at + match.start("value"), "log", 0.75
            )
        at += len(line)
    yield from last.values()


_LOG_LINE = re.compile(r"val_\w{2,20}\s?:\s?\d|\bPearson:\s")


def _report(block: Block, about: frozenset[str]) -> Iterator[Value]:
    """Lines of a printed classification report: the averages."""
    header = re.search(r"precision[ \t]+recall[ \t]+f1-score", block.text)
    if not header:
        return
    for match in _REPORT.finditer(block.text):
        names = ("precision", "recall", "f1") if match["name"] != "accuracy" else ("accuracy",)
        numbers = list(re.finditer(r"[01]\.\d+", match["numbers"]))
        for name, found in zip(names, numbers, strict=False):
            at = block.start + match.start("numbers") + found.start()
            label = name if match["name"] == "accuracy" else f"{match['name'].split()[0]} {name}"
            yield result(label, found[0], float(found[0]), False, at, "report", 0.8 if about else 0.7)


def _printed_table(block: Block) -> Iterator[Value]:
    """Markdown tables inside code, as ESPnet prints them: one table under each heading (WER, CER, TER)."""
    rows: list[tuple[Cell, ...]] = []
    name = ""
    at = block.start
    for line in block.text.splitlines(keepends=True):
        if line.count("|") >= 3:
            cells, place = [], at
            for piece in line.split("|"):
                text = piece.strip()
                offset = place + (len(piece) - len(piece.lstrip()) if text else 0)
                cells.append(Cell(text, offset, offset + len(text)))
                place += len(piece) + 1
            if not re.fullmatch(r"[\s|:\-]+", line):
                rows.append(tuple(cells[1:-1]))
        else:
            if rows:
                yield from _errors(rows, name)
                rows = []
            if line.strip():
                name = line.strip().lstrip("#").strip()
        at += len(line)
    if rows:
        yield from _errors(rows, name)


def _errors(rows: list[tuple[Cell, ...]], name: str) -> Iterator[Value]:
    if not rows:
        return
    header = [cell.text.lower() for cell in rows[0]]
    if "err" not in header or metric(name) not in ("wer", "cer", "ter"):
        return
    column = header.index("err")
    for row in rows[1:]:
        if column < len(row) and (amount := words.number(row[column].text)) is not None:
            dataset = row[0].text.rsplit("/", 1)[-1]
            yield result(
                name,
                row[column].text,
                amount,
                True,
                row[column].start,
                "table",
                0.9,
                dataset=dataset,
                part=split(dataset.replace("_", " ")),
            )
