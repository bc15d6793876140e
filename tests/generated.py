"""What a machine can write: schema.sql, docs/commands.md, and the marked parts of README.md.

python -m tests.generated            write them
python -m tests.generated --check    exit 1 with a diff if one of them is stale
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from peatmoss import migrate
from peatmoss.cli import app
from peatmoss.schema import cards, findings, github, hub, ledger, license, metadata, names, reuse, sync

ROOT = Path(__file__).parent.parent
VERBS = ("plan", "worklist", "fetch", "migrate", "load", "link", "analyze", "release", "serve", "status")
BUILD = (["migrate"], ["load"], ["link"], ["analyze"], ["release", "--dist", "dist"])
SUBJECTS = (
    ("Model hubs", hub), ("GitHub", github), ("Reuse", reuse), ("Licenses", license), ("Names", names),
    ("Synchronization", sync), ("Model cards", cards), ("Findings", findings), ("Ledger and judgements", ledger),
)  # fmt: skip


def commands() -> Iterator[tuple[str, Any]]:
    """("load", command), ("fetch model", command), ... in the order of the verbs, then of their names."""
    root = typer.main.get_command(app)
    found = dict(_walk(root, ""))
    rank = {verb: place for place, verb in enumerate(VERBS)}
    yield from sorted(found.items(), key=lambda item: (rank.get(item[0].split()[0], len(rank)), item[0]))


def _walk(group: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _walk(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def help_text(command: Any) -> str:
    """The docstring of a command as Markdown: an indented example becomes a code block by itself."""
    return re.sub(r"[ \t]+\n", "\n", (command.help or "").strip())


def command_table() -> str:
    """One line per command."""
    lines = ["| command | what it does |", "|---|---|"]
    for name, command in commands():
        first = help_text(command).split("\n\n")[0].replace("\n", " ")
        lines.append(f"| `peatmoss {name}` | {first} |")
    return "\n".join(lines)


def command_pages() -> str:
    """All of the help."""
    parts = ["# Commands", "Generated from the program by `make generate`. `peatmoss COMMAND --help` says the same."]
    for name, command in commands():
        parts += [f"## peatmoss {name}", help_text(command), "| option | what it is |\n|---|---|"]
        rows = []
        for option in command.params:
            words = " ".join((getattr(option, "help", None) or "").split()).replace("|", "\\|")
            variable = f" Also by the variable `{option.envvar}`." if isinstance(option.envvar, str) else ""
            required = " Required." if option.required else ""
            name = option.metavar or (option.name or "").upper()
            shown = name if option.param_type_name == "argument" else ", ".join(option.opts)
            rows.append(f"| `{shown}` | {words}{variable}{required} |")
        parts[-1] += "\n" + "\n".join(rows)
    return "\n\n".join(parts) + "\n"


def table_list() -> str:
    """Tables by subject, with their comments."""
    home: dict[str, str] = {}
    for subject, module in SUBJECTS:
        for value in vars(module).values():
            if getattr(value, "metadata", None) is metadata and value.name not in home:
                home[value.name] = subject
    parts = []
    for subject, _ in SUBJECTS:
        rows = [f"| `{t.name}` | {t.comment} |" for t in metadata.tables.values() if home[t.name] == subject]
        parts.append(f"**{subject}**\n\n| table | what a row is |\n|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts)


def build_output() -> str:
    """What `make build-db` says in the end, from a real run on the demonstration corpus."""
    program = Path(sys.executable).with_name("peatmoss")
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ, "PEATMOSS_DB": f"sqlite:///{folder}/work.sqlite",
            "PEATMOSS_ARCHIVE": str(ROOT / "peatmoss" / "corpus"), "COLUMNS": "120",
        }  # fmt: skip
        for step in BUILD:
            done = subprocess.run([program, *step], cwd=folder, env=environment, capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(f"peatmoss {' '.join(step)} failed: {done.stderr}")
    said = done.stdout.replace(f"{ROOT}/", "").replace(f"{program.parent}/", ".venv/bin/")
    return f"```text\n$ make build-db\n{said.rstrip()}\n```"


def readme(text: str) -> str:
    """README.md with its marked parts written anew."""
    makers = {"build": build_output, "commands": command_table, "tables": table_list}
    for name, make in makers.items():
        pattern = rf"(<!-- generated: {name} -->\n).*?(<!-- end -->)"
        if not re.search(pattern, text, re.DOTALL):
            raise SystemExit(f"README.md has no part <!-- generated: {name} --> ... <!-- end -->")
        content = make()
        text = re.sub(pattern, lambda m, c=content: f"{m[1]}\n{c}\n\n{m[2]}", text, flags=re.DOTALL)
    return text


def files() -> dict[Path, str]:
    """Every generated file with what it should hold."""
    return {
        ROOT / "schema.sql": migrate.show(),
        ROOT / "docs" / "commands.md": command_pages(),
        ROOT / "README.md": readme((ROOT / "README.md").read_text("utf-8")),
    }


def stale() -> str:
    """The difference between what is there and what should be there; empty if all is fresh."""
    parts = []
    for path, wanted in files().items():
        there = path.read_text("utf-8") if path.exists() else ""
        names = (f"{path.relative_to(ROOT)} (there)", f"{path.relative_to(ROOT)} (generated)")
        parts += difflib.unified_diff(there.splitlines(True), wanted.splitlines(True), *names)
    return "".join(parts)


def main(arguments: list[str]) -> int:
    """Write or check."""
    if arguments == ["--check"]:
        difference = stale()
        sys.stdout.write(difference)
        if difference:
            sys.stderr.write("generated files are stale: run `make generate`\n")
        return bool(difference)
    if arguments:
        sys.stderr.write("usage: python -m tests.generated [--check]\n")
        return 2
    for path, wanted in files().items():
        if not path.exists() or path.read_text("utf-8") != wanted:
            path.write_text(wanted, "utf-8")
            sys.stderr.write(f"wrote {path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
