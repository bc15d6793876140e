"""peatmoss names: what models are called, and what they are."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from peatmoss.cli.common import Db, Json, emit, escaped, ready, say
from peatmoss.errors import PeatmossError

app = typer.Typer(no_args_is_help=True, help="What models are called, and what they are.")

_COLOURS = {
    "A": "cyan", "S": "green", "P": "green", "V": "yellow", "L": "magenta", "D": "blue", "T": "red",
    "F": "bright_yellow", "R": "bright_yellow", "C": "bright_blue", "N": "bright_green", "H": "bright_green",
    "W": "bright_magenta", "M": "bright_cyan",
}  # fmt: skip


@app.command()
def parse(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Names or ids of models.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="A text file with one name a line; - is stdin.")] = None,
    json: Json = False,
) -> None:
    """Take names apart: each piece with what it stands for, and the naming convention.

    Codes are those of the naming study: A architecture, S size, P parameters, V version, L language, D data set,
    T task, F adaptation, R training, C characteristic, N layers, H heads or hidden size, W format, M organisation,
    O other. Conventions: I implementation, AT application or task, IAT both, O neither. No database is needed.
    Names beyond 512 characters are cut, which is told.

    **Examples**

    `peatmoss names parse bert-base-uncased TheBloke/Llama-2-7B-Chat-GGUF`

    `peatmoss names parse --file names.txt --json`
    """
    from peatmoss.analyze import names as analysis

    if not names and file is None:
        raise PeatmossError("no name given: write names, or --file FILE with one a line")
    for name in (*(names or ()), *(_lines(file) if file else ())):
        found = analysis.taken_apart(name)
        if json:
            emit(found)
            continue
        say(f"{found['name']}  [{found['convention']}]{'  (cut)' if found.get('cut') else ''}")
        for span in found["spans"]:
            say(f"  {span['code']} {span['text']}  {span['element']}")


def _lines(file: Path) -> Iterator[str]:
    try:
        if str(file) == "-":
            yield from (line.rstrip("\r\n") for line in sys.stdin if line.strip())
            return
        with file.open(encoding="utf-8", errors="replace", newline="\n") as lines:
            yield from (line.rstrip("\r\n") for line in lines if line.strip())
    except OSError as error:
        raise PeatmossError(f"cannot read {file}: {error.strerror}") from error


@app.command()
def verify(
    table: Annotated[Path, typer.Option("--table", help="CSV with id, architectures, model_type, task, parameters.")],
    json: Json = False,
) -> None:
    """Compare names with what the models are declared to be: a CSV table in, findings out.

    Columns: id, architectures (class names, blank-separated; an unknown class counts as the longest known one that it
    begins with), model_type, task, parameters; any but id may be empty or absent. Further columns are used where they
    are there: files, quantization, bits, dtypes, languages, datasets, base_models, origin, hidden_size, layers, heads,
    context_length, experts, is_adapter (lists blank-separated). No database is needed.

    **Examples**

    `peatmoss names verify --table models.csv --json`
    """
    from peatmoss.analyze import names as analysis

    rows = flagged = 0
    for model_id, findings in analysis.verify(table):
        rows += 1
        flagged += any(finding.severity != "info" for finding in findings)
        if json:
            emit({"id": model_id, "findings": [_plain(finding) for finding in findings]})
            continue
        for finding in findings:
            say(f"{model_id}  {_words(finding)}")
    if not json:
        say(f"{flagged:,} of {rows:,} models with a hard or soft finding")


def _plain(finding: Any) -> dict[str, str]:
    return {key: getattr(finding, key) for key in ("kind", "severity", "claim", "evidence", "reason")}


def _words(finding: Any) -> str:
    return f"{finding.kind} {finding.severity}: {finding.claim} / {finding.evidence}: {finding.reason}"


@app.command()
def explain(
    name: Annotated[str, typer.Argument(metavar="ID_OR_NAME", help="The id of a model in the database, or any name.")],
    db: Db = "",
    json: Json = False,
) -> None:
    """Show a name in its pieces, and how it agrees with what is known of the model.

    With a database (--db or PEATMOSS_DB) the model's facts are the evidence; without one, or for a name that is not
    in it, only what the name itself tells.

    **Examples**

    `peatmoss names explain uer/chinese_roberta_L-12_H-768`

    `peatmoss names explain google-bert/bert-base-uncased --db sqlite:////data/work.sqlite`
    """
    from peatmoss.analyze import names as analysis
    from peatmoss.analyze import reading

    evidence = None
    if db:
        with reading(ready(db, is_read=True)) as connection:
            evidence = analysis.known(connection, name)
    taken = analysis.taken_apart(name)
    findings = analysis.judge(evidence or analysis.Evidence(name))
    facts = {
        key: value for key, value in (evidence._asdict() if evidence else {}).items() if value not in (None, "", ())
    }
    if json:
        emit({**taken, "known": facts, "findings": [_plain(finding) for finding in findings]})
        return
    _coloured(taken)
    if not evidence:
        say("not in the database: judged by its name alone" if db else "no database given: judged by its name alone")
    for key, value in facts.items():
        if key == "files":
            say(f"files: {len(value):,}")
        elif key != "id":
            say(f"{key.replace('_', ' ')}: {', '.join(value) if isinstance(value, tuple) else value}")
    _say_findings(findings)


def _coloured(taken: dict[str, Any]) -> None:
    """The name with its pieces in colours, and a legend below; plain text where nobody watches."""
    from rich.console import Console
    from rich.text import Text

    name = taken["name"]
    console = Console(highlight=False, markup=False, soft_wrap=True)
    text = Text()
    last = 0
    for span in taken["spans"]:
        text.append(escaped(name[last : span["start"]]), style="dim")
        text.append(escaped(span["text"]), style=_COLOURS.get(span["code"], "dim"))
        last = span["end"]
    text.append(escaped(name[last:]), style="dim")
    console.print(text)
    for span in taken["spans"]:
        line = f"  {span['code']} {escaped(span['text'])}  {span['element']}"
        console.print(Text(line, style=_COLOURS.get(span["code"], "dim")))
    say(f"convention {taken['convention']}")


def _say_findings(findings: Sequence[Any]) -> None:
    for finding in findings:
        say(_words(finding))
    say(f"{len(findings):,} findings")


@app.command()
def suggest(
    who: Annotated[str, typer.Argument(metavar="OWNER|ID", help="A model, or an owner whose models are meant.")],
    db: Db = "",
    json: Json = False,
) -> None:
    """Print the lines of front matter that would settle the soft findings of a model or an owner, with evidence.

    Nothing is changed anywhere: the owner decides.

    **Examples**

    `peatmoss names suggest my-organisation --db sqlite:////data/work.sqlite`
    """
    from peatmoss.analyze import names as analysis
    from peatmoss.analyze import reading

    count = 0
    with reading(ready(db, is_read=True)) as connection:
        for suggestion in analysis.suggestions(connection, who):
            count += 1
            if json:
                emit(suggestion)
                continue
            say(f"{suggestion['id']}: {suggestion['line']}")
            say(f"  # {suggestion['kind']}: {suggestion['evidence']}")
    if not json:
        say(f"{count:,} suggestions")


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="A folder that holds a model: config.json, weights, card.")],
    name: Annotated[str, typer.Option("--name", help="The name to judge; else that of the folder.")] = "",
    json: Json = False,
) -> None:
    """Compare the name of a local model folder with its content: configuration, tensor headers, files.

    Weights are never read, only the headers of safetensors and GGUF files; nothing is unpickled or run. Exit code 1
    if there is a hard finding, or if the tensors contradict the configuration.

    **Examples**

    `peatmoss names check ~/models/my-bert-base`

    `peatmoss names check ./checkpoint-1000 --name me/roberta-large-ner --json`
    """
    from peatmoss.analyze import architectures
    from peatmoss.analyze import names as analysis
    from peatmoss.fetch import model_folder

    data = model_folder.snapshot(path)
    found = architectures.content(name or path.resolve().name, data)
    findings = analysis.judge(found.evidence)
    taken = analysis.taken_apart(found.evidence.id)
    facts = architectures.facts(found, data["skipped"])
    if json:
        emit({**taken, **facts, "findings": [_plain(finding) for finding in findings]})
    else:
        _coloured(taken)
        for key, value in facts.items():
            say(f"{key.replace('_', ' ')}: {value}")
        _say_findings(findings)
    if any(finding.severity == "hard" for finding in findings) or found.verdict == "contradicted":
        raise typer.Exit(1)
