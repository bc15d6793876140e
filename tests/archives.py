"""Small archives for tests."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from peatmoss import archive


def day(number: int) -> datetime:
    """A day of January 2026."""
    return datetime(2026, 1, number, tzinfo=UTC)


def put(
    root: Path,
    kind: str,
    as_of: datetime,
    rows: list[Any],
    *,
    fields: set[str] | None = None,
    label: str = "test",
    **more: Any,
) -> archive.Shard:
    """Close a verbatim JSONL shard of these rows; a `bytes` or `str` row is a line as it is."""
    origin = more.pop("origin", "hub_dump")
    path = root / kind / (archive.shard_stem(as_of, origin, label) + ".jsonl")
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        row.encode() if isinstance(row, str) else row if isinstance(row, bytes) else json.dumps(row).encode()
        for row in rows
    ]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    seen = {name for row in rows if isinstance(row, dict) for name in (row.get("data") or row if "key" in row else row)}
    layout = more.pop("layout", "verbatim")
    return archive.close(
        archive.Shard(
            path, kind, origin, as_of, layout, more.pop("coverage", "filter"), len(rows), archive.sha256_file(path),
            fields=tuple(sorted(seen if fields is None else fields)), **more,
        )
    )  # fmt: skip
