"""Fields from `key: value` pairs: the filled-in form that many cards are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Document
from peatmoss.parse.card.measures import metric
from peatmoss.parse.card.origins import hub_model
from peatmoss.parse.card.pairs import Pair, pairs
from peatmoss.parse.card.prose import devices
from peatmoss.parse.card.sections import kinds, kinds_of
from peatmoss.parse.card.value import Value

_OPTIMIZER = re.compile(
    r"\b(adamw?(?:_\w+)?|adafactor|adagrad|adamax|radam|sgd|lamb|rmsprop|lion|novograd|sophia|paged_adamw\w*)\b",
    re.IGNORECASE,
)
_SCALAR = re.compile(
    r"[-+]?[\d.,]+(?:[eE][-+]?\d+)?(?:\s?[kKM])?\Z|true\Z|false\Z|[A-Za-z][\w.+/-]{0,40}\Z"
    r"|\[[^\]]{1,120}\]\Z|\([^)]{1,80}\)\Z",
    re.IGNORECASE,
)
_CLASS = re.compile(r"<class '(?:[\w.]+\.)?(\w+)'>")
_CO2 = re.compile(
    r"(\d[\d,.]*(?:[eE][-+]?\d+)?)\s*(kg|g|t|tons?|tonnes?|grams?|kilograms?|metric tons?)?", re.IGNORECASE
)
_WEIGHT = {"k": 1.0, "g": 1e-3, "t": 1e3, "m": 1e3}
_DEVICE_KEY = re.compile(r"\b(?:gpus?|sku|accelerators?)(?: (?:device|name|model|type)s?)?\Z", re.IGNORECASE)
_GENERATES = re.compile(
    r"\bgenerate\(|num_beams|do_sample|temperature|top_[kp]\b|text-generation|min_length|summarizer\("
)
"""Where max_length is what is to be generated, not what is read."""
_UNMISTAKABLE = {
    "learning_rate", "train_batch_size", "num_epochs", "optimizer", "weight_decay", "warmup_steps", "warmup_ratio",
    "gradient_accumulation_steps", "max_seq_length", "lr_scheduler_type", "lora_alpha", "lora_dropout", "doc_stride",
    "max_source_length", "max_target_length",
}  # fmt: skip
"""Settings whose name says what they are wherever it stands."""


def form(document: Document) -> Iterator[Value]:
    """The values of all pairs."""
    for pair in pairs(document):
        about = kinds_of(document, pair.block.section)
        own = kinds(document.sections[pair.block.section].title)
        yield from _setting(pair, about, own)
        if not pair.value or words.is_placeholder(pair.value):
            continue
        field = words.keys().get(pair.key) or ("hardware" if _DEVICE_KEY.search(pair.key) else None)
        if pair.key.endswith(" version") and (library := words.libraries().get(pair.key.removesuffix(" version"))):
            yield _value("library", library, pair, 0.85)
        if (
            field
            and pair.sign == ":"
            and (pair.block.kind != "code" or field in ("context_length", "hardware", "base_model"))
        ):
            yield from _field(field, pair, about)


def _value(field: str, value: str, pair: Pair, confidence: float = 0.9, **more: Any) -> Value:
    return Value(field, value, pair.value, "pair", confidence, start=pair.start, end=pair.end, **more)


def _field(field: str, pair: Pair, about: frozenset[str]) -> Iterator[Value]:
    text = words.plain(pair.value)
    if field == "language":
        for part in re.split(
            r"[,;/&|]|\s+and\s+|\[|\]|[()]|'|\b(?:primarily|mainly|mostly|only)\b", text, flags=re.IGNORECASE
        ):
            named = re.search(r"\b([A-Z][a-z]+)\s+language\b", part)
            if (code := words.language(named[1] if named else part.strip(" .{}"))) and (
                len(part.strip()) > 3 or len(text) < 20
            ):
                yield _value("language", code, pair)
    elif field == "license":
        if code := license_of(pair.value):
            yield _value("license", code, pair)
    elif field == "base_model":
        yield from _bases(pair, text)
    elif field == "task":
        if found := words.task(text):
            yield _value("task", found[0], pair, 0.85)
    elif field == "library":
        for part in re.split(r"[,;/&|]|\s+and\s+", text):
            if library := words.libraries().get(
                words.fold(re.sub(r"\s+v?\d[\w.]*\Z|[^\w)]+\Z", "", part.strip(" .*")))
            ):
                yield _value("library", library, pair, 0.85)
    elif field in ("train_dataset", "evaluation_dataset"):
        yield from _datasets(field, pair, text)
    elif field == "parameter_count":
        amount = words.count(re.sub(r"^[~≈<>\s]*(?:about|around|approximately|over)?\s*", "", text))
        is_size = re.match(r"[~≈\s]*\d[\d.,]*\s*(?:[MBKT]|million|billion|trillion|bn)\b(?!B)", text, re.IGNORECASE)
        if (
            amount is not None
            and 1e5 <= amount <= 1e14
            and (is_size or amount > 1e6)
            and not re.match(r"[~\d.,\s]+[MGKT]i?B\b", text)
        ):
            yield _value("parameter_count", f"{amount:.0f}", pair, 0.85, number=amount, unit="parameter")
    elif field == "hardware":
        yield from devices(pair.value, pair.start, "pair", 0.9)
    elif field == "hardware_hours":
        yield from _hours(pair, text, about)
    elif field in ("hardware_provider", "hardware_region"):
        if "environment" in about and len(text) < 80:
            yield _value(field, text, pair)
    elif field == "carbon_emitted":
        yield from _carbon(pair, text)
    elif field == "context_length":
        if pair.block.kind == "code" and pair.key == "max_length" and _GENERATES.search(pair.block.text):
            return
        amount = words.count(re.sub(r"^.*?(?=\d)", "", text, count=1)) if re.search(r"\d", text) else None
        if amount is not None and 16 <= amount <= 2e7 and (pair.block.kind != "code" or amount == words.number(text)):
            amount = (
                1024 * amount / 1000
                if re.match(r"\D*\d+\s?[kK]\b", text) and (amount / 1000) % 2 == 0 and amount < 2e6
                else amount
            )
            yield _value("context_length", f"{amount:.0f}", pair, 0.85, number=amount, unit="token")
    elif field in ("input_format", "output_format", "grant"):
        if 2 < len(text) <= 400 and "hyper_parameters" not in about:
            yield _value(field, text, pair, 0.8)
    elif field in ("intended_use", "limitation") and len(text) > 15:
        yield _value(field, "present", pair, 0.8)


_LICENSED = re.compile(
    r"\b(?:licen[cs]ed|released|distributed|available|published|provided|shared|open-?sourced)\s+(?:\w+"
    r"\s){0,2}?under\s+"
    r"(?:the\s+|an?\s+)?(?:terms of the\s+)?\W{0,2}(?P<name>\[[^\]\n]{2,80}\]\([^)\s]{3,300}\)"
    r"|[A-Z][\w.+-]*(?:[ ,-]{1,2}(?:[A-Z0-9][\w.+-]*|v\d[\d.]*|of|the)){0,7})(?:\*\*|`)?(?P<word>\s+licen[cs]e)?"
)
_OF_OTHERS = re.compile(
    r"\b(?:data-?sets?|data|corpus|corpora|original|originally|base model|tokenizer|images?|audio|documentation|library"
    r"|toolkit|code|script|software|demo|repository)\b", re.IGNORECASE,
)  # fmt: skip
_OF_THIS = re.compile(r"\b(?:this model|the model|our model|models?|weights|checkpoints?)\b", re.IGNORECASE)


def licenses(document: Document) -> Iterator[Value]:
    """Licenses that sentences say the model is under; not those of data, code or other models."""
    for block in document.blocks:
        for match in _LICENSED.finditer(block.text) if block.kind in ("text", "item") else ():
            sentence = re.split(r"(?<=[.!?])\s|\n\s*[-*\n]", block.text[max(0, match.start() - 200) : match.start()])[
                -1
            ]
            if (_OF_OTHERS.search(sentence) and not _OF_THIS.search(sentence)) or re.search(r"\borigin", sentence):
                continue
            named = license_of(f"{match['name']}{match['word'] or ''}")
            if named and (found := words.license_id(named)):
                start, end = block.start + match.start("name"), block.start + match.end("name")
                yield Value("license", found, match["name"], "sentence", 0.85, start=start, end=end)


def license_of(text: str) -> str | None:
    """License that a text (perhaps a link) names."""
    shown = words.plain(re.sub(r"\((?:or|see|and)\b[^)]*\)", "", text)).strip(" .")
    if found := words.license_id(shown):
        return found
    if (short := re.split(r"[,.;(]\s|\s[-–]\s", shown)[0].strip()) and (found := words.license_id(short)):
        return found
    if (match := re.search(r"licenses?/(?:[\w./-]*/)?([\w.-]+?)(?:\.(?:md|txt|html))?\)?\Z", text.strip())) and (
        found := words.license_id(match[1])
    ):
        return found
    return (
        shown
        if re.fullmatch(r"[\w .+-]{2,50}licen[cs]e[\w .+-]{0,20}", shown, re.IGNORECASE)
        and len(shown.split()) <= 6
        and not re.match(r"(the|this|see|a|same)\b", shown, re.IGNORECASE)
        else None
    )


def _bases(pair: Pair, text: str) -> Iterator[Value]:
    role = {"quantized from": "quantized", "merged models": "merge"}.get(
        pair.key, "finetune" if "tuned" in pair.key or "continue" in pair.key else "unknown"
    )
    named = re.findall(r"\[([A-Za-z\d][\w.-]{0,60}/[\w.-]{1,96})\]\(https?://huggingface\.co/", pair.value)
    found = named or [name for url in re.findall(r"https?://[^\s)\]<>\"]+", pair.value) if (name := hub_model(url))]
    for name in found:
        yield _value("base_model", name, pair, 0.95, role=role)
    if not found:
        name = re.sub(r"\s+(?:model|checkpoint)\Z", "", text.strip(" ,.`'\"\\")).strip()
        name = re.sub(r"\s*/\s*", "/", name)
        if re.search(r"\d", name) and re.fullmatch(r"[\w.-]{1,20}(?: [\w.-]{1,20}){1,5}", name):
            name = name.replace(" ", "-")  # Llama 2 7B
        if re.fullmatch(r"[\w.-]{2,60}(?:/[\w.-]{2,96})?", name) and re.search(
            r"[-\d/_]|bert|gpt|t5|llama", name, re.IGNORECASE
        ):
            yield _value("base_model", name, pair, 0.9, role=role)


def _datasets(field: str, pair: Pair, text: str) -> Iterator[Value]:
    role = "train" if field == "train_dataset" else "evaluation"
    if re.search(r"huggingface\.co/datasets/", pair.value):
        return  # the link says it
    for part in re.split(r",(?!\d)|;|\s+and\s+|\s\+\s|&", text):
        name = re.sub(
            r"\s+(?:data-?sets?|corpus|corpora)\Z|^(?:the|an?)\s+|\s*\(.*",
            "",
            part.strip(" .`'\"*"),
            flags=re.IGNORECASE,
        )
        known = words.dataset(name)
        if known or (
            re.fullmatch(r"[A-Za-z][\w./-]{1,60}(?: [A-Z0-9][\w.-]{0,20}){0,2}", name)
            and len(text) < 120
            and not name.startswith("http")
            and not re.fullmatch(
                r"(?:yes|no|see|none|private|custom|unknown|english|proprietary)(?:\s.*)?", name, re.IGNORECASE
            )
            and "/blob/" not in name
        ):
            yield _value("dataset", known or name, pair, 0.85, role=role)


def _hours(pair: Pair, text: str, about: frozenset[str]) -> Iterator[Value]:
    match = re.search(r"(\d[\d,.]*)\s*(hours?|hrs?|h\b|days?|minutes?|mins?)?", text, re.IGNORECASE)
    if (
        not match
        or not (match[2] or pair.key in ("hours used", "hours", "gpu hours"))
        or (
            pair.key in ("time", "hours", "duration")
            and not about & {"environment", "training_procedure", "hyper_parameters"}
        )
    ):
        return
    per = {"d": 24.0, "m": 1 / 60}.get((match[2] or "h")[0].lower(), 1.0)
    amount = (words.number(match[1]) or 0) * per
    if 0 < amount < 1e7:
        yield _value("hardware_hours", f"{amount:.6g}", pair, 0.9, number=amount, unit="h")


def _carbon(pair: Pair, text: str) -> Iterator[Value]:
    match = _CO2.search(text.rsplit("=", 1)[-1])  # 350 W x 4 h = 1.4 kWh = 0.8 kg
    amount = words.number(match[1]) if match else None
    if match and amount is not None and amount > 0:
        is_codecarbon = pair.key == "emissions" and "energy_consumed" in pair.block.text  # its output, in kg
        unit = match[2] or ("kg" if is_codecarbon else "g" if "gram" in pair.key or "(g)" in pair.key else "")
        if unit:
            kilograms = amount * _WEIGHT[unit[0].lower()]
            yield _value("carbon_emitted", f"{kilograms:.10g}", pair, 0.95, number=kilograms, unit="kg")


def _setting(pair: Pair, about: frozenset[str], own: frozenset[str]) -> Iterator[Value]:
    """A hyper-parameter: a curated name in a place where training is spoken of, or any name in a list of settings."""
    known = words.setting(pair.key)
    is_code = pair.block.kind == "code"
    is_list = not is_code and pair.block.kind in ("item", "table") and "hyper_parameters" in own
    is_list = is_list or (is_code and "hyper_parameters" in own and _is_form(pair.block.text))
    is_list = is_list or (pair.block.kind == "table" and "hyper_parameters" in kinds(pair.block.rows[0][0].text))
    if (not known and not is_list) or not pair.value or words.is_placeholder(pair.value):
        return
    value = words.plain(_CLASS.sub(r"\1", pair.value)).strip(" ,;}\\")
    if is_code:
        if known in ("max_seq_length", "loss_function", "resolution", "n_ctx", "gamma") and not (
            about & {"hyper_parameters", "training_procedure"} or _is_training(pair.block.text)
        ):
            return
        if not (about & {"hyper_parameters", "training_procedure"} or _is_training(pair.block.text)):
            return
        if known == "max_seq_length" and _GENERATES.search(pair.block.text) and not _is_training(pair.block.text):
            return
    elif (
        known
        and not is_list
        and not about & {"hyper_parameters", "training_procedure", "model_description", "environment"}
        and known not in _UNMISTAKABLE
    ):
        return
    if metric(pair.key) and known is None:
        return
    if known == "optimizer":
        found = _OPTIMIZER.search(value)
        if not found and not is_list:
            return
        value = found[0] if found else value
    elif known and not _SCALAR.match(value) and not is_list:
        first = re.match(r"[-+]?\d[\d,.]*(?:[eE][-+]?\d+)?", value)
        if not first or len(value) > 60:
            return
        value = first[0]
    if len(value) > 200 or (known in ("dropout", "learning_rate") and words.number(value) is None):
        return
    if known == "loss_function" and words.number(value) is not None:
        return
    amount = words.amount(known or pair.key, value) if re.match(r"[-+$~]*[\d.]", value) else None
    yield Value(
        "hyper_parameter", value if amount is None else f"{amount:.10g}", pair.value, "code" if is_code else "pair",
        0.95 if is_list or known else 0.7, name=known or re.sub(r"\s+", "_", pair.key), number=amount,
        start=pair.start, end=pair.end,
    )  # fmt: skip


@lru_cache(256)
def _is_training(code: str) -> bool:
    """Whether a piece of code configures a training rather than an inference: two different settings of one."""
    return len(set(_TRAINING.findall(code))) >= 2


_TRAINING = re.compile(
    r"\b(?:learning_rate|lr|batch_size|num_train_epochs|epochs|epochs_num|max_epochs?|per_\w+_batch_size"
    r"|weight_decay|warmup\w*|optim(?:izer)?(?:_class)?|train_dir|n_epochs|num_epochs|max_steps)\b"
)


@lru_cache(256)
def _is_form(code: str) -> bool:
    """Whether a piece of code is nothing but settings, one a line."""
    lines = [line.strip() for line in code.strip("`\n ").splitlines()[:200] if line.strip()]
    told = [line for line in lines if re.fullmatch(r"[\"'-]{0,2}[\w. ]{1,50}[\"']?\s*[:=]\s*[^({]{1,120}", line)]
    return len(told) >= 2 and len(told) >= 0.7 * len(lines)
