"""Links in a card: GitHub repositories, papers (also from BibTeX), datasets, demos."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from peatmoss.parse.card.document import Block, Document
from peatmoss.parse.card.own import ours
from peatmoss.parse.card.value import Value

MAX_LINKS = 2_000
MAX_ENTRIES = 60

_URL = re.compile(
    r"https?://(?:[^\s<>\"'`\])}|\\(]|\([^\s<>\"'`()]{1,80}\)){4,500}"
    r"|(?<![\w./-])(?:github\.com|arxiv\.org|huggingface\.co)/[^\s<>\"'`\])}|\\]{3,300}"
)
_GITHUB = re.compile(
    r"(?:https?://)?(?:www\.|raw\.)?(?:github\.com|githubusercontent\.com|raw\.githubusercontent\.com)/"
    r"([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})", re.IGNORECASE,
)  # fmt: skip
_NBVIEWER = re.compile(r"colab\.research\.google\.com/github/([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})")
_BADGE = re.compile(r"shields\.io/github/[a-z-]+(?:/[a-z-]+)?/([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})")
_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|mp4|ico)(?:[?#][^\s]*)?\Z", re.IGNORECASE)
_BOILERPLATE = re.compile(
    r"github\.com/huggingface/huggingface_hub/blob/[\w.-]+/src/huggingface_hub/templates", re.IGNORECASE
)
_LACOSTE = re.compile(r"Lacoste et al|Machine Learning (?:Impact|Emissions)|mlco2", re.IGNORECASE)
_NOT_OWNERS = {
    "features", "topics", "sponsors", "about", "settings", "marketplace", "orgs", "login", "apps", "user-attachments",
    "assets", "collections", "search", "notifications", "site", "security", "contact", "pricing", "users", "followers",
}  # fmt: skip
_ARXIV = re.compile(

        r"(?:arxiv\.org/(?:abs|pdf|html|format)/|arxiv[:\s]{1,3}|huggingface\.co/papers/"
        r"|alphaxiv\.org/abs/|10\.48550/arxiv\.|"

    r"arxiv preprint arxiv:|abs/)(\d{4}\.\d{4,5})(?:v\d+)?", re.IGNORECASE,
)  # fmt: skip
_ARXIV_OLD = re.compile(r"arxiv\.org/(?:abs|pdf)/([a-z-]+(?:\.[A-Z]{2})?/\d{7})", re.IGNORECASE)
_ACL = re.compile(
    r"(?:aclweb\.org/anthology|aclanthology\.org|aclanthology\.info/papers|aclweb\.org/anthology/papers/\w/\w\d\d)/"
    r"([A-Z]\d{2}-\d{4}|\d{4}\.[a-z0-9]+-[a-z0-9]+\.\d+)", re.IGNORECASE,
)  # fmt: skip
_LREC = re.compile(r"\b(20\d\d\.(?:lrec|acl|emnlp|naacl|eacl|findings|coling|wmt|semeval|wanlp|tacl)-[a-z0-9]+\.\d+)\b")
_DOI = re.compile(
    r"(?:doi\.org/|\bdoi[:\s=]{0,3}[{\"]?\s*(?:https?://(?:dx\.)?doi\.org/)?)(10\.\d{4,9}/[^\s\"'<>{}|\\^`,;]{2,120})",
    re.IGNORECASE,
)
_UPSTREAM = re.compile(
    r"\b(official|our|code|source|repo(sitory)?|this repo(sitory)?|implementation|released in|project|original|"
    r"scripts?|available (at|on|in)|github|recipe|maintained|made with|find (us|it|more)|more (information|details))\b",
    re.IGNORECASE,
)  # fmt: skip
_SPACE = re.compile(
    r"(?:huggingface|hf)\.co/spaces/[A-Za-z0-9][\w.-]*/[\w.-]+|[\w-]+\.hf\.space"
    r"|share\.streamlit\.io/\w|[\w-]+\.streamlit\.app\b",
    re.IGNORECASE,
)
_TOOL = re.compile(
    r"/[\w.-]*(?:export|convert|leaderboard|gguf-my|quanti[sz]|merge)[\w.-]*/?(?:[?#]|\Z)", re.IGNORECASE
)
"""Spaces that make or rank models show none."""
_DEMO_KEY = re.compile(r"^[\W_]*(?:online |live |web )?demo(?: page| link| url)?\W{0,4}:[^\n]{0,80}\Z", re.IGNORECASE)
_DEMO_TEXT = re.compile(r"\[[^\[\]\n]{0,30}\bdemo(?: (?:site|page|app))?\]\(\Z", re.IGNORECASE)
_NO_DEMO = re.compile(r"github\.com|arxiv\.org|youtu|/datasets/|\.(?:ipynb|py|mp4|gif|png)\b", re.IGNORECASE)
_COLAB = re.compile(
    r"colab\.research\.google\.com/(?:drive/|github/)|mybinder\.org/|replicate\.com/[\w-]+/|kaggle\.com/code/",
    re.IGNORECASE,
)
_DEMO_WORD = re.compile(r"\b(demo|try it|playground|live|space|interactive|web ?app|notebook|colab)\b", re.IGNORECASE)
_DATASET = re.compile(r"huggingface\.co/datasets/(?:viewer/\?dataset=)?([A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)?)")
_ENTRY = re.compile(r"@(?P<kind>[A-Za-z]{3,20})\s*\{", re.IGNORECASE)
_ENTRY_FIELD = re.compile(
    r"^\s*(?P<name>title|eprint|doi|url|journal|journal|note|howpublished|archiveprefix|jounal|booktitle)\s*=\s*",
    re.IGNORECASE | re.MULTILINE,
)
_EPRINT = re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5})(?:v\d+)?", re.IGNORECASE)
_HAS_ID = re.compile(
    rf"{_ARXIV.pattern}|{_ACL.pattern}|{_LREC.pattern}|{_DOI.pattern}|eprint\s*=\s*[{{\"]?\s*(?:arxiv:)?\d{{4}}\.\d",
    re.IGNORECASE,
)
_NO_PAPER = re.compile(
    r"howpublished|huggingface\.co/|github\.com/|journal\s*=\s*[{\"]+(?:GitHub|Hugging)", re.IGNORECASE
)
_SOFTWARE = {"software", "online", "manual", "dataset"}


class _Link(NamedTuple):
    url: str
    start: int
    end: int
    block: Block


def links(document: Document, model_id: str | None) -> Iterator[Value]:
    """Values from the links of a card."""
    found = list(_links(document))
    yield from _repositories(found, document, model_id)
    yield from _papers(document)
    yield from _demos(found, document)
    for link in found:
        if (match := _DATASET.search(link.url)) and link.block.kind != "code" and not _of_another(link, model_id):
            name = match[1].rstrip(".")
            if name.lower() != "viewer" and not name.startswith(("choosealicense", "open-llm-leaderboard")):
                raw = document.text[link.start : link.end]
                yield Value(
                    "dataset",
                    name,
                    raw,
                    "link",
                    0.9,
                    role=_dataset_role(link, document),
                    start=link.start,
                    end=link.end,
                )


def _of_another(link: _Link, model_id: str | None) -> bool:
    """Whether a link stands in the row of another model, in a table of models that has a row for this one."""
    if link.block.kind != "table" or not model_id:
        return False
    body = link.block.rows[1:]
    mine = ours([row[0].text if row else "" for row in body], model_id)
    rows = [body[at] for at in mine if body[at]]
    return bool(rows) and not any(row[0].start <= link.start <= row[-1].end for row in rows)


def _dataset_role(link: _Link, document: Document) -> str:
    title = document.sections[link.block.section].title.lower()
    near = document.text[max(0, link.start - 120) : link.start].lower()
    if re.search(r"\b(test|eval|benchmark|result|metric|performance)", f"{title} {near[-60:]}"):
        return "evaluation"
    return "train" if re.search(r"\b(train|tuned|data|corpus)", f"{title} {near}") else "unknown"


def _links(document: Document) -> Iterator[_Link]:
    left = MAX_LINKS
    for block in document.blocks:
        for match in _URL.finditer(block.text):
            left -= 1
            if left < 0:
                return
            url = match[0].rstrip(".,;:!?*_~")
            start = block.start + match.start()
            yield _Link(url, start, start + len(url), block)


def _repositories(found: list[_Link], document: Document, model_id: str | None) -> Iterator[Value]:
    owner, name = (model_id or "").lower().rsplit("/", 1) if "/" in (model_id or "") else ("", (model_id or "").lower())
    for link in found:
        match = _GITHUB.search(link.url) or _NBVIEWER.search(link.url) or _BADGE.search(link.url)
        if (
            not match
            or "gist.github" in link.url
            or match[1].lower() in _NOT_OWNERS
            or _BOILERPLATE.search(link.url)
            or _is_image(link.url)
        ):
            continue
        repo = match[2].rstrip(".").removesuffix(".git").removesuffix(".md")
        if not repo or repo in (".", ".."):
            continue
        before = document.text[max(0, link.start - 160) : link.start]
        line = before.rsplit("\n", 1)[-1]
        rest = link.url[match.end() - match.start() :]
        is_upstream = link.block.kind != "code" and (
            bool(_UPSTREAM.search(line)) or _same(repo, name) or (owner and match[1].lower() == owner)
        ) and not re.search(r"/(issues|pull|discussions)/", rest)  # fmt: skip
        confidence = 0.95 if link.block.kind != "code" else 0.8
        raw = document.text[link.start : link.end]
        yield Value(
            "github_repository", f"{match[1]}/{repo}", raw, "link", confidence,
            role="upstream" if is_upstream else "mention", start=link.start, end=link.end,
        )  # fmt: skip


def _is_image(url: str) -> bool:
    """A picture that lies in some repository says nothing about the repository; a badge of one does."""
    return bool(_IMAGE.search(url)) and "shields.io" not in url


def _same(repo: str, name: str) -> bool:
    """Whether a repository is called like the model, or a good part of it."""
    flat, other = (re.sub(r"[^a-z0-9]", "", text.lower()) for text in (repo, name))
    return (len(flat) > 3 and flat in other) or (len(other) > 3 and other in flat)


def _papers(document: Document) -> Iterator[Value]:
    entries = list(_entries(document))
    linked: set[str] = set()
    for block in document.blocks:
        text = block.text
        for pattern, prefix in (
            (_ARXIV, "arxiv:"),
            (_ARXIV_OLD, "arxiv:"),
            (_ACL, "acl:"),
            (_LREC, "acl:"),
            (_DOI, "doi:"),
        ):
            for match in pattern.finditer(text):
                at = block.start + match.start()
                cited = any(start <= at < end for start, end, _ in entries)
                value = _paper(prefix, match[1])
                if value == "arxiv:1910.09700" and _LACOSTE.search(document.text[max(0, at - 300) : at + 60]):
                    continue  # the Hub's template cites it in every card
                if value:
                    linked |= set() if cited else {value}
                    yield Value(
                        "paper", value, match[0], "bibtex" if cited else "link", 0.97,
                        role="cited" if cited else "mention", start=at, end=block.start + match.end(),
                    )  # fmt: skip
    nameless: list[Value] = []
    for start, end, fields in entries:
        if "eprint" in fields and (number := _EPRINT.fullmatch(fields["eprint"][0].strip())):
            place = fields["eprint"]
            yield Value(
                "paper", f"arxiv:{number[1]}", place[0], "bibtex", 0.97, role="cited", start=place[1], end=place[2]
            )  # fmt: skip
        inside = document.text[start:end]
        if _HAS_ID.search(inside) or _NO_PAPER.search(inside) or "title" not in fields:
            continue
        content, first, last = fields["title"]
        title = " ".join(re.sub(r"[{}\\]|\\['\"`^~][{]?", "", content).split()).strip(' ",')
        if len(title) > 8:
            nameless.append(
                Value("paper", f"title:{title.lower()}", content, "bibtex", 0.9, role="cited", start=first, end=last)
            )
    yield from _without_id(nameless, linked, document)


def _without_id(nameless: list[Value], linked: set[str], document: Document) -> Iterator[Value]:
    """Papers cited without an id, but for those that the card links: by their title, or as the only one of both."""
    if len(nameless) == 1 and len(linked) == 1:
        return
    text = " ".join(re.sub(r"[{}]", "", document.text).lower().split())
    for value in nameless:
        title = value.value.removeprefix("title:")
        at = text.find(f"{title}](http") if linked else -1
        if at < 0 and not re.search(re.escape(title) + r"[\s\"*]{0,3}\]\(https?://[^)\s]*(?:arxiv|acl|doi)", text):
            yield value


def _paper(prefix: str, number: str) -> str | None:
    number = number.rstrip(").]")
    lower = number.lower()
    if prefix == "doi:":
        if lower.startswith("10.18653/v1/"):
            return f"acl:{number[12:]}" if not lower[12:13].isalpha() else f"acl:{number[12:].upper()}"
        if lower.startswith("10.48550/arxiv."):
            return f"arxiv:{lower[15:]}"
        return f"doi:{number.rstrip('.')}"
    return f"{prefix}{number.upper() if prefix == 'acl:' and lower[:1].isalpha() else lower}"


def _entries(document: Document) -> Iterator[tuple[int, int, dict[str, tuple[str, int, int]]]]:
    """BibTeX entries: (start, end, field -> (content, start, end))."""
    text = document.text
    starts = [
        match for match in _ENTRY.finditer(text) if match["kind"].lower() not in ("string", "comment", "preamble")
    ]
    for number, match in enumerate(starts[:MAX_ENTRIES]):
        limit = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        piece = text[match.start() : min(limit, match.start() + 6_000)]
        fence = piece.find("\n```")
        piece = piece[:fence] if fence > 0 else piece
        if "=" not in piece:
            continue
        fields: dict[str, tuple[str, int, int]] = {}
        for field in _ENTRY_FIELD.finditer(piece):
            content = _braced(piece, field.end())
            if content:
                at = match.start() + piece.find(content, field.end())
                fields.setdefault(field["name"].lower(), (content, at, at + len(content)))
        if match["kind"].lower() not in _SOFTWARE:
            yield match.start(), match.start() + len(piece), fields


def _braced(text: str, at: int) -> str:
    """What stands between the braces or quotes that open at `at`, or up to the next comma."""
    if at >= len(text):
        return ""
    if text[at] == '"':
        return text[at + 1 : at + 1 + max(0, text[at + 1 : at + 1_000].find('"'))]
    if text[at] != "{":
        return re.match(r"[^,\n}]{0,300}", text[at:])[0].strip()  # type: ignore[index]
    depth = 0
    for place in range(at, min(len(text), at + 1_000)):
        depth += (text[place] == "{") - (text[place] == "}")
        if not depth:
            return text[at + 1 : place]
    return ""


def _demos(found: list[_Link], document: Document) -> Iterator[Value]:
    notebooks = Counter(link.block.start for link in found if _COLAB.search(link.url) and link.block.kind == "table")
    for link in found:
        if notebooks[link.block.start] > 2:
            continue  # a table of notebooks for other models
        if link.block.kind == "code":
            continue
        line = document.text[max(0, link.start - 120) : link.start].rsplit("\n", 1)[-1]
        if _TOOL.search(link.url):
            continue
        if (
            _SPACE.search(link.url)
            or _DEMO_KEY.search(line)
            or (_DEMO_TEXT.search(line) and not _NO_DEMO.search(link.url))
        ):
            confidence = 0.95
        elif _COLAB.search(link.url) and _DEMO_WORD.search(document.text[max(0, link.start - 120) : link.start]):
            confidence = 0.8
        else:
            continue
        raw = document.text[link.start : link.end]
        yield Value("demo", link.url, raw, "link", confidence, start=link.start, end=link.end)
