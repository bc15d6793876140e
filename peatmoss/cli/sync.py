"""peatmoss sync: how model families on the Hub keep up with their repositories on GitHub."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from peatmoss.cli.common import Db, Json, emit, escaped, ready, say
from peatmoss.errors import PeatmossError

app = typer.Typer(no_args_is_help=True, help="How model families keep up with their repositories on GitHub.")

ProfileName = Annotated[
    Literal["paper", "exact", "strict"],
    typer.Option("--profile", help="paper: as the study did; exact: full times; strict: without bots and merges."),
]


@app.command()
def classify(
    commits: Annotated[
        Path, typer.Option("--commits", help="A CSV file (or .csv.gz): family, side (GH or HF), member, time.")
    ],
    profile: ProfileName = "paper",
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
            help="When the histories were collected (UTC); otherwise the newest time in the file.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Classify the families of a table of commits. No database is needed.

    Each family gets its lag (who was active first), type (CS complete, PS partial, VS variants only, AS asynchronous),
    intensity (F frequent, S sporadic, R rare) and the pattern of the two. Activity counts by periods of 14 days from
    the family's first commit. Times are ISO 8601, UTC where no zone is named. The profile strict needs the columns
    author and title to find bots and merges; without them it is exact. What cannot be read is left out and
    counted on stderr.

    **Examples**

    `peatmoss sync classify --commits commits.csv`

    `peatmoss sync classify --commits commits.csv --profile exact --json > families.jsonl`
    """
    from peatmoss.analyze import sync_table

    answer = sync_table.ask(commits, profile, as_of.replace(tzinfo=UTC) if as_of else None)
    for reason, (rows, line) in answer.left_out.items():
        sys.stderr.write(
            escaped(f"{rows:,} row{'s' if rows > 1 else ''} left out: {reason} (first: line {line:,})") + "\n"
        )
    family = None
    for family in answer.families:
        if json:
            emit(family)
        else:
            say(_line(family))
    if family is None:
        raise PeatmossError(f"{commits} has no commit that can be read: nothing to classify")


def _line(family: dict[str, Any]) -> str:
    if family["status"] != "ok":
        return f"{family['family']}  -  {family['status']}"
    numbers = f"{family['overlap_buckets']} of {family['hub_buckets']} Hub periods shared"
    return f"{family['family']}  {family['code']}  {family['pattern']}  {family['lag']}  {numbers}"


@app.command()
def explain(
    name: Annotated[str, typer.Argument(metavar="FAMILY_OR_MODEL", help="owner/name of a repository or of a model.")],
    db: Db = "",
    profile: ProfileName = "paper",
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Write the timeline to this file: .svg, or .png (extra `plot`).")
    ] = None,
    json: Json = False,
) -> None:
    """Show the timeline of a model family, its pattern, and why it has it.

    It needs a database in which `link` and `analyze sync` ran. A family is the models that were released from one
    repository on GitHub; a model's name leads to its family, and where there is none the candidates are shown.

    **Examples**

    `peatmoss sync explain basel/ATTACK-BERT --db sqlite:////data/work.sqlite`

    `peatmoss sync explain basel-a/SMET --profile exact --plot smet.svg --db sqlite:////data/work.sqlite`
    """
    from peatmoss import explain as stage

    found = stage.run(ready(db, is_read=True), name, profile)
    if plot:
        stage.draw(found, plot)
    if json:
        emit(
            {
                **found._asdict(),
                "timeline": found.timeline and found.timeline._asdict(),
                "reasons": stage.reasons(found),
            }
        )
        return
    for line in stage.report(found, shutil.get_terminal_size((100, 24)).columns):
        say(line)
    if plot:
        sys.stderr.write(f"wrote {escaped(plot)}\n")
