"""Following values out of a function to its callers, and to whatever has the name where the owner is not known."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from peatmoss.parse.code.python_ends import End
from peatmoss.parse.code.python_repo import MAX_CALLS, At, keyword, last_name
from peatmoss.parse.code.python_scopes import Call, Expr

if TYPE_CHECKING:
    from peatmoss.parse.code.python_flow import Flow

MAX_BY_NAME = 20
_FILLER = re.compile(r"settings?|config(?:uration)?|args|arguments|params|options|cfg|conf|self|[_\W]")
_COMMON = {
    "get",
    "load",
    "run",
    "main",
    "add",
    "set",
    "update",
    "forward",
    "build",
    "create",
    "call",
    "__call__",
    "append",
    "fit",
    "train",
}


_GENERIC = {"name", "id", "path", "type", "value", "default", "target", "key", "url"}
"""Keys that stand everywhere: only those of a parent of the same name count."""


def _end(expr: Expr, at: At) -> End:
    return End(expr, at)


def parameter(flow: Flow, path: str, number: int, name: str) -> Iterator[End]:
    """What a parameter can be: its default, and what callers give."""
    facts = flow.repo.facts(path)
    if facts is None:
        return
    scope = facts.scopes[number]
    position, default = next((i, each) for i, (param, each) in enumerate(scope.params) if param == name)
    if default is not None:
        place = At(path, scope.parent, (), scope.line)
        yield from (end.via("default") for end in flow.follow(default, place))
    for decorator in scope.decorators:
        if decorator[0] == "c" and last_name(decorator[2]) in ("option", "argument"):
            flags = [re.sub(r"\W", "_", arg[2].lstrip("-")) for arg in decorator[3] if arg[0] == "s"]
            value = keyword(decorator, "default")
            if name in flags:
                for where, spelt in flow.repo.given(name, path):
                    yield _end(("s", spelt.line, spelt.text), At(where, 0, (), spelt.line)).via("option")
            if name in flags and value is not None:
                yield from (end.via("option") for end in flow.follow(value, At(path, scope.parent, (), scope.line)))
        elif decorator[0] == "c" and last_name(decorator[2]) == "parametrize" and len(decorator[3]) > 1:
            yield from _parametrized(flow, decorator, name, At(path, scope.parent, (), scope.line))
    if scope.name.startswith("test") or any(_is_fixture(each) for each in scope.decorators):
        yield from _fixture(flow, path, number, name)
    if name == "request":
        return
    owner = facts.scopes[scope.parent] if scope.parent >= 0 else None
    is_method = owner is not None and owner.kind == "class"
    shift = 1 if is_method and scope.params and scope.params[0][0] in ("self", "cls", "mcs") else 0
    bound = flow.bound
    if bound is not None and (bound.path, bound.scope) == (path, number):
        flow.bound = bound.outer
        try:
            yield from list(
                _given(flow, bound.at.path, Call(bound.at.scope, bound.at.block, bound.call), name, position - shift)
            )
        finally:
            flow.bound = bound
        return
    called = owner.name if is_method and owner is not None and scope.name in ("__init__", "__new__") else scope.name
    target = scope.parent if called != scope.name else number
    for where, each in flow.repo.calls(called)[:MAX_CALLS]:
        if _leads_to(flow, where, each, path, target, is_method and called == scope.name):
            yield from _given(flow, where, each, name, position - shift)
    if called != scope.name:
        for where, each in flow.repo.calls("__init__")[:MAX_CALLS]:
            if _is_super(flow, where, each, path, scope.parent):
                yield from _given(flow, where, each, name, position - shift)
        for where, derived in _subclasses(flow, called):
            inner = flow.repo.child(where, derived, "__init__")
            if not inner:
                for again, each in flow.repo.calls(_name_of(flow, where, derived))[:MAX_CALLS]:
                    yield from _given(flow, again, each, name, position - shift)


def _is_fixture(decorator: Expr) -> bool:
    return last_name(decorator[2] if decorator[0] == "c" else decorator) == "fixture"


def _fixture(flow: Flow, path: str, number: int, name: str) -> Iterator[End]:
    """What pytest gives to a test: what the fixture of that name returns, here or in a conftest.py above."""
    folder = posixpath.dirname(path)
    near = [each for each in flow.repo.files_with(name) if posixpath.basename(each) == "conftest.py"]
    for where in (path, *(each for each in near if f"{folder}/".startswith(f"{posixpath.dirname(each)}/".lstrip("/")))):
        facts = flow.repo.facts(where)
        for each, scope in enumerate(facts.scopes if facts else ()):
            if scope.name != name or (where, each) == (path, number) or not any(map(_is_fixture, scope.decorators)):
                continue
            for value in scope.returns:
                yield from (end.via("return") for end in flow.follow(value, At(where, each, (), 1 << 30)))
            return


def requested(flow: Flow, at: At) -> Iterator[End]:
    """request.param in a fixture: one of its params."""
    scope = flow.repo.scope(at)
    for decorator in scope.decorators:
        params = keyword(decorator, "params") if decorator[0] == "c" else None
        if params is not None and _is_fixture(decorator):
            yield from flow.elements(params, At(at.path, scope.parent, (), scope.line))


def _name_of(flow: Flow, path: str, number: int) -> str:
    facts = flow.repo.facts(path)
    return facts.scopes[number].name if facts else ""


def _subclasses(flow: Flow, name: str) -> Iterator[tuple[str, int]]:
    for path in flow.repo.files_with(name):
        facts = flow.repo.facts(path)
        for number, scope in enumerate(facts.scopes if facts else ()):
            if scope.kind == "class" and any(last_name(base) == name for base in scope.bases):
                yield path, number


def _parametrized(flow: Flow, decorator: Expr, name: str, at: At) -> Iterator[End]:
    names, values = decorator[3][0], decorator[3][1]
    listed = (
        [each.strip() for each in names[2].split(",")]
        if names[0] == "s"
        else [each[2] for each in names[2] if each[0] == "s"]
        if names[0] == "l"
        else []
    )
    if name not in listed:
        return
    for end in flow.elements(values, at):
        if len(listed) == 1:
            yield end
        elif end.expr[0] == "l" and listed.index(name) < len(end.expr[2]):
            yield from flow.follow(end.expr[2][listed.index(name)], end.at)


def _given(flow: Flow, where: str, each: Call, name: str, position: int) -> Iterator[End]:
    expr = each.expr
    place = At(where, each.scope, each.block, expr[1])
    value = keyword(expr, name)
    if value is None and 0 <= position < len(expr[3]):
        value = expr[3][position]
    if value is not None:
        yield from (end.via("call_site") for end in flow.follow(value, place))
        return
    yield from spread(flow, expr, name, place)


def spread(flow: Flow, call: Expr, name: str, at: At) -> Iterator[End]:
    """What a call gives to a name by **dictionary."""
    for key, given in call[4]:
        if key is None:
            for end in flow.follow(given, at):
                if end.expr[0] == "d":
                    yield from (
                        found.via("call_site") for found in flow.item(("i", 0, end.expr, ("s", 0, name)), end.at)
                    )


def _leads_to(flow: Flow, where: str, each: Call, path: str, target: int, is_method: bool) -> bool:
    """Whether a call is one of that function or class."""
    function = each.expr[2]
    place = At(where, each.scope, each.block, each.expr[1])
    if is_method and function[0] == "a":
        base = function[2]
        name = function[3]
        if base[0] == "n" and base[2] in ("self", "cls"):
            return where == path
        if name not in _COMMON:
            return True
        facts = flow.repo.facts(path)
        owner = facts.scopes[facts.scopes[target].parent].name if facts else ""
        return any(
            end.expr[0] in "IK" and _name_of(flow, end.expr[2], end.expr[3]) == owner
            for end in flow.follow(base, place)
        )
    for end in flow.follow(function, place):
        if end.expr[0] in "FK" and end.expr[2] == path and end.expr[3] == target:
            return True
        if end.expr[0] == "?" and function[0] == "a" and last_name(function) not in _COMMON:
            return True
    return False


def _is_super(flow: Flow, where: str, each: Call, path: str, target: int) -> bool:
    """super().__init__(...) or Base.__init__(self, ...) in a class derived from the target."""
    facts = flow.repo.facts(where)
    number = each.scope
    while facts is not None and number >= 0 and facts.scopes[number].kind != "class":
        number = facts.scopes[number].parent
    if facts is None or number < 0:
        return False
    name = _name_of(flow, path, target)
    return any(last_name(base) == name for base in facts.scopes[number].bases)


def constructed(flow: Flow, path: str, number: int, name: str) -> Iterator[End]:
    """What callers give to a field of a class without a constructor of its own (dataclass, pydantic)."""
    facts = flow.repo.facts(path)
    if (
        facts is None
        or flow.repo.child(path, number, "__init__")
        or not (facts.scopes[number].bases or facts.scopes[number].decorators)
    ):
        return
    for where, each in flow.repo.calls(facts.scopes[number].name)[:MAX_CALLS]:
        value = keyword(each.expr, name)
        if value is not None:
            yield from (
                end.via("call_site") for end in flow.follow(value, At(where, each.scope, each.block, each.expr[1]))
            )


def by_name(flow: Flow, expr: Expr, at: At) -> Iterator[End]:
    """args.model_name, where nothing is known of args: an option, field, setting or configuration entry."""
    name = expr[3]
    found = False
    facts = flow.repo.facts(at.path)
    for scope, assign in (facts.settings.get(name, ()) if facts else ())[:MAX_BY_NAME]:
        found = True
        yield from (
            end.via("namespace") for end in flow.follow(assign.value, At(at.path, scope, assign.block, assign.line))
        )
    for option in flow.repo.options(name, at.path)[:MAX_BY_NAME]:
        found = True
        if option.default is not None:
            yield from (end.via("option") for end in _one_or_each(flow, option.default, option.at))
        if option.choices is not None:
            yield from (end.via("choice") for end in flow.elements(option.choices, option.at))
        for flag in option.flags:
            for path, spelt in flow.repo.given(flag, option.at.path):
                yield _end(("s", spelt.line, spelt.text), at._replace(path=path)).via("option")
    parent = last_name(expr[2]) or (expr[2][3][2] if expr[2][0] == "i" and expr[2][3][0] == "s" else "")
    if not found:
        fields = list(itertools.islice(flow.repo.fields(name), MAX_BY_NAME))
        akin = [each for each in fields if _is_akin(_name_of(flow, each[0], each[1]), parent)]
        for path, number, assign in akin or fields:
            found = True
            yield from (
                end.via("namespace") for end in flow.follow(assign.value, At(path, number, assign.block, assign.line))
            )
    entries = flow.repo.config.get(name, [])
    near = [entry for entry in entries if _is_akin(entry[3], parent)] or ([] if name.lower() in _GENERIC else entries)
    for text, path, line, _ in near[:MAX_BY_NAME]:
        found = True
        yield _end(("s", line, text), at._replace(path=path)).via("config")
    if not found:
        yield _end(("?", expr[1]), at)


def _is_akin(owner: str, name: str) -> bool:
    """OllamaSettings, ollama_settings and ollama are about the same."""
    one, other = (_FILLER.sub("", text.lower()) for text in (owner, name))
    return bool(one and other) and (one in other or other in one)


def _one_or_each(flow: Flow, expr: Expr, at: At) -> Iterator[End]:
    for end in flow.follow(expr, at):
        if end.expr[0] == "l":
            yield from flow.elements(end.expr, end.at)
        else:
            yield end
