"""peatmoss names: what models are called, and what they are."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from peatmoss.cli.common import Db, Json, emit, escaped, say
from peatmoss.errors import PeatmossError

app = typer.Typer(no_args_is_help=True, help="What models are called, and what they are.")

_COLOURS = {"A": "cyan", "S": "green", "P": "green", "V": "yellow", "L": "magenta", "D": "blue", "T": "red", "F": "bright_yellow",
            "R": "bright_yellow", "C": "bright_blue", "N": "bright_green", "H": "bright_green", "W": "bright_magenta", "M": "bright_cyan"}  # fmt: skip


@app.command()
def parse(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Names or ids of models.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="A text file with one name a line; - is stdin.")] = None,
    json: Json = False,
) -> None:
    """Take names apart: each piece with what it stands for, and the naming convention.

    Codes are those of the naming study: A architecture, S size, P parameters, V version, L language, D data set, T task, F adaptation, R
    training, C characteristic, N layers, H heads or hidden size, W format, M organisation, O other. Conventions: I implementation, AT application
    or task, IAT both, O neither. No database is needed. Names beyond 512 characters are cut, which is told.

    **Examples**

    `peatmoss names parse bert-base-uncased TheBloke/Llama-2-7B-Chat-GGUF`

    `peatmoss names parse --file names.txt --json`
    """
    from peatmoss.analyze import names as analysis

    if not names and file is None:
        raise PeatmossError("no name given: write names, or --file FILE with one a line")
    for found in analysis.ask([*(names or []), *(_lines(file) if file else [])]):
        if json:
            emit(found)
        else:
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
    table: Annotated[Path, typer.Option("--table", help="CSV with a column id and any of: architectures, model_type, task, parameters.")],
    json: Json = False,
) -> None:
    """Compare names with what the models are declared to be: a CSV table in, findings out.

    Columns: id, architectures (class names, blank-separated; an unknown class counts as the longest known one that it begins with),
    model_type, task, parameters; any but id may be empty or absent. Further columns are used where they are there: files, quantization, bits,
    dtypes, languages, datasets, base_models, origin, hidden_size, layers, heads, context_length, experts, is_adapter (lists blank-separated).
    Kinds I1 to I17 and severities hard, soft, info: see the README. No database is needed.

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


def _coloured(name: str, spans: list[dict[str, Any]]) -> None:
    """The name with its pieces in colours, and a legend below; plain text where nobody watches."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, markup=False, soft_wrap=True)
    text = Text()
    last = 0
    for span in spans:
        text.append(escaped(name[last : span["start"]]), style="dim")
        text.append(escaped(span["text"]), style=_COLOURS.get(span["code"], "dim"))
        last = span["end"]
    text.append(escaped(name[last:]), style="dim")
    console.print(text)
    for span in spans:
        console.print(Text(f"  {span['code']} {escaped(span['text'])}  {span['element']}", style=_COLOURS.get(span["code"], "dim")))


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="A folder that holds a model: config.json, weights, card.")],
    name: Annotated[str, typer.Option("--name", help="The name to judge; else that of the folder.")] = "",
    json: Json = False,
) -> None:
    """Compare the name of a local model folder with its content: configuration, tensor headers, files.

    Weights are never read, only the headers of safetensors and GGUF files; nothing is unpickled or run. Exit code 1 if there is a hard finding.

    **Examples**

    `peatmoss names check ~/models/my-bert-base`

    `peatmoss names check ./checkpoint-1000 --name me/roberta-large-ner --json`
    """
    from peatmoss.analyze import architectures

    found = architectures.check(path, name)
    if json:
        emit(found.plain())
    else:
        _coloured(found.name["name"], found.name["spans"])
        say(f"convention {found.name['convention']}")
        for line in found.lines:
            say(line)
        for finding in found.findings:
            say(_words(finding))
        say(f"{len(found.findings):,} findings")
    if any(finding.severity == "hard" for finding in found.findings):
        raise typer.Exit(1)


