"""Git repositories as data: a bare partial clone for a URL, the folder itself for a path, and what git says of them.

    a line of a list          what it is
    owner/name                https://github.com/owner/name; a model on the Hub where models are asked for
    https://host/owner/name   that address; file:///path is cloned, too
    /path or ./path           the repository, or the plain folder, that lies there: it is read in place
    owner/name LOCATION       an address or a path, filed under the name owner/name

Nothing of a repository is run: no checkout, hooks, filters, submodules, LFS. Each step has a budget of time and bytes.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from peatmoss.errors import NotFound, PeatmossError, RecordError, SourceError
from peatmoss.fetch.budget import Stopped
from peatmoss.fetch.git_clone import GIT, MAX_FILE_BYTES, environment
from peatmoss.parse.github import repository_name

MAX_CLONE_BYTES = 4 * 2**30
MAX_CLONE_SECONDS = 1800
_SCHEMES = ("https", "http", "file")
_GONE = re.compile(r"not found|does not exist|could not read Username|does not appear to be a git repository", re.I)
_ALLOW = [part for scheme in _SCHEMES for part in ("-c", f"protocol.{scheme}.allow=always")]


Part = Literal["newest", "history", "trees", "refs"]
"""What is cloned: the newest commit, all commits with their texts, all without texts, or names and dates only."""


class Home(NamedTuple):
    """Where a bare owner/name lives."""

    host: str
    url: str


GITHUB = Home("github.com", "https://github.com")


def huggingface() -> Home:
    """The Hub, or the mirror of it that the environment names (HF_ENDPOINT)."""
    url = os.environ.get("HF_ENDPOINT", "").rstrip("/") or "https://huggingface.co"
    if not re.fullmatch(r"https?://[^\s/@]+\S*", url):
        raise PeatmossError("HF_ENDPOINT is no address: give for instance https://huggingface.co")
    return Home("huggingface.co", url)


class Wanted(NamedTuple):
    """What to read of a repository: the default branch if `at` (commit, branch, tag) and `before` (date) are empty."""

    at: str = ""
    before: str = ""
    history: bool = False

    @property
    def is_newest_only(self) -> bool:
        """Whether the newest commit alone is enough."""
        return not (self.at or self.before or self.history)


class Source(NamedTuple):
    """One line of a list of repositories. host: `local` for a path that no name was given to."""

    host: str
    owner: str
    name: str
    location: str

    @property
    def key(self) -> str:
        """owner/name, as records are keyed."""
        return f"{self.owner}/{self.name}" if self.owner else self.name

    @property
    def is_remote(self) -> bool:
        """To be cloned; otherwise a path to be read in place."""
        return "://" in self.location


def source(line: str, home: Home = GITHUB) -> Source:
    """What a line of a list means. Raises PeatmossError if it is none of what there is."""
    first, _, second = line.strip().partition(" ")
    location = second.strip() or first
    named = second.strip() != ""
    try:
        if named and "://" not in location and not location.startswith(("/", ".", "~")):
            raise RecordError("no address and no path")
        if re.fullmatch(r"[\w.-]+/[\w.-]+", first) and not first.startswith("."):
            owner, name = repository_name(first)
            host, where = home.host, location if named else f"{home.url}/{first}"
        elif home != GITHUB and re.fullmatch(r"\w[\w.-]*", first):  # models of the Hub's first years have no owner
            host, owner, name, where = home.host, "", first, location if named else f"{home.url}/{first}"
        elif named:
            raise RecordError("no repository name (owner/name)")
        elif "://" in first:
            host, path = re.sub(r"^[a-z]+://(?:[^/@]*@)?", "", first, flags=re.I).partition("/")[::2]
            owner, name = _last_two(path, first)
            host, where = host.split(":")[0].lower() or "local", first
        else:
            owner, name = _last_two(str(Path(first).resolve()), first)
            host, where = "local", str(Path(first).resolve())
    except RecordError as error:
        raise PeatmossError(
            f"{line.strip()[:200]!r} is no repository: give owner/name, an address, a path, or owner/name LOCATION"
        ) from error
    if "://" in where and where.split("://")[0].lower() not in _SCHEMES:
        raise PeatmossError(f"{where[:200]!r}: only {', '.join(_SCHEMES)} addresses are read")
    if re.match(r"[a-z]+://[^/]*@", where, re.I):
        raise PeatmossError("an address with a password or token in it would be kept in the archive: leave it out")
    return Source(host, owner, name, where)


def _last_two(path: str, shown: str) -> tuple[str, str]:
    parts = [part for part in path.removesuffix("/").removesuffix(".git").split("/") if part]
    if not parts:
        raise RecordError("no repository name (owner/name)", shown)
    return repository_name("/".join(parts[-2:]) if len(parts) > 1 else f"-/{parts[0]}")


class Clones:
    """The repositories of a list by their names, and what is wanted of them."""

    def __init__(self, lines: Iterable[str], wanted: Wanted = Wanted(), home: Home = GITHUB):  # noqa: B008
        self.wanted = wanted
        self.sources: dict[str, Source] = {}
        self._stopped = threading.Event()
        for line in lines:
            found = source(line, home)
            if self.sources.setdefault(found.key, found) != found:
                raise PeatmossError(f"{found.key} is in the list with two addresses: give one of them another name")

    def stop(self) -> None:
        """Give up the clones that are being made."""
        self._stopped.set()

    @contextlib.contextmanager
    def opened(self, found: Source, part: Part) -> Iterator[Path]:
        """Where a repository can be read: its own folder, or a bare clone that is removed afterwards.

        Raises NotFound if there is none, SourceError if it cannot be had within the budgets.
        """
        if not found.is_remote:
            if not Path(found.location).is_dir():
                raise NotFound(f"no folder at {found.location}")
            yield Path(found.location)
            return
        folder = Path(tempfile.mkdtemp(prefix="peatmoss-clone-"))
        try:
            _clone(found.location, folder, part, self._stopped)
            yield folder / "clone.git"
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _parts(part: Part) -> list[str]:
    texts = f"--filter=blob:limit={MAX_FILE_BYTES + 1}"
    return {
        "newest": [texts, "--single-branch", "--no-tags", "--depth=1"],
        "history": [texts, "--single-branch"],
        "trees": ["--filter=blob:none", "--single-branch", "--no-tags"],
        "refs": ["--filter=tree:0"],
    }[part]


def _clone(url: str, folder: Path, part: Part, stopped: threading.Event) -> None:
    command = [
        *GIT, *_ALLOW, "clone", "--quiet", "--bare", "--template=", "--no-recurse-submodules", *_parts(part),
        "--", url, str(folder / "clone.git"),
    ]  # fmt: skip
    with (folder / "stderr").open("w+b") as complaints:
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=complaints,
            env=environment() | {"GIT_NO_LAZY_FETCH": "0", "GIT_ASKPASS": "true", "GIT_LFS_SKIP_SMUDGE": "1"},
            start_new_session=True,
        )  # fmt: skip
        try:
            why = _watched(process, folder, stopped)
        finally:
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if why:
            raise SourceError(why)
        if process.returncode == 0:
            _forget_origin(folder / "clone.git")
        else:
            complaints.seek(0)
            said = complaints.read(4000).decode("utf-8", "replace").replace(str(folder), "").strip()
            error = NotFound if _GONE.search(said) else SourceError
            raise error(f"cannot be cloned: {' '.join(said.split())[:300]}")


def _forget_origin(path: Path) -> None:
    """What the clone left out stays missing: with its origin forgotten, git does not try to get it later."""
    for arguments in (("--remove-section", "remote.origin"), ("--unset-all", "extensions.partialClone")):
        with contextlib.suppress(SourceError):  # a server that does not filter: nothing to forget
            output(path, "config", "--local", *arguments)


def _watched(process: subprocess.Popen[bytes], folder: Path, stopped: threading.Event) -> str | None:
    """Wait for a clone; why it was given up, if it was."""
    end = time.monotonic() + MAX_CLONE_SECONDS
    pause = 0.02
    while True:
        try:
            process.wait(pause)
            return None
        except subprocess.TimeoutExpired:
            pause = min(pause * 2, 1.0)
        if stopped.is_set():
            raise Stopped("stopped")
        if time.monotonic() > end:
            return f"cloning took more than {MAX_CLONE_SECONDS} s"
        if _size(folder) > MAX_CLONE_BYTES:
            return f"the clone grew beyond {MAX_CLONE_BYTES} bytes"


def _size(folder: Path) -> int:
    total = 0
    for at, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(at) / name).lstat().st_size
    return total


def is_repository(path: Path) -> bool:
    """Whether `path` itself is a git repository (bare or not), not just a folder within one."""
    try:
        where = output(path, "rev-parse", "--absolute-git-dir").decode("utf-8", "replace").strip()
    except SourceError:
        return False
    return Path(where).resolve() in (path.resolve(), (path / ".git").resolve()) or (path / ".git").is_file()


def commit_moment(path: Path, commit: str) -> datetime:
    """When a commit was made."""
    said = output(path, "show", "--no-patch", "--format=%ct", "--end-of-options", commit).decode().strip()
    return datetime.fromtimestamp(int(said), UTC)


def github_name(path: Path) -> str | None:
    """owner/name of the GitHub repository that a clone was made of, or None if it does not say."""
    try:
        origin = output(path, "config", "--local", "--get", "remote.origin.url").decode("utf-8", "replace")
    except SourceError:
        return None
    found = re.search(r"github\.com[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?\s*$", origin)
    return found[1] if found else None


def is_shallow(path: Path) -> bool:
    """Whether older commits are missing here."""
    return output(path, "rev-parse", "--is-shallow-repository").strip() == b"true"


def output(path: Path, *arguments: str) -> bytes:
    """What a git command prints. Raises SourceError if it fails or takes too long."""
    try:
        done = subprocess.run(  # noqa: S603
            [*GIT, "-C", str(path), *arguments],
            capture_output=True, check=False, stdin=subprocess.DEVNULL, env=environment(), timeout=MAX_CLONE_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"git {arguments[0]} took more than {MAX_CLONE_SECONDS} s") from error
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())
        raise SourceError(f"git {arguments[0]}: {said.replace(str(path), '.')[:200]}")
    return done.stdout


def commit_before(path: Path, date: str) -> str:
    """The last commit of the default branch that is not newer than `date` (ISO, UTC). Raises NotFound if none is."""
    found = output(path, "rev-list", "-1", "--first-parent", f"--before={date}", "HEAD", "--").decode().strip()
    if not found:
        raise NotFound(f"no commit before {date}")
    return found
