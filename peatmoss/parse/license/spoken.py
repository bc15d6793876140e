"""Names of licenses as people write them: "Apache License, Version 2.0", "GPLv3+", "CC BY-NC 4.0", "GPL (>= 2)".

A name is read as its plain words: without case, punctuation, noise and the `.0` of versions. Then grammars for the
families with many members (GNU, Creative Commons, BSD, Llama), then the table of all names and ids that are curated.
What fits several licenses names none.
"""

from __future__ import annotations

import difflib
import re
from functools import cache

from license_expression import get_spdx_licensing

from peatmoss.parse.license.reference import aliases, licenses

Words = tuple[str, ...]

_NOISE = frozenset({
    "the", "a", "an", "this", "is", "under", "license", "licenses", "licensed", "licensing", "agreement", "version",
    "ver", "v", "released", "distributed", "available", "terms", "of", "use", "tou", "software", "international",
    "unported", "deed", "osi", "approved",
})  # fmt: skip
_LATER = re.compile(
    r"[ ,]+\(?or\b[ ,(]*(?:at your option\)?[ ,]*)?(?:any )?(?:later|newer|greater|above)(?: versions?)?\b|"
    r"[ -]+or[ -](?:later|newer)\b|\+(?![+\w])|[ -]plus\b"
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_GNU = {
    "gpl": {"1": "1.0", "2": "2.0", "3": "3.0"},
    "lgpl": {"2": "2.0", "2.1": "2.1", "3": "3.0"},
    "agpl": {"1": "1.0", "3": "3.0"},
    "gfdl": {"1.1": "1.1", "1.2": "1.2", "1.3": "1.3"},
}
_LLAMA = {
    "1": "LicenseRef-scancode-llama-license-2023",
    "2": "LicenseRef-scancode-llama-2-license-2023",
    "3": "LicenseRef-HF-llama3",
    "3.1": "LicenseRef-scancode-llama-3.1-license-2024",
    "3.2": "LicenseRef-scancode-llama-3.2-license-2024",
    "3.3": "LicenseRef-scancode-llama-3.3-license-2024",
    "4": "LicenseRef-scancode-llama-4-cla-2025",
    "": "LicenseRef-llama-family",
}
_SEVERAL = frozenset({"bsl", "elastic", "creative commons", "cc"})
"""Names without a version that stand for more than the one license that SPDX lists."""


def spoken(text: str) -> str:
    """The license id that the words name; empty if they name none for sure."""
    text = text.lower()
    text = re.sub(r"\(\s*==?\s*v?([\d.]+)\s*\)", r" \1", text)
    text = re.sub(r"\(\s*>=\s*v?([\d.]+)\s*\)", r" \1 or later", text)
    text = re.sub(rf"[,;]? *\b(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:{_MONTHS}) (?:\d{{1,2}}, )?\d{{4}}\b", "", text)
    whole = _named(words(text))
    if not whole and (parts := re.split(r" [-–—] ", text))[1:]:
        named = [_named(words(part)) for part in parts]
        told = {found for found in named if found and not _is_family(found)}
        whole = told.pop() if all(named) and len(told) == 1 else ""
    if whole or "(" not in text:
        return whole
    inside = [part for part in re.findall(r"\(([^()]*)\)", text) if part.strip()]
    outer = _named(words(re.sub(r"\([^()]*\)", " ", text)))
    inner = {found for found in (_named(words(part)) for part in inside) if found}
    if not outer:
        return inner.pop() if len(inner) == 1 else ""
    if inner <= {outer} or all(_is_family(found) for found in inner):
        return outer
    return inner.pop() if len(inner) == 1 and _is_family(outer) else ""


def words(text: str) -> Words:
    """The words of a name that tell licenses apart."""
    text = re.sub(r"[\"'`*“”®™]", "", re.sub(r"[‐-―_]", "-", text.lower()))
    text = re.sub(r"\bli[cns]{1,3}en[cs]e?(?=d?s?\b)", "license", text.replace("licence", "license"))
    text = text.replace("++", " plusplus ").replace("cc0", "cc zero")
    text = _LATER.sub(" orlater ", text)
    text = re.sub(r"open[ -]?(?=rail)", "open", re.sub(r"(?<=\d)[-_](?=\d(?!\d{2}))", ".", text))
    text = re.sub(r"(?<=[a-z])v?(?=\d)|(?<=\d)(?=[a-z])|(?<=[a-z]{3})(?<!un)(?=license)", " ", text)
    found = re.findall(r"[^\W\d_]+|\d+(?:\.\d+)*", text)
    return tuple(re.sub(r"(\.0)+$", "", word) for word in found if word not in _NOISE)


def _named(plain: Words) -> str:
    """The license of some words, or with one of them spelt as the word that it can only mean."""
    found = _exact(plain)
    if found or not plain:
        return found
    mended = tuple(_spelt(word) for word in plain if word != "public")
    return _exact(mended) if mended != plain else ""


def _exact(plain: Words) -> str:
    text = " ".join(plain)
    found = _gnu(text) or _creative_commons(text) or _bsd(text) or _llama(text) or _table().get(plain, "")
    return found or (_exact(plain[:-1]) if plain[-1:] in (("only",), ("orlater",)) and "gpl" not in text else "")


def _spelt(word: str) -> str:
    if len(word) < 5 or word in _vocabulary():
        return word
    near = difflib.get_close_matches(word, _vocabulary(), n=2, cutoff=0.88)
    return near[0] if len(near) == 1 and near[0][0] == word[0] and abs(len(near[0]) - len(word)) < 2 else word


def _is_family(license_id: str) -> bool:
    return license_id.endswith("-family")


def _gnu(text: str) -> str:
    text = re.sub(r"\b(library or lesser|lesser or library|lesser|library) (general public|gpl)\b", "lgpl", text)
    text = re.sub(r"\baffero (general public|gpl)\b", "agpl", text)
    text = re.sub(r"\b(gnu )?free documentation\b|\bfdl\b", "gfdl", text)
    text = re.sub(r"\bgeneral public\b|\bgnu public\b", "gpl", text)
    match = re.fullmatch(
        r"(?:gnu )?(?P<name>[al]?gpl|gfdl)(?: (?P<version>\d(?:\.\d)?))?(?P<end> orlater| only)?", text
    )  # fmt: skip
    if not match:
        return ""
    name, end = match["name"], match["end"]
    if not match["version"]:
        return "" if match["end"] else f"LicenseRef-{'' if name == 'agpl' else 'HF-'}{name}-family"
    version = _GNU[name].get(match["version"])
    return f"{name.upper()}-{version}-{'or-later' if end == ' orlater' else 'only'}" if version else ""


def _creative_commons(text: str) -> str:
    text = re.sub(r"^cc cc\b", "cc", re.sub(r"\bcreative commons?\b", "cc", text)).removesuffix(" public")
    if re.fullmatch(r"cc (0|zero)( 1)?( universal)?( public domain)?( dedication)?", text):
        return "CC0-1.0"
    if text == "cc":
        return "LicenseRef-HF-cc-family"
    named = "attribution" in text
    text = re.sub(r"\battribution\b", "by", re.sub(r"\bnon ?commercial\b", "nc", text))
    text = re.sub(r"\bshare ?alike\b", "sa", re.sub(r"\bno ?deriv(ative)?s?( works)?\b", "nd", text))
    match = re.fullmatch(r"(?P<cc>cc ?)?by(?P<parts>( ?(nc|sa|nd))*)(?: (?P<version>\d(\.\d)?))?( generic)?", text)
    if not match or not (match["cc"] or (named and match["version"])):
        return ""
    parts = re.findall(r"nc|sa|nd", match["parts"])
    if len(set(parts)) != len(parts) or {"sa", "nd"} <= set(parts):
        return ""
    name = "-".join(["cc", "by", *(part for part in ("nc", "nd", "sa") if part in parts)])
    version = match["version"]
    if not version:
        return f"LicenseRef-{name}-family"
    version = version if "." in version else f"{version}.0"
    if version not in ("1.0", "2.0", "2.5", "3.0", "4.0"):
        return ""
    return "CC-BY-ND-NC-1.0" if (name, version) == ("cc-by-nc-nd", "1.0") else f"{name.upper()}-{version}"


_BSD = {
    word: license_id
    for license_id, nicknames in (
        ("0BSD", "0 zero"), ("BSD-1-Clause", "1"), ("BSD-2-Clause", "2 two simplified free"),
        ("BSD-3-Clause", "3 three new modified revised"), ("BSD-4-Clause", "4 four original old"),
    )
    for word in nicknames.split()
}  # fmt: skip


def _bsd(text: str) -> str:
    text = re.sub(r"\bnew or revised\b", "new", re.sub(r"\bclauses\b", "clause", text))
    if text == "bsd":
        return "LicenseRef-HF-bsd-family"
    if text == "freebsd":
        return "BSD-2-Clause"
    match = re.fullmatch(r"(?P<before>\w+)(?: clause)? bsd|bsd (?P<after>\w+)(?: clause)?(?P<nick>( \w+)?)", text)
    if not match:
        return ""
    nick = (match["nick"] or "").strip()
    found = _BSD.get(match["before"] or match["after"], "")
    return found if not nick or _BSD.get(nick) == found else ""


def _llama(text: str) -> str:
    match = re.fullmatch(r"(?:meta )?llama(?: (?P<version>\d(?:\.\d)?))?(?: community)?", text)
    return _LLAMA.get(match["version"] or "", "") if match else ""


@cache
def _table() -> dict[Words, str]:
    """Words -> license, of ids, full names and aliases; but of those that stand for several."""
    symbols = get_spdx_licensing().known_symbols
    ids = {key: key for key, symbol in symbols.items() if not symbol.is_exception and not key.startswith("LicenseRef-")}
    found: dict[Words, set[str]] = {}
    for name, license_id in [*ids.items(), *((known.name, i) for i, known in licenses().items())]:
        found.setdefault(words(name), set()).add(license_id)
    exact = {plain: expression for plain, known in found.items() if len(known) == 1 for expression in known}
    for plain, expression in _without_version(found).items():
        exact.setdefault(plain, expression)
    for plain, expression in list(exact.items()):
        if "public" in plain and plain[-1][0].isdigit():
            exact.setdefault(tuple(word for word in plain if word != "public"), expression)
    for space in ("scancode", "github", "hf", "name"):
        for raw, (expression, _) in aliases().get(space, {}).items():
            if "/" not in raw:
                exact[words(raw)] = expression
    return {plain: expression for plain, expression in exact.items() if plain and any(w.isalpha() for w in plain)}


def _without_version(found: dict[Words, set[str]]) -> dict[Words, str]:
    """Names without their version, where SPDX knows but one version of the license."""
    stems: dict[str, set[str]] = {}
    for known in found.values():
        for license_id in known:
            stems.setdefault(_stem(license_id), set()).add(license_id)
    short: dict[Words, set[str]] = {}
    for plain, known in found.items():
        if len(known) == 1 and plain and plain[-1][0].isdigit() and len("".join(plain[:-1])) > 2:
            short.setdefault(plain[:-1], set()).update(known)
    single = {
        plain: next(iter(known)) for plain, known in short.items()
        if len(known) == 1 and not next(iter(known)).startswith("LicenseRef-") and " ".join(plain) not in _SEVERAL
    }  # fmt: skip
    return {plain: license_id for plain, license_id in single.items() if len(stems[_stem(license_id)]) == 1}


def _stem(license_id: str) -> str:
    return re.sub(r"-\d[\w.]*(-only|-or-later)?$", "", license_id).lower()


@cache
def _vocabulary() -> tuple[str, ...]:
    """The longer words of all names."""
    plain = {"creative", "commons", "attribution", "noncommercial", "sharealike", "affero", "general"}
    return tuple(sorted(plain | {word for key in _table() for word in key if len(word) >= 5}))
