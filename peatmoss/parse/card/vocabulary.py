"""Curated words of model cards, and raw texts made normal with them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources

_MAGNITUDE = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "millions": 1e6, "mil": 1e6, "b": 1e9, "bn": 1e9,
    "g": 1e9, "billion": 1e9, "billions": 1e9, "t": 1e12, "trillion": 1e12,
}  # fmt: skip
_NUMBER = re.compile(
    r"[-+−]?\d[\d,_]*(?:\.\d+)?(?:\s?[×x*]\s?10\^?\{?-?\d+\}?|[eE][-+]?\d+)?|[-+]?\.\d+(?:[eE][-+]?\d+)?"
)
_PLACEHOLDER = re.compile(
    r"\s*(\W*(more (information|info|details?) needed|needs? more information|todo\b.*|tba|tbd|n/?a|none|null|unknown|"
    r"coming soon|to be (updated?|added|filled|announced|determined)|not (specified|available|provided|applicable|"
    r"disclosed|reported|given)|placeholder|insert .{0,40} here|\[?(fill|add|provide|describe|your)\b.{0,60}\]?|"
    r"\.{2,}|xxx+|-+|\?+)\W*)\s*\Z",
    re.IGNORECASE,
)


def table(name: str) -> Iterator[dict[str, str]]:
    """The rows of a file in reference/."""
    text = resources.files("peatmoss.reference").joinpath(f"{name}.csv").read_text("utf-8")
    yield from csv.DictReader(text.splitlines())


def fold(text: str) -> str:
    """A name in the form in which names are compared: lower case, one blank between words, no marks around."""
    return " ".join(
        re.sub(r"[*_`\"'\u2018\u2019\u201c\u201d]+(?=\s|\Z)|(?:(?<=\s)|\A)[*_`\"'\u201c]+", "", text).lower().split()
    )


@cache
def aliases(name: str) -> dict[str, str]:
    """Folded spelling -> name, of a file whose first column is the name and whose second lists its spellings."""
    found: dict[str, str] = {}
    for row in table(name):
        main, spellings = list(row.values())[:2]
        found.setdefault(fold(main), main)
        for spelling in spellings.split("|"):
            if spelling:
                found.setdefault(fold(spelling), main)
    return found


@lru_cache(8192)
def setting(text: str) -> str | None:
    """Curated name of a hyper-parameter, however its words are joined; a path before it (trainer.lr) does not count."""
    known = aliases("card_hyper_parameters")
    for name in (text, text.rsplit(".", 1)[-1]):
        name = fold(name)
        for form in (name, re.sub(r"[-_ ]+", "_", name), re.sub(r"[-_ ]+", " ", name)):
            if form in known:
                return known[form]
    return None


def dataset(text: str) -> str | None:
    """Curated name of a dataset, or of its part in some language: Welsh Common Voice."""
    known = aliases("card_datasets")
    first, _, rest = text.partition(" ")
    return known.get(fold(text)) or (known.get(fold(rest)) if rest and language(first) else None)


@cache
def tasks() -> dict[str, tuple[str, str]]:
    """Folded spelling -> (task, domain)."""
    found: dict[str, tuple[str, str]] = {}
    for row in table("tasks"):
        value = (row["task"], row["domain"])
        for spelling in (row["task"], row["task"].replace("-", " "), row["name"]):
            found.setdefault(fold(spelling), value)
    for spelling, name in aliases("card_tasks").items():
        if fold(name) in found:
            found.setdefault(spelling, found[fold(name)])
    return found


@cache
def languages() -> dict[str, str]:
    """Folded code or English name -> code."""
    found: dict[str, str] = {}
    for row in table("languages"):
        found.setdefault(row["code"].lower(), row["code"])
        for part in re.split(r"[;,(/]", row["name"]):
            if len(name := part.strip(" )").lower()) > 2:
                found.setdefault(name, row["code"])
    return found


@cache
def libraries() -> dict[str, str]:
    """Folded spelling -> library: names on the Hub and in prose."""
    found = {row["name"].lower(): row["name"] for row in table("libraries")}
    for row in table("card_libraries"):
        for word in (row["library"], *row["word"].split("|")):
            if word:
                found[fold(word)] = row["library"]
    return found


@cache
def imports() -> dict[str, str]:
    """Module in code -> library."""
    return {module: row["library"] for row in table("card_libraries") for module in row["import"].split()}


@cache
def hardware() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(device, pattern), the more special first."""
    return tuple(
        (row["hardware"], re.compile(re.sub(r"\A\\b", lambda _: r"(?:\b|(?<=\d[xX×]))", row["pattern"])))  # 8xA100
        for row in table("card_hardware")
    )


@cache
def sections() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(kind of section, pattern of its title)."""
    return tuple((row["section"], re.compile(row["pattern"], re.IGNORECASE)) for row in table("card_sections"))


@cache
def keys() -> dict[str, str]:
    """Folded key of a `key: value` line -> field."""
    return {fold(key): row["field"] for row in table("card_keys") for key in row["key"].split("|")}


def task(text: str) -> tuple[str, str] | None:
    """(task, domain) that a text names."""
    name = fold(text).replace("_", "-")
    return tasks().get(name) or tasks().get(name.replace("-", " ")) or tasks().get(name.replace(" ", "-"))


def language(text: str) -> str | None:
    """ISO 639 code of a language code or name; regions and scripts are dropped."""
    name = fold(text)
    if name in ("multilingual", "multi-lingual", "multi"):
        return "multilingual"
    found = languages().get(name)
    if found is None and re.fullmatch(r"[a-z]{2,3}[-_][a-z0-9_-]{2,8}", name):
        found = languages().get(re.split(r"[-_]", name)[0])
    return found


def license_id(text: str) -> str | None:
    """Hub id of a license that a text names."""
    name = re.sub(r"[^a-z0-9.+]+", " ", text.lower()).strip()
    known = _licenses()
    for candidate in (
        name,
        name.removeprefix("the "),
        re.sub(r"\b(licen[cs]e|version|v(?=\d)|agreement)\b ?", "", name).strip(),
    ):
        if candidate in known:
            return known[candidate]
    return None


@cache
def _licenses() -> dict[str, str]:
    return {re.sub(r"[^a-z0-9.+]+", " ", spelling).strip(): name for spelling, name in aliases("card_licenses").items()}


def number(text: str) -> float | None:
    """The number at the beginning of a text: 2e-5, 80,000, 5 x 10^-5, .5."""
    found = _NUMBER.match(text.strip().lstrip("$~≈*_`'\" \\"))
    if found is None:
        return None
    plain = re.sub(r"\s?[×x*]\s?10\^?\{?(-?\d+)\}?", r"e\1", found[0]).replace("−", "-").replace("_", "")
    plain = re.sub(r",(?=\d{3}\b)", "", plain).rstrip(",")
    try:
        value = float(plain.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e300 else None


def amount(name: str, text: str) -> float | None:
    """The number of a setting. Where only whole numbers make sense, 52.000 is fifty-two thousand."""
    if name.endswith(("steps", "vocab_size")) and (found := re.match(r"\s*\d{1,3}(?:\.000)+(?![\d.])", text)):
        return float(found[0].replace(".", ""))
    return number(text)


def count(text: str) -> float | None:
    """A number with an order of magnitude: 7B, 1.3 billion, 110M, 162,454,608."""
    value = number(text)
    if value is None:
        return None
    found = _NUMBER.search(text)
    word = re.match(r"\s*([A-Za-z]+)", text[found.end() :]) if found else None
    return value * _MAGNITUDE.get(word[1].lower(), 1) if word else value


def is_placeholder(text: str) -> bool:
    """Whether a text only says that something is to be filled in."""
    return len(text) < 400 and _PLACEHOLDER.match(re.sub(r"[*_`>#]", "", text)) is not None


def plain(text: str) -> str:
    """A Markdown text without its marks: links become their texts, HTML tags go."""
    text = re.sub(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,1000}\)", " ", text)
    text = re.sub(r"\[([^\]\n]{0,300})\]\([^)\n]{0,1000}\)", r"\1", text)
    text = re.sub(r"</?[A-Za-z][^<>\n]{0,500}>", " ", text)
    text = re.sub(r"\\([_*#|])", r"\1", text)
    return " ".join(re.sub(r"\*\*|__|`|~~", "", text).replace("&nbsp;", " ").split()).strip(" *\\")
