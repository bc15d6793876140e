"""What the public may see: rows in key order, no e-mail addresses, excerpts of cards instead of cards.

Everything here works on whole columns (polars), and gives the same rows whether they come from SQLite or PostgreSQL.
"""

# ruff: noqa: S608 - names in these statements are those of the schema, never data

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, Table, Text, UniqueConstraint
from sqlalchemy.types import TypeEngine

from peatmoss.release.source import Source
from peatmoss.schema.base import Utc

EMAIL = (
    r"(?i)[\p{L}\p{N}_.+%-]+(?:@|%40|\\u0040|&#0?64;)(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,24}\b"
    r"|[\p{L}\p{N}_.+-]+\s?(?:\[at\]|\(at\)|\{at\}|<at>)\s?[\p{L}\p{N}_-]+"
    r"(?:(?:\.|\s?(?:\[dot\]|\(dot\)|\{dot\}|<dot>)\s?)[\p{L}\p{N}_-]+)+"
)
"""An e-mail address, also with an escaped or spelled-out @."""
MARK = "[e-mail]"
_CANDIDATE = r"(?i)@|%40|u0040|&#0?64;|[\[({<]at[\])}>]"
_GIT = r"(^|[^\p{L}\p{N}_.+%-])(git)@"  # git@github.com:owner/name is an address of code, not of a person

EMAIL_IN_PATH = (
    r"(?i)[\p{L}\p{N}_.+-]+@(?:[\p{L}\p{N}_-]+\.)+(?:com|org|net|edu|gov|info|dev|app|io|ai|co|de|fr|uk|cn|jp|ru|in|it|es|nl"
    r"|eu|ch|at|be|se|no|fi|dk|pl|br|ca|au|kr|us|me|tw|cz|gr|il|ir|tr|ua|vn)\b"
)
"""The same in a file's path, where not every word after a dot is a domain (icon@2x.png, model@epoch.pt)."""
IDENTIFIERS = frozenset({"context_id", "repo_url"})
"""Names of models: the hub forbids @ in them, and other columns and the public refer to them."""
LONG = frozenset({"body", "message_body", "content", "diff", "front_matter", "tensors"})
"""Columns of long text: their tables are copied in smaller batches."""
EXCERPT = 300
"""Characters of prose that a release shows of a card."""
_CARD_HEAD = 2000
_CARDS_WITHHELD = """NOT EXISTS (
 SELECT 1 FROM snapshot s JOIN model m ON m.id = s.model_id WHERE s.id = card.snapshot_id
 AND (m.gated IN ('auto', 'manual') OR m.gone_at IS NOT NULL OR m.is_private OR m.is_disabled))"""


def batches(source: Source, table: Table, rows: int = 100_000) -> Iterator[pl.DataFrame]:
    """The public rows of a table in key order, about `rows` at once; a piece ends where the first key changes."""
    first = next(iter(table.primary_key))
    if not isinstance(first.type, (BigInteger, Integer)):
        yield _public(table, source.query(_select(table, "1 = 1")))
        return
    rows = rows // 10 if any(column.name in LONG for column in table.columns) else rows
    after = "1 = 1"
    while True:
        piece = f"SELECT {first.name} AS k FROM {table.name} WHERE {after} ORDER BY {first.name} LIMIT {rows}"
        high = source.number(f"SELECT MAX(k) FROM ({piece}) AS piece")
        if high is None:
            return
        yield _public(table, source.query(_select(table, f"{after} AND {table.name}.{first.name} <= {high}")))
        after = f"{table.name}.{first.name} > {high}"


def _select(table: Table, where: str) -> str:
    columns = ", ".join(f"{table.name}.{column.name}" for column in table.columns)
    if table.name == "card":
        columns = columns.replace("card.body,", f"substr(card.body, 1, {_CARD_HEAD}) AS body,")
        where = f"{where} AND {_CARDS_WITHHELD}"
    if table.name == "card_value":
        withheld = _CARDS_WITHHELD.replace("card.snapshot_id", "card_value.snapshot_id")
        columns = columns.replace("card_value.raw,", f"CASE WHEN {withheld} THEN card_value.raw END AS raw,")
    return f"SELECT {columns} FROM {table.name} WHERE {where}"


def _public(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    key = [column.name for column in table.primary_key]
    frame = frame.select(typed(frame, column) for column in table.columns)
    if table.name == "card":
        frame = frame.lazy().with_columns(prose(pl.col("body"))).collect()  # lazy: shared steps run once
    frame = scrub(table, frame)
    if table.name == "card":
        frame = frame.with_columns(excerpt(pl.col("body")))
    return frame.sort(key)


def typed(frame: pl.DataFrame, column: Column[object]) -> pl.Expr:
    """A column as a driver gave it -> as the release stores it: text, 64-bit integer, float; booleans 0 and 1."""
    value, kind = pl.col(column.name), column.type
    if isinstance(kind, Utc) and isinstance(frame.schema[column.name], pl.Datetime):
        return value.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.cast(_POLARS[_family(kind)])


_POLARS: dict[str, type[pl.DataType]] = {"text": pl.String, "integer": pl.Int64, "real": pl.Float64}


def _family(kind: TypeEngine[object]) -> str:
    if isinstance(kind, Float):
        return "real"
    return "integer" if isinstance(kind, (BigInteger, Integer, Boolean)) else "text"


def scrub(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Replace e-mail addresses in every text column but the identifiers; keys stay unique."""
    unique = {c.name for u in table.constraints if isinstance(u, UniqueConstraint) for c in u.columns}
    key = {column.name for column in table.primary_key}
    changed = False
    for column in table.columns:
        name = column.name
        if not isinstance(column.type, Text) or name in IDENTIFIERS:
            continue
        if not frame[name].str.contains(_CANDIDATE).any():
            continue
        clean = without_emails(pl.col(name), EMAIL_IN_PATH if name == "path" else EMAIL)
        if name in unique and "id" in frame.columns:
            mark = pl.concat_str(pl.lit("[e-mail "), pl.col("id"), pl.lit("]"))
            clean = clean.str.replace_all(MARK, mark, literal=True)
        frame = frame.with_columns(clean.alias(name))
        changed = changed or name in key
    return frame.unique(subset=list(key), keep="first", maintain_order=True) if changed else frame


def without_emails(text: pl.Expr, pattern: str = EMAIL) -> pl.Expr:
    """Replace every e-mail address by `[e-mail]`."""
    kept = text.str.replace_all(_GIT, "${1}${2}\x01@")
    return kept.str.replace_all(pattern, MARK).str.replace_all("git\x01@", "git@", literal=True)


_NOT_PROSE = (
    (r"(?s)<!--.*?(?:-->|$)", " "),
    (r"(?s)```.*?(?:```|$)", " "),
    (r"!\[[^\]]*\]\([^)]*\)", " "),
    (r"\[([^\]]*)\]\([^)]*\)", "${1}"),
    (r"<[^<>]{0,500}>", " "),
    (r"(?m)^\s{0,3}(?:#{1,6}\s.*|\|.*|[=*_-]{3,}\s*)$", " "),
    (r"[*`]+", ""),
    (r"\s+", " "),
)


def prose(text: pl.Expr) -> pl.Expr:
    """The first prose of a Markdown text: headings, tables, images, code and HTML are left out."""
    text = _whole_words(text, _CARD_HEAD)
    for pattern, instead in _NOT_PROSE:
        text = text.str.replace_all(pattern, instead)
    return _whole_words(text.str.strip_chars().str.slice(0, 2 * EXCERPT), 2 * EXCERPT)


def excerpt(text: pl.Expr) -> pl.Expr:
    """The beginning of a text, cut at a word."""
    short = text.str.slice(0, EXCERPT - 60) + text.str.slice(EXCERPT - 60, 60).str.replace(r"\s\S*$", "") + "…"
    return pl.when(text.str.len_chars() > EXCERPT).then(short).otherwise(text)


def _whole_words(text: pl.Expr, cut: int) -> pl.Expr:
    """Without the last word if it may have been cut: half an e-mail address would not be found."""
    tail = text.str.tail(100).str.replace(r"[\p{L}\p{N}._%+@-]+$", "")
    return pl.when(text.str.len_chars() < cut).then(text).otherwise(text.str.head(-100) + tail)
