"""One token of a name -> what it stands for by itself: lexicon, number forms, compounds. Pure, and remembered."""

from __future__ import annotations

import re
from functools import lru_cache

from peatmoss.parse.name.lexicon import Word, families, words

TOKEN = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![^\W_])|(?:lr)?\d+(?:\.\d+)?e-\d{1,2}(?![^\W_])|(?:i1-)?i?q\d+_(?:k|\d+)(?:_(?:xxs|xs|s|m|l|xl|nl|p))?(?![^\W_])|q\df\d\d_\d(?![^\W_])|[^\W_]+(?:(?<=\d)\.(?=\d)[^\W_]+)*",
    re.IGNORECASE,
)
"""A run of letters and digits; points between digits belong to it, and so do the parts of Q4_K_M, 1e-05, a UUID."""

OTHER = Word("O", "other", "")
_FORMS = (
        (r"\d+x\d+(?:\.\d+)?[bm]x?\d*", "P", "moe"),
        (r"\d+bx\d+", "P", "moe"),
        (r"a\d+(?:\.\d+)?[bm]", "P", "active_parameters"),
        (r"e\d+b", "P", "parameters"),
        (r"\d+(?:\.\d+)?(?:b|m|t|bn|mn|mm|mb|gb|bil|bill|mil)", "P", "parameters"),
        (r"\d+[bm]\d", "P", "parameters"),
        (r"i?q\d+(?:_.*)?", "C", "quantization"),
        (r"q\df\d+(?:_\d)?", "C", "quantization"),
        (r"w\d+a\d+(?:kv\d+)?", "C", "precision"),
        (r"b?fp?\d{1,2}", "C", "precision"),
        (r"[qu]?int\d{1,2}", "C", "precision"),
        (r"\d{1,2}(?:\.\d+)?(?:bit|bits|bpw)", "C", "precision"),
        (r"g(?:32|64|128)|(?:32|64|128)g|gs\d+", "C", "quantization"),
        (r"\d+(?:epochs?|eps?)|(?:epoch|step|ckpt|checkpoint|rank)\d+|r(?:8|16|32|64|128|256)", "C", "characteristic"),
        (r"v\d+(?:[._]\d+)*[a-z]?|ver\d+(?:\.\d+)*|rev\d+", "V", "version"),
        (r"[ro]\d{1,2}|rc\d+|beta\d+|alpha\d+|m\d|t\d|pre\d+|iter\d+|gen\d+", "V", "version"),
        (r"\d{1,2}(?:\.\d+)+[a-z]?", "V", "version"),
        (r"stage\d", "V", "version"),
        (r"l\d{1,2}|\d{1,2}l|\d+layers?|nl\d{1,2}", "N", "layers"),
        (r"[de]l\d{1,2}", "N", "half_layers"),
        (r"h\d{2,4}", "H", "hidden_size"),
        (r"\d+heads?", "H", "heads"),
        (r"b\d", "S", "size"),
        (r"patch\d+|window\d+|win\d+", "C", "patch"),
        (r"\d+x\d+(?:px)?|\d+px|\d{3,4}[phwx]|x\d+|f\d+c\d+", "C", "resolution"),
        (r"\d+(?:\.\d+)?k?hz|\d+spk|\d+band|\d+fps|\d+steps?|\d+frames?", "C", "characteristic"),
        (r"\d+(?:\.\d+)?k", "C", "context_length"),
        (r"\d{1,3}e", "C", "experts"),
        (r"\d+h|s\d+b|b\d+k|e\d+|lr\d+(?:e\d*)?|(?:lr)?[\d.]+e-\d{1,2}|bs\d+|ep\d+|seed\d+", "C", "characteristic"),
        (r"i\d", "V", "quantization"),
        (r"f[cb]?in\d+k|in\d+k\w*|ls\d+h?|squad\w*|imagenet\w*|laion\w*|datacomp\w*", "D", "dataset"),
        (r"cifar\d+|coco\d+|wikitext\w*|msmarco\w*", "D", "dataset"),
        (r"[0-9a-f]{7,40}(?<!\d{7})|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "O", "hash"),
)  # fmt: skip
"""What a token of a certain form is, the first that fits."""
_FORM = re.compile("|".join(rf"({pattern})\Z" for pattern, _, _ in _FORMS))
_TASK_WORDS = """
classification classifier detection detector recognition recognizer generation generator generate
summarization summarizer summary translation translator translate segmentation captioning estimation
prediction predictor retrieval retriever similarity forecasting embedding embeddings tagger parser analysis
analyzer sentiment chatbot chat answering answer reranker identification determinator instruct coder encoder
tts asr vqa qa zeroshot moderator moderation extractor extraction reasoner reasoning completion inpainting
upscaler
"""
_FAMILY_WORDS = """
berta bert bart gpt llama electra clip vit gan llm vlm lm lmm t5 net netv former formers formerv mistral
mixtral qwen gemma mamba whisper wav2vec diffusion falcon alpaca vicuna llava phi moe vae rnn detr nerf yolo
xlm sdxl gptj bloom rwkv hermes resnet swin roberta opt vqgan nllb bigbird pegasus convnext siglip dino
"""
_FAMILY_HEADS = """
bert roberta distilbert gpt llama qwen gemma mistral mixtral yolo resnet vit clip whisper wav2vec t5 bart phi3
phi2 deepseek falcon flux sdxl llava diffusion
"""
_INSIDE = re.compile(r"roberta|distilbert|llama|mistral|mixtral|qwen|gemma|whisper|wav2vec|deepseek|resnet")
_INSIDE_AS_WRITTEN = re.compile(r"BERT|GPT|LLM|LLaMA|DETR|YOLO")
"""Families that are one wherever they stand in a token."""
_FROM_TO = re.compile(
    r"(?:text|txt|img|image|speech|audio|video|voice|sketch|code|graph|table|pdf|html|prompt|tags?|music|data|doc|query)"
    r"(?:2|to)[a-z]{3,}\Z"
)
"""What goes in and what comes out (text2tags) is a task."""
_TASK_ENDS, _FAMILY_ENDS = tuple(_TASK_WORDS.split()), tuple(_FAMILY_WORDS.split())
_FAMILY_STARTS = tuple(_FAMILY_HEADS.split())
_NOT_FAMILIES = """
alm elm film calm realm helm palm internet cabinet planet magnet sonnet bonnet adopt former performer subnet
ethernet hornet garnet carnet intranet telnet
"""
_NO_FAMILY = frozenset(_NOT_FAMILIES.split())
_CAMEL = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|\d+")
_DIGITS_END = re.compile(r"(?<=[a-z])v?\d+(?:\.\d+)*[a-z]?\Z")
_CLASS = re.compile(r"([A-Z][A-Za-z0-9]+?)(?:For|LMHead)([A-Z]\w+)\Z")
_POINTED = re.compile(r"([A-Za-z]{2,})(\d+(?:\.\d+)+)\Z")
_COUNTED = re.compile(r"([A-Za-z]{3,}(?:\d\.\d)?)-?(\d{1,3}(?:\.\d+)?[bBM])\Z")
_VERSIONED = re.compile(r"([A-Za-z]{2,})([vV]\d+(?:\.\d+)*)\Z")
_RANK = {code: place for place, code in enumerate("TADLFWSCRM")}


@lru_cache(maxsize=1 << 16)
def classify(token: str) -> tuple[Word, bool]:
    """What a token stands for, and whether that is sure (a word of the lexicon, a form) or a guess from its parts."""
    lower = token.lower()
    if found := words().get(lower):
        return found, True
    if form := _FORM.match(lower):
        _, code, element = _FORMS[(form.lastindex or 1) - 1]
        return Word(code, element, lower), True
    stem = _DIGITS_END.sub("", lower)
    if stem != lower and (found := words().get(stem)) and (found.code in "ADFLT" or found.element == "format"):
        return (Word("A", "architecture", lower) if stem in families() else found), True
    return _compound(token, lower), False


@lru_cache(maxsize=1 << 18)
def look(token: str) -> tuple[tuple[int, Word, bool], ...]:
    """The words of a token, mostly one: (length, word, whether that is sure)."""
    return tuple((length, word, True) for length, word in _halves(token)) or ((len(token), *classify(token)),)


def _halves(token: str) -> tuple[tuple[int, Word], ...]:
    """A token that is two words in one: a class (BertForMaskedLM), or an unknown word with its version (mixv3)."""
    if match := _CLASS.match(token):
        return (len(match[1]), Word("A", "architecture", match[1].lower())), (
            len(token) - len(match[1]),
            Word("T", "task", _task_of(match[2].lower())),
        )
    if (match := _POINTED.match(token)) and match[1].lower() in families():
        return (len(match[1]), Word("A", "architecture", token.lower())), (
            len(token) - len(match[1]),
            Word("V", "version", match[2]),
        )
    if (match := _COUNTED.match(token)) and _counts(stem := match[1].lower()):
        return (len(match[1]), Word("A", "architecture", stem)), (
            len(token) - len(match[1]),
            Word("P", "parameters", match[2].lower()),
        )
    if (match := _VERSIONED.match(token)) and classify(token)[0].code == "O":
        word, _ = classify(token[: len(match[1])])
        return (len(match[1]), word), (len(token) - len(match[1]), Word("V", "version", match[2]))
    return ()


def _counts(stem: str) -> bool:
    """Whether a family's members are told by their parameters; in vovnet19b the number and letter are a name."""
    family = families().get(stem)
    return family is not None and bool(family.model_types) and not stem.endswith("net")


def _compound(token: str, lower: str) -> Word:
    if lower.isdecimal():
        return Word("V", "number", lower)
    parts = [part for part in _CAMEL.findall(token) if len(part) > 1]
    known = (
        [found for part in parts if len(part) > 2 and (found := words().get(part.lower()))] if len(parts) > 1 else []
    )
    joined = words().get("-".join(part.lower() for part in parts)) if len(parts) > 1 else None
    if joined:
        return joined
    if len(lower) > 5 and lower.endswith(_TASK_ENDS) and not any(word.code == "A" for word in known):
        return Word("T", "task", _task_of(lower))
    if lower.rstrip("0123456789") not in _NO_FAMILY and _sounds_like_family(token, lower):
        return Word("A", "architecture", lower)
    if _FROM_TO.match(lower):
        return Word("T", "task", _task_of(lower))
    useful = [word for word in known if word.code in _RANK]
    if useful and (len(useful) == len(parts) or useful[0].code in "AT"):
        return min(useful, key=lambda word: _RANK[word.code])
    if 8 <= len(lower) <= 40 and lower.isalpha() and (split := _split(lower)):
        return min(split, key=lambda word: _RANK.get(word.code, 99))
    return OTHER


def _sounds_like_family(token: str, lower: str) -> bool:
    bare = lower.rstrip("0123456789")
    return (
        lower.endswith(_FAMILY_ENDS)
        or bare.endswith(_FAMILY_ENDS)
        or (len(lower) > 5 and lower.startswith(_FAMILY_STARTS))
        or _INSIDE.search(lower) is not None
        or _INSIDE_AS_WRITTEN.search(token) is not None
    )


def _task_of(lower: str) -> str:
    """The hub's task that the longest known ending names; empty if none does."""
    for start in range(1, len(lower) - 4):
        if (found := words().get(lower[start:])) and found.code == "T":
            return found.value
    return ""


def _split(lower: str) -> list[Word]:
    """Known words of at least four letters that together make up the whole, or nothing."""
    best: list[list[Word] | None] = [None] * (len(lower) + 1)
    best[0] = []
    for end in range(4, len(lower) + 1):
        for start in range(max(0, end - 20), end - 3):
            before = best[start]
            if before is not None and (found := words().get(lower[start:end])) and best[end] is None:
                best[end] = [*before, found]
    return best[-1] or []
