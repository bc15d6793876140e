"""The command line: one small file per verb. Options in, `run()` or `ask()`, findings out.

Findings go to stdout, messages to stderr. Exit codes: 0 fine, 1 a check found something, 2 wrong use, 3 a source
(an upstream, a file, a server) failed, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from peatmoss import __version__
from peatmoss.cli import (
    analyze,
    cards,
    fetch,
    licenses,
    link,
    load,
    migrate,
    names,
    plan,
    release,
    serve,
    status,
    sync,
    usages,
)
from peatmoss.cli.common import escaped
from peatmoss.errors import PeatmossError

app = typer.Typer(
    name="peatmoss",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"peatmoss {__version__}")
        raise typer.Exit


@app.callback()
def peatmoss(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Build relational datasets of pre-trained models and of the repositories that use them.

    The verbs in their order: fetch (world to archive), migrate, load (archive to database), link, analyze, release,
    serve.
    """


app.add_typer(fetch.app, name="fetch")
app.command()(plan.plan)
app.command()(plan.worklist)
app.command()(migrate.migrate)
app.command()(load.load)
app.command()(link.link)
app.command()(analyze.analyze)
app.command()(release.release)
app.command()(serve.serve)
app.command()(status.status)
app.command()(usages.usages)
app.add_typer(licenses.app, name="licenses")
app.add_typer(names.app, name="names")
app.add_typer(sync.app, name="sync")
app.add_typer(cards.app, name="cards")


def main() -> None:
    """Run the command line. A mistake is one line on stderr; only a bug shows a traceback."""
    out = sys.stdout
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except PeatmossError as error:
        code = 130 if _is_interrupt(error) else error.exit_code
        if code != 130:
            sys.stderr.write(f"error: {escaped(error)}\n")
    except typer.TyperException as error:  # wrong use; without a message it was the help that was wanted
        if message := error.format_message():
            context = getattr(error, "ctx", None)
            command = context.command_path if context else "peatmoss"
            message = message.replace(": Value error, ", ": ")
            sys.stderr.write(f"error: {escaped(message)} (`{command} --help` shows how)\n")
        code = error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        code = _pipe_closed()
    except SystemExit:
        # Typer's way with a closed pipe: it puts something in the place of stdout.
        if sys.stdout is out:
            raise
        code = _pipe_closed()
    if code == 130:
        sys.stderr.write("interrupted: run the same command again to go on\n")
    sys.exit(code)


def _is_interrupt(error: BaseException) -> bool:
    """A database driver that was interrupted raises its own error, and names the interrupt as its cause."""
    cause = error.__cause__
    return isinstance(cause, KeyboardInterrupt) or (cause is not None and _is_interrupt(cause))


def _pipe_closed() -> int:
    """The reader of our output has left (`| head`), which is fine: Python must not complain when it closes stdout."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 141
