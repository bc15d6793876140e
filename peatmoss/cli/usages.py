"""peatmoss usages: the models that the code in a folder names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from peatmoss.cli.common import Json, emit, say


def usages(
    path: Annotated[Path, typer.Argument(help="A folder, or a git repository (bare or not) with --at.")] = Path(),
    at: Annotated[str, typer.Option("--at", help="Read the repository at this commit, branch or tag.")] = "",
    json: Json = False,
) -> None:
    """Show where the code in a folder names pre-trained models, and how each name was found.

    It reads only: no database, no network, nothing of the code is run. Links and `.git` are not followed; files
    beyond 5 MiB and binary files are left out and counted. With --json: one object a usage.

    **Examples**

    `peatmoss usages ~/code/my-app`

    `peatmoss usages ~/code/my-app --at v1.2.0 --json`
    """
    from peatmoss.fetch import git_clone
    from peatmoss.load import reuse

    files = list(git_clone.commit_files(path, at) if at else git_clone.folder_files(path))
    texts = {file.path: file.content for file in files if file.content is not None}
    examined = reuse.examine((texts, {file.path: file.blob for file in files}))
    if json:
        for usage in examined.usages:
            emit(usage._asdict())
        return
    for usage in examined.usages:
        name = usage.canonical_id or usage.model_id or f"? {usage.argument or ''}"
        marks = [usage.role, usage.path_class, f"{usage.method} {usage.confidence:.2f}"]
        marks += [] if usage.is_used else ["not used"]
        marks += [f"revision {usage.revision}"] if usage.revision else []
        marks += ["trusts remote code"] if usage.has_trust_remote_code else []
        say(f"{usage.path}:{usage.line}  {name}  [{usage.hub or 'unknown'}]  {', '.join(marks)}")
    used = {usage.canonical_id for usage in examined.usages if usage.is_used and usage.canonical_id}
    unknown = sum(usage.model_id is None for usage in examined.usages)
    say(
        f"{len(used):,} models used; {len(examined.usages):,} usages in {len(texts):,} files read, "
        f"{unknown:,} of them without a name; {len(files) - len(texts):,} files not read"
    )
    if examined.cut:
        say(f"cut short: {examined.cut}")
