"""peatmoss plan and peatmoss worklist: what to fetch next, and what it would cost."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from peatmoss.cli.common import Db, Json, emit, ready, say
from peatmoss.errors import PeatmossError

DownloadsOver = Annotated[int | None, typer.Option(help="Only models with more downloads in 30 days.")]
Everything = Annotated[bool, typer.Option("--all", help="Also what the database has already.")]


def plan(db: Db = "", downloads_over: DownloadsOver = None, everything: Everything = False, json: Json = False) -> None:
    """Show what collecting from the Hub would ask for: calls, bytes, and hours at the Hub's published limits.

    It asks nobody but the database. `listing` is a complete listing of as many models as the database knows; the other
    lines are the worklists that `peatmoss worklist KIND` prints. A + stands where it may be more: how many pages of
    commits or discussions a model has shows only on the way.

    **Examples**

    `peatmoss plan --downloads-over 10000 --db sqlite:////data/work.sqlite`

    `peatmoss plan --all --json`
    """
    from peatmoss import worklist as question

    costs = question.plan(ready(db, is_read=True), downloads_over, everything)
    if json:
        for cost in costs:
            emit(cost._asdict())
        return
    plans = list(question.LIMITS)
    head = "".join(f"{plan:>12}" for plan in plans)
    say(f"{'kind':12}{'keys':>12}{'API calls':>13}{'files':>12}{'GB':>10}   hours:{head}")
    for cost in costs:
        hours = "".join(f"{cost.hours[plan]:>12,.1f}" for plan in plans)
        mark = "+" if cost.is_least else " "
        say(
            f"{cost.kind:12}{cost.keys:>12,}{cost.api_calls:>12,}{mark}{cost.file_calls:>12,}"
            f"{cost.bytes / 1e9:>10,.2f}         {hours}"
        )


def worklist(
    kind: Annotated[
        Literal["model", "snapshot", "hub_commit", "hub_ref", "discussion", "dataset", "commit"],
        typer.Argument(help="What is to be fetched, or asked about."),
    ],
    db: Db = "",
    downloads_over: DownloadsOver = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many: the most downloaded.")] = None,
    everything: Everything = False,
    json: Json = False,
) -> None:
    """Print what the database lacks, one name a line: what `peatmoss fetch KIND --keys -` reads.

    model: models whose details were never asked for. snapshot: models whose files at their current revision are not
    known. hub_commit, hub_ref: models that changed since, or were never asked for. discussion: models of which none is
    known. dataset: datasets that models name, those named most first. commit: commits of model families, as
    owner/name@hash, on whose change type the rules of `analyze sync` are unsure: for `fetch llm_answer`.

    **Examples**

    `peatmoss worklist hub_commit --downloads-over 10000 | peatmoss fetch hub_commit --keys - --jobs 8`

    `peatmoss worklist dataset --limit 500 --db sqlite:////data/work.sqlite`
    """
    from peatmoss import worklist as question

    if kind in ("dataset", "commit") and downloads_over is not None:
        raise PeatmossError("--downloads-over is about models, not about datasets or commits")
    for name in question.keys(ready(db, is_read=True), kind, downloads_over, limit, everything):
        if json:
            emit({"kind": kind, "key": name})
        else:
            say(name)
