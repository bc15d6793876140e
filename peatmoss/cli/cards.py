"""peatmoss cards: the facts of model cards, with the words that state them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from peatmoss.cli.common import Db, Json, emit, ready, say
from peatmoss.errors import PeatmossError

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown", help="Facts of model cards with their evidence.")

MAX_FILE_BYTES = 16 * 2**20
_SHOWN = 160
ModelId = Annotated[
    str, typer.Option("--model", help="The model's name, such as org/name: tells its own rows in tables of results.")
]


@app.callback()
def cards() -> None:
    """Facts of model cards with their evidence."""


@app.command()
def extract(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Model cards: Markdown with or without front matter.")
    ],
    model: ModelId = "",
    json: Json = False,
) -> None:
    """Extract the facts of model cards: value, words, place, method, confidence. No database, no network.

    With --json: one object a card, with `values` (field, value, raw, name, number, unit, role, dataset, split, path or
    start and end, method, confidence), `documentation` and `se_activities`. A card that could only be read in part says
    so in `cut`; front matter that could not be read says why in `front_matter_status`.

    **Examples**

    `peatmoss cards extract README.md --json`

    `peatmoss cards extract README.md --model deepset/roberta-base-squad2`
    """
    from peatmoss.analyze import cards as analysis

    for path in files:
        asked = analysis.ask(_text(path), model or None)
        found = asked.extraction
        if json:
            emit({
                "file": str(path), "model": model or None, "extractor": "rules", "version": analysis.VERSION,
                "front_matter_status": found.status, "cut": found.cut,
                "values": [value._asdict() for value in found.values],
                "documentation": asked.documentation._asdict(),
                "se_activities": [activity._asdict() for activity in asked.activities],
            })  # fmt: skip
            continue
        if len(files) > 1:
            say(f"{path}:")
        for value in found.values:
            say(_line(value._asdict()))
        say(_summary(len(found.values), found.status, found.cut))


@app.command()
def explain(
    card: Annotated[str, typer.Argument(metavar="ID|FILE", help="A model in the database, or a card in a file.")],
    model: ModelId = "",
    db: Db = "",
    json: Json = False,
) -> None:
    """Show the facts of a card with the words that state them, how well it documents, and what it is for.

    A path to a file is read as it is; everything else is the name of a model in the database, after
    `peatmoss analyze cards`.

    **Examples**

    `peatmoss cards explain README.md`

    `peatmoss cards explain deepset/roberta-base-squad2 --db sqlite:////data/work.sqlite`
    """
    if Path(card).exists() or card.endswith((".md", ".markdown")):
        _explain_file(Path(card), model, json)
    else:
        _explain_model(card, ready(db, is_read=True), json)


def _explain_file(path: Path, model: str, json: bool) -> None:
    from peatmoss.analyze import cards as analysis

    text = _text(path)
    asked = analysis.ask(text, model or None)
    found = asked.extraction
    if json:
        for value in found.values:
            emit(value._asdict())
        return
    for value in found.values:
        row = value._asdict()
        place = f"front matter, {value.path}" if value.path else f"line {text.count(chr(10), 0, value.start or 0) + 1}"
        _evidence(row, place)
    say(_summary(len(found.values), found.status, found.cut))
    _judged(asked.documentation._asdict(), [activity._asdict() for activity in asked.activities])


def _explain_model(name: str, url: str, json: bool) -> None:
    from peatmoss.analyze import cards_told
    from peatmoss.db import connect

    engine = connect(url)
    with engine.connect() as conn:
        told = cards_told.ask(conn, name)
    engine.dispose()
    if told is None:
        raise PeatmossError(
            f"no card of {name!r} was analyzed: is it in the database, with its card? Then `peatmoss analyze cards`"
        )
    if json:
        for row in told.values:
            emit({"model": told.name, "revision": told.revision, **row})
        return
    say(f"{told.name} at {told.revision}")
    for row in told.values:
        place = (
            f"front matter, {row['path']}" if row["path"] else f"characters {row['char_start']} to {row['char_end']}"
        )
        _evidence(row, place + ("" if row["is_chosen"] else "; not chosen"), row["extractor"])
    for row in told.extractions:
        say(
            f"{row['extractor']}: {row['status']}, {row['value_count']:,} values"
            + (f" ({row['reason']})" if row["reason"] else "")
        )
    documentation = dict(told.documentation)
    _judged(
        {"state": documentation["state"], "score": documentation["score"], "missing": documentation["missing"].split()},
        told.activities,
    )


def _evidence(row: Mapping[str, Any], place: str, extractor: str = "rules") -> None:
    say(_line(row))
    raw = " ".join(str(row["raw"] or "").split())
    shown = raw if len(raw) <= _SHOWN else raw[:_SHOWN] + " …"
    by = "" if extractor == "rules" else f", {extractor}"
    say(f"    {place}, {row['method']} {row['confidence']:.2f}{by}: \u201c{shown}\u201d")


def _line(row: Mapping[str, Any]) -> str:
    name = f" {row['name']} =" if row["name"] else ""
    unit = (
        f" {row['unit']}"
        if row["unit"] and row["unit"] not in ("ratio", "percent")
        else "%"
        if row["unit"] == "percent"
        else ""
    )
    unit = f" x {row['number']:.0f}" if row["unit"] == "device" else unit
    more = ", ".join(str(row[key]) for key in ("role", "dataset", "split") if row[key])
    return f"{row['field']}:{name} {row['value']}{unit}" + (f" ({more})" if more else "")


def _summary(count: int, status: str, cut: str | None) -> str:
    said = {"ok": "front matter read", "none": "no front matter"}.get(
        status, f"front matter not read: {status.replace('_', ' ')}"
    )
    return f"{count:,} values; {said}" + (f"; cut: {cut}" if cut else "")


def _judged(documentation: Mapping[str, Any], activities: Iterable[Mapping[str, Any]]) -> None:
    state = documentation["state"].replace("_", " ")
    missing = ", ".join(name.replace("_", " ") for name in documentation["missing"]) or "nothing"
    say(f"documentation: {state}, {documentation['score']:.0%} of the rubric; missing: {missing}")
    for activity in activities:
        say(f"software engineering: {activity['activity']} ({activity['source']}: \u201c{activity['evidence']}\u201d)")


def _text(path: Path) -> str:
    if not path.is_file():
        raise PeatmossError(f"no file at {path}")
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise PeatmossError(f"cannot read {path}: {error.strerror}") from error
    if len(raw) > MAX_FILE_BYTES:
        raise PeatmossError(f"{path} is larger than {MAX_FILE_BYTES // 2**20} MiB: no card is")
    return raw.decode("utf-8", "replace")
