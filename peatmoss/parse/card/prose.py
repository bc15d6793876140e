"""Sentences that state a fact in one of the usual ways: hardware, settings, size, base model, datasets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Block, Document
from peatmoss.parse.card.sections import kinds_of
from peatmoss.parse.card.value import Value

_COUNTS = {
    "a": 1, "an": 1, "one": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10,
    "sixteen": 16, "dual": 2, "double": 2,
}  # fmt: skip
_TRAINED = re.compile(r"\b(pre-?train|fine-?tun|train|took|takes|hardware|machine|infrastructure|specs|gpus?\b ?:|quantiz|comput)", re.IGNORECASE)
_INFERENCE = re.compile(r"\b(inference|deploy|requires?|runs? (?:fast|on|with)|speed|latency|benchmark|to run|loading|VRAM (?:is )?needed|supported hardware|throughput|evaluat\w+ on)\b", re.IGNORECASE)
_COUNT_BEFORE = re.compile(
    r"(?:(?P<n>\d{1,5})\s*(?:x|×|\*)?|(?P<word>\b(?:a|an|one|single|two|three|four|five|six|eight|ten|sixteen|dual|double)\b))\s*"
    r"(?:[Nn][Vv][Ii][Dd][Ii][Aa]|Cloud|Google|Tesla|GeForce|Quadro|AMD|Intel|Instinct|node(?:s)? (?:of|with)|\(?\d+\s?GB\)?|[- ])*\s*\Z"
)
_COUNT_AFTER = re.compile(r"[^\S\n]*(?:\(?\d+\s?GB\)?)?[^\S\n]*(?:GPUs?)?[^\S\n]*(?:x|×|\*)[^\S\n]*(\d{1,4})\b(?![-\d.]*[xX])")
_HOURS = re.compile(
    r"(?:for|takes?|took|lasted|last|in|about|around|approximately|approx\.?|~|total(?: of)?|roughly|duration:?)\s*(?:about|around|approximately|roughly|~|≈|almost|a total of)?\s*"
    r"(?P<n>\d[\d,.]*)\s*(?P<unit>hours?|hrs?|h\b|days?|minutes?|mins?|weeks?)", re.IGNORECASE,
)  # fmt: skip
_PER = {"h": 1.0, "d": 24.0, "m": 1 / 60, "w": 168.0}

_NUMBER = r"\$?\s?(?P<value>\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+|\s?(?:x|×|\*|\\times)\s?10\^?\{?-?\d+\}?)?)(?P<magnitude>\s?(?:k|K|M|million|thousand)\b)?"
_OF = r"\s*(?:\w+\s){0,2}?(?:of|is|was|=|:|to|set to|size of)?\s*(?:about|around|approximately)?\s*"
_SETTINGS = (
    ("learning_rate", re.compile(rf"\b(?:peak |initial |maximum |max |constant )?(?:learning[ \n-]{{1,2}}rate|lr)\b(?: (?:of|is|was|set to|=|equal to|with))?\s*(?:of|is|to|=|:)?\s*{_NUMBER}", re.IGNORECASE)),
    ("train_batch_size", re.compile(rf"\bbatch[ -]?sizes?\b{_OF}{_NUMBER}", re.IGNORECASE)),
    ("weight_decay", re.compile(rf"\bweight[ -]decay\b(?: (?:of|is|was|rate))*\s*(?:of|=|:)?\s*{_NUMBER}", re.IGNORECASE)),
    ("warmup_ratio", re.compile(rf"\bwarm-?up\s+ratio\s+(?:of|is|=|was)\s*{_NUMBER}", re.IGNORECASE)),
    ("warmup_steps", re.compile(rf"\bwarm(?:ed)?[ -]?up\b(?:\s(?:\w+\s){{0,4}}?)(?:for|of|over)\s+(?:the\s+first\s+)?{_NUMBER}\s*steps?", re.IGNORECASE)),
    ("warmup_steps", re.compile(r"(?P<value>\d[\d,]*)(?P<magnitude>\s?[kK]\b)?\s+warm-?up\s+steps", re.IGNORECASE)),
    ("num_epochs", re.compile(r"\bfor\s+(?:a total of\s+|about\s+|approximately\s+|up to\s+)?(?P<value>\d[\d.]*|one|two|three|four|five|ten|twenty)(?P<magnitude>)\s+(?:\w+\s)?epochs?\b", re.IGNORECASE)),
    ("training_steps", re.compile(r"\b(?:for|over|in|trained)\s+(?:a total of\s+|about\s+)?(?P<value>\d[\d,.]*|one|two|three|half|half a|a)(?P<magnitude>\s?(?:k|M|million|thousand))?\s+(?:\w+\s)?steps\b(?!\s+of\s+warm)", re.IGNORECASE)),
    ("max_seq_length", re.compile(rf"\b(?:max(?:imum)?\s+)?(?:sequence|token|input)\s+length\s+(?:was\s+)?(?:of|is|=|set\s+to|limited\s+to|up\s+to)?\s*{_NUMBER}", re.IGNORECASE)),
    ("vocab_size", re.compile(rf"\bvocabulary\s+size\s+of\s+{_NUMBER}", re.IGNORECASE)),
    ("gradient_accumulation_steps", re.compile(r"(?P<value>\d+)(?P<magnitude>)\s+(?:gradient\s+)?accumulation\s+steps", re.IGNORECASE)),
    ("dropout", re.compile(rf"\bdropout(?: (?:rate|probability))?\s+(?:of|is|=)\s*{_NUMBER}", re.IGNORECASE)),
)  # fmt: skip
_WORDS = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "ten": 10.0, "twenty": 20.0, "half": 0.5, "half a": 0.5, "a": 1.0}
_OPTIMIZERS = r"AdamW|AdaFactor|Adafactor|AdaGrad|Adagrad|Adamax|RAdam|Adam|SGD|LAMB|Lamb|lamb|RMSprop|RMSProp|Lion|NovoGrad|Shampoo|Sophia|adamw|adafactor|adam|sgd"
_OPTIMIZER = re.compile(rf"\boptimi[sz]er\b[^.]{{0,40}}?\b(?P<after>{_OPTIMIZERS})\b|[`*\"(]?\b(?P<before>{_OPTIMIZERS})\b[`*\")]?\s+(?:optimi[sz]er|optimi[sz]ation algorithm)|\b(?:using|employed using|with)\s+(?P<using>{_OPTIMIZERS})\b(?=\s+(?:w/|with|and))")
_PARAMETERS = re.compile(
    r"(?<![\d,.])(?P<raw>\d[\d,.]{0,20}\s?-?\s?(?:B|M|K|bn|billion|million|thousand)?)[\s-]*(?:trainable |total |model |active )?param(?:eter)?s?\b", re.IGNORECASE,
)  # fmt: skip

_NAME = r"(?:\[(?P<text>[^\]\n]{2,120})\]\((?P<url>[^)\s]{3,300})\)|[`*\"'_]{1,3}(?P<mark>[A-Za-z0-9][\w.\-]{1,60}(?:/[\w.\-]{1,96})?)[`*\"'_]{1,3}|(?P<bare>[A-Za-z0-9][\w.\-]{0,60}/[A-Za-z0-9][\w.\-]{1,96}(?<!\.)|(?<![\w./-])[A-Za-z][A-Za-z0-9]{0,40}(?:[-_.][A-Za-z0-9]{1,40}){1,8}|(?:https://huggingface\.co/)[\w.\-]+/[\w.\-]+))"
_BASES = (
    ("finetune", 0.95, re.compile(rf"\bfine-?tuned?\s+(?:\w+\s){{0,2}}?(?:version|variant|checkpoint|model|adaptation|derivative)\s+of\s+(?:the\s+)?(?:\w+['’]s\s+)?(?:HuggingFace\s+)?{_NAME}", re.IGNORECASE)),
    ("finetune", 0.9, re.compile(rf"\b(?:(?:further |continually )?(?:fine-?tuned|finetuned|pre-?trained)|adapted|initiali[sz]ed|derived|distilled|trained|started)\s+(?:from|on top of|over|starting from|using the weights of)\s+(?:the\s+)?(?:(?:pre-?trained|original|base|HuggingFace|Hugging Face|public|official|model|checkpoint|weights of)\s+){{0,3}}(?:checkpoint\s+)?{_NAME}", re.IGNORECASE)),
    ("quantized", 0.95, re.compile(rf"\b(?:quanti[sz]ed\s+(?:version|variant|model)?\s*(?:of|from)|quants\s+of|(?:gguf|gptq|awq)\s+(?:version|quants?|format model files)\s+(?:of|for))\s+(?:the\s+)?(?:[\w.]+['’]s\s+)?{_NAME}", re.IGNORECASE)),
    ("unknown", 0.85, re.compile(rf"\b(?:is\s+|model\s+is\s+|was\s+|mainly\s+)?(?:based|built|builds)\s+(?:up)?on\s+(?:top of\s+)?(?:a\s+|the\s+)?(?:(?:pre-?trained|pretrained|original|base|multilingual|Google's)\s+){{0,2}}{_NAME}", re.IGNORECASE)),
    ("finetune", 0.9, re.compile(rf"\b[Tt]his\s+{_NAME}\s+(?:model\s+)?(?:was|is|has been)\s+fine-?tuned", re.IGNORECASE)),
    ("finetune", 0.9, re.compile(rf"\bmodel used for training is\s+{_NAME}", re.IGNORECASE)),
    ("finetune", 0.9, re.compile(rf"(?:\A|[.\n>#*]\s*|\bwe\s+|\bmodel takes\s+|\bis\s+)(?:the\s+)?{_NAME}\s+(?:model\s+)?(?:\(?[\w\s]{{0,12}}\)?\s*)?(?:was\s+|is\s+|and\s+)?(?:fine-?tun(?:ed|es)|quanti[sz]ed)\b", re.IGNORECASE)),
    ("finetune", 0.85, re.compile(rf"\b[Ff]ine-?tun(?:ed|ing)\s+(?:the\s+)?(?:(?:pre-?trained|original)\s+)?{_NAME}\s+(?:model\s+)?(?:on|for|in|with|using)\b", re.IGNORECASE)),
)  # fmt: skip
_HUB = re.compile(r"huggingface\.co/(?!datasets/|spaces/|docs/|blog/|papers/|transformers/|models\b|metrics/|course|learn|join|languages|hub\b|tasks\b)(?:models/)?([A-Za-z0-9][\w.-]{0,60}(?:/[A-Za-z0-9][\w.-]{0,96})?)/?(?:[?#/].*)?\Z")
_GENERIC = {
    "pre-trained", "pretrained", "fine-tuned", "fine-tuning", "non-english", "state-of-the-art", "english-only", "multi-task",
    "model", "models", "transformer", "transformers", "encoder-decoder", "sequence-to-sequence", "self-supervised", "large-scale",
    "text-to-text", "cross-encoder", "bi-encoder", "pre-training", "in-house", "end-to-end", "huggingface", "hugging", "open-source",
    "dataset", "data", "sentence-transformers", "pytorch", "keras", "tensorflow", "large-sized", "base-sized", "custom", "e.g", "i.e",
}  # fmt: skip
_QUOTED = r"(?:\[(?P<text>[^\]\n]{2,120})\]\((?P<url>[^)\s]{3,300})\)|[`*\"'_]{1,3}(?P<mark>[A-Za-z0-9][\w.\- /]{1,60})[`*\"'_]{1,3}|(?P<bare>[a-z0-9][\w.\-]{1,40}/[A-Za-z0-9][\w.\-]{1,96}(?<!\.)))"
_DATASETS = (
    (0.85, re.compile(rf"\b(?:fine-?tuned|trained|tuned|pre-?trained|evaluated|finetuning|fine-tuning|training|constructed|results)\s+(?:\w+\s){{0,3}}?(?:on|with|using|over|in)\s+(?:the\s+|an?\s+)?(?:\w+\s){{0,1}}?{_QUOTED}\s*(?:[-–]\s?[A-Za-z]{{2,3}}\s+)?(?:data-?sets?|corpus|corpora|benchmark|training set|data|task)?", re.IGNORECASE)),
    (0.9, re.compile(rf"\b(?:on|using|the|from)\s+(?:the\s+)?{_NAME}\s+(?:data-?sets?|corpus|corpora)\b", re.IGNORECASE)),
    (0.9, re.compile(r"\bload_dataset\(\s*[\"'](?P<mark>[\w.\-]{2,60}(?:/[\w.\-]{2,96})?)[\"'](?P<text>)?(?P<url>)?(?P<bare>)?")),
)  # fmt: skip
_PLAIN_DATASET = re.compile(r"\b(?:on|with|using|over)\s+(?:the\s+)?(?P<names>[A-Za-z][\w/\-]{1,60}(?:(?:,| and| and the)\s+[A-Za-z][\w/\-]{1,60}){0,4})(?:\s+[-–]\s+[A-Z]{2,3})?\s+(?:data-?sets?|corpus|corpora)\b")
_TITLED = re.compile(r"\b(?:[Tt]rained|[Ff]ine-?tuned|evaluated)\s+(?:\w+\s)?(?:on|with|using)\s+(?:the\s+)?(?P<names>[A-Z][\w-]+(?:\s[A-Z\d][\w-]*){1,3})\s+(?:data-?set|corpus)\b")
_NO_DATASET = {"none", "unknown", "an", "the", "a", "same", "following", "above", "this", "that", "training", "test", "evaluation", "validation", "entire", "full", "whole", "custom", "large", "own", "combined", "original", "generator_", "resulting", "given", "new", "english", "different", "previous", "our", "private"}  # fmt: skip


def sentences(document: Document) -> Iterator[Block]:
    """The blocks that hold prose."""
    yield from (block for block in document.blocks if block.kind in ("text", "item", "heading"))


def hardware(document: Document) -> Iterator[Value]:
    """Devices with their number, and hours."""
    for block in document.blocks:
        about = kinds_of(document, block.section)
        if block.kind == "table" or (block.kind == "code" and not re.search(r"\bGPUs?\s*:", block.text)):
            continue
        is_about = bool(about & {"environment"})
        for sentence, offset in _split(block):
            if not (is_about or _TRAINED.search(sentence)) or (_INFERENCE.search(sentence) and not re.search(r"\btrain(ed|ing)|fine-?tun", sentence)):
                continue
            found = list(devices(sentence, block.start + offset))
            yield from found
            if found or re.search(r"\b(train|fine-?tun|took)", sentence, re.IGNORECASE):
                for match in _HOURS.finditer(sentence):
                    amount = (words.number(match["n"]) or 0) * _PER[match["unit"][0].lower()]
                    if 0 < amount < 1e5:
                        at = block.start + offset + match.start()
                        raw = match[0]
                        yield Value("hardware_hours", f"{amount:.6g}", raw, "sentence", 0.8, number=amount, unit="h", start=at, end=at + len(raw))


def devices(text: str, offset: int, method: str = "sentence", confidence: float = 0.85) -> Iterator[Value]:
    """The devices that a text names, each once, with how many."""
    seen: list[tuple[int, int]] = []
    for name, pattern in words.hardware():
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in seen):
                continue
            seen.append(match.span())
            before = _COUNT_BEFORE.search(text[: match.start()][-60:])
            after = _COUNT_AFTER.match(text[match.end() :])
            amount: float | None = None
            start, end = match.span()
            if before:
                amount = float(before["n"]) if before["n"] else float(_COUNTS[before["word"].lower()])
                start = max(0, match.start() - 60) + before.start()
            elif after:
                amount, end = float(after[1]), match.end() + after.end()
            yield Value(
                "hardware", f"{name} {match[0]}" if name.startswith("Google TPU") and match[0] not in name else name,
                text[start:end], method, confidence, number=amount, unit="device" if amount else None,
                start=offset + start, end=offset + end,
            )  # fmt: skip


def _split(block: Block) -> Iterator[tuple[str, int]]:
    """Sentences of a block with their offset; line ends within stay."""
    at = 0
    for match in re.finditer(r"(?<=[.!?])\s+(?=[A-Z*`\[\"(])|\n\s*\n|\n(?=\s*[-*`])", block.text):
        yield block.text[at : match.start()], at
        at = match.end()
    yield block.text[at:], at


def settings(document: Document) -> Iterator[Value]:
    """Hyper-parameters that sentences name."""
    for block in sentences(document):
        if block.kind == "heading":
            continue
        for name, pattern in _SETTINGS:
            for match in pattern.finditer(block.text):
                value = _WORDS.get(match["value"].lower()) if match["value"][0].isalpha() else words.number(match["value"])
                if value is None:
                    continue
                value *= words.count(f"1{match['magnitude'].strip()}") or 1 if match["magnitude"] else 1
                if name in ("learning_rate", "weight_decay", "dropout", "warmup_ratio") and not 0 <= value <= 1:
                    continue
                start = block.start + match.start("value")
                end = block.start + match.end("magnitude" if match["magnitude"] else "value")
                raw = document.text[start:end].strip()
                yield Value("hyper_parameter", f"{value:.10g}", raw, "sentence", 0.85, name=name, number=value, start=start, end=end)
                if name == "max_seq_length" and value >= 16:
                    yield Value("context_length", f"{value:.0f}", raw, "sentence", 0.8, number=value, unit="token", start=start, end=end)
        for match in _OPTIMIZER.finditer(block.text):
            group = next(g for g in ("after", "before", "using") if match[g])
            start = block.start + match.start(group)
            yield Value("hyper_parameter", match[group], match[group], "sentence", 0.85, name="optimizer", start=start, end=start + len(match[group]))


def parameters(document: Document) -> Iterator[Value]:
    """How many parameters the model has, by sentences."""
    for block in sentences(document):
        for match in _PARAMETERS.finditer(block.text):
            amount = words.count(match["raw"].replace("-", " "))
            if amount is None or not 1e5 <= amount <= 1e14:
                continue
            start = block.start + match.start("raw")
            raw = match["raw"].strip()
            yield Value("parameter_count", f"{amount:.0f}", raw, "sentence", 0.8, number=amount, unit="parameter", start=start, end=start + len(raw))


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
                yield Value("base_model", name, document.text[start:end], "sentence", confidence, role=relation, start=start, end=end)


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
        return (text if re.fullmatch(r"[\w.\-/ ]{2,60}", text) and (re.search(r"[-_/\d]", text) or text.isupper()) and not match["url"].startswith("#") and "arxiv" not in match["url"] else None), "text"
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
                name = words.plain(match[group])
                known = words.aliases("card_datasets").get(words.fold(name))
                says = re.search(r"(data-?sets?|corpus|corpora)\s*\Z", match[0], re.IGNORECASE) or match["url"] and "/datasets/" in match["url"]
                if not (known or says or block.kind == "code") or name.lower() in _NO_DATASET | _GENERIC or len(name) > 80:
                    continue
                if match["url"] and hub_model(match["url"]) and not says:
                    continue
                start, end = block.start + match.start(group), block.start + match.end(group)
                role = "evaluation" if re.search(r"evaluat|result|\btest", match[0], re.IGNORECASE) else "train"
                yield Value("dataset", known or name, document.text[start:end], "sentence" if block.kind != "code" else "code", confidence, role=role, start=start, end=end)
        if block.kind == "code":
            continue
        for match in _PLAIN_DATASET.finditer(block.text):
            for part in re.finditer(r"[A-Za-z][\w/\-]{1,60}", match["names"]):
                if part[0].lower() in _NO_DATASET | _GENERIC | {"and", "of"} or len(part[0]) < 2:
                    continue
                start = block.start + match.start("names") + part.start()
                name = words.aliases("card_datasets").get(words.fold(part[0]), part[0])
                yield Value("dataset", name, part[0], "sentence", 0.85, role="train", start=start, end=start + len(part[0]))
