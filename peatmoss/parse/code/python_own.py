"""What a Python file says of models by itself: nothing is followed, so that it can be kept with the file."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from peatmoss.parse.code import names, shell, signatures
from peatmoss.parse.code.python_repo import keyword, last_name
from peatmoss.parse.code.python_scopes import MODEL_WORD, Call, Expr, Facts
from peatmoss.parse.code.python_show import show, shown_call
from peatmoss.parse.code.usage import Found, Value

DATA = {"load_dataset", "load_dataset_builder", "get_dataset_config_names", "load_metric", "DatasetInfo", "push_to_hub"}
NO_WEIGHTS = (None, False)
_TORCHVISION = re.compile(
    r"(?:alexnet|vgg|resnet|resnext|wide_resnet|densenet|inception_v3|googlenet|mobilenet|mnasnet|shufflenet|squeezenet|"
    r"efficientnet|regnet|convnext|vit_|swin|maxvit|fasterrcnn|retinanet|fcos|maskrcnn|keypointrcnn|ssd|deeplabv3|fcn_|"
    r"lraspp|raft_|r3d_|mc3_|r2plus1d_|s3d|mvit_)\w*"
)


class Own(NamedTuple):
    """calls: those that may name a model; found: what is certain without following; named: see `named`.

    built: calls of what may be a builder of torchvision; commands: (flag, its value) of command lines put together.
    """

    calls: list[Call]
    found: list[Found]
    named: list[Found]
    built: list[Call]
    commands: list[tuple[str, Call]]


def own(path: str, facts: Facts) -> Own:
    """All of it, in one pass over the calls."""
    known = signatures.python()
    calls: list[Call] = []
    found = [
        Found(path, line, "spacy", f"import {name}", "load", "spacy", name, Value(name, path, line, "import", 0.97))
        for line, name in facts.packages
    ]
    derived = {
        scope.name
        for scope in facts.scopes
        if scope.kind == "class" and any(last_name(b) in known for b in scope.bases)
    }
    has_vision = any(dotted.startswith(_VISION) for dotted in facts.imports.values())
    has_sound = any(dotted.startswith(("torchaudio", "torchtext")) for dotted in facts.imports.values())
    built: list[Call] = []
    has_client = any(dotted.startswith("openai") for dotted in facts.imports.values())
    for call in facts.calls:
        name = last_name(call.expr[2])
        if (has_vision or has_sound) and _may_build(facts, call.expr):
            built.append(call)
        if name is None:
            continue
        if name == "partial" and call.expr[3] and call.expr[3][0][0] == "a":  # partial(X.from_pretrained, "a/b")
            inner, *args = call.expr[3]
            if last_name(inner) in known:
                calls.append(call._replace(expr=("c", call.expr[1], inner, tuple(args), call.expr[4])))
        is_asked = name in known and (has_client or name not in signatures.of_clients())
        if is_asked or name in DATA or name in derived:
            calls.append(call)
        if has_vision:
            found += _vision(path, facts, call.expr, name)
    for each in facts.constants if any("torch" in dotted for dotted in facts.imports.values()) else ():
        found += _constant(path, facts, each.expr)
    return Own(calls, [*found, *_launched(path, facts)], list(named(path, facts)), built, list(_commands(facts)))


def _may_build(facts: Facts, expr: Expr) -> bool:
    """models.__dict__[arch](...), getattr(models, arch)(...), builder(weights=...), getattr(pipelines, name)."""
    function = expr[2]
    if function[0] == "n" and function[2] == "getattr" and len(expr[3]) > 1:
        return expr[3][1][0] != "s" and _imported(facts, expr[3][0]) in ("torchaudio.pipelines", "torchtext.models")
    if function[0] == "n":
        return function[2] not in facts.imports and any(key in ("weights", "pretrained") for key, _ in expr[4])
    return function[0] == "i" or (function[0] == "c" and last_name(function[2]) == "getattr")


_FLAG = re.compile(
    r"(--?(?:[a-z]+-)?(?:model|tokenizer|hf-repo)(?:[-_](?:id|name|path|name[-_]or[-_]path))?)[ =]*[\"']?$"
)


def _commands(facts: Facts) -> Iterator[tuple[str, Call]]:
    """f"server --model {name}" and ["server", "--model", name]: the flag and what stands behind it."""
    for number, scope in enumerate(facts.scopes):
        for assigns in scope.names.values():
            for assign in assigns:
                yield from ((flag, Call(number, assign.block, each)) for flag, each in _flagged(assign.value))
    for call in facts.calls:
        for given in (*call.expr[3], *(value for _, value in call.expr[4])):
            yield from ((flag, call._replace(expr=each)) for flag, each in _flagged(given))


def _flagged(expr: Expr) -> Iterator[tuple[str, Expr]]:
    if expr[0] in "fl":
        for before, each in itertools.pairwise(expr[2]):
            if before[0] == "s" and each[0] not in "s?" and (match := _FLAG.search(before[2])):
                yield match[1], each


_SAID = {
    "print",
    "info",
    "warning",
    "warn",
    "error",
    "debug",
    "write",
    "markdown",
    "code",
    "echo",
    "RuntimeError",
    "ImportError",
    "ValueError",
}


def _launched(path: str, facts: Facts) -> Iterator[Found]:
    """Texts and lists that are command lines: "vllm serve a/b", ["ollama", "pull", name]."""
    given = [assign.value for scope in facts.scopes for assigns in scope.names.values() for assign in assigns]
    for call in facts.calls:
        if last_name(call.expr[2]) not in _SAID:
            given += [*call.expr[3], *(value for _, value in call.expr[4])]
    for expr in given:
        if expr[0] == "s":
            line = expr[2]
        elif expr[0] in "fl" and expr[2] and expr[2][0][0] == "s":
            line = (" " if expr[0] == "l" else "").join(str(each[2]) if each[0] in "sv" else "?" for each in expr[2])
        else:
            continue
        if " " in line and shell.LAUNCHERS.match(line):
            yield from shell.find(path, [(expr[1], line)])


_VISION = ("torchvision", "keras", "tensorflow", "tf_keras")


def _imported(facts: Facts, expr: Expr) -> str:
    """The dotted name of what begins at an import of the file, else nothing."""
    parts = []
    while expr[0] == "a":
        parts.append(expr[3])
        expr = expr[2]
    root = facts.imports.get(expr[2]) if expr[0] == "n" else None
    return ".".join([root, *reversed(parts)]) if root else ""


def _vision(path: str, facts: Facts, expr: Expr, name: str) -> Iterator[Found]:
    """Constructors of torchvision and Keras: the function is the model, an argument says whether it has weights."""
    dotted = _imported(facts, expr[2])
    weights = keyword(expr, "weights")
    if dotted.startswith("torchvision.models.") and _TORCHVISION.fullmatch(name):
        yield built(path, expr, dotted)
    elif re.search(r"(?:^|\.)keras\.applications\.", dotted) and name[0].isupper():
        is_loaded = weights is None or (weights[0] == "s" and weights[2] == "imagenet")
        yield _built(path, expr, dotted, "keras", is_loaded, 0.9, weights)


def is_builder(dotted: str) -> bool:
    """A function of torchvision that builds a model."""
    head, _, name = dotted.rpartition(".")
    return head.startswith("torchvision.models") and _TORCHVISION.fullmatch(name) is not None


def built(path: str, expr: Expr, dotted: str) -> Found:
    """A call of a builder of torchvision."""
    weights = keyword(expr, "weights") or keyword(expr, "pretrained") or (expr[3][0] if expr[3] else None)
    is_loaded = weights is not None and not (weights[0] == "v" and weights[2] in NO_WEIGHTS)
    return _built(
        path, expr, dotted, "torchvision", is_loaded, 0.95 if weights and weights[0] == "v" else 0.85, weights
    )


def _built(
    path: str, expr: Expr, dotted: str, library: str, is_loaded: bool, confidence: float, weights: Expr | None
) -> Found:
    value = Value(dotted.rpartition(".")[2], path, expr[1], "literal", confidence)
    role, argument = "load" if is_loaded else "scratch", show(weights) if weights else None
    member = weights[3 if weights[0] == "a" else 2] if weights and weights[0] in "as" else None
    revision = member if is_loaded and isinstance(member, str) and member.isupper() else None
    return Found(
        path, expr[1], library, shown_call(dotted), role, library, argument, value, revision, is_used=is_loaded
    )


def _constant(path: str, facts: Facts, expr: Expr) -> Iterator[Found]:
    """torchaudio.pipelines.HUBERT_BASE and its like."""
    dotted = _imported(facts, expr)
    if dotted.startswith(("torchaudio.pipelines.", "torchtext.models.")):
        library = dotted.split(".", 1)[0]
        value = Value(str(expr[3]), path, expr[1], "literal", 0.95)
        yield Found(path, expr[1], library, dotted, "load", library, None, value)


_OPEN_CLIP = re.compile(r"(?:ViT-|RN|convnext|coca|EVA|xlm-roberta|roberta-ViT)[\w-]*/[a-z]\w*")


WEIGHTS = re.compile(
    r"(?:frozen_)?(?:laion|openai|datacomp|commonpool|yfcc|cc12m|metaclip|dfn|webli|merged2b|mscoco|v1|v2)[\w-]*"
)


def _pair(items: Sequence[Expr]) -> str | None:
    """("ViT-B-32", "laion2b_s34b_b79k"): an architecture of open_clip and its weights."""
    if len(items) == 2 and items[0][0] == items[1][0] == "s" and WEIGHTS.fullmatch(items[1][2]):
        text = f"{items[0][2]}/{items[1][2]}"
        return text if _OPEN_CLIP.fullmatch(text) else None
    return None


def _letters(text: str) -> str:
    """MODEL_ID and model-id are one name: a text that repeats the name of its variable is a key."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def named(path: str, facts: Facts) -> Iterator[Found]:
    """Texts of the shape owner/name that are kept under a name that speaks of models."""
    for scope in facts.scopes:
        for name, assigns in scope.names.items():
            if _CATALOGUE.search(name):
                continue
            if MODEL_WORD.search(name):
                for assign in assigns:
                    yield from _texts(assign.value, path, name)
            elif scope.kind == "module" and not _NO_TABLE.search(name):
                for assign in assigns:
                    yield from _table(assign.value, path, name)
        for name, default in scope.params:
            if default is not None and MODEL_WORD.search(name):
                yield from _texts(default, path, name)
        for name, given in scope.attributes.items():
            if MODEL_WORD.search(name):
                for _, assign in given:
                    yield from _texts(assign.value, path, name)
    for name, given in facts.settings.items():
        if (name.isupper() or name in ("embed_model", "model_path")) and MODEL_WORD.search(name):
            for _, assign in given:
                yield from _texts(assign.value, path, name)
    for _, _, key, value in facts.entries:
        yield from _texts(value, path, key)
    for call in facts.calls:
        for key, value in call.expr[4]:
            if key and MODEL_WORD.search(key):
                yield from _texts(value, path, key)
        if (
            last_name(call.expr[2]) == "add_argument"
            and call.expr[3]
            and call.expr[3][0][0] == "s"
            and MODEL_WORD.search(call.expr[3][0][2])
        ):
            for key, value in call.expr[4]:
                if key in ("default", "choices"):
                    yield from _texts(value, path, call.expr[3][0][2])


_CATALOGUE = re.compile(
    r"ARCHIVE_(?:LIST|MAP)|_FOR_DOC|PRETRAINED_(?:VOCAB|INIT|CONFIG)|POSITIONAL_EMBEDDINGS_SIZES|_FILES_MAP"
)
"""What transformers keeps beside an architecture: the checkpoints that exist, not those that are loaded."""
_NO_TABLE = re.compile(
    r"data|task|bench|url|link|repo|prompt|template|image|mime|type|test|path|author|owner|licen|tag", re.IGNORECASE
)
MIN_TABLE = 3


def _table(expr: Expr, path: str, name: str) -> Iterator[Found]:
    """A list or dictionary of a module that holds names of models, at least one of an account that is known."""
    if expr[0] not in "ld":
        return
    texts = list(_strings(expr))
    likely = [each for each in texts if names.is_likely_id(each[2])]
    if len(likely) >= MIN_TABLE and 2 * len(likely) >= len(texts) and any(names.is_known(each[2]) for each in likely):
        for each in likely:
            value = Value(each[2], path, each[1], "named_value", 0.6)
            yield Found(path, each[1], None, None, "load", "hf", name, value, is_strict=True)


def _strings(expr: Expr, depth: int = 0) -> Iterator[Expr]:
    """The texts of a table: items and values, not keys."""
    if expr[0] == "s":
        yield expr
    elif depth < 4 and expr[0] == "l":
        for each in expr[2]:
            yield from _strings(each, depth + 1)
    elif depth < 4 and expr[0] == "d":
        for _, value in expr[2]:
            yield from _strings(value, depth + 1)


def _texts(expr: Expr, path: str, name: str, depth: int = 0) -> Iterator[Found]:
    if expr[0] == "s":
        text = expr[2]
        value = Value(text, path, expr[1], "named_value", 0.6)
        if _OPEN_CLIP.fullmatch(text) or (text.count(",") == 1 and _OPEN_CLIP.fullmatch(text.replace(",", "/"))):
            value = value._replace(text=text.replace(",", "/"))
            yield Found(path, expr[1], "open_clip", None, "load", "open_clip", name, value)
        elif names.is_nemo(text):
            yield Found(path, expr[1], "nemo", None, "load", "nemo", name, value)
        elif text.startswith("local:") and name == "embed_model":
            yield Found(path, expr[1], "llama_index", name, "load", "prefix", name, value)
        elif names.is_likely_id(text) and _letters(text) not in _letters(name):
            yield Found(path, expr[1], None, None, "load", "hf", name, value, is_strict=True)
        elif names.is_sentence_model(text):
            yield Found(path, expr[1], "sentence_transformers", None, "load", "hf", name, value)
    elif expr[0] == "l" and len(expr[2]) > 1 and (pair := _pair(expr[2])):
        yield Found(
            path, expr[1], "open_clip", None, "load", "open_clip", name, Value(pair, path, expr[1], "table", 0.85)
        )
    elif depth < 3 and expr[0] in "l|":
        for each in expr[2]:
            yield from _texts(each, path, name, depth + 1)
    elif depth < 3 and expr[0] == "d":
        for key, value in expr[2]:
            if key is not None:
                yield from _texts(key, path, name, depth + 1)
            yield from _texts(value, path, name, depth + 1)
    elif depth < 3 and expr[0] == "c":
        for each in expr[3]:
            yield from _texts(each, path, name, depth + 1)
        for key, value in expr[4]:
            if key in ("default", "value", "values", "choices", "options"):
                yield from _texts(value, path, name, depth + 1)
