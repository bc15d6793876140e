"""Any spelling of a license -> a normalised expression of SPDX ids, LicenseRefs, NONE and NOASSERTION.

Built on license-expression. What a namespace says is kept: `other` of GitHub is NOASSERTION and null is NONE;
`openrail`, `bsd`, `cc`, `gpl` of the Hub are families; `unlicense` is a grant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from license_expression import ExpressionError, LicenseSymbol, LicenseWithExceptionSymbol, get_spdx_licensing

from peatmoss.parse.license.reference import NOASSERTION, NONE, UNASKED, aliases, index, licenses
from peatmoss.parse.license.spoken import spoken, words

Tree = Any
"""A license id, or (OR or AND, branches)."""

MAX_LENGTH = 2_000
NAMESPACES = ("hf", "github", "name", "scancode")


class Normal(NamedTuple):
    """A normalised expression; `note` says what the spelling leaves open."""

    expression: str
    note: str = ""


@lru_cache(maxsize=100_000)
def normalise(raw: str, namespace: str = "") -> Normal:
    """The expression that a spelling stands for; NOASSERTION with a note if it names no known license."""
    if len(raw) > MAX_LENGTH:
        return Normal(NOASSERTION, "too long for the name of a license")
    text = " ".join(_plain(raw).split())
    if not text:
        return Normal(NONE, "nothing is declared")
    if "://" in text or text.startswith("www.") or _ADDRESS.match(text):
        return Normal(link(text) or NOASSERTION, "read from the address")
    found = _atom(text, namespace)
    if found is None and _OPERATOR.search(text.strip("() ")):
        found = _expression(text, namespace)
    if found is None:
        guess = spoken(text)
        found = Normal(guess, "read from words") if guess else None
    return found or Normal(NOASSERTION, f"no known license is called {text[:80]!r}")


_OPERATOR = re.compile(r"\s(or|and|with)\s|\s[+&]\s|[/,;|()]", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:[\w-]+\.)+(?:org|com|io|net|dev|ai|eu|info|fr|me)/\S*$", re.IGNORECASE)


def _plain(raw: str) -> str:
    """Without what package formats and Markdown add: dashes of lists, targets of links, classifiers, `see LICENSE`."""
    lines = [line.strip() for line in raw.splitlines() if line.strip()]
    if lines and all(re.match(r"[-*] ", line) for line in lines):
        raw = ", ".join(line[2:] for line in lines)
    raw = re.sub(r"\[([^\]\[]+)\]\([^()]*\)", r"\1", raw.split("::")[-1])
    raw = re.sub(r"(?<=\w)[\s,;(]+see (?:the )?licen[sc]e\b.*$", "", raw, flags=re.IGNORECASE)
    return re.sub(r"\s*[+|]\s*file\s+licen[sc]e\b(\s*\|)?", "", raw, flags=re.IGNORECASE)


def normalise_all(raws: list[str], namespace: str = "") -> Normal:
    """Several declared at once: all of them are taken to apply. What names no license is dropped beside what does."""
    found = [normalise(raw, namespace) for raw in raws] or [Normal(NONE, "nothing is declared")]
    named = list(dict.fromkeys(one.expression for one in found if one.expression not in (NONE, NOASSERTION)))
    if not named:
        return found[0]
    joined = " AND ".join(sorted(f"({one})" if _is_compound(one) else one for one in named))
    return Normal(joined, "; ".join(dict.fromkeys(one.note for one in found if one.note)))


def _is_compound(expression: str) -> bool:
    return " OR " in expression or " AND " in expression


def _atom(text: str, namespace: str) -> Normal | None:
    """One name: an alias of the namespace (of any, if none is given), an SPDX id, a ScanCode key."""
    lower = text.lower().strip("[]'\"` ")
    spaces = (namespace, "name") if namespace in NAMESPACES else NAMESPACES
    for spelling in (lower, re.sub(r"[\s_]+", "-", lower)):
        for space in spaces:
            known = aliases().get(space, {}).get(spelling)
            if known:
                return Normal(*known)
    if lower in (NONE.lower(), "null"):
        return Normal(NONE, "no license")
    if text in (NOASSERTION, UNASKED) or lower == NOASSERTION.lower():
        return Normal(text.upper())
    if text in licenses() or lower in _curated():
        return Normal(_curated()[lower])
    symbol = _symbols().get(lower)
    if symbol:
        return Normal(symbol)
    entry = index().get(lower) or index().get(re.sub(r"[\s_]+", "-", lower))
    if entry and not entry["is_exception"] and (namespace == "scancode" or not lower.isalpha()):
        return Normal(entry["spdx_license_key"] or f"LicenseRef-scancode-{entry['license_key']}")
    return None


@lru_cache(maxsize=1)
def _curated() -> dict[str, str]:
    return {license_id.lower(): license_id for license_id in licenses()}


@lru_cache(maxsize=1)
def _licensing() -> Any:
    return get_spdx_licensing()


@lru_cache(maxsize=1)
def _symbols() -> dict[str, str]:
    """Every spelling of an SPDX id that license-expression knows, in lower case."""
    found: dict[str, str] = {}
    for key, symbol in _licensing().known_symbols.items():
        for spelling in (key, *symbol.aliases):
            found.setdefault(spelling.lower(), key)
    return found


def _expression(text: str, namespace: str) -> Normal | None:
    """An expression with operators; also with `/`, `|` for OR and `,`, `;` for AND, as people write."""
    notes: list[str] = []
    cleaned = re.sub(r"^dual(?:[- ]licen[sc]ed?)?(?: under)?:?\s+", "", text, flags=re.IGNORECASE)
    cleaned = re.sub(r"\s*(?:/|\|\|?)\s*", " OR ", re.sub(r"\s*[,;]\s*|\s+[+&]\s+", " AND ", cleaned))
    try:
        parsed = _licensing().parse(cleaned, validate=False, strict=False)
    except (ExpressionError, AttributeError, ValueError, TypeError):
        parsed = None
    if parsed is None:
        parts = [part for part in re.split(r"\s+(?:or|OR)\s+|\s+(?:and|AND)\s+", cleaned) if part.strip(" ()")]
        operators = set(re.findall(r"\s(or|and)\s", cleaned, re.IGNORECASE))
        if len(parts) < 2 or len({operator.upper() for operator in operators}) != 1:
            return None
        found = [normalise(part.strip(" ()"), namespace) for part in parts]
        if any(one.expression == NOASSERTION for one in found):
            return None
        operator = f" {operators.pop().upper()} "
        return Normal(operator.join(f"({o.expression})" if _is_compound(o.expression) else o.expression for o in found))
    shown = _rendered(parsed, namespace, notes)
    return Normal(shown, "; ".join(dict.fromkeys(notes))) if shown else None


def _rendered(node: Any, namespace: str, notes: list[str]) -> str:
    """A parsed expression with every name normalised; empty if one of them is not known."""
    if isinstance(node, LicenseWithExceptionSymbol):
        base = _rendered(node.license_symbol, namespace, notes)
        exception = words(str(node.exception_symbol.key).lower().replace("exceptions", "exception"))
        if exception == ("commons", "clause"):  # no permission, but a restriction
            return f"{base} AND LicenseRef-scancode-commons-clause" if base else ""
        known = _exceptions().get(exception, "")
        return f"{base} WITH {known}" if base and known else ""
    if isinstance(node, LicenseSymbol):
        atom = _atom(str(node.key), namespace)
        if atom is None:
            guess = spoken(str(node.key))
            atom = Normal(guess) if guess else None
        if atom is None:
            return ""
        notes.extend([atom.note] if atom.note else [])
        return atom.expression
    operator = f" {str(node.operator).strip().upper()} "
    parts = [_rendered(argument, namespace, notes) for argument in node.args]
    if not all(parts):
        return ""
    return operator.join(f"({part})" if _is_compound(part) else part for part in parts)


@lru_cache(maxsize=1)
def _exceptions() -> dict[tuple[str, ...], str]:
    """The words of the SPDX exceptions, also without a version where there is one only."""
    found: dict[tuple[str, ...], set[str]] = {}
    for key, symbol in _licensing().known_symbols.items():
        if symbol.is_exception and not key.startswith("LicenseRef-"):
            plain = words(key)
            for spelling in {plain, tuple(word for word in plain if not word[0].isdigit())}:
                for full in {spelling, tuple(word for word in spelling if word != "exception")}:
                    found.setdefault(full, set()).add(key)
    return {plain: keys.pop() for plain, keys in found.items() if len(keys) == 1}


_PLACES = (
    (r"creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)", "cc-{}-{}"),
    (r"gnu\.org/licenses/(?:old-licenses/)?([al]?gpl|fdl)-(\d\.\d)", "{}-{}"),
    (r"(?:spdx\.org|choosealicense\.com)/licenses/([\w.+-]+?)(?:\.html|\.txt)?$", "{}"),
    (r"opensource\.org/licenses?/([\w.+-]+?)(?:-license)?(?:\.html|\.php)?$", "{}"),
    (r"eclipse\.org/legal/(epl)-v?(\d)\.?(0)", "{}-{}.{}"),
    (r"huggingface\.co/meta-llama/(?:meta-)?llama-(\d(?:\.\d)?)-\d+b[^/]*/\w+/main/license", "llama {}"),
)
"""Patterns of addresses with the name of a license in them."""


def link(address: str) -> str:
    """The license that an address stands for; empty if it is none that is known."""
    plain = re.sub(r"^https?://", "", address.strip().lower()).removeprefix("www.").split("#")[0].rstrip("/")
    for pattern, name in _PLACES:
        match = re.search(pattern, plain)
        if match:
            found = normalise(name.format(*match.groups())).expression
            return "" if found == NOASSERTION else found
    for part, (expression, _) in aliases().get("link", {}).items():
        if part in plain:
            return expression
    return ""


@lru_cache(maxsize=100_000)
def tree(expression: str) -> Tree:
    """A normalised expression as a tree."""
    if not _is_compound(expression) and "(" not in expression:
        return expression
    tokens = iter(re.findall(r"[()]|[^()\s]+", expression))
    return _parsed(tokens)


def _parsed(tokens: Iterator[str]) -> Tree:
    """OR binds less than AND, as SPDX has it."""
    ors: list[list[Tree]] = [[]]
    words: list[str] = []

    def end_name() -> None:
        if words:
            ors[-1].append(" ".join(words))
            words.clear()

    for piece in tokens:
        if piece == "(":
            ors[-1].append(_parsed(tokens))
        elif piece == ")":
            break
        elif piece == "AND":
            end_name()
        elif piece == "OR":
            end_name()
            ors.append([])
        else:
            words.append(piece)
    end_name()
    branches = tuple(ands[0] if len(ands) == 1 else ("AND", tuple(ands)) for ands in ors)
    return branches[0] if len(branches) == 1 else ("OR", branches)


def leaves(expression: str) -> list[str]:
    """The license ids of an expression, each once."""

    def walk(node: Tree) -> Iterator[str]:
        if isinstance(node, str):
            yield node
        else:
            for branch in node[1]:
                yield from walk(branch)

    return list(dict.fromkeys(walk(tree(expression))))
