"""Calls that load a model -> what they load."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peatmoss.parse.code import names, signatures
from peatmoss.parse.code.python_flow import Flow
from peatmoss.parse.code.python_repo import At, keyword, last_name
from peatmoss.parse.code.python_scopes import MODEL_WORD, Call, Expr, Facts
from peatmoss.parse.code.python_show import show, shown_call
from peatmoss.parse.code.signatures import Signature
from peatmoss.parse.code.usage import Found, Value

_ENV_KEYS = {"HF_MODEL_ID": "serve", "MODEL_ID": "serve", "EMBEDDING_MODEL_ID": "serve"}
_DATA = {
    "load_dataset",
    "load_dataset_builder",
    "get_dataset_config_names",
    "load_metric",
    "DatasetInfo",
    "push_to_hub",
}
_PRETRAINED = ("timm", "torch.hub")
_NO_WEIGHTS = (None, False)


class Sinks:
    """The sinks of one repository's Python files."""

    def __init__(self, flow: Flow, is_candidate: bool):
        self.flow = flow
        self.is_candidate = is_candidate
        self._vision: dict[str, bool] = {}
        self.others: set[str] = set()
        """Names of data sets, Spaces and torch.hub repositories."""

    def find(self, path: str) -> Iterator[Found]:
        """Everything in one file that names or may name a model."""
        facts = self.flow.repo.facts(path)
        if facts is None:
            return
        for line, package in facts.packages:
            yield Found(
                path,
                line,
                "spacy",
                f"import {package}",
                "load",
                "spacy",
                package,
                Value(package, path, line, "import", 0.97),
            )
        for call in facts.calls:
            name = last_name(call.expr[2])
            if name is None:
                continue
            at = At(path, call.scope, call.block, call.expr[1])
            if name in signatures.python():
                yield from self._call(facts, call, at)
            if name in _DATA and call.expr[3]:
                self.others |= {value.text for value in self.flow.values(call.expr[3][0], at)}
            yield from self._special(call, name, at)
        for each in facts.constants:
            yield from self._constant(each, path)
        for scope, block, key, value in facts.entries:
            if key in _ENV_KEYS and value[0] != "d":
                at = At(path, scope, block, value[1])
                for found in self.flow.values(value, at):
                    yield Found(found.path, found.line, "sagemaker", key, _ENV_KEYS[key], "hf", show(value), found)

    # --- calls -----------------------------------------------------------------------------------------------------

    def dotted(self, expr: Expr, at: At, depth: int = 0) -> tuple[str, bool]:
        """The dotted name of a function, and whether it begins at an import."""
        if expr[0] == "a" and depth < 12:
            base, is_known = self.dotted(expr[2], at, depth + 1)
            return f"{base}.{expr[3]}", is_known
        if expr[0] == "n":
            facts = self.flow.repo.facts(at.path)
            if facts is not None and expr[2] in facts.imports:
                return facts.imports[expr[2]], True
            if depth:
                for end in self.flow.ends(expr, at):
                    if end.expr[0] == "m":
                        return str(end.expr[2]), "()" not in end.expr[2]
                    if end.expr[0] == "K":
                        scope = self.flow.repo.scope(At(end.expr[2], end.expr[3], (), 0))
                        return scope.name, False
            return str(expr[2]), False
        if expr[0] == "c":
            name = last_name(expr[2])
            return f"{name or '?'}", False
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
        if matched and expr[2][0] == "n" and any(end.expr[0] in "KF" for end in self.flow.ends(expr[2], at)):
            return  # the repository's own class or function of that name
        for signature in matched:
            yield from self._arguments(signature, dotted, expr, at)

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
        values = self._values(argument, at)
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

    def _values(self, argument: Expr, at: At) -> list[Value]:
        values = self.flow.values(argument, at)
        guarded = self._guards(argument, at)
        inside = [value for value, is_inside in guarded if is_inside]
        if inside and argument[0] in "na":
            return inside + [value for value in values if value.text in {each.text for each in inside}]
        return values + [value for value, _ in guarded]

    def _guards(self, argument: Expr, at: At) -> list[tuple[Value, bool]]:
        """Texts that the value is compared with, and whether the call stands under an equality with them."""
        facts = self.flow.repo.facts(at.path)
        found = []
        shown = show(argument)
        if argument[0] not in "nai" or facts is None:
            return []
        for guard in facts.guards:
            if guard.scope == at.scope and show(guard.subject) == shown:
                encloses = guard.first <= at.line <= guard.last
                if encloses or guard.is_equality:
                    for text, line in guard.texts:
                        confidence = 0.8 if encloses else 0.65
                        found.append((Value(text, at.path, line, "guard", confidence), encloses and guard.is_equality))
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
            return not (value is not None and value[0] == "v" and value[2] in _NO_WEIGHTS)
        if value is None and signature.hub == "timm" and len(expr[3]) > 1:
            value = expr[3][1]
        if value is None:
            return weights is not None and not (weights[0] == "v" and weights[2] in _NO_WEIGHTS)
        return not (value[0] == "v" and value[2] in _NO_WEIGHTS)

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
                    both = value._replace(text=f"{value.text}/{tag.text}", confidence=value.confidence * tag.confidence)
                    yield base._replace(path=value.path, line=value.line, value=both)
        if not values:
            yield base

    # --- what no row of a table says -------------------------------------------------------------------------------

    def _special(self, call: Call, name: str, at: At) -> Iterator[Found]:
        expr = call.expr
        if expr[2][0] not in "an" or not (name[0].islower() or expr[4]):
            return
        dotted, is_known = self.dotted(expr[2], at) if self._may_be_vision(at.path) else ("", False)
        if not is_known:
            return
        if dotted.startswith("torchvision.models.") and name[0].islower() and name not in ("get_model", "get_weight"):
            weights = keyword(expr, "weights") or keyword(expr, "pretrained") or (expr[3][0] if expr[3] else None)
            is_loaded = weights is not None and not (weights[0] == "v" and weights[2] in _NO_WEIGHTS)
            value = Value(name, at.path, at.line, "literal", 0.95 if weights and weights[0] == "v" else 0.85)
            role = "load" if is_loaded else "scratch"
            argument = show(weights) if weights else None
            yield Found(
                at.path,
                at.line,
                "torchvision",
                shown_call(dotted),
                role,
                "torchvision",
                argument,
                value,
                is_used=is_loaded,
            )
        elif re.search(r"(?:^|\.)keras\.applications\.", dotted) and name[0].isupper():
            weights = keyword(expr, "weights")
            is_loaded = weights is None or (weights[0] == "s" and weights[2] == "imagenet")
            value = Value(name, at.path, at.line, "literal", 0.9)
            role = "load" if is_loaded else "scratch"
            yield Found(
                at.path,
                at.line,
                "keras",
                shown_call(dotted),
                role,
                "keras",
                show(weights) if weights else None,
                value,
                is_used=is_loaded,
            )

    def _may_be_vision(self, path: str) -> bool:
        if path not in self._vision:
            text = self.flow.repo.texts[path]
            self._vision[path] = "torchvision" in text or "keras" in text
        return self._vision[path]

    def _constant(self, each: Call, path: str) -> Iterator[Found]:
        at = At(path, each.scope, each.block, each.expr[1])
        dotted, is_known = self.dotted(each.expr, at)
        name = str(each.expr[3])
        if is_known and dotted.startswith(("torchaudio.pipelines.", "torchtext.models.")):
            library = dotted.split(".", 1)[0]
            yield Found(
                path, at.line, library, dotted, "load", library, None, Value(name, path, at.line, "literal", 0.95)
            )

    # --- values whose own name says model --------------------------------------------------------------------------

    def named(self, path: str) -> Iterator[Found]:
        """Texts of the shape owner/name that are kept under a name that speaks of models."""
        facts = self.flow.repo.facts(path)
        if facts is None or not self.is_candidate:
            return
        for number, scope in enumerate(facts.scopes):
            for name, assigns in scope.names.items():
                if MODEL_WORD.search(name):
                    for assign in assigns:
                        yield from self._texts(assign.value, path, name)
            for name, default in scope.params:
                if default is not None and MODEL_WORD.search(name):
                    yield from self._texts(default, path, name)
            for name, given in scope.attributes.items():
                if MODEL_WORD.search(name):
                    for _, assign in given:
                        yield from self._texts(assign.value, path, name)
            del number
        for _, _, key, value in facts.entries:
            yield from self._texts(value, path, key)
        for call in facts.calls:
            for key, value in call.expr[4]:
                if key and MODEL_WORD.search(key):
                    yield from self._texts(value, path, key)
            if (
                last_name(call.expr[2]) == "add_argument"
                and call.expr[3]
                and call.expr[3][0][0] == "s"
                and MODEL_WORD.search(call.expr[3][0][2])
            ):
                for key, value in call.expr[4]:
                    if key in ("default", "choices"):
                        yield from self._texts(value, path, call.expr[3][0][2])

    def _texts(self, expr: Expr, path: str, name: str, depth: int = 0) -> Iterator[Found]:
        if expr[0] == "s":
            if names.is_likely_id(expr[2]):
                value = Value(expr[2], path, expr[1], "named_value", 0.6)
                yield Found(path, expr[1], None, None, "load", "hf", name, value, is_strict=True)
        elif depth < 3 and expr[0] in "l|":
            for each in expr[2]:
                yield from self._texts(each, path, name, depth + 1)
        elif depth < 3 and expr[0] == "d":
            for key, value in expr[2]:
                if key is not None:
                    yield from self._texts(key, path, name, depth + 1)
                yield from self._texts(value, path, name, depth + 1)
        elif depth < 3 and expr[0] == "c":
            for each in expr[3]:
                yield from self._texts(each, path, name, depth + 1)
            for key, value in expr[4]:
                if key in ("default", "value", "choices", "options"):
                    yield from self._texts(value, path, name, depth + 1)


def _is_object(argument: Expr, flow: Flow, at: At) -> bool:
    """A model that was loaded before is handed on: pipeline(model=model)."""
    ends = flow.ends(argument, at)
    return bool(ends) and all(end.expr[0] in "mIKFMd" or (end.expr[0] == "v" and end.expr[2] is None) for end in ends)
