"""Following values through calls: into functions, out to callers, into options, fields and the environment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from peatmoss.parse.code import python_texts
from peatmoss.parse.code.python_ends import End
from peatmoss.parse.code.python_repo import MAX_CALLS, At, keyword, last_name
from peatmoss.parse.code.python_scopes import Expr

if TYPE_CHECKING:
    from peatmoss.parse.code.python_flow import Flow

MAX_RETURNS = 12
MAX_BY_NAME = 20
_SAME = {
    "strip",
    "rstrip",
    "lstrip",
    "str",
    "encode",
    "decode",
    "expandvars",
    "cast",
    "deepcopy",
    "copy",
    "unquote",
    "Required",
}
_FIELDS = {
    "Field",
    "field",
    "Option",
    "Argument",
    "ib",
    "attrib",
    "Secret",
    "StringProperty",
    "HfArg",
    "Param",
    "Parameter",
    "Query",
    "Form",
    "Body",
}
_CHOOSE = {
    "selectbox",
    "radio",
    "select_slider",
    "Dropdown",
    "Radio",
    "choice",
    "segmented_control",
    "pills",
    "multiselect",
}
_ASK = {"text_input", "Textbox", "Text", "prompt", "Prompt"}
_LOOPS = {"list", "tuple", "set", "sorted", "reversed", "tqdm", "iter", "unique"}
_PATHS = {"join", "Path", "PurePath", "joinpath", "abspath", "realpath", "expanduser", "resolve_path", "dirname"}


def call(flow: Flow, expr: Expr, at: At) -> Iterator[End]:
    """What a call gives back."""
    function, args = expr[2], expr[3]
    name = last_name(function) or ""
    special = _known(flow, name, expr, at)
    if special is not None:
        yield from special
        return
    is_known = False
    for end in flow.follow(function, at):
        kind = end.expr[0]
        if kind == "F":
            is_known = True
            facts = flow.repo.facts(end.expr[2])
            scope = facts.scopes[end.expr[3]] if facts else None
            for value in scope.returns[:MAX_RETURNS] if scope else ():
                place = At(end.expr[2], end.expr[3], (), 1 << 30)
                inner = flow.inside(end.expr[2], end.expr[3], expr, at, value, place)
                yield from (each.via("return") for each in inner)
        elif kind == "K":
            is_known = True
            yield _end(("I", expr[1], end.expr[2], end.expr[3], expr, at), at)
        elif kind == "I":  # a call of an instance, such as settings()
            is_known = True
            yield end
        elif kind == "m":
            is_known = True
            yield _end(("m", expr[1], f"{end.expr[2]}()"), at)
    if not is_known:
        if name in ("Namespace", "SimpleNamespace", "EasyDict", "edict", "dict", "AttrDict", "DictConfig", "OmegaConf"):
            yield _end(("d", expr[1], tuple((("s", expr[1], key), value) for key, value in expr[4] if key)), at)
        elif args and name in ("partial", "create"):
            yield from flow.follow(args[0], at)
        else:
            yield _end(("?", expr[1]), at)


def _end(expr: Expr, at: At) -> End:
    return End(expr, at)


def _known(flow: Flow, name: str, expr: Expr, at: At) -> Iterator[End] | None:
    """Calls of the language and of user interfaces that hand a text on."""
    function, args = expr[2], expr[3]
    receiver = function[2] if function[0] == "a" else None
    if name in ("getenv", "get") and args and _is_environ(function):
        return _from_environment(flow, expr, at)
    if name in ("get", "pop", "setdefault") and receiver is not None and args:
        return _get(flow, expr, at)
    if name in _SAME and (receiver is not None or args):
        return flow_iter(flow, receiver if receiver is not None and not args else args[-1] if args else receiver, at)
    if name == "lower" or name == "upper":
        return iter(())
    if name == "getattr" and len(args) > 1 and args[1][0] == "s":
        default = flow_iter(flow, args[2], at, "default") if len(args) > 2 else iter(())
        return _chain(flow_iter(flow, ("a", expr[1], args[0], args[1][2]), at), default)
    if name == "getattr" and len(args) > 1:
        return _picked(flow, args[0], args[1], at)
    if name == "%" and receiver is not None:
        return python_texts.text(flow, _formatted(receiver, args), at)
    if name == "format" and receiver is not None and receiver[0] == "s":
        return python_texts.text(flow, _formatted(receiver, args, dict(expr[4])), at)
    if name in _PATHS and (receiver is None or receiver[0] != "s"):
        return iter([_end(("s", expr[1], "./path"), at)])
    if name in ("replace", "split", "rsplit", "removesuffix", "removeprefix", "basename", "input"):
        return iter([_end(("?", expr[1]), at)])
    if name in _FIELDS:
        value = keyword(expr, "default") or (args[0] if args else None) or keyword(expr, "value")
        factory = keyword(expr, "default_factory")
        found = flow_iter(flow, value, at, "field") if value is not None else iter(())
        return _chain(found, flow_iter(flow, factory, at, "field") if factory else iter(()))
    if name in _CHOOSE:
        options = (
            keyword(expr, "options")
            or keyword(expr, "choices")
            or (
                args[0 if name in ("choice", "Dropdown", "Radio") else 1]
                if len(args) > (0 if name in ("choice", "Dropdown", "Radio") else 1)
                else None
            )
        )
        return (end.via("choice") for end in flow.elements(options, at)) if options is not None else iter(())
    if name in _ASK:
        value = keyword(expr, "value") or keyword(expr, "default") or (args[1] if len(args) > 1 else None)
        return flow_iter(flow, value, at, "default") if value is not None else iter(())
    return None


def _picked(flow: Flow, owner: Expr, key: Expr, at: At) -> Iterator[End]:
    for end in flow.follow(owner, at):
        if end.expr[0] == "m":
            yield from flow.picked(end.expr[2], key, at)


def flow_iter(flow: Flow, expr: Expr | None, at: At, method: str | None = None) -> Iterator[End]:
    """The ends of an expression, one step further."""
    if expr is None:
        return
    for end in flow.follow(expr, at):
        yield end.via(method) if method else end


def _chain(*parts: Iterator[End]) -> Iterator[End]:
    for part in parts:
        yield from part


def _formatted(
    template: Expr, args: tuple[Expr, ...], keywords: dict[str | None, Expr] | None = None
) -> tuple[Expr, ...]:
    """'a/%s' % x and 'a/{}'.format(x) -> the parts."""
    if template[0] != "s":
        return (("?", 0),)
    parts: list[Expr] = []
    given = list(args)
    for piece in re.split(r"(%s|%d|\{[\w.]*\})", template[2]):
        if re.fullmatch(r"%s|%d|\{[\w.]*\}", piece):
            key = piece.strip("{}")
            if piece[0] == "{" and key.isdigit() and int(key) < len(args):
                parts.append(args[int(key)])
            elif piece[0] == "{" and key and keywords and key in keywords:
                parts.append(keywords[key])
            elif given:
                parts.append(given.pop(0))
            else:
                parts.append(("?", 0))
        elif piece:
            parts.append(("s", template[1], piece))
    return tuple(parts)


def _is_environ(function: Expr) -> bool:
    if function[0] == "n":
        return bool(function[2] == "getenv")
    receiver = function[2]
    return bool(
        function[3] == "getenv"
        or (last_name(receiver) in ("environ", "env", "config") and last_name(receiver) == "environ")
    )


def _from_environment(flow: Flow, expr: Expr, at: At) -> Iterator[End]:
    args = expr[3]
    default = args[1] if len(args) > 1 else keyword(expr, "default")
    if default is not None:
        yield from (end.via("env") for end in flow.follow(default, at))
    if args[0][0] == "s":
        yield from environment(flow, args[0][2], at)


def environment(flow: Flow, name: str, at: At) -> Iterator[End]:
    """Values that files of the repository give to an environment variable."""
    for text, path, line, parent in flow.repo.config.get(name, ())[:MAX_BY_NAME]:
        if parent in ("", "environment", "env"):
            yield _end(("s", line, text), at._replace(path=path)).via("env")


def _get(flow: Flow, expr: Expr, at: At) -> Iterator[End]:
    args = expr[3]
    yield from flow.item(("i", expr[1], expr[2][2], args[0]), at)
    if len(args) > 1:
        yield from (end.via("default") for end in flow.follow(args[1], at))


def loop(flow: Flow, expr: Expr, at: At) -> Iterator[End] | None:
    """Elements of what a call gives, where the call is one of the language."""
    name = last_name(expr[2]) or ""
    args = expr[3]
    receiver = expr[2][2] if expr[2][0] == "a" else None
    if name == "enumerate" and args:
        return (_end(("l", expr[1], (("?", 0), end.expr)), end.at) for end in flow.elements(args[0], at))
    if name in _LOOPS and args:
        return flow.elements(args[0], at)
    if name == "keys" and receiver is not None:
        return flow.elements(receiver, at)
    if name in ("values", "items") and receiver is not None:
        return _pairs(flow, receiver, at, name == "items")
    if name == "zip":
        return _zipped(flow, args, at)
    if name == "split" and receiver is not None:
        separator = args[0][2] if args and args[0][0] == "s" and args[0][2] else None
        return _split(flow, receiver, separator, at)
    return None


def _pairs(flow: Flow, receiver: Expr, at: At, with_keys: bool) -> Iterator[End]:
    for end in flow.follow(receiver, at):
        if end.expr[0] == "d":
            for key, value in end.expr[2][:MAX_CALLS]:
                if with_keys:
                    yield end._replace(expr=("l", end.expr[1], (key or ("?", 0), value))).via("table")
                else:
                    yield from (each.via("table") for each in flow.follow(value, end.at))


def _zipped(flow: Flow, args: tuple[Expr, ...], at: At) -> Iterator[End]:
    for position, arg in enumerate(args):
        for end in flow.elements(arg, at):
            items: list[Expr] = [("?", 0)] * len(args)
            items[position] = end.expr
            yield _end(("l", 0, tuple(items)), end.at)


def _split(flow: Flow, receiver: Expr, separator: str | None, at: At) -> Iterator[End]:
    for end in flow.follow(receiver, at):
        if end.expr[0] == "s":
            for part in end.expr[2].split(separator):
                yield end._replace(expr=("s", end.expr[1], part.strip())).via("table")
