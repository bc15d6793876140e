"""Check a release, and serve it with Datasette."""

from __future__ import annotations

import hashlib
import json
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette  # type: ignore[import-untyped]

from peatmoss.errors import PeatmossError, SourceError
from peatmoss.serve.metadata import metadata, queries
from peatmoss.serve.stories import Story, stories

SETTINGS = {
    "suggest_facets": False,  # would scan every column of every page's table
    "sql_time_limit_ms": 5000,
    "facet_time_limit_ms": 2000,
    "default_facet_size": 10,
    "default_cache_ttl": 300,
    "max_returned_rows": 1000,
}
EXAMPLES = {
    "chain": """SELECT model.context_id FROM model
        WHERE EXISTS (SELECT 1 FROM model_to_base_model AS child WHERE child.base_model_id = model.id)
        AND EXISTS (SELECT 1 FROM model_to_base_model AS edge
          JOIN model_to_base_model AS next ON next.model_id = edge.base_model_id
          WHERE edge.model_id = model.id AND next.base_model_id <> model.id AND edge.base_model_id <> model.id)
        ORDER BY model.downloads DESC, model.id LIMIT 1""",
    "base": """SELECT model.context_id FROM model_to_base_model AS edge JOIN model ON model.id = edge.base_model_id
        GROUP BY edge.base_model_id ORDER BY COUNT(*) DESC, edge.base_model_id LIMIT 1""",
    "used": """SELECT model.context_id FROM model_to_reuse_repository AS link JOIN model ON model.id = link.model_id
        WHERE link.usage_count > 0 GROUP BY link.model_id ORDER BY COUNT(*) DESC, link.model_id LIMIT 1""",
}
"""Models for the links of the front page: one in the middle of a chain, the one with the most derived models, and the
one that most repositories use."""
_HERE = Path(__file__).parent


def run(dist: Path, host: str, port: int, announce: Callable[[str], None] = lambda _: None) -> None:
    """Serve until interrupted. `announce` is told the address once the port is ours.

    Raises PeatmossError if the port cannot be used, SourceError if there is no sound release.
    """
    datasette = application(dist)
    with _listening(host, port) as listener:
        shown = f"[{host}]" if ":" in host else host
        announce(f"http://{shown}:{listener.getsockname()[1]}/")
        server = uvicorn.Server(uvicorn.Config(datasette.app(), log_level="warning", lifespan="on"))
        server.run(sockets=[listener])


def application(dist: Path) -> Datasette:
    """Datasette over the release in `dist`, immutable, with what it would otherwise have to count first."""
    sums = verified(dist)
    path = dist / "peatmoss.db"
    try:
        manifest = json.loads((dist / "MANIFEST.json").read_text(encoding="utf-8"))
        inspected = {
            "hash": sums["peatmoss.db"],
            "size": path.stat().st_size,
            "file": str(path),
            "tables": {name: {"count": count} for name, count in manifest["tables"].items()},
        }
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            told = stories(connection) if manifest["representative"] is False else []
            facts = metadata(manifest, connection, [story for story in told if story.row_count])
            examples = {name: (connection.execute(sql).fetchone() or ("",))[0] for name, sql in EXAMPLES.items()}
    except (sqlite3.DatabaseError, ValueError, KeyError, TypeError) as error:
        raise SourceError(f"the release in {dist} was made by another version of peatmoss: release it again") from error
    datasette = Datasette(
        immutables=[str(path)],
        inspect_data={"peatmoss": inspected},
        metadata=facts,
        settings=SETTINGS,
        template_dir=str(_HERE / "templates"),
        plugins_dir=str(_HERE / "plugins"),
        static_mounts=[("assets", str(_HERE / "static"))],
    )
    datasette.jinja_env.globals["release"] = _shown(manifest, examples, told)
    return datasette


def verified(dist: Path) -> dict[str, str]:
    """The files of the release with their hashes, after comparing all of them. Raises SourceError."""
    try:
        listed = (dist / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise SourceError(f"no release in {dist}: make one with `make build-db` or `peatmoss release`") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot read the release in {dist}: {getattr(error, 'strerror', None) or error}") from error
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in listed)}
    for name in {"peatmoss.db", "MANIFEST.json", *sums}:
        try:
            with (dist / name).open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise SourceError(f"{dist / name} is missing or unreadable: release it again") from error
        if found != sums.get(name):
            raise SourceError(f"{dist / name} is damaged (its hash is not the one in SHA256SUMS): release it again")
    return sums


def _shown(manifest: dict[str, Any], examples: dict[str, str], told: list[Story]) -> dict[str, Any]:
    """What the templates show of the manifest and the stories."""
    reading = {(row["kind"], row["outcome"]): row["count"] for row in manifest["license_reflection"]}
    totals = {row["kind"]: row["denominator"] for row in manifest["license_reflection"]}
    return {
        "manifest": manifest,
        "overview": {row["name"]: row for row in manifest["overview"]},
        "licenses": [
            {
                "kind": kind,
                "count": reading.get((kind, "not reflected"), 0),
                "unknown": reading.get((kind, "unknown"), 0),
                "denominator": total,
            }
            for kind, total in totals.items()
        ],
        "examples": examples,
        "queries": queries(),
        "stories": [story for story in told if story.row_count],
        "untold": len([story for story in told if not story.row_count]),
    }


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(128)
        except OSError:
            listener.close()
            raise
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PeatmossError(f"cannot listen on {host} port {port} ({reason}): give another one with --port") from error
    return listener
