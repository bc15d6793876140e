"""World -> archive: the only code that touches a network, a clone or a bulk file. It knows no database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from peatmoss.fetch import github_api, hub_api, hub_dump, hub_popular, llm_cards, llm_commits, pytorch_hub
from peatmoss.fetch.llm import Prompt, Subject

FETCHERS: dict[tuple[str, str], Callable[..., Any]] = {
    ("model", "hub_dump"): hub_dump.run,
    ("model", "hub_api"): partial(hub_api.run, kind="model"),
    ("model", "pytorch_hub"): pytorch_hub.run,
    ("snapshot", "hub_api"): hub_popular.run,
    ("dataset", "hub_api"): partial(hub_api.run, kind="dataset"),
    ("hub_commit", "hub_api"): partial(hub_api.run, kind="hub_commit"),
    ("hub_commit", "git_clone"): partial(github_api.clone, kind="hub_commit"),
    ("hub_ref", "hub_api"): partial(hub_api.run, kind="hub_ref"),
    ("discussion", "hub_api"): partial(hub_api.run, kind="discussion"),
    ("repo", "github_api"): partial(github_api.run, kind="repo"),
    ("issue", "github_api"): partial(github_api.run, kind="issue"),
    ("pull_request", "github_api"): partial(github_api.run, kind="pull_request"),
    ("repo_commit", "git_clone"): partial(github_api.clone, kind="repo_commit"),
    ("repo_commit", "github_api"): partial(github_api.run, kind="repo_commit"),
    ("repo_ref", "git_clone"): partial(github_api.clone, kind="repo_ref"),
    ("repo_ref", "github_api"): partial(github_api.run, kind="repo_ref"),
    ("code_file", "git_clone"): partial(github_api.clone, kind="code_file"),
}
"""(kind, origin) -> what fetches it."""

QUESTIONS: dict[str, tuple[Prompt, Callable[[Path, set[str] | None], Iterator[Subject]]]] = {
    "card": (llm_cards.PROMPT, llm_cards.subjects),
    "commit": (llm_commits.PROMPT, llm_commits.subjects),
}
"""What language models are asked: name -> the prompt, and what gives the subjects of an archive (all or some)."""
