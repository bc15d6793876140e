"""What a card says without naming the field: in its title, in its code, by the names in its data sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.declared import declared
from peatmoss.parse.card.document import Block, Document
from peatmoss.parse.card.known import known
from peatmoss.parse.card.own import ours
from peatmoss.parse.card.sections import kinds_of
from peatmoss.parse.card.value import Value

_PIPELINE = re.compile(r"\bpipeline\(\s*(?:task\s*=\s*)?[\"'](?P<task>[a-z0-9-]{2,40})[\"']")
_CLASS = re.compile(
    r"\b(?:AutoModel|TFAutoModel|[A-Z]\w{2,30})For(?P<head>SequenceClassification|TokenClassification"
    r"|QuestionAnswering|MaskedLM|ImageClassification|ObjectDetection|AudioClassification|CTC"
    r"|SemanticSegmentation)\b"
)
_HEADS = {
    "SequenceClassification": "text-classification", "TokenClassification": "token-classification",
    "QuestionAnswering": "question-answering", "MaskedLM": "fill-mask", "ImageClassification": "image-classification",
    "ObjectDetection": "object-detection", "AudioClassification": "audio-classification",
    "CTC": "automatic-speech-recognition", "SemanticSegmentation": "image-segmentation",
}  # fmt: skip
_TASK_WORDS = re.compile(
    r"\b(summari[sz]ation|sentiment[ -](?:analysis|classification)|named[ -]entity recognition|NER"
    r"|(?:extractive )?question answering|(?:text|sequence|topic|intent|emotion|token|toxicity) classification"
    r"|natural language inference|machine translation|(?:automatic )?speech recognition|text[ -]to[ -]speech"
    r"|speech[ -]to[ -]text|speech synthesis|text[ -]to[ -]image|image classification|image captioning|object detection"
    r"|(?:semantic|instance|image) segmentation|masked language modell?ing|masked language model|masked-lm|MLM"
    r"|(?:causal|autoregressive) language model(?:l?ing)?|part[ -]of[ -]speech tagging|POS[ -]tagging|text generation"
    r"|zero[ -]shot classification|hate[ -]speech detection|emotion (?:detection|analysis)|spam detection"
    r"|offensive language (?:detection|identification)|intent detection|visual question answering|depth estimation"
    r"|voice activity detection|keyword spotting|speaker identification|semantic textual similarity|Q&A|QA)\b",
    re.IGNORECASE,
)
_IS_A = re.compile(r"\bis an? (?:[\w-]+,? ){0,4}\Z")
_ABOUT = re.compile(
    r"\b(?:fine-?tuned|trained|pre-?trained|used|designed|model|objective|purpose|aims?)\b[^.]{0,120}?\b(?:on"
    r"|for|using an?"
    r"|with an?|is to \w+)\s+(?:the\s+)?(?:\*\*|_)?",
    re.IGNORECASE,
)
_NOT_ITS_TASK = re.compile(
    r"\b(?:such as|tasks?,? like|e\.g\.|including|to evaluate|for fine-?tuning|in order to use|downstream"
    r"|(?:can|could|should|must|may) (?:also )?be (?:further )?fine-?tuned)\b[^.]*\Z",
    re.IGNORECASE,
)
_IS_MODEL = re.compile(r"\)?\s(?:model|pipeline)\b")
_FORM = re.compile(
    r"\b(?P<side>inputs?|outputs?)\b[^.\n]{0,40}\b(?:are|is|then)\b[^.]{0,20}\bof the form\s*:?\s*\Z", re.IGNORECASE
)
_TAKES = re.compile(
    r"\btakes?\s+(?P<input>[^.,\n]{3,80}?)\s+as\s+(?:an?\s+|its\s+)?inputs?\b(?:\s+and\s+(?:then\s+)?"
    r"(?:generates?|outputs?|produces?|returns?|predicts?)\s+(?P<output>[^.,\n]{3,80}))?",
    re.IGNORECASE,
)
_NAMED_LIST = re.compile(
    r"\b(?:[Dd]ata-?sets?|[Cc]orpora)\s(?:that\swere\s)?(?:used\s)?(?:for\s\w+\s)?(?:are|were|include|is|used)?"
    r"\s?:\s(?P<names>[^.\n]{3,300})"
)


def implied(front: dict[str, Any], document: Document, model_id: str | None) -> Iterator[Value]:
    """Values of task and language (only where the front matter has none), dataset, input and output format."""
    if (
        not any(front.get(key) for key in ("pipeline_tag", "task", "task_categories"))
        and not _task_tag(front)
        and (not _task_of_results(front))
    ):
        yield from _tasks(document)
    if not front.get("language") and not front.get("languages"):
        yield from _languages(document)
    yield from _datasets(document, model_id)
    yield from _announced(document)
    for number, block in enumerate(document.blocks[:-1]):
        following = document.blocks[number + 1]
        if block.kind == "text" and following.kind == "code" and (match := _FORM.search(block.text.rstrip())):
            field = "input_format" if match["side"].lower().startswith("in") else "output_format"
            raw = following.text.strip("`\n ")
            start = following.start + following.text.find(raw)
            yield Value(field, raw, raw, "sentence", 0.85, start=start, end=start + len(raw))
    for block in document.blocks:
        for match in _TAKES.finditer(block.text) if block.kind in ("text", "item") else ():
            for side in ("input", "output"):
                if match[side]:
                    start, end = block.start + match.start(side), block.start + match.end(side)
                    yield Value(f"{side}_format", match[side], match[side], "sentence", 0.75, start=start, end=end)


def _announced(document: Document) -> Iterator[Value]:
    """Items of a list that a sentence announces: languages, datasets."""
    sentence = ""
    for block in document.blocks:
        if block.kind == "text":
            text = block.text.rstrip(" \n*")
            sentence = re.split(r"(?<=[.!?])\s", text)[-1] if text.endswith(":") else ""
            sentence = "" if _OTHER_LIST.search(sentence) else sentence
        elif block.kind == "heading":
            sentence = ""
        elif block.kind == "item" and (found := _LISTED.findall(sentence)):
            raw = block.text.strip().lstrip("-*+•0123456789.) ").strip()
            start = block.start + block.text.find(raw)
            name = words.plain(re.split(r"[:(–]| - ", raw)[0]).strip(" .,")
            if code := words.language(name):
                if any(word.lower().startswith("lang") for word in found):
                    yield Value("language", code, raw, "pair", 0.8, start=start, end=start + len(raw))
            elif not found[-1].lower().startswith("lang") and _NAME.fullmatch(name):
                dataset = words.dataset(name)
                if dataset or _NAME_LIKE.search(name) or " " not in name or "following" in sentence:
                    role = "evaluation" if "evaluation" in kinds_of(document, block.section) else "train"
                    yield Value(
                        "dataset", dataset or name, raw, "pair", 0.75, role=role, start=start, end=start + len(raw)
                    )  # fmt: skip


_OTHER_LIST = re.compile(
    r"\bresults?\b|\b(?:information|fields?|columns?|features?|labels?|attributes?|classes|steps|statistics"
    r"|format|entities|models?)"
    r"\W*\Z", re.IGNORECASE,
)  # fmt: skip
_LISTED = re.compile(r"\b(languages?|corpus|corpora|data-?sets?)\b", re.IGNORECASE)
_NAME = re.compile(r"[A-Z\d][\w'./+-]*(?:\s[\w'./+()-]+){0,3}")
_NAME_LIKE = re.compile(r"\d|[a-z][A-Z]|\b[A-Z]{2,}\b|[A-Za-z]-[A-Z]")


def _task_tag(front: dict[str, Any]) -> bool:
    tags = front.get("tags")
    return isinstance(tags, list) and any(isinstance(tag, str) and words.task(tag) for tag in tags)


def _task_of_results(front: dict[str, Any]) -> bool:
    """Whether the model-index names a task that is known."""
    return any(value.field == "task" for value in declared(front))


def _tasks(document: Document) -> Iterator[Value]:
    """The task by the title, by what a sentence says, or by the code that runs the model: the first that speaks."""
    for block in document.blocks[:12]:
        if block.kind in ("heading", "text"):
            for match in _TASK_WORDS.finditer(block.text):
                before, after = block.text[: match.start()][-180:], block.text[match.end() : match.end() + 12]
                is_said = block.kind == "heading" or bool(_ABOUT.search(before) or _IS_MODEL.match(after))
                is_said = is_said or (match[0].endswith("model") and _IS_A.search(before) is not None)
                is_listed = _NOT_ITS_TASK.search(before)
                if is_said and not is_listed and (found := words.task(match[0])):
                    start = block.start + match.start()
                    yield Value("task", found[0], match[0], "sentence", 0.7, start=start, end=start + len(match[0]))
                    return
    for block in document.blocks:
        if block.kind == "code":
            for pattern in (_PIPELINE, _CLASS):
                for match in pattern.finditer(block.text):
                    name = match["task"] if pattern is _PIPELINE else _HEADS[match["head"]]
                    if found := words.task(name):
                        start = block.start + match.start()
                        yield Value("task", found[0], match[0], "code", 0.65, start=start, end=start + len(match[0]))
                        return


@cache
def _language_names() -> re.Pattern[str]:
    names = sorted({row["name"] for row in words.table("languages") if re.fullmatch(r"[A-Z][a-z]{3,15}", row["name"])})
    return re.compile(rf"\b({'|'.join(names)})\b")


def _languages(document: Document) -> Iterator[Value]:
    """Languages that the title names, or the first sentence that says for which one the model is."""
    headings = [block for block in document.blocks if block.kind == "heading"]
    first = [block for block in document.blocks[:3] if block.kind == "heading"]
    titles = (first + [block for block in headings if re.match(r"#\s|h1", block.text)])[:2]
    found = [(block, match, 0.75) for block in titles for match in _language_names().finditer(block.text)]
    for block in document.blocks[:8] if not found else ():
        if block.kind == "text" and not found:
            found = [
                (block, match, 0.65)
                for said in _SPOKEN.finditer(block.text)
                for match in _language_names().finditer(block.text, said.start(), said.end())
            ]
    for block, match, confidence in found[:6]:
        if code := words.language(match[0]):
            start = block.start + match.start()
            method = "title" if confidence > 0.7 else "sentence"
            yield Value("language", code, match[0], method, confidence, start=start, end=start + len(match[0]))


_SPOKEN = re.compile(
    r"\b[A-Z][a-z]{3,15}(?:\s?[-–/]\s?[A-Z][a-z]{3,15})?\s(?:bilingual\s)?(?:language\s)?(?:model|BERT|corpus"
    r"|corpora|texts?)\b"
    r"|\b(?:corpora|corpus|texts?|model|language|data|sentences|tasks) (?:of|in|for) (?:the )?[A-Z][a-z]{3,15}"
    r"(?: and [A-Z][a-z]{3,15})?\b"
)


_DATASET_HEAD = re.compile(
    r"(?:\w+ )?(?:data-?sets?|corpus|corpora)(?: names?| used)?|(?:audio|text|training) data", re.IGNORECASE
)
_MODELS = re.compile(r"\b(?:models?|identifier|checkpoint)\b", re.IGNORECASE)
_NOT_USED = re.compile(
    r"\b(?:not|never|removed?|exclud\w+|without|except|unlike|(?:by|in) contrast|as opposed|compared (?:to|with))\b",
    re.IGNORECASE,
)
_ONLY_NAMED = re.compile(
    r"[`*\]_)'\"]{0,3}(?:\([^)\s]*\))?\s?(?:[\d.]+\s)?(?:models?|checkpoints?|label\w*|annotation|format\w*"
    r"|style|standard|scheme|tokenizer)\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\W*(?:total|sum|all|average|avg|overall|train\w*|test|valid\w*|dev|n/?a|none|data-?sets?\Z|link\Z|here\Z"
    r"|download\Z)\b|[\W\d]*\Z",
    re.IGNORECASE,
)


_COUNTS = re.compile(
    r"#|\b(?:lines?|words?|char(?:acter)?s?|tokens?|size|examples?|samples?|hours?|sentences?|documents?"
    r"|utterances?|pairs"
    r"|images?|rows|number|num|count|tuples|instances|articles|gb|mb|duration|length|proportion|weight|share)\b",
    re.IGNORECASE,
)
_NO_DATA_HEAD = re.compile(
    r"split|language|statistic|label|class|tag|abbreviation|level|type|vocab|metric|step|epoch|feature|column"
    r"|field|model"
    r"|parameter|name of|value|categor|entity|domain|token|setting|version|rank|speaker|gender|year|date",
    re.IGNORECASE,
)


def _columns(block: Block, document: Document, is_training: bool, model_id: str | None) -> Iterator[Value]:
    """Tables that list the data of a training, or say in a column on what each model was trained."""
    heads = [words.plain(cell.text) for cell in block.rows[0]]
    column = next((at for at, head in enumerate(heads) if _DATASET_HEAD.fullmatch(head)), None)
    before = document.text[max(0, block.start - 300) : block.start]
    counts = any(map(_COUNTS.search, heads[1:]))
    if column is None and is_training and counts and not _NO_DATA_HEAD.search(heads[0]):
        column = 0
    if column == 0 and (is_training or counts or re.search(r"\btrain(?:ed|ing)?\b", before.rsplit("\n#", 1)[-1])):
        rows = list(block.rows[1:])
    elif column and "train" in heads[column].lower() + (" train" if "epochs" in map(words.fold, heads) else ""):
        rows = [block.rows[at + 1] for at in ours([row[0].text for row in block.rows[1:] if row], model_id)]
    elif column and is_training and not _MODELS.search(heads[0]):
        rows = list(block.rows[1:])
    else:
        return
    for row in rows:
        cell = row[column] if column < len(row) else None
        for part in re.split(r",|\band\b", cell.text) if cell and column else [cell.text] if cell else []:
            link = re.search(r"\[([^\]\n]{2,60})\]\(", part)
            name = link[1] if link else re.split(r"[(:]| - ", words.plain(part))[0].strip(" .")
            name = re.sub(
                r"[\s_-]+(?:train(?:ing)?|dev|test|validation|eval)(?:\sset)?\Z", "", name, flags=re.IGNORECASE
            )
            name = re.sub(r"\s*\(.*", "", name).strip()
            if not cell or not 1 < len(name) <= 60 or _NO_NAME.match(name) or len(name.split()) > 6:
                continue
            if words.language(name):
                continue
            dataset = words.dataset(name) or name
            start = cell.start + max(0, cell.text.find(name))
            yield Value(
                "dataset", dataset, name, "table", 0.8, role="train", start=start, end=start + len(name)
            )  # fmt: skip


def _datasets(document: Document, model_id: str | None) -> Iterator[Value]:
    """Well-known datasets in sections about data, or in a sentence about training."""
    for block in document.blocks:
        if block.kind not in ("text", "item", "table", "heading"):
            continue
        for match in _NAMED_LIST.finditer(block.text) if block.kind == "text" else ():
            for part in re.finditer(r"[A-Z][\w./-]*(?:\s[A-Z\d][\w./-]*){0,3}", match["names"]):
                start = block.start + match.start("names") + part.start()
                dataset = words.dataset(part[0]) or part[0]
                if words.language(part[0]):
                    continue
                yield Value(
                    "dataset", dataset, part[0], "sentence", 0.75, role="train", start=start, end=start + len(part[0])
                )
        about = kinds_of(document, block.section) & {"training_data", "evaluation"}
        if block.kind == "table" and block.rows:
            yield from _columns(block, document, "training_data" in about, model_id)
        if block.kind == "table" and "training_data" not in about:
            continue
        if not about and not re.search(r"train|tun", block.text, re.IGNORECASE):
            continue
        for start, end, name in known(block.text):
            before = block.text[max(0, start - 160) : start]
            sentence = re.split(r"(?<=[.!?])\s", before)[-1]
            if (
                _NOT_USED.search(sentence)
                or _ONLY_NAMED.match(block.text[end : end + 80])
                or re.match(r"[^.,;]{0,30}\b(?:removed|excluded)\b", block.text[end : end + 60])
            ):
                continue
            trained = re.search(r"\b(?:pre-?train|fine-?tun|train)(?:ed|ing)?\b", sentence, re.IGNORECASE)
            if not (
                ("training_data" in about and block.kind != "heading")
                or trained
                or (
                    "evaluation" in about
                    and block.kind != "heading"
                    and re.search(r"\b(on|evaluat\w+|test)\b", sentence, re.IGNORECASE)
                )
            ):
                continue
            role = "train" if "training_data" in about or trained else "evaluation"
            yield Value(
                "dataset", name, block.text[start:end], "name", 0.7, role=role,
                start=block.start + start, end=block.start + end,
            )  # fmt: skip
