"""Questions about the cards of an archive, newest revision of each model first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from peatmoss import archive
from peatmoss.fetch.llm import Prompt, Subject
from peatmoss.parse.card import card, extract
from peatmoss.parse.card.question import NAME, SCHEMA, SYSTEM, question

PROMPT = Prompt(NAME, SYSTEM, SCHEMA)


def subjects(root: Path, names: set[str] | None = None) -> Iterator[Subject]:
    """One question a model: its newest card, with what the rules found in it. `names`: of these models only."""
    seen: set[str] = set()
    for shard in reversed(archive.shards(root, "snapshot")):
        for line in archive.lines(shard):
            data = line.record.data if line.record else None
            name = data.get("modelId") if isinstance(data, dict) else None
            text = data.get("readme") if isinstance(data, dict) else None
            if not isinstance(name, str) or name in seen or (names is not None and name not in names):
                continue
            seen.add(name)
            if isinstance(text, str) and text.strip():
                yield Subject(name, card(text).sha256, question(text, name, extract(text, name).values))
