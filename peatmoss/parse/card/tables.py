"""Evaluation results in tables: metrics as columns or rows, benchmarks against models, training logs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Block, Cell, Document
from peatmoss.parse.card.measures import NO_RESULT, metric, result, split
from peatmoss.parse.card.own import is_ours, ours
from peatmoss.parse.card.value import Value

_ALONE = re.compile(r"\bthis model\s+(?:achieves?|obtains?|gets|reaches|has)\s[^.\n|]{0,60}", re.IGNORECASE)
_CELL = re.compile(r"[~≈<>*_` ]*(?:<[a-z]+>)?[ ]*([-+−]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(%)?")
_LOG = {"step", "epoch", "training loss", "steps", "epochs", "iter", "iteration"}
_SPOKEN_OF = re.compile(r"\b(results?|accurac(?:y|ies)|scores?|performance|benchmark|evaluat)", re.IGNORECASE)
_MODELISH = re.compile(
    r"\b(models?|methods?|systems?|approach|checkpoints?|training_method|lm backbone|name)\b", re.IGNORECASE
)
_SEVERAL = re.compile(r"[*_ ]*\d{1,3}\.\d+(?:[*_ ]*/[*_ ]*\d{1,3}\.\d+){1,2}[*_ ]*")
_ID = re.compile(r"huggingface\.co/(?!datasets/)|\A[^\[\]()]*[^\s\[\]()]/[^\s\[\]()]")
"""A label that is the id of a model, or links to one."""
_STATE = re.compile(
    r"(?:with(?:out)?|no|using|w/o?)\b.{0,24}|(?:\d-?gram\s)?lm|.{0,12}(?:greedy|beam search).{0,12}", re.IGNORECASE
)
"""A label that says how this model was run."""
_PART = re.compile(
    r"(?:private|public|held-?out|official|our)?[\s_-]*(?:train\w*|test\w*|dev\w*|valid\w*|eval\w*)[\s_-]*(?:data|set|split)?",
    re.IGNORECASE,
)
"""A label that is a part of the data and nothing else."""
_MEASURES = {"", "metric", "metrics", "measure", "type", "metric name"}
_ANY_VALUE = {
    "score", "scores", "value", "values", "result", "results", "metric value", "metric result", "performance",
}  # fmt: skip
_PAIRED = re.compile(r"(?P<dataset>.*?)\s*\(?(?P<metrics>[\w.@ -]{1,20}(?:\s?/\s?[\w.@ -]{1,20}){1,2})\)?\s*")


class Tables(NamedTuple):
    """What is asked of every table of a card: whether results were listed before, and which names mean its model."""

    document: Document
    listed: bool
    model_id: str | None
    called: tuple[str, ...]


class _Head(NamedTuple):
    """A column: its metrics (several for `EM/F1`) and the dataset that its header names beside them."""

    metrics: tuple[str, ...]
    dataset: str | None


def table(block: Block, about: frozenset[str], asked: Tables) -> Iterator[Value]:
    """The results of this model that a table holds."""
    if "environment" in about:
        return
    rows = [row for row in block.rows if any(cell.text.strip(" *") for cell in row)]
    if len(rows) < 2:
        return
    header = [words.plain(cell.text) for cell in rows[0]]
    folded = [words.fold(text) for text in header]
    if {"epoch", "step"} & set(folded) & _LOG and any("loss" in text for text in folded):
        if not asked.listed:
            yield from _last_row(rows, header)
        return
    context = asked.document.text[max(0, block.start - 400) : block.start]
    heads = {
        column: head
        for column, text in enumerate(header)
        if (head := _head(text)) and (column or len(rows) > 2 or not _has_names(rows))
    }
    if any(metric(text) == "f1" for text in header):  # beside F1, P and R are precision and recall
        short = {"p": "precision", "r": "recall"}
        heads |= {column: _Head((short[text],), None) for column, text in enumerate(folded) if column and text in short}
    if _is_second_header(rows):
        heads = {
            column: _Head((text,), header[column] or None)
            for column, cell in enumerate(rows[1])
            if column < len(header) and metric(text := words.plain(cell.text).strip("() "))
        }
        rows = [rows[0], *rows[2:]]
    if long := _long_form(folded):
        yield from _by_lines(rows, long)
        return
    first = [words.plain(row[0].text) for row in rows[1:]]
    if len(first) > 1 and {words.fold(text) for text in first} == {text for text in folded[1:] if text}:
        return  # a confusion matrix
    are_rows = sum(1 for text in first if metric(text)) >= max(1, len(first) // 2)
    are_rows = are_rows or (len(header) == 2 and folded[0] in _MEASURES and folded[1] in _ANY_VALUE)
    if are_rows and {words.fold(name) for head in heads.values() for name in head.metrics} <= _ANY_VALUE:
        heads = {}
    is_lone = heads.keys() == {0} and not _has_names(rows)
    if heads.keys() - {0} or is_lone:
        is_first = is_lone or (0 in heads and not _has_names(rows) and not _RIVAL.search(header[0]))
        heads = heads if is_first else {column: head for column, head in heads.items() if column}
        yield from _by_columns(rows, header, heads, asked, context)
    elif folded in (["metric", "value"], ["metric", "score"], ["metrics", "value"]) or are_rows:
        yield from _by_rows(rows, header, asked)
    elif (
        "evaluation" in about
        or any(is_ours(text, None) for text in (*first, *header))
        or (any(is_ours(text, asked.model_id) for text in first) and _are_scores(rows[1:]))
        or _SPOKEN_OF.search(context)
    ):  # fmt: skip
        yield from _benchmarks(rows, header, asked, context)


def _head(text: str) -> _Head | None:
    """The metrics that a header names: F1, EM/F1, SQuAD (EM/F1), NSMC (acc)."""
    if metric(text):
        return _Head((text,), None)
    if len(text) <= 80 and (match := re.search(r"\((?P<metric>[^()]{1,20})\)\Z", text)) and metric(match["metric"]):
        return _Head((text,), text[: match.start()].strip() or None)
    if "/" in text and len(text) <= 80 and (match := _PAIRED.fullmatch(text)):
        parts = tuple(part.strip() for part in match["metrics"].split("/"))
        if all(map(metric, parts)):
            return _Head(parts, match["dataset"].strip(" -:") or None)
    return None


def _long_form(folded: list[str]) -> tuple[int, int] | None:
    """(column of the metric, column of the value) of a table that has one result a line."""
    named = [at for at, text in enumerate(folded) if at and text in ("metric", "metrics", "measure", "metric name")]
    values = [at for at, text in enumerate(folded) if text in _ANY_VALUE]
    return (named[0], values[0]) if len(named) == 1 == len(values) and named[0] < values[0] else None


def _by_lines(rows: list[tuple[Cell, ...]], columns: tuple[int, int]) -> Iterator[Value]:
    """One result a line: the task (or that of the line above), metric, value. A last line may be the average."""
    named, value = columns
    task = ""
    for row in rows[1:]:
        task = words.plain(row[0].text) or task
        filled = [cell for cell in row if cell.text.strip()]
        if len(filled) == 1 and (match := re.match(r"(Average|Avg\.?|Mean)\b[^:\d]{0,20}:\s*(?=\d)", filled[0].text)):
            cell = filled[0]
            rest = Cell(cell.text[match.end() :], cell.start + match.end(), cell.end)
            yield from _cell_value(rest, match[1], 0.85, None, None)
        elif max(named, value) < len(row) and (name := words.plain(row[named].text)):
            yield from _cell_value(row[value], name, 0.9, task, split(task))


def _is_second_header(rows: list[tuple[Cell, ...]]) -> bool:
    """Whether the line under the header names the metrics of its columns."""
    named = [text for cell in rows[1] if (text := words.plain(cell.text))]
    metrics = sum(1 for text in named if metric(text.strip("() ")))
    return len(rows) > 2 and metrics >= 2 and metrics >= len(named) - 1


def _has_names(rows: list[tuple[Cell, ...]]) -> bool:
    return any(re.search(r"[^\W\d]", row[0].text) and number(row[0]) is None for row in rows[1:] if row)


def number(cell: Cell) -> tuple[str, float, bool] | None:
    """(as written, value, whether a percent sign follows) of a cell that is a number."""
    text = re.sub(r"</?(?:mark|b|strong|em|u|sup|span)[^>]*>", "", cell.text)
    text = words.plain(text) if "](" in text else text
    found = _CELL.match(text)
    if not found or re.match(r"\s*[-/x×]\s*\d|\s*(?:[KMGT]i?B|B|M|K|k|GB|MB)\b|[A-Za-z]", text[found.end() :]):
        return None
    amount = words.number(found[1])
    return (found[1], amount, bool(found[2])) if amount is not None else None


def _cell_value(cell: Cell, name: str, confidence: float, dataset: str | None, part: str | None) -> Iterator[Value]:
    if (found := number(cell)) is None:
        return
    raw, amount, percent = found
    at = cell.start + max(0, cell.text.find(raw))
    yield result(name, raw, amount, percent or "%" in name, at, "table", confidence, dataset=dataset, part=part)


def _pieces(cell: Cell, amount: int) -> list[Cell]:
    """The numbers of a cell such as 88.1/81.2."""
    if amount == 1:
        return [cell]
    texts = cell.text.split("/")
    starts = [cell.start + sum(len(text) + 1 for text in texts[:at]) for at in range(len(texts))]
    return [Cell(text, start, start + len(text)) for text, start in zip(texts, starts, strict=True)]


def _last_row(rows: list[tuple[Cell, ...]], header: list[str]) -> Iterator[Value]:
    """The last line of a training log, where no other result is given."""
    for column, cell in enumerate(rows[-1]):
        if column < len(header) and words.fold(header[column]) not in _LOG and (metric(header[column])):
            yield from _cell_value(cell, header[column], 0.7, None, "validation")


def _own_rows(rows: list[tuple[Cell, ...]], asked: Tables, columns: int = 1) -> tuple[list[int], int]:
    """(rows of this model, column in which they are named), in the first of some columns that names it."""
    for column in range(columns):
        labels = [row[column].text if column < len(row) and _has_numbers(row) else "" for row in rows]
        if found := ours(labels, asked.model_id, asked.called):
            return found, column
        labels = [row[column].text if column < len(row) else "" for row in rows]
        if found := ours(_grouped(rows, labels), asked.model_id, asked.called):
            return found, column
    return [], 0


def _has_numbers(row: tuple[Cell, ...]) -> bool:
    return any(re.search(r"\d", cell.text) for cell in row[1:])


def _grouped(rows: list[tuple[Cell, ...]], labels: list[str]) -> list[str]:
    """The labels with the one of the line above them that holds nothing else: V2, and below it base and large."""
    group = ""
    found = []
    for row, label in zip(rows, labels, strict=True):
        is_group = bool(label) and sum(bool(cell.text.strip()) for cell in row) == 1
        group = label if is_group else group
        found.append("" if is_group else f"{label} {group}" if group else "")
    return found


def _by_columns(
    rows: list[tuple[Cell, ...]], header: list[str], heads: dict[int, _Head], asked: Tables, context: str
) -> Iterator[Value]:
    """Columns are metrics; rows are datasets, classes or models."""
    body = rows[1:]
    are_parts = all(_PART.fullmatch(words.plain(row[0].text)) for row in body if row)
    compares = bool(_MODELISH.search(header[0])) and not are_parts if 0 not in heads else False
    compares = compares or sum(bool(_ID.search(row[0].text)) for row in body if row) > 1
    found, named_in = _own_rows(body, asked, min(2, *heads)) if len(body) > 1 and 0 not in heads else ([], 0)
    if found:
        body = [body[at] for at in found]
        if any(
            head.dataset for head in heads.values()
        ):  # benchmarks with their metrics: the others are benchmarks, too
            rest = {
                column: _Head((text,), None)
                for column, text in enumerate(header)
                if column > named_in and column not in heads and text and not NO_RESULT.search(text)
            }
            heads = {**heads, **rest}
    elif compares and len(body) > 1:
        return
    for row in body:
        label = words.plain(row[0].text) if row and 0 not in heads else ""
        is_set = label and (named_in or not found) and not compares and not words.number(label)
        for column, head in heads.items():
            if column >= len(row):
                continue
            for name, cell in zip(head.metrics, _pieces(row[column], len(head.metrics)), strict=False):
                yield from _cell_value(
                    cell, name, 0.9, head.dataset or (label if is_set else None), split(label) or split(context[-120:])
                )


def _by_rows(rows: list[tuple[Cell, ...]], header: list[str], asked: Tables) -> Iterator[Value]:
    """The first column names metrics.

    The values stand in the column headed as ours, in all columns where they are parts of the data, or in the next.
    """
    columns = [at + 1 for at in ours([cell.text for cell in rows[0][1:]], asked.model_id, asked.called)]
    is_value = bool(columns) or re.fullmatch(
        r"#?\s*(values?|scores?|results?|this model|%|)", header[1] if len(header) > 1 else "", re.IGNORECASE
    )
    is_named = words.fold(header[0]) in _MEASURES and len(header) == 2
    if not columns and len(header) > 2 and all(text and not _RIVAL.search(text) for text in header[1:]):
        columns = list(range(1, len(header)))
    for row in rows[1:]:
        name = words.plain(row[0].text)
        if not metric(name) and not (is_named and name and not NO_RESULT.search(name.replace("_", " "))):
            continue
        for column in columns[: None if len(columns) == len(header) - 1 else 1] or [1]:
            label = header[column] if column < len(header) else ""
            if column < len(row):
                yield from _cell_value(row[column], name, 0.9, None if is_value else label, split(label))


_RIVAL = re.compile(
    r"bert|gpt|llama|\bt5|bart|mistral|mixtral|qwen|gemma|\bphi|falcon|bloom|\bvit|resnet|yolo|whisper|wav2vec|clip"
    r"|electra|xlm|mpnet|deepseek|claude|gemini|\bopt\b|pythia|model|baseline|base\b|large|small|original"
    r"|teacher|student"
    r"|before|after|previous|other|random|human|lstm|cnn|crf|svm|bm25|\bfp?\d|int\d|\bbf16|sota|with|without|\+"
    r"|\d[bm]\b"
    r"|support|change|diff|delta|improve|min\b|max\b|std|target|threshold",
    re.IGNORECASE,
)
"""Headers that do not name a part of the data but a model, a state of one, or what is no result."""


def _benchmarks(rows: list[tuple[Cell, ...]], header: list[str], asked: Tables, context: str) -> Iterator[Value]:
    """Neither side names metrics: benchmarks against models.

    Only what is labelled as this model counts, unless the text before says that the table is about this model alone.
    """
    body = rows[1:]
    texts = _text_columns(body)
    mine, named_in = _own_rows(body, asked, min(2, texts) or 1)
    labels = [words.plain(row[named_in].text) if named_in < len(row) else "" for row in body]
    if not mine and len(body) == 1 and (not labels[0] or not texts):
        mine, named_in = [0], -1 if not texts else 0  # one line of numbers
    if not mine and (_ALONE.search(context) or all(map(_STATE.fullmatch, labels))):
        mine = [at for at, label in enumerate(labels) if label]
    for at in mine:
        for column in range(named_in + 1, min(len(body[at]), len(header))):
            if not NO_RESULT.search(header[column]) and header[column]:
                dataset = labels[at] if len(mine) > 1 else header[column]
                cell = body[at][column]
                for piece in _pieces(cell, 2) if _SEVERAL.fullmatch(cell.text) else [cell]:
                    yield from _cell_value(piece, header[column], 0.8, dataset, split(labels[at]))
    if mine:
        return
    lead = max(1, min(texts, 3))
    for at in ours([cell.text for cell in rows[0][lead:]], asked.model_id, asked.called)[:1]:
        for row in body:
            label = words.plain(row[lead - 1].text) if lead <= len(row) else ""
            if label and not re.search(r"[^\W\d]{2}", label):  # 2x: a part of what the columns before it name
                label = " ".join(words.plain(cell.text) for cell in row[:lead])
            if lead + at < len(row) and label and not NO_RESULT.search(label):
                cell = row[lead + at]
                for piece in _pieces(cell, 2) if _SEVERAL.fullmatch(cell.text) else [cell]:
                    dataset = words.plain(row[0].text) if metric(label) else label
                    yield from _cell_value(piece, label, 0.8, dataset, split(label))


def _are_scores(body: list[tuple[Cell, ...]]) -> bool:
    """Whether the numbers look like scores: nearly all with a decimal point, none above a hundred."""
    found = [told for row in body for cell in row[1:] if (told := number(cell))]
    return bool(found) and sum("." in raw and 0 <= amount <= 100 for raw, amount, _ in found) >= 0.9 * len(found)


def _text_columns(body: list[tuple[Cell, ...]]) -> int:
    """How many columns at the left hold texts rather than numbers."""
    width = max(map(len, body))
    for column in range(width):
        cells = [row[column] for row in body if column < len(row) and row[column].text.strip()]
        if sum(number(cell) is not None or bool(_SEVERAL.fullmatch(cell.text)) for cell in cells) * 2 > len(cells):
            return column
    return width
