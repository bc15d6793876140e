"""peatmoss usages: the models that the code in a folder names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from peatmoss.cli.common import Json, bar, emit, say


def usages(
    path: Annotated[Path, typer.Argument(help="A folder, or a git repository (bare or not) with --at.")] = Path(),
    at: Annotated[str, typer.Option("--at", help="Read the repository at this commit, branch or tag.")] = "",
    json: Json = False,
) -> None:
    """Show where the code in a folder names pre-trained models, and how each name was found.

    It reads only: no database, no network, nothing of the code is run. Links and `.git` are not followed; files
    beyond 5 MiB, what is no code, configuration or list, and what passes 192 MiB in all are left out and counted.
    Without a database no list of known ids is at hand: a name counts by its shape and by the call that takes it. With
    --json: one object a usage.

    **Examples**

    `peatmoss usages ~/code/my-app`

    `peatmoss usages ~/code/my-app --at v1.2.0 --json`
    """
    from peatmoss.fetch import folder
    from peatmoss.load import reuse

    with bar(json, "MiB") as progress:
        read = folder.commit(path, at) if at else folder.folder(path, progress)
    examined = reuse.examine((read.texts, {}))
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
    others = len(examined.usages) - sum(usage.is_used for usage in examined.usages)
    say(
        f"{len(used):,} models used; {len(examined.usages):,} usages, {others:,} of them not the repository's own use, "
        f"{unknown:,} without a name; {read.seen:,} files searched"
    )
    for reason, count in sorted(read.skipped.items()):
        say(f"{count:,} files not read: {reason}")
    if examined.cut:
        say(f"cut short: {examined.cut}")
