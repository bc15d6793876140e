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
INITIAL = (
    r"^(?i)\s*(the )?(very )?(init|initial|first) (\w+ )?commit\b|^(?i)\s*init(ial(i[sz]e)?)?( repo(sitory)?)?\W*$"
)
AUTOSYNC = r"(?i)\bauto[- ]?sync\b.{0,40}\bgit"
GITHUB_COMMIT = r"(?i)github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/commits?/([0-9a-f]{7,40})\b"
GITHUB_PAGE = r"(?i)github\.com/([\w.-]+/[\w-]+(?:\.[\w-]+)*)"
SHA = r"\b[0-9a-f]{7,40}\b"
MAX_REFERENCES = 20
"""References of one commit that are kept: a message may be a changelog."""


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


def facts(commits: pl.DataFrame, authors: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """Rows (id, title, authored_at, committed_at, is_merge or null) -> the same with every flag.

    authors: rows (id, name); files: rows (id, path), of the commits whose files are known.
    """
    said = authors.select("id", author_rule=bot_rule(pl.col("name"), pl.lit(None, pl.String))).drop_nulls()
    said = said.group_by("id").agg(pl.col("author_rule").min())
    touched = files.group_by("id").agg(is_attributes_only=pl.col("path").is_in([".gitattributes"]).all())
    rule = pl.coalesce("author_rule", bot_rule(pl.lit(None, pl.String), pl.col("title")))
    return (
        commits.join(said, on="id", how="left", maintain_order="left")
        .join(touched, on="id", how="left", maintain_order="left")
        .with_columns(
            time_precision=precision(pl.coalesce("committed_at", "authored_at")),
            is_merge=pl.coalesce(pl.col("is_merge"), is_merge(pl.col("title"))),
            is_bot=rule.is_not_null(),
            bot_rule=rule,
            is_initial=is_initial(pl.col("title")),
        )
        .drop("author_rule")
    )


def references(commits: pl.DataFrame) -> pl.DataFrame:
    """Rows (id, text) -> what each text names on GitHub: rows (id, kind, target, repository, sha).

    A hash alone is a candidate (kind `sha`): it counts if a repository of the family has such a commit.
    """
    text = pl.col("text")
    url = commits.select("id", text, hit=text.str.extract_all(GITHUB_COMMIT)).explode("hit", empty_as_null=False)
    url = url.drop_nulls("hit").select(
        "id", kind=pl.when(text.str.contains(AUTOSYNC)).then(pl.lit("autosync")).otherwise(pl.lit("url")),
        repository=pl.col("hit").str.extract(GITHUB_COMMIT, 1), sha=pl.col("hit").str.extract(GITHUB_COMMIT, 2),
    )  # fmt: skip
    page = commits.select("id", hit=text.str.extract_all(GITHUB_PAGE)).explode("hit", empty_as_null=False)
    page = page.drop_nulls("hit").select(
        "id", kind=pl.lit("repository"), repository=pl.col("hit").str.extract(GITHUB_PAGE, 1).str.strip_suffix(".git"),
        sha=pl.lit(None, pl.String),
    )  # fmt: skip
    bare = commits.select("id", sha=text.str.extract_all(SHA)).explode("sha", empty_as_null=False).drop_nulls("sha")
    bare = bare.filter(pl.col("sha").str.contains("[0-9]") & pl.col("sha").str.contains("[a-f]"))
    bare = bare.select("id", kind=pl.lit("sha"), repository=pl.lit(None, pl.String), sha="sha")
    page = page.join(url, on=["id", "repository"], how="anti")
    bare = bare.join(url, on=["id", "sha"], how="anti")
    found = pl.concat([url, page, bare]).with_columns(
        target=pl.when(pl.col("repository").is_null())
        .then("sha")
        .when(pl.col("sha").is_null())
        .then("repository")
        .otherwise(pl.format("{}@{}", "repository", "sha"))
    )
    found = found.unique(["id", "target"], keep="first", maintain_order=True).sort("id", maintain_order=True)
    return found.filter(pl.int_range(pl.len()).over("id") < MAX_REFERENCES)
