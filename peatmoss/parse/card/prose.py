"""Sentences that state a fact in one of the usual ways: hardware, hours, settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.document import Block, Document
from peatmoss.parse.card.sections import kinds_of
from peatmoss.parse.card.value import Value

MAX_DEVICES = 200
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10,
    "sixteen": 16, "dual": 2, "double": 2,
}  # fmt: skip
_TRAINED = re.compile(
    r"\b(pre-?train|fine-?tun|train|took|takes|hardware|machine|infrastructure|specs|gpus?\b ?:|quantiz|comput"
    r"|used (?:an?|the|\w+ )[^.\n]{0,60}\b(?:GPUs?|TPUs?)\b|(?:SFT|DPO|RLHF) (?:stage|step|phase)|both the SFT)",
    re.IGNORECASE,
)
_INFERENCE = re.compile(
    r"\b(inference|deploy|requires?|runs? (?:fast|on|with)|speed|latency|benchmark|loading"
    r"|to run(?! (?:the|this|our) (?:project|experiment|training))"
    r"|VRAM (?:is )?needed|supported hardware|throughput|evaluat\w+ on)\b",
    re.IGNORECASE,
)
_COUNT_BEFORE = re.compile(
    r"(?:(?P<n>\d{1,5})\s*(?:[xX]|×|\*)?|(?P<word>\b(?:a|an|one|single|two|three|four|five|six|eight|ten"
    r"|sixteen|dual|double)\b))\s*"
    r"(?:[Nn][Vv][Ii][Dd][Ii][Aa]|[Cc]loud|Google|Tesla|GeForce|Quadro|AMD|Intel|Instinct|Cerebras|\*\*|node(?:s)? "
    r"(?:of|with)|\(?\d+\s?GB\)?|[- ])*\s*\Z"
)
_COUNT_AFTER = re.compile(
    r"[^\S\n]*(?:\(?\d+\s?GB\)?)?[^\S\n]*(?:GPUs?)?[^\S\n]*(?:x|×|\*)[^\S\n]*(\d{1,4})\b(?![-\d.]*[xX])"
)
_HOURS = re.compile(

        r"(?:for|takes?|took|lasted|last|in|about|around|approximately|approx\.?|~|total(?: of)?|roughly"
        r"|duration:?)\s*(?:about|around|approximately|roughly|~|≈|almost|a total of)?\s*"

    r"(?P<n>\d[\d,.]*)\s*(?P<unit>hours?|hrs?|h\b|days?|minutes?|mins?|weeks?)", re.IGNORECASE,
)  # fmt: skip
_DEVICE_HOURS = re.compile(
    r"(?<![\d,.])(?P<n>\d[\d,.]{0,20})(?P<k>\s?(?:[kKM]\b|thousand|million))?\s+(?:of\s+)?(?:\w+\s){0,2}?"
    r"(?:GPU|TPU|[AHV]\d{2,3})(?:[\s-]\w{2,6})?[\s-]hours\b"
)
_PER = {"h": 1.0, "d": 24.0, "m": 1 / 60, "w": 168.0}

_NUMBER = (
    r"\$?\s?(?P<value>\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+|\s?(?:x|×|\*"
    r"|\\times)\s?10\^?\{?-?\d+\}?)?)(?P<magnitude>\s?(?:k|K|M|million|thousand)\b)?"
)
_OF = r"\s*(?:\w+\s){0,2}?(?:of|is|was|=|:|to|set to|size of)?\s*(?:about|around|approximately)?\s*"
_SETTINGS = (
    ("learning_rate", re.compile(
        rf"\b(?:peak |initial |maximum |max |constant )?(?:learning[ \n-]{{1,2}}rate|lr)\b(?: (?:of|is|was"
        rf"|set to|=|equal to|with))?\s*(?:of|is|to|=|:)?\s*{_NUMBER}"
    , re.IGNORECASE)),
    ("train_batch_size", re.compile(rf"\bbatch[ -]?sizes?\b{_OF}{_NUMBER}", re.IGNORECASE)),
    ("weight_decay", re.compile(
        rf"\bweight[ -]decay\b(?: (?:of|is|was|rate))*\s*(?:of|=|:)?\s*{_NUMBER}", re.IGNORECASE,
    )),
    ("warmup_ratio", re.compile(rf"\bwarm-?up\s+ratio\s+(?:of|is|=|was)\s*{_NUMBER}", re.IGNORECASE)),
    ("warmup_steps", re.compile(
        rf"\bwarm(?:ed)?[ -]?up\b(?:\s(?:\w+\s){{0,4}}?)(?:for|of"
        rf"|over)\s+(?:the\s+first\s+)?{_NUMBER}\s*steps?"
    , re.IGNORECASE)),
    ("warmup_steps", re.compile(r"(?P<value>\d[\d,]*)(?P<magnitude>\s?[kK]\b)?\s+warm-?up\s+steps", re.IGNORECASE)),
    ("num_epochs", re.compile(
        r"\bfor\s+(?:a total of\s+|about\s+|approximately\s+|up to\s+)?(?P<value>\d[\d.]*|one|two|three"
        r"|four|five|ten|twenty)(?P<magnitude>)\s+(?:(?!additional|more)\w+\s)?epochs?\b"
    , re.IGNORECASE)),
    ("training_steps", re.compile(
        r"(?<!warmup )(?<!warm-up )(?<!warm up )\b(?:for|over|in|trained)\s+(?:a total of\s+|about\s+)?"
        r"(?P<value>\d[\d,.]*|one|two|three|half"
        r"|half a|a)(?P<magnitude>\s?(?:k|M|million|thousand))?\s+(?:\w+\s)?steps\b(?!\s+of\s+warm)"
    , re.IGNORECASE)),
    ("max_seq_length", re.compile(
        rf"\b(?:max(?:imum)?\s+)?(?:sequence|token|input)\s+length\s+(?:was\s+)?(?:of|is|=|set\s+to"
        rf"|limited\s+to|up\s+to)?\s*{_NUMBER}"
    , re.IGNORECASE)),
    ("num_hidden_layers", re.compile(
        r"(?<![/\d.-])(?P<value>\d{1,3})(?P<magnitude>)[ -](?:(?:repeated|attention|transformer|encoder|hidden)"
        r"\s){0,2}layers?\b(?=[^.\n]{0,80}\b(?:hidden|heads?|dimensions?)\b)"
    , re.IGNORECASE)),
    ("hidden_size", re.compile(
        r"(?<![/\d.-])(?P<value>\d{3,5})(?P<magnitude>)[ -](?:hidden\b|dimensions?\b(?=[^.\n]{0,30}\bheads?\b))",
        re.IGNORECASE,
    )),
    ("hidden_size", re.compile(
        r"(?<![/\d.-])(?P<value>\d{2,5})(?P<magnitude>) dimensions? of (?:the )?hidden\b", re.IGNORECASE,
    )),
    ("num_attention_heads", re.compile(
        r"(?<![/\d.-])(?P<value>\d{1,3})(?P<magnitude>)[ -](?:self-)?attention[ -]heads?\b(?! (?:were|was|removed))",
        re.IGNORECASE,
    )),
    ("num_attention_heads", re.compile(
        r"\b(?:layers?|hidden|dimensions?)\b[^.\n]{0,80}?(?<![/\d.-])(?P<value>\d{1,3})(?P<magnitude>)[ -]heads?\b"
        r"(?! (?:were|was|removed))", re.IGNORECASE,
    )),
    ("training_steps", re.compile(
        r"\b(?:total )?number of (?:training )?steps (?:was|is|:)\s*(?P<value>\d[\d,]*)(?P<magnitude>)", re.IGNORECASE,
    )),
    ("vocab_size", re.compile(rf"\bvocabulary\s+size\s+of\s+{_NUMBER}", re.IGNORECASE)),
    ("gradient_accumulation_steps", re.compile(
        r"(?P<value>\d+)(?P<magnitude>)\s+(?:gradient\s+)?accumulation\s+steps", re.IGNORECASE,
    )),
    ("dropout", re.compile(rf"\bdropout(?: (?:rate|probability))?\s+(?:of|is|=)\s*{_NUMBER}", re.IGNORECASE)),
)  # fmt: skip
_WORDS = {
    "one": 1.0,
    "two": 2.0,
    "three": 3.0,
    "four": 4.0,
    "five": 5.0,
    "ten": 10.0,
    "twenty": 20.0,
    "half": 0.5,
    "half a": 0.5,
    "a": 1.0,
}
_REVERSED = (
    ("learning_rate", re.compile(
        r"(?<![\w.])(?P<value>\d(?:\.\d+)?[eE]-\d+|0?\.0\d+)(?P<magnitude>)\s+(?:\w+\s)?learning[ -]rate"
        r"\b", re.IGNORECASE,
    )),
    ("train_batch_size", re.compile(
        r"(?<![\w.])(?P<value>\d{1,5})(?P<magnitude>)\s+(?:train(?:ing)?\s)?batch[ -]size\b(?!\s(?:of|="
        r"|:))", re.IGNORECASE,
    )),
    ("num_epochs", re.compile(
        r"\b(?:train|fine-?tun)(?:ed|e|ing)?\s+(?:it\s+|the model\s+)?(?:on|over|during|in|with|after)?\s*"
        r"(?P<value>\d{1,4}"
        r"|one|two|three|four|five|ten|twenty)(?P<magnitude>)\s+epochs?\b", re.IGNORECASE,
    )),
    ("max_seq_length", re.compile(
        r"(?<![\w.])(?P<value>\d{2,6})(?P<magnitude>)[ -](?:tokens?\s)?(?:max(?:imum)?\s)?sequence[ -]length"
        r"\b", re.IGNORECASE,
    )),
    ("warmup_steps", re.compile(
        rf"\bwarm-?\s?up\s+(?:steps\s+)?of\s+{_NUMBER}(?!\s?%|[\d.])", re.IGNORECASE,
    )),
    ("training_steps", re.compile(
        r"\bduring\s+(?P<value>\d[\d,.]*)(?P<magnitude>\s?(?:k|M|million|thousand))?\s+(?:\w+\s)?steps"
        r"\b", re.IGNORECASE,
    )),
    ("num_hidden_layers", re.compile(
        r"\A[\s*-]*(?P<value>\d{1,3})(?P<magnitude>)[ -](?:\w+\s)?layers?\s*\Z", re.IGNORECASE,
    )),
    ("lora_r", re.compile(
        r"\bLoRA\b(?:[^.\n]|\.\d){0,80}?\b(?:r|rank)(?:\s(?:set to|of|to)\s|\s?[=:]\s?)(?P<value>\d{1,4})"
        r"(?P<magnitude>)\b",
        re.IGNORECASE,
    )),
    ("lora_alpha", re.compile(
        r"\bLoRA\b(?:[^.\n]|\.\d){0,100}?\balpha(?:\s(?:set to|of|to)\s|\s?[=:]\s?)(?P<value>\d{1,4})(?P<magnitude>)\b",
        re.IGNORECASE,
    )),
    ("lora_dropout", re.compile(
        r"\bLoRA\b(?:[^.\n]|\.\d){0,120}?\bdropout(?:\s(?:set to|of|to|rate of)\s|\s?[=:]\s?)(?P<value>0?\.\d+"
        r"|0)(?P<magnitude>)",
        re.IGNORECASE,
    )),
    ("vocab_size", re.compile(
        r"(?<![\w.])(?P<value>\d[\d,]*)(?P<magnitude>\s?k)?[ -](?:word-?piece|sentence-?piece|BPE|sub-?words?"
        r"|tokens?)\s+vocabulary\b"
        , re.IGNORECASE,
    )),
)  # fmt: skip
"""The same, the number first: 32 batch size."""
_PAIRS = re.compile(
    r"(?<![\w.-])(?P<key>learning[_ ]rate|lr|(?:per_device_|per_gpu_)?(?:train_|eval_)?batch[_ ]size|num_"
    r"(?:train_)?epochs|epochs"
    r"|weight[_ ]decay|warm-?up[_ ](?:steps|ratio)|max_seq_length|gradient_accumulation_steps|lora_(?:r|alpha|dropout)"
    rf"|max_steps|max_grad_norm|label_smoothing|dropout|seed)[`*]{{0,2}}\s?[=:]\s?[`*]{{0,2}}{_NUMBER}", re.IGNORECASE,
)  # fmt: skip
"""Settings in the middle of a sentence: with lr=2e-5 and batch_size=16."""
_SPOKEN = re.compile(
    r"rate|\blr|batch|epoch|step|decay|warm|length|max_|accumul|dropout|layer|hidden|dimension|head|vocab|seed"
    r"|lora|smooth",
    re.IGNORECASE,
)
"""Words of which every setting has one."""
_MEMORY = re.compile(r"\b(?:V?RAM|memory)\b", re.IGNORECASE)
_OPTIMIZERS = (
    r"AdamW|AdaFactor|Adafactor|AdaGrad|Adagrad|Adamax|RAdam|Adam|SGD|LAMB|Lamb|lamb|RMSprop|RMSProp"
    r"|Lion|NovoGrad|Shampoo|Sophia|adamw|adafactor|adam|sgd"
)
_OPTIMIZER = re.compile(
    rf"\boptimi[sz]er\b[^.]{{0,40}}?\b(?P<after>{_OPTIMIZERS})\b"
    rf"|[`*\"(]?\b(?P<before>{_OPTIMIZERS})\b[`*\")]?\s+(?:optimi[sz]er|optimi[sz]ation algorithm)"
    rf"|\b(?:using|employed using|with)\s+(?P<using>{_OPTIMIZERS})\b(?=\s+(?:w/|with|and))"
)
_EXAMPLE = re.compile(r"\b(?:e\.g\.|for example|for instance|such as)[, ]*\Z", re.IGNORECASE)


def sentences(document: Document) -> Iterator[Block]:
    """The blocks that hold prose."""
    yield from (block for block in document.blocks if block.kind in ("text", "item", "heading"))


_PROVIDER = re.compile(
    r"\b(?:pre-?|fine-?)?(?:train|tun)(?:ed|ing)\b[^.\n]{0,80}?\b(?:on|using|with|in|via|at)\s+(?:the\s)?\W{0,2}"
    r"(?P<name>AWS"
    r"|Amazon (?:Web Services|SageMaker|EC2)|Google Cloud(?: Platform)?|GCP|Microsoft Azure|Azure|Tencent Cloud"
    r"|Alibaba Cloud"
    r"|Oracle Cloud|Lambda Labs|Lambda Cloud|RunPod|CoreWeave|Paperspace|Vast\.ai|Jean Zay)\b(?!\s(?:TPU|Storage))"
)


def hardware(document: Document) -> Iterator[Value]:
    """Devices with their number, and hours; the provider."""
    for block in document.blocks:
        about = kinds_of(document, block.section)
        for match in _PROVIDER.finditer(block.text) if block.kind in ("text", "item") else ():
            start = block.start + match.start("name")
            yield Value(
                "hardware_provider",
                match["name"],
                match["name"],
                "sentence",
                0.8,
                start=start,
                end=start + len(match["name"]),
            )
        if block.kind == "table" or (block.kind == "code" and not re.search(r"\bGPUs?\s*:", block.text)):
            continue
        is_about = bool(about & {"environment"})
        for sentence, offset in _split(block):
            if not (is_about or _TRAINED.search(sentence)) or (
                _INFERENCE.search(sentence) and not re.search(r"\btrain(ed|ing)|fine-?tun", sentence)
            ):
                continue
            found = list(devices(sentence, block.start + offset))
            yield from found
            if found or re.search(r"\b(train|fine-?tun|took)", sentence, re.IGNORECASE):
                for match in (*_HOURS.finditer(sentence), *_DEVICE_HOURS.finditer(sentence)):
                    if match.re is _HOURS:
                        amount = (words.number(match["n"]) or 0) * _PER[match["unit"][0].lower()]
                    else:
                        amount = words.count(f"{match['n']} {(match['k'] or '').strip()}") or 0
                    if 0 < amount < 1e8:
                        at = block.start + offset + match.start()
                        raw = match[0]
                        yield Value(
                            "hardware_hours",
                            f"{amount:.6g}",
                            raw,
                            "sentence",
                            0.8,
                            number=amount,
                            unit="h",
                            start=at,
                            end=at + len(raw),
                        )


_DEVICE = re.compile(r"[A-Za-z][ -]?\d|[34]090|[GTHI]PU|TITAN|Gaudi|Jetson|Trainium|Inferentia")
"""What every name of a device has."""


def devices(text: str, offset: int, method: str = "sentence", confidence: float = 0.85) -> Iterator[Value]:
    """The devices that a text names, each once, with how many."""
    seen: list[tuple[int, int]] = []
    for name, pattern in words.hardware() if _DEVICE.search(text) else ():
        for match in pattern.finditer(text):
            if len(seen) >= MAX_DEVICES:
                return
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
            if _EXAMPLE.search(text[:start][-20:]):
                continue
            shown = re.sub(r"TPUs", "TPU", match[0])
            yield Value(
                "hardware", f"{name} {shown}" if name.startswith("Google TPU") and shown not in name else name,
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
        for name, match in _settings(block.text):
            written = match["value"]
            value = _WORDS.get(written.lower()) if written[0].isalpha() else words.amount(name, written)
            if value is None:
                continue
            value *= words.count(f"1{match['magnitude'].strip()}") or 1 if match["magnitude"] else 1
            if name in ("learning_rate", "weight_decay", "dropout", "warmup_ratio") and not 0 <= value <= 1:
                continue
            start = block.start + match.start("value")
            end = block.start + match.end("magnitude" if match["magnitude"] else "value")
            raw = document.text[start:end].strip()
            yield Value(
                "hyper_parameter",
                f"{value:.10g}",
                raw,
                "sentence",
                0.85,
                name=name,
                number=value,
                start=start,
                end=end,
            )
            if name == "max_seq_length" and value >= 16:
                yield Value(
                    "context_length",
                    f"{value:.0f}",
                    raw,
                    "sentence",
                    0.8,
                    number=value,
                    unit="token",
                    start=start,
                    end=end,
                )
        for match in _OPTIMIZER.finditer(block.text):
            group = next(g for g in ("after", "before", "using") if match[g])
            start = block.start + match.start(group)
            yield Value(
                "hyper_parameter",
                match[group],
                match[group],
                "sentence",
                0.85,
                name="optimizer",
                start=start,
                end=start + len(match[group]),
            )


def _settings(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    if not _SPOKEN.search(text):
        return
    for name, pattern in (*_SETTINGS, *_REVERSED):
        for match in pattern.finditer(text):
            around = text[max(0, match.start() - 80) : match.end() + 80]
            if name != "train_batch_size" or not _MEMORY.search(around):
                yield name, match
    for match in _PAIRS.finditer(text):
        if known := words.setting(match["key"]):
            yield known, match
