"""Command lines (scripts, Dockerfiles, Makefiles, workflows, notebook shell lines) that name models."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from peatmoss.parse.code import names, signatures
from peatmoss.parse.code.python_scopes import MODEL_WORD
from peatmoss.parse.code.usage import CONFIDENCE, Found, Value

MAX_LINES = 40_000
MAX_LINE = 8_000
_FLAG = re.compile(
    r"(?<![\w-])--?(?P<flag>[a-z][\w-]{1,50})[ \t=\x1f]+(?P<quote>[\"']?)(?P<value>[^\s\"',;|&]+)(?P=quote)"
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
        r"(?<![\w-])(?:-hf[rvdt]?|--hf-repo(?:-[a-z]+)?|--spec-draft-hf)[ =]+[\"']?(?P<id>[\w.-]+/[\w.:-]+)"
    ), "llama.cpp", "llama -hf", "serve", "hf"),
    (re.compile(r"\bpretrained=(?P<id>[\w.-]+(?:/[\w.-]+)?)"), "lm_eval", "lm_eval --model_args", "load", "hf"),
    (re.compile(r"stanza\.download\(\\?[\"'](?P<id>\w+)"), "stanza", "stanza.download", "load", "stanza"),
)  # fmt: skip
_SERVE = re.compile(r"(?:^|[:\s\"'\[])serve\s+[\"']?(?P<id>[\w.-]+/[\w.-]+)(?=[\s\"'\]]|$)")
"""What an image of a server is told: `command: serve org/name`."""
LAUNCHERS = re.compile(
    r"(?:[A-Z_]+=\S+\s+|sudo\s+|nohup\s+|exec\s+|uv\s+run\s+|uvx\s+)*(?:\S*/)?(?:vllm\s+serve|ollama\s+(?:pull|run|create)|llama-(?:server|cli|run)|llama\s+serve|"
    r"(?:huggingface-cli|hf)\s+download|text-generation-launcher|text-embeddings-router|infinity_emb|mlx_lm\.\w+|litgpt\s+download|"
    r"docker\s+model\s+(?:pull|run)|lmdeploy\s+serve|(?:python[\d.]*|\{sys\.executable\})\s+-m\s+(?:vllm|sglang|spacy\s+download|fastchat|mlx_lm|mlx_vlm|lmdeploy|llama_cpp)|"
    r"optimum-cli\s+export|spacy\s+download|sglang|lm_eval)\b"
)
"""How a command line begins that loads or serves a model: a text that begins so is one, one that quotes it is not."""
_CALL = re.compile(r"\b(?P<call>[A-Za-z_][\w.]*)\(\s*(?:\w+\s*=\s*)?\\?[\"'](?P<id>[\w./-]+)\\?[\"']")
_FROM = re.compile(r"^[ \t]*FROM[ \t]+(?P<id>[\w./:-]+)[ \t]*$", re.IGNORECASE)
_ITEM = re.compile(
    r"[ \t]*-[ \t]+[\"']?(?P<text>--?[a-z][\w-]*|vllm|serve|ollama|pull|run|download|hf|huggingface-cli|spacy)"
    r"[\"']?[ \t]*$"
)
"""An item of a list in YAML that the next item belongs to."""
_WEIGHTS = re.compile(
    r"https?://[^\s\"'<>)|;]+?\.(?:pth?|bin|weights|ckpt|h5|onnx|gguf|ggml|safetensors|caffemodel|tflite|pkl|npz)(?=[\s\"'?;)|]|$)"
)
_FETCH = re.compile(r"\b(?:wget|curl|aria2c|gdown|git\s+clone|git\s+lfs|axel|ADD)\b")
_ASSIGN = re.compile(
    r"(?:^|[\s;])(?:export\s+|local\s+|readonly\s+|ENV\s+|ARG\s+|\+{1,2})?(?P<name>[A-Za-z_][\w.]*)\s*[:?]?=\s*(?P<value>\([^)]*\)|\"[^\"]*\"|'[^']*'|\S+)"
)
_LOOP = re.compile(r"\bfor\s+(?P<name>\w+)\s+in\s+(?P<value>[^;#]+)")
_LISTED = re.compile(r"[\"'][ \t]*,[ \t]*[\"']")
"""Between the words of a command line that is written as a list."""
_NO_FLAG = re.compile(
    r"(?:dir|type|file|class|output\w*|out)$|dataset|(?:^|[-_])(?:data|task|served|project|entity|tag)s?(?:[-_]|$)"
)
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
    start, parts, is_item = 0, "", False
    for number, line in enumerate(text.split("\n")[:MAX_LINES], start=1):
        if len(line) > MAX_LINE:
            continue
        if not parts and line.lstrip().startswith(("#", "REM ", "::", "//")):
            continue
        start = start if parts else number
        is_next = is_item and line.lstrip().startswith("- ")
        is_item = False
        if len(line) < 80 and len(parts) < MAX_LINE and (is_next or not parts) and (item := _ITEM.match(line)):
            parts += f" {item['text']} \x1f"
            is_item = True
            continue
        line = " " + line.lstrip()[2:].strip().strip("\"'") if is_next else line
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
        if not any(sign in line for sign in ("/", "-", ":", "spacy", "ollama", "OLLAMA")):
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

    if '"' in line or "'" in line:
        line = _LISTED.sub(lambda match: " " * len(match[0]), line)
    role = "serve" if _SERVERS.search(line) else "finetune" if _TRAINING.search(line) else "load"
    for pattern, library, call, what, hub in _COMMANDS:
        for match in pattern.finditer(line):
            text = match["id"]
            if hub != "hf" or names.is_id(text.split(":")[0]) or names.is_legacy(text):
                yield found(match.start("id"), library, call, what, hub, text, revision=_revision(line))
    for match in _SERVE.finditer(line):
        if names.is_likely_id(match["id"]):
            yield found(match.start("id"), None, "serve", "serve", "hf", match["id"], revision=_revision(line))
    if "python" in line and "-c" in line:
        yield from _calls(path, at, line)
    base = _FROM.match(line) if path.rpartition("/")[2].lower().startswith("modelfile") else None
    if base is not None and names.is_ollama(base["id"]):
        yield found(base.start("id"), "ollama", "FROM", "load", "ollama", base["id"])
    for match in _FLAG.finditer(line):
        flag, text = match["flag"], match["value"]
        if _NO_FLAG.search(flag):
            continue
        inner = _DEFAULT.search(text)
        text = inner[1] if inner else text
        is_sure = names.is_legacy(text) and "-" in text
        if is_sure or (MODEL_WORD.search(flag) and (names.is_id(text) or names.is_legacy(text))):
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
            if MODEL_WORD.search(match["name"]) and not re.search(r"dir|image|dataset", match["name"], re.IGNORECASE):
                is_path = match["name"].lower().endswith("path")
                for word in re.finditer(r"[^\s\"'()]+", match["value"]):
                    inner = _DEFAULT.search(word[0])
                    text = inner[1] if inner else word[0]
                    if names.is_known(text) or (not is_path and (names.is_likely_id(text) or names.is_legacy(text))):
                        yield found(match.start("value") + word.start(), None, match["name"], role, "hf", text)
                    elif names.is_ollama_tag(text) or ("ollama" in match["name"].lower() and names.is_ollama(text)):
                        yield found(
                            match.start("value") + word.start(), "ollama", match["name"], "serve", "ollama", text
                        )


def _calls(path: str, at: Callable[[int], int], line: str) -> Iterator[Found]:
    """Calls that load what is written in them, in `python -c "..."`."""
    for match in _CALL.finditer(line):
        for signature in signatures.match(match["call"], "." in match["call"])[:1]:
            if signature.position == 0:
                value = Value(match["id"], path, at(match.start("id")), "command", CONFIDENCE["command"])
                role = signatures.role(signature, match["call"])
                yield Found(path, value.line, signature.library, match["call"], role, signature.hub, match["id"], value)


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
