"""peatmoss serve: browse a release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    dist: Annotated[Path, typer.Option(help="Folder of the release.")] = Path("dist"),
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8001,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 opens it to the network.")] = "127.0.0.1",
) -> None:
    """Browse a release in the web browser: tables, questions to click, your own SQL. Nothing can be changed there.

    Every file is compared with `SHA256SUMS` first. Stop it with Ctrl-C.

    **Examples**

        peatmoss serve

        peatmoss serve --dist /data/release --port 9000
    """
    from peatmoss.serve import run

    typer.echo(f"Checking the release in {dist} ...", err=True)
    run(dist, host, port, announce=lambda url: typer.echo(f"Serving it at {url}   (stop: Ctrl-C)"))
