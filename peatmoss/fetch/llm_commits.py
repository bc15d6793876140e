"""Questions about the commits of an archive, on the Hub and on GitHub: what does each of them change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from peatmoss import archive
from peatmoss.errors import RecordError
from peatmoss.fetch.llm import Prompt, Subject
from peatmoss.parse.commits import hub_commits, repo_commits
from peatmoss.parse.sync.question import NAME, SCHEMA, SYSTEM, question, subject

PROMPT = Prompt(NAME, SYSTEM, SCHEMA)
_SIDES = (("hub_commit", "huggingface", hub_commits), ("repo_commit", "github", repo_commits))


def subjects(root: Path, names: set[str] | None = None) -> Iterator[Subject]:
    """One question a commit, as its newest shard has it; from git before any list, for git knows the files.

    names: of these models or repositories (owner/name), or these commits (owner/name@hash) only
    """
    for kind, platform, parse in _SIDES:
        seen: set[str] = set()
        shards = sorted(archive.shards(root, kind), key=lambda shard: shard.origin == "git_clone")
        for shard in reversed(shards):
            for line in archive.lines(shard):
                try:
                    owner, commits, _ = parse(line.record.data if line.record else None)
                except RecordError:
                    continue  # the loader tells about it
                for commit in commits:
                    name = subject(platform, owner, commit["sha"])
                    wanted = names is None or owner in names or f"{owner}@{commit['sha']}" in names
                    if wanted and name not in seen:
                        seen.add(name)
                        yield _subject(name, commit)


def _subject(name: str, commit: dict[str, Any]) -> Subject:
    title, message = (
        commit.get("title", commit.get("message_headline")),
        commit.get("message", commit.get("message_body")),
    )
    files = commit.get("files")
    touched = None if files is None else [(file["path"], file["change"]) for file in files]
    text = question(name, title, message, touched)
    return Subject(name, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), text)
