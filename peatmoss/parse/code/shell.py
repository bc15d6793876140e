"""Command lines (scripts, Dockerfiles, Makefiles, workflows, notebook shell lines) that name models."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from peatmoss.parse.code import names
from peatmoss.parse.code.python_scopes import MODEL_WORD
from peatmoss.parse.code.usage import CONFIDENCE, Found, Value

MAX_LINES = 40_000
MAX_LINE = 8_000
_FLAG = re.compile(
    r"(?<![\w-])--?(?P<flag>[a-z][\w-]{1,50})(?:[ \t=]+|[\"'][ \t]*,[ \t]*[\"'])(?P<quote>[\"']?)(?P<v"
    r"alue>[^\s\"',;|&]+)(?P=quote)"
)
_COMMANDS = (
    (re.compile(r"\bvllm\s+serve\s+(?:--?\S+\s+)*?[\"']?(?P<id>[\w.-]+/[\w.-]+)"), "vllm", "vllm serve", "serve", "hf"),
    (re.compile(r"\bollama\s+(?:pull|run)\s+[\"']?(?P<id>[\w./:-]+)"), "ollama", "ollama pull", "serve", "ollama"),
    (re.compile(
        r"\bdocker\s+model\s+(?:pull|run)\s+[\"']?(?P<id>hf\.co/[\w./:-]+)"
    ), "docker", "docker model", "serve", "ollama"),
    (re.compile(
        r"\b(?:huggingface-cli|hf)\s+download\s+(?!.*--repo-type[ =](?:dataset|space))(?:--?\S+\s+)*?[\"']"
        r"?(?P<id>[\w.-]+(?:/[\w.-]+)?)"
    ),
     "huggingface_hub", "hf download", "load", "hf"),
    (re.compile(
        r"\bspacy[\"',\s]+download[\"',\s]+(?:--?\w+[\"',\s]+)*(?P<id>[a-z]{2}(?:_\w+)?)(?=[\s\"',;&|)]|$)"
    ), "spacy", "spacy download", "load", "spacy"),
    (re.compile(
        r"\b(?:lmdeploy\s+serve\s+\w+|litgpt\s+download|mlx_lm\.\w+)\s+[\"']?(?P<id>[\w.-]+/[\w.-]+)"
    ), "lmdeploy", "lmdeploy serve", "serve", "hf"),
    (re.compile(
        r"(?<![\w-])(?:-hf|--hf-repo|-hfr|-hfv)[ =]+[\"']?(?P<id>[\w.-]+/[\w.:-]+)"
    ), "llama.cpp", "llama -hf", "serve", "hf"),
    (re.compile(r"\bpretrained=(?P<id>[\w.-]+(?:/[\w.-]+)?)"), "lm_eval", "lm_eval --model_args", "load", "hf"),
    (re.compile(r"stanza\.download\(\\?[\"'](?P<id>\w+)"), "stanza", "stanza.download", "load", "stanza"),
)  # fmt: skip
_WEIGHTS = re.compile(
    r"https?://[^\s\"'<>)|;]+?\.(?:pth?|bin|weights|ckpt|h5|onnx|gguf|ggml|safetensors|caffemodel|tflite|pkl|npz)(?=[\s\"'?;)|]|$)"
)
_FETCH = re.compile(r"\b(?:wget|curl|aria2c|gdown|git\s+clone|git\s+lfs|axel|ADD)\b")
_ASSIGN = re.compile(
    r"(?:^|[\s;])(?:export\s+|local\s+|readonly\s+|ENV\s+|ARG\s+)?(?P<name>[A-Za-z_]\w*)\s*[:?]?=\s*(?P<value>\([^)]*\)|\"[^\"]*\"|'[^']*'|\S+)"
)
_LOOP = re.compile(r"\bfor\s+(?P<name>\w+)\s+in\s+(?P<value>[^;#]+)")
_DEFAULT = re.compile(r"\$\{?\w+:[-=]([^}]+)\}")
_SERVERS = re.compile(
    r"vllm|sglang|text-generation-launcher|text-embeddings-router|tgi|lmdeploy|llama-server|infinity_emb|api_server|serve|openllm|xinference"
)
_TRAINING = re.compile(
    r"train|finetun|fine_tun|fine-tun|\bsft\b|\bdpo\b|\bgrpo\b|run_(?:glue|mlm|clm|qa|ner|squad|summarization)|axolotl|llamafactory"
)
_SPACY_WHEEL = re.compile(
    r"(?:spacy-models/releases/download/|(?<![\w-]))(?P<name>[a-z]{2}[_-](?:core|dep|ent)[_-]\w+[_-](?:sm|md|lg|trf))(?:-(?P<version>\d[\w.]*?)(?:/|\.tar|-py3|$)|\s*(?:==|@|>=|~=)\s*(?P<pin>\d[\w.]*)?)"
)


def joined(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a script with what continues them, comments left out: (number of the first line, text)."""
    start, parts = 0, ""
    for number, line in enumerate(text.split("\n")[:MAX_LINES], start=1):
        if len(line) > MAX_LINE:
            continue
        if not parts and line.lstrip().startswith(("#", "REM ", "::", "//")):
            continue
        start = start if parts else number
        if line.rstrip().endswith("\\") and len(parts) < MAX_LINE:
            parts += line.rstrip()[:-1] + " \x1f"
            continue
        yield start, parts + line
        parts = ""
    if parts:
        yield start, parts


def find(path: str, lines: Iterable[tuple[int, str]]) -> Iterator[Found]:
    """The models that command lines name."""
    for number, line in lines:
        if "/" not in line and "-" not in line and "spacy" not in line and ":" not in line:
            continue
        yield from _line(path, number, line)


def _line(path: str, number: int, line: str) -> Iterator[Found]:
    def at(offset: int) -> int:
        return number + line.count("\x1f", 0, offset)

    def found(
        offset: int,
        library: str | None,
        call: str,
        role: str,
        hub: str,
        text: str,
        method: str = "command",
        revision: str | None = None,
    ) -> Found:
        value = Value(text, path, at(offset), method, CONFIDENCE[method])
        return Found(path, at(offset), library, call, role, hub, text, value, revision)

    role = "serve" if _SERVERS.search(line) else "finetune" if _TRAINING.search(line) else "load"
    for pattern, library, call, what, hub in _COMMANDS:
        for match in pattern.finditer(line):
            text = match["id"]
            if hub != "hf" or names.is_id(text.split(":")[0]) or names.is_legacy(text):
                yield found(match.start("id"), library, call, what, hub, text, revision=_revision(line))
    for match in _FLAG.finditer(line):
        flag, text = match["flag"], match["value"]
        if (
            not MODEL_WORD.search(flag)
            or re.search(r"(?:dir|type|file|class|output\w*|out)$", flag)
            or "dataset" in flag
            or flag.startswith("served")
        ):
            continue
        inner = _DEFAULT.search(text)
        text = inner[1] if inner else text
        if names.is_id(text) or names.is_legacy(text):
            what = "tokenizer" if "tokenizer" in flag else "adapter" if re.search("lora|adapter", flag) else role
            yield found(match.start("value"), None, f"--{flag}", what, "hf", text, revision=_revision(line))
    for offset, name in names.hub_urls(line):
        if _FETCH.search(line):
            yield found(
                offset,
                "git" if "clone" in line else "download",
                "download",
                "load",
                "hf",
                name.model_id,
                "url",
                name.revision,
            )
    if _FETCH.search(line):
        for match in _WEIGHTS.finditer(line):
            if "huggingface.co" not in match[0]:
                yield found(match.start(), "download", "download", "load", "url", match[0], "url")
    for pattern in (_ASSIGN, _LOOP):
        for match in pattern.finditer(line):
            if MODEL_WORD.search(match["name"]) and not re.search(
                r"dir|path$|image|dataset", match["name"], re.IGNORECASE
            ):
                for word in re.finditer(r"[^\s\"'()]+", match["value"]):
                    inner = _DEFAULT.search(word[0])
                    text = inner[1] if inner else word[0]
                    if names.is_likely_id(text) or names.is_legacy(text):
                        yield found(match.start("value") + word.start(), None, match["name"], role, "hf", text)
                    elif names.is_ollama_tag(text):
                        yield found(
                            match.start("value") + word.start(), "ollama", match["name"], "serve", "ollama", text
                        )


def _revision(line: str) -> str | None:
    match = re.search(r"--revision[ =]+[\"']?([\w./-]+)", line)
    return match[1] if match else None


def packages(path: str, text: str) -> Iterator[Found]:
    """Models of spaCy that are installed as packages: requirements, wheels, addresses."""
    line, offset = 1, 0
    for match in _SPACY_WHEEL.finditer(text):
        line += text.count("\n", offset, match.start())
        offset = match.start()
        start = text.rfind("\n", 0, match.start()) + 1
        if text[start : match.start()].lstrip().startswith("#"):
            continue
        name = match["name"].replace("-", "_")
        value = Value(name, path, line, "url", 0.9)
        yield Found(
            path, line, "spacy", "pip install", "load", "spacy", match[0][:120], value, match["version"] or match["pin"]
        )
