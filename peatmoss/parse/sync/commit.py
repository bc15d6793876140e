"""What kind of commit it is, by rule: bot, merge, first one; and the commits on the other side that it names.

Rules are polars expressions over a whole column. A flag is a filter for profiles; no commit is ever left out.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple

import polars as pl

MERGE = r"^(?i)merge (pull request #\d+|branch(es)? |remote-tracking |tag |commit |[0-9a-f]{7,40} into |refs/)"
INITIAL = r"^(?i)\s*(initial|first) commit\b|^(?i)\s*init(ial(i[sz]e)?)?( repo(sitory)?)?\W*$"
AUTOSYNC = r"(?i)\bauto[- ]?sync\b.{0,40}\bgit"
GITHUB_COMMIT = r"(?i)github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/commits?/([0-9a-f]{7,40})\b"
GITHUB_PAGE = r"(?i)github\.com/([\w.-]+/[\w-]+(?:\.[\w-]+)*?)(?:\.git)?(?:[/?#\s)\]>.,;:'\"]|$)"
SHA = r"\b[0-9a-f]{7,40}\b"


class BotRule(NamedTuple):
    """A pattern for the account or for the title of a commit."""

    field: str
    pattern: str
    why: str


@cache
def bot_rules() -> tuple[BotRule, ...]:
    """The curated rules, in their order."""
    text = resources.files("peatmoss.reference").joinpath("bots.csv").read_text("utf-8")
    return tuple(BotRule(row["field"], row["pattern"], row["why"]) for row in csv.DictReader(text.splitlines()))


def bot_rule(author: pl.Expr, title: pl.Expr) -> pl.Expr:
    """The first rule that says bot, as ``field: why``; null: none does."""
    said = {"author": author, "title": title}
    return pl.coalesce(
        pl.when(said[rule.field].str.contains(f"(?i){rule.pattern}")).then(pl.lit(f"{rule.field}: {rule.why}"))
        for rule in bot_rules()
    )


def is_bot(author: pl.Expr, title: pl.Expr) -> pl.Expr:
    """Whether any rule says bot."""
    parts = [
        said.str.contains("(?i)" + "|".join(f"(?:{rule.pattern})" for rule in bot_rules() if rule.field == field))
        for field, said in (("author", author), ("title", title))
    ]
    return pl.any_horizontal(part.fill_null(value=False) for part in parts)


def is_merge(title: pl.Expr) -> pl.Expr:
    """Whether the title is one that git or a host writes for a merge; the parents, where known, say it better."""
    return title.str.contains(MERGE).fill_null(value=False)


def is_initial(title: pl.Expr) -> pl.Expr:
    """Whether the title says that the repository begins here."""
    return title.str.contains(INITIAL).fill_null(value=False)


def precision(at: pl.Expr) -> pl.Expr:
    """`day` where the time is midnight to the second, else `second`."""
    return pl.when(at.dt.truncate("1d") == at).then(pl.lit("day")).otherwise(pl.lit("second"))
