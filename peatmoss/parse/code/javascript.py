"""JavaScript, TypeScript and what looks like it (JSX, HTML, Vue, Svelte, JSON, Jsonnet): texts in their places.

A tokenizer that knows strings, comments and brackets is enough: names of models stand in calls, in constants and
fields, in lists of options and in objects.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from peatmoss.parse.code import javascript_names, names, shell, signatures
from peatmoss.parse.code.javascript_names import Token
from peatmoss.parse.code.paths import path_class
from peatmoss.parse.code.python_scopes import MODEL_WORD
from peatmoss.parse.code.usage import CONFIDENCE, Found, Value

MAX_TOKENS = 400_000
_TOKEN = re.compile(
    r"""//[^\n]*|/\*(?s:.*?)\*/|<!--(?s:.*?)-->"""
    r"""|(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.|\$(?!\{))*`)|`(?:[^`\\]|\\.)*`"""
    r"""|(?P<word>[A-Za-z_$@][\w$-]*)|(?P<sign>\?\?|\|\||=>|[{}()\[\],:;=?.<>/])"""
)
_IDS = re.compile(r"[\"'`][A-Za-z0-9][\w.-]*/[\w.-]+[\"'`]")
_NOT_CALLED = {
    "require", "import", "fetch", "describe", "it", "test", "expect", "log", "warn", "error", "startsWith",
    "endsWith", "includes",
    "split", "replace", "join", "resolve", "push", "navigate", "mock", "t", "goto", "redirect", "URL", "get", "post",
    "put", "use",
    "querySelector", "setAttribute", "getItem", "setItem", "append", "set", "type", "Link", "route", "path", "RegExp",
    "createElement", "define", "Error", "header", "debug", "info", "toEqual", "toBe", "next", "loader", "font", "if",
    "register",
}  # fmt: skip
_KEYS = {
    "id",
    "value",
    "name",
    "path",
    "repo",
    "default",
    "defaultvalue",
    "src",
    "key",
    "hf",
    "hfid",
    "url",
    "source",
    "label",
}
_TOOLS = re.compile(
    r"(?:^|/)\.?(?:eslint|prettier|babel|webpack|vite|tailwind|jest|postcss|rollup|next|nuxt|svelte)[\w.]*\.\w+$"
)
_PROVIDERS = re.compile(
    r"openrouter|novita|apipie|ppio|together|fireworks|groq|deepinfra|replicate|litellm|bedrock|openai|azure|siliconflow|perplexity|"
    r"pricing|providers?/(?!.*(?:huggingface|transformers|native))",
    re.IGNORECASE,
)
_MARKERS = (
    "@huggingface/",
    "@xenova/transformers",
    "from_pretrained",
    "HfInference",
    "huggingface.co",
    "InferenceClient",
    "wllama",
    "HuggingFaceTransformersEmbeddings",
    "@llamaindex/huggingface",
    "kokoro-js",
    "node-llama-cpp",
)
_SKIPPED_KEYS = re.compile(
    r"image|uses|repository|homepage|license|dataset|package|type|icon|href|class|style|mime|route|url", re.IGNORECASE
)


class Place(NamedTuple):
    """Where a text stands. role: call, property, assign, item, key, attribute or other."""

    text: str
    line: int
    role: str
    owner: str
    parent: str
    position: int


def tokens(text: str) -> list[Token]:
    """The tokens, comments left out."""
    found = []
    line, offset = 1, 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind is None:
            continue
        start = match.start()
        line += text.count("\n", offset, start)
        offset = start
        content = match.group()
        found.append(Token(kind, content[1:-1] if kind == "string" else content, line))
        if len(found) >= MAX_TOKENS:
            break
    return found


def places(stream: list[Token]) -> Iterator[Place]:
    """Every string with its place."""
    stack: list[tuple[str, str, str, int]] = []  # bracket, name before it, key before that, items so far
    for index, token in enumerate(stream):
        if token.kind == "sign":
            if token.text in "([{":
                owner, parent = _before(stream, index)
                stack.append((token.text, owner, stack[-1][1] if stack and not parent else parent, 0))
            elif token.text in ")]}":
                if stack:
                    stack.pop()
            elif token.text == "," and stack:
                bracket, owner, parent, count = stack[-1]
                stack[-1] = (bracket, owner, parent, count + 1)
        elif token.kind == "string":
            yield _place(stream, index, stack)


def _before(stream: list[Token], index: int) -> tuple[str, str]:
    """The name that a bracket belongs to: f( | name = [ | key: { | name: Type[] = [."""
    at = index - 1
    if at < 0:
        return "", ""
    last = stream[at]
    if last.kind == "word":
        return last.text, ""
    if last.text == "(" and at > 0 and stream[at - 1].kind == "word" and stream[index].text in "[{":  # Object.freeze({
        return (
            _before(stream, at - 1 if stream[at - 1].text != "freeze" else max(at - 3, 0))
            if stream[at - 1].text == "freeze"
            else (stream[at - 1].text, "")
        )
    if last.text in ("=", ":") and at > 0:
        return _target(stream, at), ""
    return "", ""


def _target(stream: list[Token], at: int) -> str:
    """The name on the left of = or :, past a type annotation."""
    for back in range(at - 1, max(at - 9, -1), -1):
        token = stream[back]
        if token.kind in ("word", "string"):
            ahead = stream[back - 1].text if back > 0 else ""
            if ahead == ":" and stream[at].text == "=" and back > 1 and stream[back - 2].kind == "word":
                return stream[back - 2].text
            return token.text
        if token.text not in ("[", "]", "<", ">", "?"):
            return ""
    return ""


def _place(stream: list[Token], index: int, stack: list[tuple[str, str, str, int]]) -> Place:
    token = stream[index]
    before = stream[index - 1] if index else Token("sign", "", 0)
    after = stream[index + 1] if index + 1 < len(stream) else Token("sign", "", 0)
    bracket, owner, parent, count = stack[-1] if stack else ("", "", "", 0)
    if before.text in ("from", "import"):
        return Place(token.text, token.line, "import", "", "", 0)
    if after.text == ":" and bracket == "{" and before.text in ("{", ","):
        return Place(token.text, token.line, "key", owner, parent, 0)
    if before.text in ("=", ":", "??", "||", "?") and index > 1:
        at = index - 1
        if before.text in ("??", "||", "?", ":"):
            back = next((i for i in range(at, max(at - 12, 0), -1) if stream[i].text in ("=", ";", "{", ",", "(")), 0)
            if stream[back].text == "=":
                return Place(token.text, token.line, "assign", _target(stream, back), owner, count)
            if before.text in ("??", "||", "?") or (before.text == ":" and stream[back].text == "("):
                return Place(token.text, token.line, "call" if bracket == "(" else "other", owner, parent, count)
        role = "assign" if before.text == "=" else "property"
        return Place(token.text, token.line, role, _target(stream, at), owner or parent, count)
    if bracket == "(":
        return Place(token.text, token.line, "call", owner, parent, count)
    if bracket == "[":
        return Place(token.text, token.line, "item", owner, parent, count)
    return Place(token.text, token.line, "other", owner, parent, count)


_OLLAMA = re.compile(
    r"""11434|/api/(?:generate|chat|embed|embeddings|pull)\b|(?:from|require\()\s*["'][^"'\n]*ollama[^"'\n]*["']|\b(?:Chat)?Ollama(?:Embeddings?|LLM)?\("""
)
"""A program that speaks to a server of Ollama: what it calls `model` is one of its models."""
_OLLAMA_KEYS = {"model", "modelname", "modelid", "embeddingmodel", "embedmodel"}
_INFERENCE = re.compile(r"https?://(?:api-inference|router)\.huggingface\.co/(?:hf-inference/)?models/")
_WEB_LLM = re.compile(r"[A-Za-z0-9][\w.-]*-q\d+f\d+(?:_\d)?-MLC(?:-\w+)?")


def is_of_provider(path: str) -> bool:
    """Whether a file speaks, by its name, of somebody's interface to models: what it names is not loaded from a hub."""
    return _PROVIDERS.search(path) is not None


def is_marked(text: str) -> bool:
    """Whether a file speaks of a library that loads models."""
    return any(marker in text for marker in _MARKERS)


def find(path: str, text: str) -> Iterator[Found]:
    """What a file of a package that loads models may load."""
    if _TOOLS.search(path):
        return
    if not _IDS.search(text) and not any(f"{name}(" in text for name in ("pipeline", "from_pretrained")):
        return
    if is_of_provider(path) and not is_marked(text):
        return
    is_test = path_class(path) == "test"
    stream = tokens(text)
    sinks = signatures.javascript()
    named: set[str] = set()
    loaded = _loaded(stream, sinks)
    for place in places(stream):
        if place.role == "import" or len(place.text) > 200:
            continue
        if place.role == "call" and place.owner in sinks:
            signature = sinks[place.owner][0]
            if (
                signature.position == place.position
                and names.name_of("hf", place.text) is not None
                and names.is_id(place.text)
            ):
                yield _found(path, place, "literal", signature.library, place.owner, signature.role)
            continue
        if not names.is_id(place.text):
            continue
        if place.owner in loaded and place.role in ("assign", "property", "item"):
            call, role = loaded[place.owner]
            found: Found | None = _found(path, place, "constant", "transformers.js", call, role)
        else:
            found = _judge(path, place)
        if found is not None and is_test and found.call is None:
            found = found._replace(role="mention", is_used=False)
        if found is not None:
            named.add(place.owner)
            yield found
    yield from _unresolved(path, stream, named)


def fetched(path: str, text: str) -> Iterator[Found]:
    """What a program gets without a library of the Hub: files, commands, models of WebLLM and of Ollama servers."""
    if _TOOLS.search(path):
        return
    stream = tokens(text)
    has_ollama = "ollama" in text.lower() or "11434" in text
    is_request = has_ollama and _OLLAMA.search(text) is not None
    is_test = path_class(path) == "test"
    for place in places(stream):
        if place.role not in ("assign", "property", "item", "call", "other", "key"):
            continue
        if place.role == "key":
            continue
        if names.is_hub_file(place.text):
            yield _found(path, place, "url", "download", "download")
        elif _INFERENCE.match(place.text):
            yield _found(path, place, "url", "huggingface", "inference", "remote")
        elif _WEB_LLM.fullmatch(place.text):
            found = _found(path, place, "field", "web_llm", "model")
            yield found._replace(value=found.value and found.value._replace(text=f"mlc-ai/{place.text}"))
        elif place.text.startswith("hf:") and names.is_id(place.text[3:].split(":")[0]):
            yield _found(path, place, "literal", "node-llama-cpp", place.owner)
        elif " " in place.text and shell.LAUNCHERS.match(place.text):
            yield from shell.find(path, [(place.line, place.text)])
        elif has_ollama and place.role != "other" and not is_test and _is_of_ollama(place, is_request):
            yield _ollama(path, place)
    if is_request and not is_test:
        yield from _named_ollama(path, stream)


def _is_of_ollama(place: Place, is_request: bool) -> bool:
    """Whether a text is one of Ollama's models: by its tag, or because its place says so."""
    if names.is_ollama_tag(place.text) and MODEL_WORD.search(f"{place.owner} {place.parent}"):
        return True
    if not names.is_ollama(place.text):
        return False
    if place.role == "call":
        return is_request and place.owner == "ollama" and place.position == 0
    is_key = place.role == "property" and place.owner.lower() in _OLLAMA_KEYS
    return is_key and (is_request or "ollama" in place.parent.lower())


def _named_ollama(path: str, stream: list[Token]) -> Iterator[Found]:
    """`model: NAME` and `{ model }` in requests to Ollama: what the name stands for in this file."""
    wanted: set[str] = set()
    for index, token in enumerate(stream[1:-2], start=1):
        if token.kind == "word" and token.text == "model" and stream[index - 1].text in ("{", ","):
            if stream[index + 1].text == ":" and stream[index + 2].kind == "word":
                wanted.add(stream[index + 2].text)
            elif stream[index + 1].text in (",", "}"):
                wanted.add("model")
    for name in sorted(wanted - {"string", "undefined", "null", "this"}):
        for text in javascript_names.texts(stream, name):
            if names.is_ollama(text.text):
                yield _ollama(path, Place(text.text, text.line, "assign", name, "", 0), text.method)


def _ollama(path: str, place: Place, method: str = "field") -> Found:
    return _found(path, place, method, "ollama", "model", "serve")._replace(hub="ollama")


def _loaded(stream: list[Token], sinks: Mapping[str, tuple[signatures.Signature, ...]]) -> dict[str, tuple[str, str]]:
    """Names that are handed to a loader: name -> (call, role)."""
    found: dict[str, tuple[str, str]] = {}
    for index, token in enumerate(stream[:-2]):
        if token.kind != "word" or token.text not in sinks or stream[index + 1].text != "(":
            continue
        signature = sinks[token.text][0]
        depth, position, last = 0, 0, ""
        for each in stream[index + 2 : index + 40]:
            if each.text in ("(", "[", "{"):
                depth += 1
            elif each.text in (")", "]", "}"):
                depth -= 1
                if depth < 0:
                    break
            elif each.text == "," and depth == 0:
                if position == signature.position:
                    break
                position, last = position + 1, ""
            elif each.kind == "word" and depth == 0:
                last = each.text
        if position == signature.position and last:
            receiver = stream[index - 2].text if index > 1 and stream[index - 1].text == "." else ""
            call = f"{receiver}.{token.text}" if receiver else token.text
            role = signatures.role(signature, call)
            if last not in found or role == "load":
                found[last] = (call, role)
    return found


def _judge(path: str, place: Place) -> Found | None:
    owner = place.owner
    if place.role in ("property", "attribute", "assign"):
        if _SKIPPED_KEYS.search(owner) and not MODEL_WORD.search(owner):
            return None
        if MODEL_WORD.search(owner):
            return _found(path, place, "constant" if place.role == "assign" else "field")
        if owner.lower() in _KEYS and names.is_likely_id(place.text):
            return _found(path, place, "table" if place.role == "property" else "named_value")
        return None
    if not names.is_likely_id(place.text):
        return None
    if place.role in ("item", "key"):
        if MODEL_WORD.search(owner) or MODEL_WORD.search(place.parent):
            return _found(path, place, "table")
        return None
    if place.role == "call" and place.owner and place.owner not in _NOT_CALLED:
        return _found(path, place, "named_value")
    return None


def _found(
    path: str, place: Place, method: str, library: str = "transformers.js", call: str | None = None, role: str = "load"
) -> Found:
    if call is None and re.search(r"tokeni[sz]er", place.owner, re.IGNORECASE):
        role = "tokenizer"
    value = Value(place.text, path, place.line, method, CONFIDENCE[method])
    return Found(
        path,
        place.line,
        library,
        call,
        role,
        "hf",
        place.owner or repr(place.text),
        value,
        is_strict=call is None and not MODEL_WORD.search(place.owner),
    )


def _unresolved(path: str, stream: list[Token], named: Collection[str]) -> Iterator[Found]:
    """Calls of loaders whose argument is no text and no name that was found: visible, without a model."""
    for index, token in enumerate(stream[:-2]):
        if (
            token.text == "from_pretrained"
            and token.kind == "word"
            and stream[index + 1].text == "("
            and stream[index + 2].kind == "word"
        ):
            words = []
            for each in stream[index + 2 : index + 10]:
                if each.text in (",", ")"):
                    break
                words.append(each.text)
            if not set(words) & set(named):
                yield Found(path, token.line, "transformers.js", "from_pretrained", "load", "hf", "".join(words), None)
