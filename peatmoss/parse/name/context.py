"""What neighbours say about a piece of a name: numbers, single letters, codes of languages, words with two meanings."""

from __future__ import annotations

import re

from peatmoss.parse.name.lexicon import Word, language_codes

Piece = tuple[int, int, Word, bool]


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


RESOLUTIONS = _set("""
    96 112 128 160 192 196 224 240 256 260 272 288 299 300 320 331 336 378 380 384 392 416 448 456 475 480 512 518 513
    528 560 576 600 640 672 704 768 800 896 960 1024 1080 1280 1536 2048 4096 8192 16384
""")
CODES_ANYWHERE = _set("""
    en de fr es zh ja ko ru ar pt nl pl tr vi cs sv hu ro uk bg fa th el he hi bn ta te ur ml mr gl eu
""")
"""Codes of languages that are hardly anything else in a name."""
CODES_FIRST = _set("""
    nb nn da fi et lv lt sl sk hr sr ca ga cy mk sq hy az uz kk ka gu kn km ne sw af
""")
"""Codes of languages that are one at the head of a name, before a family: nb-bert."""
CODES_NEVER = _set("""
    ai ml la so am be as or if is no me my id us it to he an st si pi os sc ms ab co de-id pa sd se ii io
    mt rw sw wo kl bs bi bm ce ss ts kv kg ki sh tl tt ff nr cr ie ia lb ln mg mh mi ht cu hr ho ch kr
""")
"""Codes that are also words or models: languages only beside another code, or in models made for each language."""
_SPEAKS = re.compile(r"whisper|wav2vec|xls-?r|mms-|opus-mt|nllb|m2m|mbart|stanza|wikibert|lang-sft", re.IGNORECASE)
"""Models that are made for each language anew."""
_IN_CODES = re.compile(r"opus-mt[-_]|mms-tts-", re.IGNORECASE)
"""Models whose names state languages in ISO 639-3."""
_DEPTH = _set("""
    resnet resnext densenet vgg wide-resnet seresnet resnetv2 regnet regnetx regnety resnest res2net dla darknet hrnet
    bit convit
""")
_NUMBER_OF = {
    "l": ("N", "layers"), "h": ("H", "hidden_size"), "a": ("H", "heads"), "v": ("V", "version"),
    "ver": ("V", "version"),
    "version": ("V", "version"), "seed": ("C", "characteristic"), "k": ("C", "characteristic"), "step": ("O", "other"),
    "steps": ("O", "other"), "epoch": ("O", "other"), "epochs": ("O", "other"),
}  # fmt: skip
"""What a number after one of these words is."""
_SIZE_LETTERS = frozenset({"b", "l", "s", "m", "h", "g", "t", "ti", "n", "x"})


_SUBJECT = Word("T", "subject", "")
_CONNECTIVES = _set("""
    and of in the for with on to from by or a
""")
_SUPERB = {
    "pr": "automatic-speech-recognition", "ks": "audio-classification", "ic": "audio-classification",
    "si": "audio-classification", "sv": "audio-classification", "sd": "audio-classification",
    "er": "audio-classification", "sf": "automatic-speech-recognition",
}  # fmt: skip
"""Tasks of the SUPERB benchmark as models name them behind its name."""
_EITHER = frozenset({"it", "ti", "mr", "sr", "ml", "no", "my", "lg", "kr", "ch"})
"""Known words of more than one letter with two meanings."""


def settle(text: str, pieces: list[Piece]) -> list[Piece]:
    """The pieces with every word decided, in place: those to the left of a piece are decided before it."""
    last = len(pieces) - 1
    for place, (start, end, word, sure) in enumerate(pieces):
        length = end - start
        if (length < 4 and (not sure or length == 1 or text[start:end].lower() in _EITHER)) or word.element == "number":
            before = pieces[place - 1] if place else None
            after = pieces[place + 1] if place < last else None
            word = _decide(text, text[start:end].lower(), word, sure, before, after, place, last)
            pieces[place] = (start, end, word, sure)
        if length < 4 and text[start] in "tT" and place and pieces[place - 1][2].value.startswith("esm"):
            pieces[place] = (start, end, Word("N", "layers", ""), True)  # esm2_t33_650M
    return _line(_described(text, pieces))


def _decide(
    text: str, lower: str, word: Word, sure: bool, before: Piece | None, after: Piece | None, place: int, last: int
) -> Word:
    if lower.isdecimal():
        return _number(text, lower, before)
    if lower[0] == "a" and lower[1:].isdecimal() and before is not None and before[2].code in "NH":
        return Word("H", "heads", lower)  # L12-H768-A12
    if word.element == "other" and not sure and lower != "it":
        if lower in language_codes():
            return _code(text, lower, word, before, after, place, last)
        if len(lower) == 3 and lower.isalpha() and _IN_CODES.search(text):
            return Word("L", "language", lower)
    if lower == "it":
        size_before = (
            before is not None and before[2].code in "PA" and before[2].value.startswith(("gemma", "medgemma"))
        ) or (before is not None and before[2].code == "P")
        return (
            Word("T", "task", "text-generation")
            if size_before
            else _code(text, lower, Word("O", "other", ""), before, after, place, last)
        )
    if sure and lower in language_codes():
        return Word("L", "language", language_codes()[lower]) if place > 0 and _SPEAKS.search(text) else word
    if len(lower) == 1 or lower == "ti":
        following = text[after[0] : after[1]] if after else ""
        if following.isdecimal() and lower in _NUMBER_OF:
            if lower == "l" and before and before[2].value in ("vit", "clip"):
                return Word("S", "size", lower)
            return Word(*_NUMBER_OF[lower], "")
        if lower in _SIZE_LETTERS and before and before[2].code == "A":
            return Word("S", "size", lower)
    return word


def _number(text: str, digits: str, before: Piece | None) -> Word:
    previous = text[before[0] : before[1]].lower() if before else ""
    value = int(digits) if len(digits) < 10 else 10**9
    if (
        previous in _NUMBER_OF
        and before
        and (before[2].code in "NHV" or previous in ("step", "epoch", "epochs", "steps", "seed"))
    ):
        code, element = _NUMBER_OF[previous]
        return Word(code, element, digits)
    if before and before[2].code == "A" and before[2].value in _DEPTH and value < 1300:
        return Word("S", "size", digits)
    if len(digits) >= 7:
        return Word("O", "number", digits)
    if before and before[2].code == "S" and len(previous) <= 2 and digits in ("8", "14", "16", "32"):
        return Word("C", "patch", digits)
    if before and before[1] < len(text) and text[before[1]] == "." and before[2].code == "A" and previous.isalpha():
        return Word("A", "version", digits)  # FLUX.1
    if digits in RESOLUTIONS and digits != "96":
        return Word("C", "resolution", digits)
    if before and before[2].code == "D":
        return Word("D", "dataset", digits)
    if before and previous in _NUMBER_OF and before[2].code == "O":
        return Word("O", "other", digits)
    if not before or (len(digits) > 1 and before[2].code == "O" and before[2].element in ("other", "number", "hash")):
        return Word("O", "number", digits)  # what it counts is not said
    return Word("V", "version", digits)


def _is_code(text: str, piece: Piece | None) -> bool:
    if piece is None or piece[2].code == "L":
        return piece is not None
    return piece[1] - piece[0] == 2 and text[piece[0] : piece[1]].lower() in language_codes()


def _code(text: str, lower: str, word: Word, before: Piece | None, after: Piece | None, place: int, last: int) -> Word:
    """A code of a language where its place says so: beside another code, or at the end of the description."""
    language = Word("L", "language", language_codes()[lower])
    if place == 0 and lower in CODES_FIRST and after is not None and after[2].element == "architecture":
        return language
    if before is not None and before[2].value == "superb" and lower in _SUPERB:
        return Word("T", "task", _SUPERB[lower])
    if lower in CODES_ANYWHERE and (place > 0 or last > 0):
        return language
    if place > 0 and (_is_code(text, before) or _is_code(text, after) or _SPEAKS.search(text)):
        return language
    if before is not None and before[2].value in ("text-to-speech", "automatic-speech-recognition") and place == last:
        return language
    if len(lower) == 3 or lower in CODES_NEVER:
        last_word = place == last and lower in ("it", "no", "id", "is", "pa")
        return language if last_word and before is not None and before[2].code in "TSWFD" else word
    return language if place > 0 and before is not None and before[2].code in "ASTVCWFPLDR" else word


def _described(text: str, pieces: list[Piece]) -> list[Piece]:
    """Unknown words that a neighbour explains, and the small words between two pieces of one kind.

    What comes right before a task is its subject (fake news detection); words tied by `_` to a data set are what is
    asked of it (wiki_qa_found_on_google, the templates of FLAN).
    """
    for place in range(len(pieces) - 2, 0, -1):
        start, end, word, sure = pieces[place]
        following = pieces[place + 1][2]
        if (
            not sure
            and _is_unknown(word)
            and end - start > 2
            and following.code == "T"
            and following.element != "subject"
        ):
            pieces[place] = (start, end, _SUBJECT, False)
        elif following.code in "TD" and word.code == "O" and text[start:end].lower() in _CONNECTIVES:
            before = pieces[place - 1][2]
            if before.code == following.code:
                is_task = before.element == following.element == "modality" and text[start:end].lower() == "to"
                joined = Word("T", "task", "") if is_task else following._replace(element="subject", value="")
                pieces[place] = (start, end, joined if following.code == "T" else following, False)
    if text.count("_") < 3:
        return pieces
    question = False
    for place, (start, end, word, sure) in enumerate(pieces):
        question = question and word.code in "OTDLV" and text[start - 1 : start] == "_"
        if question and word.code == "O" and word.element == "other":
            pieces[place] = (start, end, _SUBJECT, sure)
        question |= word.code == "D"
    return pieces


def _is_unknown(word: Word) -> bool:
    return word.code == "O" and word.element == "other" and not word.value


def _line(pieces: list[Piece]) -> list[Piece]:
    """An unknown word at the head of a name that states a size or a version is the name of a line of models.

    Two words are if parameters are counted and no family is named; three or more are a title. So is a data set at the
    head where parameters are counted (RedPajama-7B): a line is often named after its data.
    """
    counted = any(word.code == "P" for _, _, word, _ in pieces)
    if counted and not any(word.code == "F" for _, _, word, _ in pieces):
        place = next((place for place, piece in enumerate(pieces) if piece[2].code not in "LSM"), 0)
        if pieces[place][2].code == "D":
            pieces[place] = (*pieces[place][:2], Word("A", "line", ""), False)
            return pieces
    if not pieces or pieces[0][3] or not _is_unknown(pieces[0][2]):
        return pieces
    stated = any(word.code in "PS" or (word.element == "version" and sure) for _, _, word, sure in pieces[1:])
    if not stated:
        return pieces
    run = next((place for place, piece in enumerate(pieces) if piece[3] or not _is_unknown(piece[2])), len(pieces))
    if run > 2:
        return pieces
    has_family = any(word.element == "architecture" or word.code == "A" for _, _, word, _ in pieces)
    for place in range(run if counted and not has_family else 1):
        start, end, _, _ = pieces[place]
        if end - start >= 3:
            pieces[place] = (start, end, Word("A", "line", ""), False)
    return pieces
