"""peatmoss fetch ... --from github_api or git_clone: repositories, what happens in them, and their code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from peatmoss.cli.common import Json, Progress, Quiet, bar, emit, escaped
from peatmoss.cli.fetch_hub import Archive, worklist
from peatmoss.errors import PeatmossError, SourceError

if TYPE_CHECKING:
    from peatmoss.fetch.git import Home
    from peatmoss.fetch.github_http import GitHub
    from peatmoss.fetch.hub_api import Collected

API_PANEL, CLONE_PANEL = "With --from github_api", "With --from git_clone"
API, CLONE = "github_api", "git_clone"
From = Annotated[str, typer.Option("--from", help="Where the data comes from.")]
Keys = Annotated[
    Path | None,
    typer.Option(help="A worklist: a file with one repository a line, or - for stdin.", allow_dash=True),
]
ApiUrl = Annotated[
    str,
    typer.Option(
        envvar="GITHUB_API_URL",
        help="Another API, for GitHub Enterprise: https://github.example/api/v3",
        rich_help_panel=API_PANEL,
        show_envvar=True,
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        help="Only what changed since: a date, or `last` (of each repository its last collection, less an hour).",
        rich_help_panel=API_PANEL,
    ),
]
Jobs = Annotated[int, typer.Option(help="Repositories cloned and read at the same time.", rich_help_panel=CLONE_PANEL)]
At = Annotated[
    str, typer.Option(help="The commit, branch or tag to read, not the newest.", rich_help_panel=CLONE_PANEL)
]
Before = Annotated[
    str, typer.Option(help="The last commit before this date, not the newest.", rich_help_panel=CLONE_PANEL)
]


def repo(
    archive: Archive,
    origin: From = API,
    keys: Keys = None,
    org: Annotated[list[str] | None, typer.Option(help="The public repositories of an account; several times.")] = None,
    search: Annotated[
        str | None,
        typer.Option(
            help="Those that code search finds by load signature: all, names of libraries with commas between them "
            "(timm,transformers), or a file with one search a line."
        ),
    ] = None,
    api_url: ApiUrl = "",
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Find repositories, and collect what GitHub says of them: stars, forks, topics, license, dates.

    How each was found is archived, too: it is the sampling frame of every count. GitHub gives 1,000 results of a
    search; a search with more is split by the size of the files, and what cannot be split is named here as cut.
    Metadata come 50 repositories a request (GraphQL). What was renamed, is gone or blocked is recorded as such.
    GITHUB_TOKEN is needed for --search, and gives 5,000 requests an hour instead of 60. A stopped collection goes on
    with the same command.

    **Examples**

    `peatmoss fetch repo --keys repositories.txt`

    `peatmoss fetch repo --org huggingface --org pytorch`

    `peatmoss fetch repo --search timm,sentence_transformers`
    """
    _known("repo", origin)
    names = list(worklist(keys) or ())
    client = _client(api_url)
    from peatmoss.fetch import github_api, github_search

    if not names and not org and not search:
        raise PeatmossError("say which repositories: --keys FILE, --org NAME or --search SIGNATURES")
    if names:
        github_api.note_list(archive, "stdin" if str(keys) == "-" else keys.name if keys else "", names)
    searches = [f"{github_search.ACCOUNT}{name}" for name in org or ()]
    searches += github_search.queries(search) if search else []
    if searches:
        with bar(quiet, "searches") as progress:
            found, more = github_api.find(archive, searches, client=client, progress=progress)
        _tell(found, "searches", quiet, json)
        for line in _cut(found):
            sys.stderr.write(escaped(line) + "\n")
        names += more
    if not names:
        raise PeatmossError("nothing was found")
    _collect(
        "repo", origin, quiet, json, lambda run, progress: run(archive, keys=names, client=client, progress=progress)
    )


def issue(
    archive: Archive,
    origin: From = API,
    keys: Keys = None,
    since: Since = None,
    api_url: ApiUrl = "",
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Collect the issues of repositories, all of them, with labels, milestones and comments.

    GITHUB_TOKEN is needed. A stopped collection goes on with the same command.

    **Examples**

    `peatmoss fetch issue --keys repositories.txt`

    `peatmoss fetch issue --keys repositories.txt --since last`
    """
    _from_api("issue", origin, archive, keys, since, api_url, quiet, json)


def pull_request(
    archive: Archive,
    origin: From = API,
    keys: Keys = None,
    since: Since = None,
    api_url: ApiUrl = "",
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Collect the pull requests of repositories, all of them, with labels, comments, reviews, files and commits.

    Comments on lines of the code are not among them. GITHUB_TOKEN is needed. A stopped collection goes on with the same
    command.

    **Example**

    `peatmoss fetch pull_request --keys repositories.txt --since 2025-01-01`
    """
    _from_api("pull_request", origin, archive, keys, since, api_url, quiet, json)


def repo_commit(
    archive: Archive,
    origin: From = CLONE,
    keys: Keys = None,
    since: Since = None,
    api_url: ApiUrl = "",
    at: At = "",
    before: Before = "",
    jobs: Jobs = 2,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Collect the commits of repositories: from git with the files they touch, or from GitHub with the accounts.

    git_clone takes what `peatmoss fetch code_file` takes as a line of the list. A stopped collection goes on with the
    same command.

    **Examples**

    `peatmoss fetch repo_commit --keys repositories.txt --jobs 4`

    `peatmoss fetch repo_commit --from github_api --keys repositories.txt --since last`
    """
    if origin == CLONE:
        refuse(origin, since=since, api_url=api_url)
        clone("repo_commit", archive, keys, jobs, quiet, json, at=at, before=before)
    else:
        refuse(origin, at=at, before=before)
        _from_api("repo_commit", origin, archive, keys, since, api_url, quiet, json)


def repo_ref(
    archive: Archive,
    origin: From = CLONE,
    keys: Keys = None,
    since: Since = None,
    api_url: ApiUrl = "",
    jobs: Jobs = 2,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Collect branches and tags of repositories (from git), or their releases (from GitHub).

    With `--since last`, releases that did not change since are not sent again.

    **Examples**

    `peatmoss fetch repo_ref --from git_clone --keys repositories.txt`

    `peatmoss fetch repo_ref --from github_api --keys repositories.txt --since last`
    """
    if origin == CLONE:
        refuse(origin, since=since, api_url=api_url)
        clone("repo_ref", archive, keys, jobs, quiet, json)
    else:
        _from_api("repo_ref", origin, archive, keys, since, api_url, quiet, json)


def code_file(
    archive: Archive,
    origin: From = CLONE,
    keys: Keys = None,
    at: At = "",
    before: Before = "",
    history: Annotated[
        bool,
        typer.Option("--history", help="Also every earlier version of these files: when was a model added, removed?"),
    ] = False,
    jobs: Jobs = 2,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Collect the code of repositories: every file that can name a model, at one commit of each.

    A repository without any loader call and hub address gives its name and commit only. A line of the list is
    owner/name (on GitHub), an address (https, http, file), a path (a repository or a plain folder, read where it lies),
    or `owner/name` and an address or path. Clones are bare and partial, and removed afterwards: no checkout, no hooks,
    no submodules, no LFS. Files beyond 5 MiB are left out; a repository beyond the budgets (4 GiB and 30 min to clone,
    400 MiB and 15 min to read) is cut short. Whatever was left out is recorded with its reason.

    **Examples**

    `peatmoss fetch code_file --keys repositories.txt --jobs 4`

    `echo ~/code/my-app | peatmoss fetch code_file --keys - --history`

    `peatmoss fetch code_file --keys repositories.txt --before 2024-01-01`
    """
    _known("code_file", origin)
    clone("code_file", archive, keys, jobs, quiet, json, at=at, before=before, history=history)


def _from_api(
    kind: str, origin: str, archive: Path, keys: Path | None, since: str | None, api_url: str, quiet: bool, json: bool
) -> None:
    _known(kind, origin)
    client = _client(api_url)
    names = _names(keys)
    _collect(
        kind, origin, quiet, json,
        lambda run, progress: run(archive, keys=names, client=client, since=since, progress=progress),
    )  # fmt: skip


def clone(
    kind: str,
    archive: Path,
    keys: Path | None,
    jobs: int,
    quiet: bool,
    json: bool,
    at: str = "",
    before: str = "",
    history: bool = False,
    home: Home | None = None,
) -> None:
    """Read repositories of a list with git. `home`: where a bare owner/name lives, if not on GitHub."""
    from peatmoss.archive import moment
    from peatmoss.fetch.git import GITHUB, Clones, Wanted

    if at and before:
        raise PeatmossError("give --at or --before, not both")
    date = f"{moment(before):%Y-%m-%dT%H:%M:%SZ}" if before else ""
    clones = Clones(_names(keys, "models" if home else "repositories"), Wanted(at, date, history), home or GITHUB)
    result = _collect(
        kind, CLONE, quiet, json, lambda run, progress: run(archive, clones=clones, jobs=jobs, progress=progress),
        what="models" if home else "repositories",
    )  # fmt: skip
    if reason := _unread(result):
        raise SourceError(f"nothing could be read with git; first, {reason}")


def _unread(result: Collected) -> str | None:
    """Why the first could not be read, if none could."""
    from peatmoss.archive import lines

    first = None
    if result.shard.records > sum(result.counts.values()):
        return None  # more than the one line that closes each
    for line in lines(result.shard):
        said = (line.record.gone or line.record.data or {}) if line.record else {}
        if line.record is None or said.get("status") not in ("git", "failed"):
            return None
        first = first or f"{line.record.key}: {said.get('reason')}"
    return first


def _names(keys: Path | None, what: str = "repositories") -> tuple[str, ...]:
    names = worklist(keys)
    if not names:
        raise PeatmossError(f"say which {what}: --keys FILE, or --keys - for stdin")
    return names


def _client(api_url: str) -> GitHub:
    from peatmoss.fetch.github_http import GitHub

    return GitHub(api_url, os.environ.get("GITHUB_TOKEN", ""), lambda text: sys.stderr.write(escaped(text) + "\n"))


def _known(kind: str, origin: str) -> Callable[..., Any]:
    """The fetcher of a kind from an origin."""
    from peatmoss.fetch import FETCHERS

    if (kind, origin) not in FETCHERS:
        known = ", ".join(name for of, name in FETCHERS if of == kind)
        raise PeatmossError(f"{kind} does not come from {origin!r}: give --from {known}")
    return FETCHERS[kind, origin]


def refuse(origin: str, **options: object) -> None:
    """Say that options make no sense with an origin, if any is given."""
    given = [name for name, value in options.items() if value not in (None, "")]
    if given:
        raise PeatmossError(f"--{given[0].replace('_', '-')} is not for --from {origin}")


def _collect(
    kind: str, origin: str, quiet: bool, json: bool, call: Callable[[Callable[..., Any], Progress], Collected],
    what: str = "repositories",
) -> Collected:  # fmt: skip
    run = _known(kind, origin)
    with bar(quiet, what) as progress:
        result = call(run, progress)
    _tell(result, what, quiet, json)
    return result


def _tell(result: Collected, what: str, quiet: bool, json: bool) -> None:
    shard, counts = result.shard, result.counts
    if json:
        emit({"shard": shard.name, "as_of": shard.as_of, "records": shard.records, "sha256": shard.sha256, **counts,
              "requests": result.requests, "seconds": round(result.seconds, 3),
              "waited_seconds": round(result.waited, 3)})  # fmt: skip
    if quiet:
        return
    asked = f", {result.requests:,} requests, {result.waited:,.0f} s of waiting" if result.requests else ""
    for line in (
        f"{shard.name}: {shard.records:,} records as of {shard.as_of:%Y-%m-%d %H:%M UTC}",
        f"  {what}: {counts['keys']:,} are there, {counts['gone']:,} are not, {counts['moved']:,} moved;"
        f" {result.seconds:,.1f} s{asked}",
    ):
        sys.stderr.write(escaped(line) + "\n")


def _cut(result: Collected) -> list[str]:
    """The searches that gave less than there is."""
    from peatmoss.archive import lines

    records = [line.record.data for line in lines(result.shard) if line.record is not None and line.record.data]
    return [
        f"cut: {data['query']} has {data['total_count']:,} results, and GitHub gives 1,000"
        if data["is_cut"]
        else f"incomplete: GitHub ran out of time in {data['query']}"
        for data in records
        if data["is_cut"] or data["incomplete_results"]
    ]
