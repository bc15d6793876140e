"""Calls that load a model -> what they load."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peatmoss.parse.code import names, signatures
from peatmoss.parse.code.python_ends import End
from peatmoss.parse.code.python_flow import Flow
from peatmoss.parse.code.python_own import DATA as _DATA
from peatmoss.parse.code.python_own import NO_WEIGHTS, WEIGHTS, Own, built, is_builder
from peatmoss.parse.code.python_repo import At, keyword, last_name
from peatmoss.parse.code.python_scopes import Call, Expr, Facts
from peatmoss.parse.code.python_show import show, shown_call
from peatmoss.parse.code.python_texts import guards
from peatmoss.parse.code.signatures import Signature
from peatmoss.parse.code.usage import Found, Value

_ENV_KEYS = {"HF_MODEL_ID": "serve", "MODEL_ID": "serve", "EMBEDDING_MODEL_ID": "serve"}
MAX_RECEIVER_STEPS = 100
_OLLAMA = re.compile(
    r":11434\b|ollama[^\n]{0,60}/(?:api|v1)/|/api/(?:generate|chat|embeddings?|pull)\b[^\n]*ollama", re.I
)
_SERVER = re.compile(
    r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal|vllm|tgi|[\w.-]*huggingface)\b"
)
"""A server of one's own, or the Hub's: what it is asked for is the name of a model on the Hub."""
_CLIENTS = ("ollama", "openai", "huggingface_hub")
"""Packages whose objects are asked for models by their methods."""
_PRETRAINED = ("timm", "torch.hub")


class Sinks:
    """The sinks of one repository's Python files."""

    def __init__(self, flow: Flow):
        self.flow = flow
        self.others: set[str] = set()
        """Names of data sets, Spaces and torch.hub repositories: no models, whatever they are kept under."""

    def find(self, path: str, own: Own) -> Iterator[Found]:
        """Everything in one file that names or may name a model."""
        facts = self.flow.repo.facts(path)
        if facts is None:
            return
        yield from own.found
        for call in own.calls:
            name = last_name(call.expr[2])
            at = At(path, call.scope, call.block, call.expr[1])
            yield from self._call(facts, call, at)
            if name in _DATA and call.expr[3]:
                self.others |= {value.text for value in self.flow.values(call.expr[3][0], at)}
        for call in own.built:
            yield from self._built(call.expr, At(path, call.scope, call.block, call.expr[1]))
        for flag, call in own.commands:
            for found in self.flow.values(call.expr, At(path, call.scope, call.block, call.expr[1])):
                if names.is_id(found.text) or names.is_legacy(found.text):
                    yield Found(found.path, found.line, None, flag, "serve", "hf", show(call.expr), found)
        has_model = any(key == "model" for _, _, key, _ in facts.entries)
        asks_ollama = has_model and _OLLAMA.search(self.flow.repo.texts[path]) is not None
        for scope, block, key, value in facts.entries:
            at = At(path, scope, block, value[1])
            if key in _ENV_KEYS and value[0] != "d":
                for found in self.flow.values(value, at):
                    yield Found(found.path, found.line, "sagemaker", key, _ENV_KEYS[key], "hf", show(value), found)
            elif key == "model" and asks_ollama:  # the body of a request
                for found in self.flow.values(value, at):
                    is_near = found.path == path or not found.path.endswith(".py")  # a parameter `model` is everywhere
                    if is_near and names.is_ollama(found.text):
                        yield Found(found.path, found.line, "ollama", key, "serve", "ollama", show(value), found)

    def _built(self, expr: Expr, at: At) -> Iterator[Found]:
        """Models of torchvision and bundles of torchaudio and torchtext that a text or a parameter chooses."""
        is_chosen = last_name(expr[2]) == "getattr"
        for end in self.flow.ends(expr if is_chosen else expr[2], at):
            dotted = end.expr[2] if end.expr[0] == "m" else ""
            if is_chosen and dotted.startswith(("torchaudio.pipelines.", "torchtext.models.")):
                library, name = dotted.split(".", 1)[0], dotted.rpartition(".")[2]
                value = Value(name, end.at.path, end.expr[1], end.method, end.confidence)
                yield Found(value.path, value.line, library, dotted, "load", library, show(expr), value)
            elif not is_chosen and is_builder(dotted):
                found = built(end.at.path, expr, dotted)
                assert found.value is not None  # noqa: S101
                value = found.value._replace(
                    line=end.expr[1], method=end.method, confidence=found.value.confidence * end.confidence
                )
                yield found._replace(line=end.expr[1], value=value)

    # --- calls -----------------------------------------------------------------------------------------------------

    def dotted(self, expr: Expr, at: At, depth: int = 0) -> tuple[str, bool]:
        """The dotted name of a function, and whether it begins at an import."""
        facts = self.flow.repo.facts(at.path)
        is_own = expr[0] == "a" and depth and expr[2][0] == "n" and expr[2][2] in ("self", "cls")
        if is_own and facts is not None and any(each.startswith(_CLIENTS) for each in facts.imports.values()):
            for end in self.flow.ends(expr, at, MAX_RECEIVER_STEPS):
                if end.expr[0] == "m":
                    return _instance(end.expr[2])
        if expr[0] == "a" and depth < 12:
            base, is_known = self.dotted(expr[2], at, depth + 1)
            return f"{base}.{expr[3]}", is_known
        if expr[0] == "n":
            if facts is not None and expr[2] in facts.imports:
                return facts.imports[expr[2]], True
            if depth and expr[2] not in ("self", "cls"):
                for end in self.flow.ends(expr, at, MAX_RECEIVER_STEPS):
                    if end.expr[0] == "m":
                        return _instance(end.expr[2])
                    if end.expr[0] == "I" and depth < 4:  # of a library that is the repository itself
                        made, is_known = self.dotted(end.expr[4][2], end.expr[5], depth + 1)
                        if is_known and made.split(".")[0] in signatures.packages():
                            return _instance(f"{made}()")
                    if end.expr[0] == "K":
                        scope = self.flow.repo.scope(At(end.expr[2], end.expr[3], (), 0))
                        return scope.name, False
            return str(expr[2]), False
        if expr[0] == "c":
            made, is_known = self.dotted(expr[2], at, depth + 1)
            return _instance(f"{made}()") if is_known else (last_name(expr[2]) or "?", False)
        return "?", False

    def _call(self, facts: Facts, call: Call, at: At) -> Iterator[Found]:
        expr = call.expr
        dotted, is_known = self.dotted(expr[2], at)
        if facts.scopes and dotted.startswith("."):
            dotted = dotted.lstrip(".")
        matched = signatures.match(dotted, is_known)
        if not matched and not is_known and facts.stars:
            for module in facts.stars:
                matched = signatures.match(f"{module}.{dotted}", True)
                if matched:
                    break
        if expr[2][0] == "n" and (matched or expr[2][2][:1].isupper()):
            own = [end for end in self.flow.ends(expr[2], at, MAX_RECEIVER_STEPS) if end.expr[0] in "KF"]
            is_library = is_known and any(each.match != "name" for each in matched)
            if (
                own and not is_library
            ):  # its own class or function of that name; a class may be the library's by its base
                matched = [each for end in own if end.expr[0] == "K" for each in self._inherited(end)]
        for signature in matched:
            yield from self._arguments(signature, dotted, expr, at)

    def _inherited(self, end: End) -> list[Signature]:
        """The signatures of the class of a library that a class without a constructor of its own is made from."""
        path, number = end.expr[2], end.expr[3]
        facts = self.flow.repo.facts(path)
        if facts is None or self.flow.repo.child(path, number, "__init__"):
            return []
        place = At(path, facts.scopes[number].parent, (), facts.scopes[number].line)
        return [each for base in facts.scopes[number].bases for each in signatures.match(*self.dotted(base, place))]

    def _arguments(self, signature: Signature, dotted: str, expr: Expr, at: At) -> Iterator[Found]:
        shown = shown_call(dotted)
        kind = keyword(expr, "repo_type")
        if kind is not None and any(value.text in ("dataset", "space") for value in self.flow.values(kind, at)):
            argument = self._argument(signature, expr, at)
            self.others |= {value.text for value in self.flow.values(argument, at)} if argument is not None else set()
            return
        role = signatures.role(signature, dotted)
        trust = keyword(expr, "trust_remote_code")
        has_trust = trust is not None and trust[0] == "v" and trust[2] is True
        if (
            signature.hub in _PRETRAINED
            and signature.parts[-1] != "get_model"
            and not self._is_pretrained(signature, expr)
        ):
            role = "scratch"
        hub = self._hub(signature, expr, at)
        if hub is None:
            return
        signature = signature._replace(hub=hub)
        argument = self._argument(signature, expr, at)
        base = Found(
            at.path,
            at.line,
            signature.library,
            shown,
            role,
            signature.hub,
            None,
            None,
            None,
            has_trust,
            role != "scratch",
        )
        if argument is None:
            if signature.default:
                value = Value(signature.default, at.path, at.line, "implicit", 0.5)
                yield base._replace(value=value)
            return
        if argument[0] == "v" or (argument[0] == "l" and not argument[2]):
            return
        revision = self._revision(signature, expr, at)
        base = base._replace(argument=show(argument), revision=revision)
        values = self._values(argument, at) or self._entries(signature, argument, at)
        if signature.hub == "torch.hub":
            yield from self._torch_hub(base, expr, values, at)
            return
        if signature.hub == "open_clip":
            yield from self._open_clip(base, expr, values, at)
            return
        if signature.hub == "prefix" and not any(names.name_of("prefix", value.text) for value in values):
            return  # a model of another provider
        if not values:
            if _is_object(argument, self.flow, at):
                return
            yield base
        for value in values:
            yield base._replace(path=value.path, line=value.line, value=value)

    def _hub(self, signature: Signature, expr: Expr, at: At) -> str | None:
        """Where the name of a call is looked up, if another argument or the address of a server says so."""
        if signature.hub == "prefix":
            provider = keyword(expr, "model_provider")
            given = provider[2] if provider is not None and provider[0] == "s" else ""
            return {"ollama": "ollama", "huggingface": "hf"}.get(given, signature.hub)
        if signature.hub != "server":
            return signature.hub
        text = self.flow.repo.texts[at.path]
        return "ollama" if _OLLAMA.search(text) else "hf" if _SERVER.search(text) else None

    def _values(self, argument: Expr, at: At) -> list[Value]:
        values = self.flow.values(argument, at)
        guarded = guards(self.flow, argument, at)
        inside = [value for value, is_inside in guarded if is_inside]
        if inside and argument[0] in "na":
            return inside + [value for value in values if value.text in {each.text for each in inside}]
        return values + [value for value, _ in guarded]

    def _entries(self, signature: Signature, argument: Expr, at: At) -> list[Value]:
        """The model in a dictionary that is the argument: Embeddings({"path": "a/b"}), api_params={"model": "a/b"}."""
        found: list[Value] = []
        for end in self.flow.ends(argument, at):
            for key, value in end.expr[2] if end.expr[0] == "d" else ():
                if key is not None and key[0] == "s" and key[2] in (*signature.keywords, "model", "url_or_id"):
                    found += self.flow.values(value, end.at)
        return found

    def _argument(self, signature: Signature, expr: Expr, at: At) -> Expr | None:
        for name in signature.keywords:
            value = keyword(expr, name)
            if value is not None:
                return value
        if signature.position is not None and signature.position < len(expr[3]):
            return expr[3][signature.position]  # type: ignore[no-any-return]
        for key, spread in expr[4]:
            if key is None:
                for end in self.flow.ends(spread, at):
                    if end.expr[0] == "d":
                        for name in signature.keywords:
                            for entry, value in end.expr[2]:
                                if entry is not None and entry[0] == "s" and entry[2] == name:
                                    return value  # type: ignore[no-any-return]
        return None

    def _revision(self, signature: Signature, expr: Expr, at: At) -> str | None:
        for name in signature.revision:
            value = keyword(expr, name)
            if value is not None:
                return next((each.text for each in self.flow.values(value, at)), None)
        return None

    def _is_pretrained(self, signature: Signature, expr: Expr) -> bool:
        """pretrained=True, or something that is not known: then it may be."""
        value = keyword(expr, "pretrained")
        weights = keyword(expr, "weights")
        if signature.hub == "torch.hub":
            return not (value is not None and value[0] == "v" and value[2] in NO_WEIGHTS)
        if value is None and signature.hub == "timm" and len(expr[3]) > 1:
            value = expr[3][1]
        if value is None:
            return weights is not None and not (weights[0] == "v" and weights[2] in NO_WEIGHTS)
        return not (value[0] == "v" and value[2] in NO_WEIGHTS)

    def _torch_hub(self, base: Found, expr: Expr, values: list[Value], at: At) -> Iterator[Found]:
        source = keyword(expr, "source")
        if source is not None and source[0] == "s" and source[2] == "local":
            return
        entry = keyword(expr, "model") or (expr[3][1] if len(expr[3]) > 1 else None)
        entries = self.flow.values(entry, at) if entry is not None else []
        for value in values:
            self.others.add(value.text)
            repository, _, revision = value.text.partition(":")
            if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
                continue
            for each in entries:
                text = f"{repository}/{each.text}"
                found = Value(text, value.path, value.line, each.method, each.confidence * value.confidence)
                yield base._replace(path=found.path, line=found.line, value=found, revision=revision or None)
        if not values or not entries:
            yield base

    def _open_clip(self, base: Found, expr: Expr, values: list[Value], at: At) -> Iterator[Found]:
        given = keyword(expr, "pretrained") or (expr[3][1] if len(expr[3]) > 1 and base.role != "tokenizer" else None)
        tags = self.flow.values(given, at) if given is not None else []
        for value in values:
            if value.text.startswith(("hf-hub:", "hf_hub:")):
                text = value.text.split(":", 1)[1]
                yield base._replace(path=value.path, line=value.line, hub="hf", value=value._replace(text=text))
            elif "/" in value.text and (base.call or "").endswith("Config"):
                yield base._replace(path=value.path, line=value.line, value=value)
            else:
                for tag in tags:
                    if not WEIGHTS.fullmatch(tag.text):
                        continue
                    both = value._replace(text=f"{value.text}/{tag.text}", confidence=value.confidence * tag.confidence)
                    yield base._replace(path=value.path, line=value.line, value=both)
        if not values:
            yield base


def _instance(dotted: str) -> tuple[str, bool]:
    """ollama.Client() -> ollama.Client, whose methods are known; what a function gives back is not."""
    made = dotted.removesuffix("()")
    is_class = "()" not in made and made.rpartition(".")[2][:1].isupper()
    return (made, True) if is_class or made == dotted else (dotted, False)


def _is_object(argument: Expr, flow: Flow, at: At) -> bool:
    """A model that was loaded before is handed on: pipeline(model=model)."""
    ends = flow.ends(argument, at)
    return bool(ends) and all(end.expr[0] in "mIKFMd" or (end.expr[0] == "v" and end.expr[2] is None) for end in ends)
