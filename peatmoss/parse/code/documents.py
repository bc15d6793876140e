"""What texts say of models: links, samples and commands in Markdown and comments; lists of names in plain files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peatmoss.parse.code import config, names, shell
from peatmoss.parse.code.usage import CONFIDENCE, Found, Value

MAX_MENTIONS = 2_000
MAX_LIST = 3_000
MAX_TEXT = 200_000
_QUOTED = re.compile(r"[\"']([^\"'\n]{2,150})[\"']")
_SAMPLE = re.compile(
    r"(?:from_pretrained|SentenceTransformer|CrossEncoder|snapshot_download|hf_hub_download|InferenceClient|load_lora_weights)"
    r"\(\s*(?:\w+\s*=\s*)?[\"'](?P<id>[^\"'\n]{2,150})[\"']|pipeline\([^)\n]{0,120}?model\s*=\s*[\"'](?P<model>[^\"'\n]{2,150})[\"']"
)  # fmt: skip
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|mp4|wav|mp3|md|pdf)(?:\?.*)?$", re.IGNORECASE)
_KEY = re.compile(
    r"^[ \t-]*[\w-]*(?:model|repo_id|tokenizer)[\w-]*[\"']?[ \t]*[:=][ \t]*[\"']?(?P<id>[\w.-]+/[\w.-]+)", re.MULTILINE
)


def mentions(path: str, text: str) -> Iterator[Found]:
    """Models that a document names. None of them is a use."""
    seen: set[tuple[int, str]] = set()
    for count, (offset, library, call, argument) in enumerate(_mentions(text)):
        if count >= MAX_MENTIONS:
            return
        line = text.count("\n", 0, offset) + 1
        name = names.name_of("hf", argument, library)
        if name is None or name.hub != "hf" or (line, name.model_id) in seen:
            continue
        seen.add((line, name.model_id))
        value = Value(argument, path, line, "url" if call == "link" else "command", 0.9)
        yield Found(path, line, library, call, "mention", "hf", argument, value, is_used=False)
    for found in shell.find(
        path,
        ((number, line) for number, line in shell.joined(text) if "--" in line or "spacy" in line or "ollama" in line),
    ):
        yield found._replace(role="mention", is_used=False)


def _mentions(text: str) -> Iterator[tuple[int, str | None, str, str]]:
    for offset, name in names.hub_urls(text):
        yield offset, None, "link", name.model_id
    for match in _SAMPLE.finditer(text):
        call = match[0].split("(", 1)[0]
        library = "sentence_transformers" if call in ("SentenceTransformer", "CrossEncoder") else "transformers"
        yield match.start(), library, call, match["id"] or match["model"]
    for match in _KEY.finditer(text):
        yield match.start("id"), None, "setting", match["id"]


def front_matter(path: str, text: str) -> Iterator[Found]:
    """The head of a Space's README: models that it preloads."""
    if not text.startswith("---"):
        return
    end = text.find("\n---", 3)
    if end < 0:
        return
    for entry in config.entries("head.yaml", text[:end]):
        words = entry.text.split()
        if entry.key in ("models", "preload_from_hub", "base_model") and words and names.is_id(words[0]):
            is_loaded = entry.key == "preload_from_hub"
            role = "load" if is_loaded else "provenance" if entry.key == "base_model" else "mention"
            value = Value(words[0], path, entry.line, "config", CONFIDENCE["config"])
            revision = next((word for word in words[1:] if re.fullmatch(r"[0-9a-f]{40}", word)), None)
            yield Found(path, entry.line, None, entry.key, role, "hf", entry.text, value, revision, is_used=is_loaded)


def addresses(path: str, text: str) -> Iterator[Found]:
    """Hub addresses in code: a file that is fetched, or a mere mention."""
    lines = text.split("\n")
    for count, (offset, name) in enumerate(names.hub_urls(text)):
        if count >= MAX_MENTIONS:
            return
        number = text.count("\n", 0, offset)
        line = lines[number].lstrip()
        rest = text[offset : offset + 300].split("\n")[0]
        is_picture = _PICTURE.search(re.split(r"[\s\"'`)>]", rest)[0]) is not None
        is_file = (not is_picture and "/resolve/" in rest.split('"')[0].split("'")[0]) or "/raw/" in rest.split('"')[0]
        is_remote = "inference.huggingface.co/" in rest or "/hf-inference/" in rest
        is_used = (is_file or is_remote) and not line.startswith(("#", "//", "*", "<!--", "--"))
        value = Value(name.model_id, path, number + 1, "url", 0.85)
        yield Found(
            path,
            number + 1,
            None,
            "address",
            "remote" if is_used and is_remote else "load" if is_used else "mention",
            "hf",
            rest.split()[0][:150],
            value,
            name.revision,
            is_used=is_used,
        )


def list_file(path: str, text: str) -> Iterator[Found]:
    """A plain file of which most lines, or most texts of the one list it holds, are names of models."""
    lines = text.split("\n")
    if text.lstrip()[:1] == "[":
        rows = [(text.count("\n", 0, match.start()) + 1, match[1]) for match in _QUOTED.finditer(text[:MAX_TEXT])]
    else:
        rows = [
            (number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()[:1] not in ("", "#")
        ]
    if not rows or len(rows) > MAX_LIST:
        return
    files = [(number, line) for number, line in rows if names.is_hub_file(line)]
    if files:  # addresses to be fetched, with the options of a downloader or other addresses between them
        for number, line in files:
            yield Found(path, number, None, "list", "load", "hf", line, Value(line, path, number, "url", 0.85))
        return
    hits = [(number, line) for number, line in rows if names.is_likely_id(line) or names.is_legacy(line)]
    if len(hits) * 10 < len(rows) * 7:
        return
    for number, line in hits:
        value = Value(line, path, number, "list_file", CONFIDENCE["list_file"])
        yield Found(path, number, None, "list", "load", "hf", line, value)
