"""What texts do the names of one JavaScript file stand for? Constants, defaults, what callers give to a function."""

from __future__ import annotations

from typing import NamedTuple

MAX_PARAMETERS = 12
MAX_TEXTS = 20


class Token(NamedTuple):
    """A token: kind is string, word or sign."""

    kind: str
    text: str
    line: int


class Text(NamedTuple):
    """A text that a name stands for, and how it got there."""

    text: str
    line: int
    method: str


def texts(stream: list[Token], name: str) -> list[Text]:
    """The texts that a name may stand for."""
    found: list[Text] = []
    for index, token in enumerate(stream):
        if token.kind != "word" or token.text != name or index + 2 >= len(stream):
            continue
        before, after = stream[index - 1].text if index else "", stream[index + 1].text
        if before in ("{", ",") and after == ":" and stream[index + 2].kind == "string":
            continue  # a property of an object, not the name itself
        at = _behind(stream, index)
        if at and stream[at].kind == "string":
            found.append(Text(stream[at].text, stream[at].line, "constant"))
    for function, position in _parameters(stream, name):
        for index, token in enumerate(stream[:-2]):
            is_call = token.kind == "word" and token.text == function and stream[index + 1].text == "("
            if is_call and (not index or stream[index - 1].text not in ("function", ".")):
                given = _argument(stream, index + 2, position)
                if given is not None and given.kind == "string":
                    found.append(Text(given.text, given.line, "call_site"))
    return found[:MAX_TEXTS]


def _behind(stream: list[Token], index: int) -> int:
    """Where the text stands in: name = TEXT, name: type = TEXT, name ?? TEXT; or 0."""
    for at in range(index + 1, min(index + 8, len(stream) - 1)):
        sign = stream[at].text
        if sign in ("=", "??", "||"):
            return at + 1
        if stream[at].kind == "string" or sign in (",", ")", "{", "}", ";", "(", "=>"):
            return 0
    return 0


def _parameters(stream: list[Token], name: str) -> list[tuple[str, int]]:
    """(function, position) of the functions that have a parameter of this name."""
    found: list[tuple[str, int]] = []
    for index, token in enumerate(stream[:-1]):
        if token.text != "(" or index < 2:
            continue
        before, ahead = stream[index - 1], stream[index - 2]
        if before.kind == "word" and ahead.text == "function":  # function f(
            function = before.text
        elif before.text == "=":  # const f = (
            function = ahead.text
        elif before.text == "async" and ahead.text == "=" and index > 2:  # const f = async (
            function = stream[index - 3].text
        else:
            continue
        position = _position(stream, index + 1, name)
        if position is not None:
            found.append((function, position))
    return found


def _position(stream: list[Token], start: int, name: str) -> int | None:
    """Which parameter of a list has this name."""
    depth, position, is_first = 0, 0, True
    for token in stream[start : start + 8 * MAX_PARAMETERS]:
        if token.text in ("(", "{", "[", "<"):
            depth += 1
        elif token.text in (")", "}", "]", ">"):
            depth -= 1
            if depth < 0:
                return None
        elif token.text == "," and not depth:
            position, is_first = position + 1, True
            continue
        elif token.kind == "word" and not depth and is_first:
            if token.text == name:
                return position
            is_first = False
    return None


def _argument(stream: list[Token], start: int, wanted: int) -> Token | None:
    """The argument of a call at a position, if it is one token."""
    depth, position = 0, 0
    for index, token in enumerate(stream[start : start + 60], start=start):
        if token.text in ("(", "{", "["):
            depth += 1
        elif token.text in (")", "}", "]"):
            depth -= 1
            if depth < 0:
                return None
        elif token.text == "," and not depth:
            position += 1
        elif not depth and position == wanted:
            after = stream[index + 1].text if index + 1 < len(stream) else ""
            return token if after in (",", ")") else None
    return None
