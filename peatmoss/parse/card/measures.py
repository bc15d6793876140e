"""Metrics: which names are metrics, and in which unit a value is given."""

from __future__ import annotations

import re
from functools import cache

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.value import Value

_DECORATION = re.compile(
    r"[(\[](?:%|x ?100|↑|↓|ours|in %|higher is better|lower is better)[)\]]|[↑↓%#*]|\bscores?\b|\(avg\.?\)"
)
_SPLITS = (
    ("validation", re.compile(r"\b(validation|valid|val|dev|development|eval)\b", re.IGNORECASE)),
    ("test", re.compile(r"\btest(ing)?\b", re.IGNORECASE)),
    ("train", re.compile(r"\btrain(ing)?\b", re.IGNORECASE)),
)


@cache
def metric(text: str) -> str | None:
    """The metric that a text names as a whole, by its curated name."""
    name = words.fold(text)
    if not name or len(name) > 60:
        return None
    known = words.aliases("card_metrics")
    bare = " ".join(_DECORATION.sub(" ", name).split()).strip(" :-,")
    for candidate in (name, bare, bare.replace("_", " "), bare.replace("-", " "), bare.replace(" ", "_")):
        if candidate in known:
            return known[candidate]
    for head in (
        r"(?:test|eval|predict|dev|val|validation|valid|train|best|average|avg|mean|overall|micro|macro|weighted|final|"
        r"reasoning|strict|median|hasans|noans|overall)[ _-]+",
    ):
        shorter = re.sub(rf"\A{head}", "", bare)
        if shorter != bare and shorter in known:
            return known[shorter]
    tail = re.sub(
        r"[ _-]*(?:\([^()]{1,30}\)|@\d+k?|_s\d(?:_imp)?|"
        r"[ _-](?:micro|macro|weighted|avg|mean|overall|test|dev|val|eval))\Z",
        "",
        bare,
    )
    if tail != bare and tail in known:
        return known[tail]
    last = re.fullmatch(r"(?:[a-z][a-z0-9.'-]{0,20} ){1,5}(\S+)", bare.replace("_", " "))
    return known[last[1]] if last and known.get(last[1]) in _PLAIN and not _MODEL.search(bare) else None


_MODEL = re.compile(r"bert|gpt|xlm|llama|bart|t5|electra|baseline|previous|model")
_PLAIN = {
    "accuracy", "f1", "precision", "recall", "pearson", "spearman", "bleu", "chrf", "rouge1", "rouge2", "rougeL", "wer",
    "cer", "auc", "mrr", "ndcg", "perplexity", "matthews_correlation", "rmse", "mse", "mae",
}  # fmt: skip
"""Metrics whose name says so whatever stands before it: Euclidean Pearson, name-only accuracy."""


@cache
def units() -> dict[str, str]:
    """Metric -> unit of its values."""
    return {row["metric"]: row["unit"] for row in words.table("card_metrics")}


def metric_unit(name: str, value: float, is_percent: bool) -> str | None:
    """percent, ratio, or the metric's own unit; None where the text leaves it open."""
    if is_percent:
        return "percent"
    unit = units().get(metric(name) or "", "")
    if unit == "ratio":
        return "ratio" if abs(value) <= 1 else "percent"
    return unit or None


def split(text: str) -> str | None:
    """Part of a dataset that a text speaks of."""
    return next((name for name, pattern in _SPLITS if pattern.search(text)), None)


NO_RESULT = re.compile(
    r"\b(seed|epochs?|batch|learning|lr|steps?|layers?|heads?|hidden|params?|parameters|#|size"
    r"|samples?|support|count|number|num|date|year|version|rank|total|ref_len|length|bits|vram|memory"
    r"|speed|time|runtime|per second|flo[ps]{1,3}|tokens?|hours|examples?|documents?|dimensions?|embedding|optimizer"
    r"|context|power|consumption|carbon\w*|emi\w+|co2\w*|gpus?|watts?|prices?|costs?|latency|downloads?|gen_len)\b",
    re.IGNORECASE,
)
"""What a number beside these words is: no result."""


def result(
    name: str, raw: str, amount: float, percent: bool, start: int, method: str, confidence: float,
    dataset: str | None = None, part: str | None = None,
) -> Value:  # fmt: skip
    """A value of the field evaluation. 42,203 is a thousand times too much for most metrics: a decimal comma."""
    if re.fullmatch(r"\d{1,3},\d{3}", raw) and units().get(metric(name) or "") in ("ratio", "points", "percent"):
        amount = float(raw.replace(",", "."))
    return Value(
        "evaluation", f"{amount:.12g}", raw, method, confidence, name=words.plain(name).strip("\"'"), number=amount,
        unit=metric_unit(name, amount, percent), dataset=dataset, split=part, start=start, end=start + len(raw),
    )  # fmt: skip
