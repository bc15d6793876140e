"""The structure of a card's body: sections, blocks, tables, with the characters of the card where each stands.

Markdown is parsed by markdown-it (blocks and tables; what stands inside a line is searched as text, which keeps the
places exact). HTML tables are read with the standard parser. What a card may cost is bounded by construction:

    MAX_TEXT    characters of the body that are read
    MAX_LINE    characters of a line that the Markdown parser sees
    MAX_BLOCKS  blocks
    MAX_CELLS   cells of tables

What lies beyond is not read, and `Document.cut` says so.
"""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from typing import NamedTuple

from markdown_it import MarkdownIt

MAX_TEXT = 50_000
MAX_LINE = 4_000
MAX_BLOCKS = 4_000
MAX_CELLS = 20_000
MAX_SECTION = 400
MAX_SPAN = 40

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HTML_TABLE = re.compile(r"<table\b.*?(?:</table\s*>|\Z)", re.DOTALL | re.IGNORECASE)


class Cell(NamedTuple):
    """A cell of a table."""

    text: str
    start: int
    end: int


class Section(NamedTuple):
    """A heading and what stands under it, up to the next heading of any level (`end`)."""

    title: str
    level: int
    titles: tuple[str, ...]
    start: int
    body: int
    end: int


class Block(NamedTuple):
    """A piece of the body: text, item (of a list), heading, code, html or table (then with `rows`)."""

    kind: str
    text: str
    start: int
    end: int
    section: int
    rows: tuple[tuple[Cell, ...], ...] = ()


class Document(NamedTuple):
    """A card's body, taken apart. `cut` is the reason why not all of it was read, if so."""

    text: str
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    cut: str | None


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": 12}).enable("table")
    return parser.disable(["inline", "reference", "text_join"])


def document(body: str) -> Document:
    """Take a card's body apart. Places are characters of `body`."""
    cut = f"characters beyond {MAX_TEXT:,} of the body are not read" if len(body) > MAX_TEXT else None
    text = body[:MAX_TEXT]
    bounds = [match.span() for match in _LINE.finditer(text) if match.end() > match.start()]
    # Comments are blanked: templates explain their fields in them. Places stay as they are.
    visible = _COMMENT.sub(lambda match: re.sub(r"[^\n\r]", " ", match[0]), text)
    lines = [visible[start:end].rstrip("\r\n") for start, end in bounds]
    if any(len(line) > MAX_LINE for line in lines):
        cut = cut or f"characters beyond {MAX_LINE:,} of a line are not read"
        lines = [line[:MAX_LINE] for line in lines]
        bounds = [(start, min(end, start + MAX_LINE)) for start, end in bounds]
    sections = [Section("", 0, (), 0, 0, len(text))]
    blocks: list[Block] = []
    cells = 0
    depth = 0
    tokens = iter(_parser().parse("\n".join(lines)))
    for token in tokens:
        kind = token.type
        if kind == "list_item_open":
            depth += 1
        elif kind == "list_item_close":
            depth -= 1
        if len(blocks) >= MAX_BLOCKS or cells > MAX_CELLS:
            cut = cut or f"more than {MAX_BLOCKS:,} blocks or {MAX_CELLS:,} cells: the rest is not read"
            break
        if kind in ("inline", "fence", "code_block", "html_block") and token.map and token.map[0] < len(bounds):
            first, last = token.map[0], min(token.map[1], len(bounds))
            start, end = bounds[first][0], bounds[max(last - 1, first)][1]
            content = visible[start:end]
            if kind == "inline" and blocks and blocks[-1].kind == "heading" and blocks[-1].end == -1:
                blocks[-1] = blocks[-1]._replace(text=content, start=start, end=end)
                _open_section(sections, token.content, blocks[-1], len(text))
                continue
            name = {"inline": "item" if depth else "text", "html_block": "html"}.get(kind, "code")
            name = "code" if name == "html" and "<pre" in content.lower() else name
            name = "text" if kind == "code_block" and _is_form(content) else name
            blocks.append(Block(name, content, start, end, len(sections) - 1))
            if name == "html":
                blocks += (made := _html_tables(content, start, len(sections) - 1))
                cells += sum(len(row) for block in made for row in block.rows)
        elif kind == "heading_open":
            blocks.append(Block("heading", token.tag, -1, -1, len(sections)))
        elif kind == "table_open" and token.map:
            first, last = token.map[0], min(token.map[1], len(bounds))
            rows: list[tuple[Cell, ...]] = []
            row: list[str] = []
            number = first
            for inner in tokens:
                if inner.type == "tr_open" and inner.map:
                    row, number = [], inner.map[0]
                elif inner.type == "inline":
                    row.append(inner.content)
                elif inner.type == "tr_close" and number < len(bounds):
                    start, end = bounds[number]
                    rows.append(_cells(row, text[start:end], start))
                    cells += len(row)
                elif inner.type == "table_close":
                    break
            start, end = bounds[first][0], bounds[max(last - 1, first)][1]
            blocks.append(Block("table", visible[start:end], start, end, len(sections) - 1, tuple(rows)))
    blocks = [block for block in blocks if block.end != -1]
    return Document(text, tuple(sections), tuple(blocks), cut)


def _is_form(text: str) -> bool:
    """Whether an indented block is no code but lines such as `Base model: name`, indented for the look of it."""
    lines = [line for line in text.splitlines() if line.strip()]
    return all(re.match(r"\s+[A-Z][\w /()-]{1,40}: +[^\s{\[(]", line) for line in lines)


def _open_section(sections: list[Section], title: str, heading: Block, end: int) -> None:
    """Close the current section at this heading and open the next."""
    last = sections[-1]
    sections[-1] = last._replace(end=heading.start)
    mark = heading.text.lstrip()
    level = len(mark) - len(mark.lstrip("#")) or 2
    clean = re.sub(r"[*_`#]+|\[optional\]", " ", title).strip(" \t:").strip()[:MAX_SECTION]
    parents = last.titles if level > last.level else _parents(sections, level)
    titles = (*parents[-4:], clean)
    sections.append(Section(clean, level, titles, heading.start, heading.end, end))


def _parents(sections: list[Section], level: int) -> tuple[str, ...]:
    """The titles above a heading of that level."""
    for section in reversed(sections[-40:]):
        if section.level < level:
            return section.titles
    return ()


def _cells(contents: list[str], line: str, offset: int) -> tuple[Cell, ...]:
    """Where in their line the cells of a row stand."""
    found = []
    at = 0
    for content in contents:
        place = line.find(content, at) if content else -1
        if place < 0:
            found.append(Cell(content, offset + at, offset + at))
            continue
        at = place + len(content)
        found.append(Cell(content, offset + place, offset + at))
    return tuple(found)


class _Tables(HTMLParser):
    """The rows of HTML tables; a cell that spans columns or rows stands in each of them."""

    def __init__(self, text: str, offset: int):
        super().__init__(convert_charrefs=True)
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._offset = offset
        self.rows: list[list[Cell]] = []
        self._cell: list[str] | None = None
        self._from = 0
        self._span = (1, 1)
        self._below: dict[int, tuple[int, Cell]] = {}
        self._made = 0

    def _place(self) -> int:
        line, column = self.getpos()
        return self._offset + self._starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A row or a cell begins."""
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._cell, self._from = [], self._place()
            given = dict(attrs)
            columns, rows = (str(given.get(name) or "1") for name in ("colspan", "rowspan"))
            self._span = (
                min(int(columns), MAX_SPAN) if columns.isdecimal() and len(columns) < 4 else 1,
                min(int(rows), MAX_SPAN) if rows.isdecimal() and len(rows) < 4 else 1,
            )

    def _fill(self) -> None:
        """The cells of rows above that reach into this one."""
        row = self.rows[-1]
        while (above := self._below.get(len(row))) and self._made < MAX_CELLS:
            left, cell = above
            self._below.pop(len(row))
            if left > 1:
                self._below[len(row)] = (left - 1, cell)
            row.append(cell)
            self._made += 1

    def handle_endtag(self, tag: str) -> None:
        """A cell ends."""
        if tag in ("td", "th") and self._cell is not None:
            if self.rows:
                self._fill()
                cell = Cell(" ".join("".join(self._cell).split()), self._from, self._place())
                for _ in range(max(1, self._span[0]) if self._made < MAX_CELLS else 1):
                    if self._span[1] > 1:
                        self._below[len(self.rows[-1])] = (self._span[1] - 1, cell)
                    self.rows[-1].append(cell)
                    self._made += 1
            self._cell = None
        elif tag == "tr" and self.rows:
            self._fill()

    def handle_data(self, data: str) -> None:
        """Text of a cell."""
        if self._cell is not None:
            if data.strip() and not any(map(str.strip, self._cell)):
                self._from = self._place() + len(data) - len(data.lstrip())
            self._cell.append(data)


def _html_tables(text: str, start: int, section: int) -> list[Block]:
    """The tables of an HTML block."""
    found = []
    for match in _HTML_TABLE.finditer(text):
        parser = _Tables(match[0], start + match.start())
        parser.feed(match[0])
        rows = tuple(tuple(row) for row in parser.rows if row)
        if rows:
            found.append(Block("table", match[0], start + match.start(), start + match.end(), section, rows))
    return found
