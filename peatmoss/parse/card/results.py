"""Evaluation results in a card's body: lists, tables, sentences and printed reports."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Block, Cell, Document
from peatmoss.parse.card.measures import metric, metric_unit, split
from peatmoss.parse.card.pairs import Pair, pairs
from peatmoss.parse.card.sections import kinds, kinds_of
from peatmoss.parse.card.value import Value

MAX_RESULTS = 2_000

_ACHIEVES = re.compile(
    r"achieves? the following (?:results|performance|scores)|evaluation results?:|results on the "
    r"(?:evaluation|test|validation|dev) set",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\bthis model\s+(?:achieves?|obtains?|gets|reaches|has)\s[^.\n|]{0,60}", re.IGNORECASE)
_CELL = re.compile(r"[~≈<>*_` ]*(?:<[a-z]+>)?[ ]*([-+−]?\d[\d,]*\.?\d*(?:[eE][-+]?\d+)?)\s*(%)?")
_HEAD = {"step", "epoch", "training loss", "steps", "epochs", "iter", "iteration"}
_SKIP = re.compile(
    r"\b(seed|epochs?|batch|learning|lr|steps?|layers?|heads?|hidden|params?|parameters|#|size"
    r"|samples?|support|count|number|num|date|year|version|rank|total|ref_len|length|bits|vram|memory"
    r"|speed|time|runtime|per second|flo[ps]{1,3}|tokens?|hours|examples?|documents?|dimensions?|embedding|optimizer"
    r"|context)\b",
    re.IGNORECASE,
)
_METRIC_WORDS = (
    "accuracy|F1(?:[- ]score)?|F-score|macro[- ]F1|micro[- ]F1|precision|recall|BLEU(?:[- "
    "]score)?|WER|CER|word error rate|character error rate|"
    "perplexity|top-?1[- ]accuracy|top-?5 accuracy|exact match|EM|ROUGE-?[12L]+|Pearson "
    "correlation(?: coefficient)?|Spearman(?:'s rank)? correlation(?: coefficient)?|"
    "(?:Super)?GLUE score|mAP|AUC|ROC-AUC|MRR|MCC|IoU|EER|chrF|(?:cross-entropy )?validation loss|"
    "eval(?:uation)? (?:set )?accuracy|test accuracy|mean reward|METEOR|RMSE|MAE|loss"
)
_SENTENCE = re.compile(
    rf"\b(?P<metric>{_METRIC_WORDS})\b(?:\s*\((?:%|\w+)\))?\s*(?:score\s*)?(?:(?:on|at"
    rf"|for)\s+(?:the\s+)?[\w.\- ]{{1,40}}?\s+)?(?:achieved\s+|was\s+|is\s+|of\s+|about\s+|around\s+"
    rf"|:\s*|=\s*|at\s+|reaches\s+|approximately\s+|the model achieved on this task "
    rf"was\s+)+\**\s*[`*~≈]*(?P<value>\d[\d,]*(?:\.\d+)?)(?P<percent>\s?%)?(?![\d.]*[- ]?(?:gram|shot"
    rf"|bit|x\b))",
    re.IGNORECASE,
)
_REVERSE = re.compile(
    rf"\b(?P<value>\d{{1,3}}(?:\.\d+)?)(?P<percent>\s?%)?\s*\**\s+(?P<metric>{_METRIC_WORDS})\b(?!\s*(?:of|is|=|:))",
    re.IGNORECASE,
)
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
    r"\b(compared (with|to)|versus|vs\.?|whereas|instead of|dense version|baseline|outperform\w*"
    r"|previous|gain of|improv\w+ of)\b",
    re.IGNORECASE,
)


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
    for pair in pairs(document):
        yield from _pair(pair, document, announced)
    listed = any(block.kind == "text" and _ACHIEVES.search(block.text) for block in document.blocks)
    for block in document.blocks:
        about = kinds_of(document, block.section)
        if block.kind == "table":
            yield from _table(block, document, about, listed, model_id)
        elif block.kind in ("text", "item", "heading"):
            yield from _sentences(block)
        elif block.kind == "code":
            yield from _report(block, about)
            if "|" in block.text:
                yield from _printed_table(block)


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


def _pair(pair: Pair, document: Document, announced: set[int]) -> Iterator[Value]:
    block = pair.block
    about = kinds_of(document, block.section)
    own = kinds(document.sections[block.section].title)
    known = metric(pair.key)
    is_announced = block.start in announced and block.kind == "item"
    if not known and not is_announced:
        return
    if (
        block.kind == "table"
        or "hyper_parameters" in own
        or (known == "loss" and not is_announced and "evaluation" not in about)
    ):
        return
    if block.kind == "code" and "evaluation" not in about and block.start not in announced:
        return
    text = pair.value.lstrip("*_` ")
    found = re.match(r"\(?([-+−]?\d[\d,]*\.?\d*(?:[eE][-+]?\d+)?)\s*(%)?(?!\s*[x×]\s)", text)
    amount = words.number(found[1]) if found else None
    if not found or amount is None or (not known and _SKIP.search(pair.key)) or len(text) > 160:
        return
    at = pair.start + pair.value.find(found[1])
    percent = bool(found[2]) or "%" in pair.key
    yield _value(
        pair.label or pair.key,
        found[1],
        amount,
        percent,
        at,
        "pair",
        0.95 if is_announced else 0.9,
        document=document,
        block=block,
    )


def _value(
    name: str, raw: str, amount: float, percent: bool, start: int, method: str, confidence: float,
    dataset: str | None = None, part: str | None = None, document: Document | None = None, block: Block | None = None,
) -> Value:  # fmt: skip
    if part is None and document is not None and block is not None:
        part = split(document.sections[block.section].title)
    return Value(
        "evaluation", f"{amount:.12g}", raw, method, confidence, name=words.plain(name), number=amount,
        unit=metric_unit(name, amount, percent), dataset=dataset, split=part, start=start, end=start + len(raw),
    )  # fmt: skip


def _sentences(block: Block) -> Iterator[Value]:
    for pattern in (_SENTENCE, _BEST_SCORE, _REVERSE):
        for match in pattern.finditer(block.text):
            before = block.text[max(0, match.start() - 40) : match.start()]
            if _OTHERS.search(re.split(r"[.;,(]", before)[-1]) or (
                match.re is _REVERSE
                and not re.search(r"achiev|obtain|reach|scor|with|got|attain", before, re.IGNORECASE)
            ):
                continue
            raw = match["value"].rstrip(".,")
            amount = words.number(raw)
            if amount is None or (match["metric"].islower() and len(match["metric"]) < 3):
                continue
            percent = "percent" in match.re.groupindex and bool(match["percent"])
            yield _value(
                match["metric"],
                raw,
                amount,
                percent,
                block.start + match.start("value"),
                "sentence",
                0.8,
                part=split(block.text[match.start() : match.end() + 60]),
            )


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
            yield _value(label, found[0], float(found[0]), False, at, "report", 0.8 if about else 0.7)


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
    header = [cell.text.lower() for cell in rows[0]]
    if "err" not in header or metric(name) not in ("wer", "cer", "ter"):
        return
    column = header.index("err")
    for row in rows[1:]:
        if column < len(row) and (amount := words.number(row[column].text)) is not None:
            dataset = row[0].text.rsplit("/", 1)[-1]
            yield _value(
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


def _table(
    block: Block, document: Document, about: frozenset[str], listed: bool, model_id: str | None
) -> Iterator[Value]:
    rows = [row for row in block.rows if any(cell.text.strip(" *") for cell in row)]
    if len(rows) < 2:
        return
    header = [words.plain(cell.text) for cell in rows[0]]
    folded = [words.fold(text) for text in header]
    if folded and {"epoch", "step"} & set(folded) & _HEAD and any("loss" in text for text in folded):
        if not listed:
            yield from _last_row(rows, header)
        return
    context = document.text[max(0, block.start - 400) : block.start]
    first = [words.plain(row[0].text) for row in rows[1:]]
    are_rows = sum(1 for text in first if metric(text)) >= max(1, len(first) // 2)
    metrics = {column: text for column, text in enumerate(header) if column and metric(text)}
    if are_rows and {words.fold(text) for text in metrics.values()} <= {"score", "value", "result"}:
        metrics = {}
    if metrics or (folded and metric(header[0]) and not _names(rows)):
        yield from _by_columns(rows, header, metrics or {0: header[0]}, model_id, context)
        return
    if folded in (["metric", "value"], ["metric", "score"], ["metrics", "value"]) or are_rows:
        yield from _by_rows(rows, header, model_id)
        return
    if (
        "evaluation" in about
        or any(_is_ours(text, None) for text in (*first, *header))
        or re.search(r"\b(results?|accuracy|scores?|performance|benchmark|evaluat)", context, re.IGNORECASE)
    ):
        yield from _benchmarks(rows, header, model_id, context)


def _names(rows: list[tuple[Cell, ...]]) -> bool:
    return any(re.search(r"[A-Za-z]{3}", row[0].text) for row in rows[1:] if row)


def _number(cell: Cell) -> tuple[str, float, bool] | None:
    """(as written, value, whether a percent sign follows) of a cell that is a number."""
    text = re.sub(r"</?(?:mark|b|strong|em|u|sup|span)[^>]*>", "", cell.text)
    found = _CELL.match(text)
    if not found or re.match(r"\s*[-/x×]\s*\d|\s*(?:[KMGT]i?B|B|M|K|k|GB|MB)\b|[A-Za-z]", text[found.end() :]):
        return None
    amount = words.number(found[1])
    return (found[1], amount, bool(found[2])) if amount is not None else None


def _cell_value(cell: Cell, name: str, confidence: float, dataset: str | None, part: str | None) -> Iterator[Value]:
    if (found := _number(cell)) is None:
        return
    raw, amount, percent = found
    at = cell.start + max(0, cell.text.find(raw))
    yield _value(name, raw, amount, percent or "%" in name, at, "table", confidence, dataset=dataset, part=part)


def _last_row(rows: list[tuple[Cell, ...]], header: list[str]) -> Iterator[Value]:
    """The last line of a training log, where no other result is given."""
    for column, cell in enumerate(rows[-1]):
        if column < len(header) and words.fold(header[column]) not in _HEAD and (metric(header[column])):
            yield from _cell_value(cell, header[column], 0.7, None, "validation")


def _is_ours(text: str, model_id: str | None) -> bool:
    """Whether the label of a row or column means this model."""
    if re.search(r"\b(ours?|this model|this work|proposed)\b", text, re.IGNORECASE):
        return True
    flat = re.sub(r"[^a-z0-9]", "", words.plain(text).lower())
    if len(flat) < 3:
        return False
    own = re.sub(r"[^a-z0-9]", "", (model_id or "").rsplit("/", 1)[-1].lower())
    return bool(own) and (flat == own or flat.endswith(own))


def ours(labels: list[str], model_id: str | None) -> list[int]:
    """Which of these labels means this model: one that says so, or the only one that is a part of its name."""
    found = [number for number, label in enumerate(labels) if _is_ours(label, model_id)]
    if found or not model_id:
        return found
    own = re.sub(r"[^a-z0-9]", "", model_id.rsplit("/", 1)[-1].lower())
    flats = [re.sub(r"[^a-z0-9]", "", words.plain(label).lower()) for label in labels]
    parts = [number for number, flat in enumerate(flats) if len(flat) >= 3 and flat in own and re.search("[a-z]", flat)]
    longest = max((len(flats[number]) for number in parts), default=0)
    best = [number for number in parts if len(flats[number]) == longest]
    return best if len(best) == 1 and len(parts) <= 2 else []


_MODELISH = re.compile(r"\b(model|method|system|approach|checkpoint|training_method|lm backbone|name)\b", re.IGNORECASE)


def _by_columns(
    rows: list[tuple[Cell, ...]], header: list[str], metrics: dict[int, str], model_id: str | None, context: str
) -> Iterator[Value]:
    """Columns are metrics; rows are datasets, classes or models."""
    body = rows[1:]
    compares = bool(_MODELISH.search(header[0])) if 0 not in metrics else False
    compares = compares or sum(bool(re.search(r"huggingface\.co/|/", row[0].text)) for row in body if row) > 1
    mine = [body[at] for at in ours([row[0].text if row else "" for row in body], model_id)] if len(body) > 1 else []
    mine = mine or [row for row in body if any(_is_ours(cell.text, model_id) for cell in row[:2])]
    if mine:
        body = mine
    elif compares and len(body) > 1:
        return
    for row in body:
        label = words.plain(row[0].text) if row and 0 not in metrics else ""
        dataset = (
            label if label and not _is_ours(label, model_id) and not compares and not words.number(label) else None
        )
        for column, name in metrics.items():
            if column < len(row):
                yield from _cell_value(row[column], name, 0.9, dataset, split(label) or split(context[-120:]))


def _by_rows(rows: list[tuple[Cell, ...]], header: list[str], model_id: str | None) -> Iterator[Value]:
    """The first column names metrics; the next is the value, unless another column is headed as ours."""
    columns = [at + 1 for at in ours(header[1:], model_id)] if len(header) > 2 else []
    column = columns[0] if columns else 1
    label = header[column] if column < len(header) else ""
    is_value = bool(re.fullmatch(r"#?\s*(values?|scores?|results?|this model|%|)", label, re.IGNORECASE)) or bool(
        columns
    )
    is_named = words.fold(header[0]) in ("metric", "metrics") and len(header) == 2
    for row in rows[1:]:
        name = words.plain(row[0].text).replace("_", " ")
        if column < len(row) and (metric(words.plain(row[0].text)) or (is_named and name and not _SKIP.search(name))):
            yield from _cell_value(
                row[column], words.plain(row[0].text), 0.9, None if is_value else label, split(label)
            )


def _benchmarks(rows: list[tuple[Cell, ...]], header: list[str], model_id: str | None, context: str) -> Iterator[Value]:
    """Neither side names metrics: benchmarks against models.

    Only what is labelled as this model counts, unless the text before says that the table is about this model alone.
    """
    labels = [words.plain(row[0].text) if row else "" for row in rows[1:]]
    mine = ours(labels, model_id)
    if not mine and labels == [""]:
        mine = [0]
    if not mine and _ALONE.search(context):
        mine = [at for at, label in enumerate(labels) if label]
    for at, row in enumerate(rows[1:]):
        label = labels[at]
        if at in mine:
            for column in range(1, min(len(row), len(header))):
                if not _SKIP.search(header[column]) and header[column]:
                    yield from _cell_value(
                        row[column], header[column], 0.8, label if len(mine) > 1 else header[column], split(label)
                    )
    for column in [at + 1 for at in ours(header[1:], model_id)][:1] if not mine else []:
        for row in rows[1:]:
            label = words.plain(row[0].text) if row else ""
            if column < len(row) and label and not _SKIP.search(label):
                yield from _cell_value(row[column], label, 0.8, label, split(label))
