"""Facts that a card's front matter declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.measures import metric_unit
from peatmoss.parse.card.value import FRONT_MATTER, Value

MAX_LIST = 500
MAX_RESULTS = 2_000
_RELATIONS = {"finetune", "adapter", "merge", "quantized"}
_ARXIV = re.compile(r"arxiv:(\d{4}\.\d{4,5}|[a-z-]+/\d{7})\Z", re.IGNORECASE)


def declared(front: dict[str, Any]) -> Iterator[Value]:
    """The values of all fields."""
    relation = front.get("base_model_relation")
    for path, text in _texts(front, "base_model", "base_models"):
        role = str(relation) if relation in _RELATIONS else "unknown"
        yield _value("base_model", text.strip("/"), text, path, role=role)
    for path, text in _texts(front, "pipeline_tag", "task", "tasks"):
        if found := words.task(text):
            yield _value("task", found[0], text, path)
    for path, text in _texts(front, "library_name", "library", "library_tag", "framework"):
        parts = [known for part in re.split(r"[,;]", text) if (known := words.libraries().get(words.fold(part)))]
        for library in parts or [words.fold(text)]:
            yield _value("library", library, text, path)
    for path, text in _texts(front, "arxiv", "paper", "papers"):
        if arxiv := re.search(r"\b(\d{4}\.\d{4,5})(?:v\d+)?\b", text):
            number = arxiv[1].ljust(10, "0") if arxiv[1] >= "1501" else arxiv[1]  # YAML drops zeros at the end
            yield _value("paper", f"arxiv:{number}", text, path, role="mention")
    yield from _tags(front)
    for path, text in _texts(front, "language", "languages"):
        for part in re.split(r"[,;/]|\s+and\s+|\s{2,}", text):
            if words.language(part.strip()) is None and re.fullmatch(r"[a-z]{3}", part.strip()):
                yield _value("language", part.strip(), text, path, 0.9)  # ISO 639-3, of which we know the most spoken
            yield from _language(part.strip(), text, path)
    yield from _license(front)
    for path, text in _texts(front, "datasets", "dataset", "train_datasets"):
        yield _value("dataset", text, text, path, role="train")
    yield from _carbon(front.get("co2_eq_emissions"))
    for key in ("model-index", "model_index"):
        if isinstance(front.get(key), list):
            yield from _results(key, front[key])


def _value(field: str, value: str, raw: str, path: str, confidence: float = 1.0, **more: Any) -> Value:
    return Value(field, value, raw, FRONT_MATTER, confidence, path=path, **more)


def _texts(front: dict[str, Any], *keys: str) -> Iterator[tuple[str, str]]:
    """(path, text) of everything textual under these keys, be it one text, a list or a mapping with names."""
    for key in keys:
        value = front.get(key)
        if isinstance(value, list):
            for number, item in enumerate(value[:MAX_LIST]):
                name = item.get("name") if isinstance(item, dict) else item
                if isinstance(name, str | int | float) and str(name).strip():
                    yield f"{key}[{number}]", str(name).strip()
        elif isinstance(value, dict):
            if isinstance(value.get("name"), str) and value["name"].strip():
                yield f"{key}.name", value["name"].strip()
        elif isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            yield key, str(value).strip()


def _tags(front: dict[str, Any]) -> Iterator[Value]:
    for path, text in _texts(front, "tags", "tag"):
        if found := words.task(text):
            yield _value("task", found[0], text, path, 0.9)
        if library := words.libraries().get(words.fold(text)):
            yield _value("library", library, text, path, 0.9)
        if arxiv := _ARXIV.match(text):
            yield _value("paper", f"arxiv:{arxiv[1].lower()}", text, path, role="mention")
        elif text.lower().startswith("doi:"):
            yield _value("paper", text.lower(), text, path, role="mention")
        elif text.lower().startswith("dataset:"):
            yield _value("dataset", text[8:].strip(), text, path, role="train")
        elif text.lower().startswith("license:"):
            yield _value("license", text[8:].strip().lower(), text, path)
        elif text.lower().startswith("base_model:"):
            relation, _, name = text[11:].rpartition(":")
            yield _value("base_model", name, text, path, role=relation if relation in _RELATIONS else "unknown")


def _language(part: str, raw: str, path: str) -> Iterator[Value]:
    if code := words.language(part):
        yield _value("language", code, raw, path)
        pair = re.fullmatch(r"([a-z]{2,3})[-_]([a-z]{2,3})", part)  # en-de is two languages, en-us is one
        other = words.language(pair[2]) if pair else None
        if pair and other and other != code and pair[2] not in _REGIONS.get(pair[1], ()):
            yield _value("language", other, raw, path)


_REGIONS = {
    "pt": ("br",), "es": ("ar", "cl", "co", "pe", "mx", "es"), "fr": ("ca", "ch", "be"), "de": ("ch", "at"),
    "sv": ("se",), "nb": ("no",), "nn": ("no",), "hi": ("in",), "bn": ("in",), "ta": ("in",), "ar": ("sa", "ma"),
    "ur": ("pk",),
    "en": ("ca", "in", "ie"), "it": ("ch",), "nl": ("be",), "ms": ("my",), "ga": ("ie",), "rm": ("sursilv", "vallader"),
}  # fmt: skip
"""Second parts of locales that are language codes, too."""


def _license(front: dict[str, Any]) -> Iterator[Value]:
    names = list(_texts(front, "license_name"))
    for path, text in _texts(front, "license", "licence", "licenses"):
        if (text.lower() == "other" and names) or re.fullmatch(r"licen[cs]es?", text.lower()):
            continue
        yield _value("license", words.license_id(text) or text.lower(), text, path)
    for path, text in names:
        yield _value("license", words.license_id(text) or text.lower(), text, path)


def _carbon(given: Any) -> Iterator[Value]:
    """Emissions are declared in grams (if they do not say kg), as a number or with how they came about."""
    path = "co2_eq_emissions"
    facts = given if isinstance(given, dict) else {"emissions": given}
    key = f"{path}.emissions" if isinstance(given, dict) else path
    emitted = facts.get("emissions")
    amount = words.number(str(emitted)) if isinstance(emitted, str | int | float) else None
    if amount is not None and amount > 0:
        kilograms = amount * (1.0 if re.search(r"\d\s*(?:kg|kilo)", str(emitted), re.IGNORECASE) else 1e-3)
        yield _value("carbon_emitted", f"{kilograms:.10g}", str(emitted), key, number=kilograms, unit="kg")
    for name, field in (("hardware_used", "hardware"), ("geographical_location", "hardware_region")):
        if isinstance(facts.get(name), str) and not words.is_placeholder(facts[name]):
            yield _value(field, facts[name], facts[name], f"{path}.{name}")


def _results(root: str, index: list[Any]) -> Iterator[Value]:
    """model-index: each metric of each result of each model."""
    left = MAX_RESULTS
    for m, entry in enumerate(index):
        results = entry.get("results") if isinstance(entry, dict) else None
        for r, result in enumerate(results if isinstance(results, list) else []):
            if not isinstance(result, dict):
                continue
            path = f"{root}[{m}].results[{r}]"
            task = result.get("task")
            if isinstance(task, dict) and (found := words.task(str(task.get("type") or task.get("name") or ""))):
                yield _value("task", found[0], str(task.get("type") or task.get("name")), f"{path}.task", 0.9)
            dataset = result.get("dataset") if isinstance(result.get("dataset"), dict) else {}
            assert isinstance(dataset, dict)  # noqa: S101
            text = _text(dataset.get("type")) or _text(dataset.get("name"))
            if text:
                yield _value("dataset", text, text, f"{path}.dataset", 0.9, role="evaluation")
            metrics = result.get("metrics", [result.get("metric")])  # `metric` with one mapping: the older form
            for n, metric in enumerate(metrics if isinstance(metrics, list) else []):
                left -= 1
                if left < 0:
                    return
                yield from _metric(metric, f"{path}.metrics[{n}]", text, _text(dataset.get("split")), _text)


def _text(value: Any) -> str | None:
    return str(value).strip() or None if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _metric(
    metric: Any, path: str, dataset: str | None, split: str | None, text: Callable[[Any], str | None]
) -> Iterator[Value]:
    if not isinstance(metric, dict):
        return
    value = metric.get("value")
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    name = text(metric.get("name")) or text(metric.get("type"))
    raw = text(value)
    amount = words.number(raw) if raw else None
    if name and raw and amount is not None:
        yield _value(
            "evaluation", raw, raw, f"{path}.value", name=name, number=amount, dataset=dataset, split=split,
            unit=metric_unit(text(metric.get("type")) or name, amount, "%" in raw),
        )  # fmt: skip
