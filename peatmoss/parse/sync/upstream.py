"""The repository on GitHub that a model was released from: every candidate, scored, with its evidence in words."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

from peatmoss.parse.name import parse

MIN_SCORE = 2
"""A candidate below it is kept and not chosen: one link among others proves nothing."""
MAX_LINKS = 500
"""Links of a card that are looked at."""

BACK, OWNER, SIMILAR, TOKEN, LABEL, TRAINING, EARLY, DATA, GENERIC, STALE = 5, 3, 2, 2, 2, 1, 1, -2, -4, -1

NAMED = "its code names the model"

_URL = re.compile(
    r"(?<![\w.-])(?:https?://)?(?:www\.)?github\.com[/:]([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})", re.I
)
_NO_OWNERS = {
    "about", "apps", "collections", "contact", "enterprise", "explore", "features", "login", "marketplace", "orgs",
    "pricing", "search", "security", "settings", "site", "sponsors", "stars", "topics", "trending", "user-attachments",
    "users",
}  # fmt: skip
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.{1,200})$|<h[1-6][^>]*>(.{1,200}?)</h[1-6]>|^\*\*(.{1,100})\*\*:?\s*$", re.M)
_SOURCE = re.compile(r"\b(repo|repository|repositories|source|code|training|official|github|implementation)\b", re.I)
_LABEL = re.compile(r"\b(repo|repository|source|code|implementation)\b", re.I)
_OTHERS = re.compile(
    r"\b(data|datasets?|corpus|corpora|benchmarks?|demo|issues?|stars|converted|conver(t|sion)|tokenizer)\b", re.I
)
"""What a line links to if it is not the model's own code."""
_DATA = re.compile(r"data-?sets?\b|(^|[-_.])(data|corpus|corpora|benchmarks?)($|[-_.])", re.I)
"""What a repository is called that holds data."""
_COMPANY = re.compile(r"(ai|labs?|nlp|research|team|hq|inc|org|io|dev|ml|official|project|community|group|\d+)$")
_MADE_FOR = {"T", "D", "F", "R"}
"""Codes of a name that says what a base model was made into: task, data set, adaptation, training."""
_COMMON = {
    "and", "base", "bert", "chat", "code", "demo", "for", "github", "gpt", "instruct", "language", "large", "llama",
    "llm", "main", "mini", "mistral", "model", "models", "official", "paper", "pretrained", "pytorch", "release",
    "repo", "research", "small", "the", "tiny", "transformer", "transformers",
}  # fmt: skip
"""Words that names of any model and any repository share."""


class Link(NamedTuple):
    """A link to a repository: where it stands, and the word that announces it (in its line or its heading)."""

    repository: str
    url: str
    source: str
    position: int
    label: str | None
    is_early: bool


class Facts(NamedTuple):
    """What is known of a repository beyond its name."""

    is_fork: bool | None
    is_archived: bool | None


class Candidate(NamedTuple):
    """A repository that may be the model's, with its score; `evidence` says how it came about."""

    repository: str
    source: str
    url: str | None
    position: int | None
    score: int
    rank: int
    is_primary: bool
    evidence: str


class Override(NamedTuple):
    """A human's decision. Without a repository: the model has none."""

    repository: str | None
    family: str | None
    reason: str


def _reference(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("peatmoss.reference").joinpath(name).read_text("utf-8")
    yield from csv.DictReader(text.splitlines())


@cache
def aliases() -> Mapping[str, frozenset[str]]:
    """Hub owner -> owners on GitHub that are the same people. All lower-case."""
    found: dict[str, set[str]] = {}
    for row in _reference("organisation_aliases.csv"):
        found.setdefault(row["hub_owner"].lower(), set()).add(row["github_owner"].lower())
    return {owner: frozenset(names) for owner, names in found.items()}


@cache
def generic_repositories() -> Mapping[str, tuple[frozenset[str], str]]:
    """Repository of a library -> the Hub owners whose models are released from it, and why it is generic."""
    return {
        row["repository"].lower(): (frozenset(row["hub_owners"].lower().split()), row["why"])
        for row in _reference("generic_repositories.csv")
    }


@cache
def overrides() -> Mapping[str, Override]:
    """Model -> what a human decided."""
    return {
        row["model"]: Override(row["repository"] or None, row["family"] or None, row["reason"])
        for row in _reference("upstream_overrides.csv")
    }


def is_owner(hub_owner: str, github_owner: str) -> bool:
    """Whether two accounts have the same name, or are known to belong together."""
    hub, github = hub_owner.lower(), github_owner.lower()
    return hub == github or github in aliases().get(hub, frozenset())


def is_similar_owner(hub_owner: str, github_owner: str) -> bool:
    """Whether two accounts have nearly the same name: unitary and unitaryai, aubmindlab and aub-mind."""
    short, long = sorted((_core(hub_owner), _core(github_owner)), key=len)
    if len(short) < 5:
        return False
    is_prefix = long.startswith(short) and len(long) <= 2 * len(short)
    return is_prefix or SequenceMatcher(None, short, long).ratio() >= 0.9


def _core(name: str) -> str:
    """Letters and digits of a name, without the words that any company or laboratory adds."""
    name = re.sub(r"[^a-z0-9]", "", name.lower())
    while (shorter := _COMPANY.sub("", name)) != name and len(shorter) >= 5:
        name = shorter
    return name


def is_generic(repository: str, hub_owner: str) -> bool:
    """Whether it is a library that loads anyone's models, and not this owner's own."""
    known = generic_repositories().get(repository.lower())
    return known is not None and hub_owner.lower() not in known[0]


def links(body: str, front_matter: Any = None) -> list[Link]:
    """Links to repositories in a card: in its metadata first, then in its text. The first of each counts."""
    found: dict[str, Link] = {}
    for text in _texts(front_matter, 0):
        for match, name in _matches(text):
            found.setdefault(name.lower(), Link(name, match[0], "card_metadata", 0, None, is_early=True))
    headings = [(m.start(), next(filter(None, m.groups()))) for m in _HEADING.finditer(body)]
    current = -1
    for match, name in _matches(body):
        while current + 1 < len(headings) and headings[current + 1][0] < match.start():
            current += 1
        line = _plain(body[body.rfind("\n", 0, match.start()) + 1 : match.start()][-200:])
        above = headings[current][1].strip() if current >= 0 else ""
        label = _LABEL.search(line) or _SOURCE.search(_plain(above))
        about = line if label and label.string is line else f"{_plain(above)} {line}"
        announced = label[0].lower() if label and not _OTHERS.search(about) else None
        link = Link(name, match[0], "card_text", match.start(), announced, match.start() * 5 < len(body))
        known = found.get(name.lower())
        if known is None or (known.source == "card_text" and link.label and not known.label):
            found[name.lower()] = link
    return list(found.values())


def _plain(text: str) -> str:
    """The last sentence, without addresses and marks: a word in a link is no label."""
    words = re.sub(r"https?://\S*|[\w.-]+/[\w.-]+|[*_`<>\[\](){}|!]", " ", text)
    return " ".join(re.split(r"[.;]\s", words)[-1].split())


def _matches(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for number, match in enumerate(_URL.finditer(text)):
        if number >= MAX_LINKS:
            return
        name = match[2].rstrip(".")
        name = name.removesuffix(".git")
        if match[1].lower() not in _NO_OWNERS and name and name.strip("."):
            yield match, f"{match[1]}/{name}"


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping) and depth < 8:
        for item in value.values():
            yield from _texts(item, depth + 1)
    elif isinstance(value, list) and depth < 8:
        for item in value:
            yield from _texts(item, depth + 1)


def tokens(name: str) -> set[str]:
    """Telling words of a name: of three letters or more, not numbers, not words that any name has."""
    parts = re.split(r"[^A-Za-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name))
    whole = [word for word in re.split(r"[^A-Za-z0-9]+", name) if len(word) >= 3]
    found = {word.lower() for word in (*whole, *(part for part in parts if len(part) >= 4)) if not word.isdigit()}
    return {word for word in found if word not in _COMMON and not re.fullmatch(r"v?\d+(\.\d+)*[bkm]?", word)}


@lru_cache(maxsize=1)  # one question for each link of a card
def own_tokens(model: str) -> frozenset[str]:
    """Telling words of a model's name that are not the name of a known architecture, data set, task or language.

    Those lead as well to the repository of the base model, or of the data. A name that states no task, data set or
    adaptation is that of a base model itself: then its architecture is its own.
    """
    spans = parse(model).spans
    is_base = not any(span.code in _MADE_FOR for span in spans)
    own = (s.text for s in spans if s.code == "O" or s.element == "line" or (is_base and s.code == "A"))
    return frozenset(token for text in own for token in tokens(text))


def candidates(
    model: str, found: Iterable[Link], naming: Mapping[str, str], facts: Mapping[str, Facts]
) -> list[Candidate]:
    """All candidates, best first.

    naming: repositories whose code names the model -> how (its role there)
    facts:  lower-case repository -> what is known of it
    """
    decided = overrides().get(model)
    owner = model.partition("/")[0]
    by_name = {link.repository.lower(): link for link in found}
    for repository in naming:
        own = is_owner(owner, repository.partition("/")[0])
        if repository.lower() not in by_name and (own or naming[repository] == "publish"):
            by_name[repository.lower()] = Link(repository, "", "backlink", -1, None, is_early=False)
    if decided and decided.repository and decided.repository.lower() not in by_name:
        by_name[decided.repository.lower()] = Link(decided.repository, "", "manual", -1, None, is_early=False)
    named = {repository.lower() for repository in naming}
    scored = []
    for order, (key, link) in enumerate(by_name.items()):
        score, evidence = _score(model, link, key in named, facts.get(key))
        scored.append((score, order, key, link, evidence))
    scored.sort(key=lambda item: (-item[0], item[1], item[2]))
    if decided:
        scored.sort(key=lambda item: item[2] != (decided.repository or "").lower())
    ranked = []
    for rank, (score, _, key, link, evidence) in enumerate(scored, start=1):
        chosen = rank == 1 and score >= MIN_SCORE
        if decided:
            chosen = key == (decided.repository or "").lower()
            evidence = f"decided by hand: {decided.reason}; {evidence}" if chosen else evidence
        source = "manual" if decided and chosen else link.source
        position = link.position if link.source == "card_text" else None
        ranked.append(Candidate(link.repository, source, link.url or None, position, score, rank, chosen, evidence))
    return ranked


def _score(model: str, link: Link, is_named: bool, known: Facts | None) -> tuple[int, str]:
    owner, _, name = model.rpartition("/")
    repository_owner, _, repository_name = link.repository.partition("/")
    parts: list[tuple[int, str]] = []
    is_own = bool(owner) and is_owner(owner, repository_owner)
    is_near = bool(owner) and not is_own and is_similar_owner(owner, repository_owner)
    telling = tokens(name) if is_own or is_near else own_tokens(model)
    shared = sorted(telling & tokens(repository_name))
    if is_named:
        parts.append((BACK, NAMED))
    if is_own:
        same = owner.lower() == repository_owner.lower()
        parts.append((OWNER, "same owner" if same else f"{repository_owner} belongs to {owner}"))
    elif is_near:
        parts.append((SIMILAR, f"{repository_owner} is called nearly as {owner}"))
    elif len(owner) >= 4 and _core(owner) == _core(repository_name):
        parts.append((OWNER, "named as the owner of the model"))
    if shared:
        parts.append((TOKEN, f"both are named {', '.join(shared)}"))
    if link.label == "training":  # it names tools of others as often
        parts.append((TRAINING, "announced by the word training"))
    elif link.label:
        parts.append((LABEL, f"announced by the word {link.label}"))
    if link.source == "card_metadata" or (link.source == "card_text" and link.is_early):
        parts.append((EARLY, "in the card's metadata or its first fifth"))
    if _DATA.search(repository_name):
        parts.append((DATA, "named as data"))
    if is_generic(link.repository, owner):
        parts.append((GENERIC, generic_repositories()[link.repository.lower()][1]))
    if known and known.is_fork:
        parts.append((STALE, "a fork"))
    if known and known.is_archived:
        parts.append((STALE, "archived"))
    return sum(points for points, _ in parts), "; ".join(f"{text} ({points:+d})" for points, text in parts) or "a link"


class Claim(NamedTuple):
    """A model's primary repository, for the grouping into families."""

    model: str
    repository: str
    evidence: str
    is_manual: bool


def exclusions(claims: Iterable[Claim]) -> dict[str, str]:
    """Models that claim a repository which is not theirs -> why. All claims are of one repository.

    generic_repository: a library that loads anyone's models; other_owner: another owner shares the repository's name or
    is named in its code; unclear_owner: several owners, and nothing tells whose it is.
    """
    claims = list(claims)
    owners = {claim.model.partition("/")[0].lower() for claim in claims}
    proven = {
        claim.model.partition("/")[0].lower()
        for claim in claims
        if claim.is_manual
        or is_owner(claim.model.partition("/")[0], claim.repository.partition("/")[0])
        or claim.model.partition("/")[0].lower() in generic_repositories().get(claim.repository.lower(), ((), ""))[0]
        or NAMED in claim.evidence
    }
    found = {}
    for claim in claims:
        owner = claim.model.partition("/")[0]
        if claim.is_manual:
            continue
        if is_generic(claim.repository, owner):
            found[claim.model] = "generic_repository"
        elif len(owners) > 1 and owner.lower() not in proven:
            found[claim.model] = "other_owner" if proven else "unclear_owner"
    return found
