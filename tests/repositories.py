"""Real little git repositories for tests."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

DAY = "2024-01-{:02d}T12:00:00+00:00"


def git(path: Path, *arguments: str, date: str = DAY.format(1)) -> str:
    """Run git in `path`, as somebody, at a date."""
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    return subprocess.run(
        ["git", *identity, "-C", str(path), *arguments], check=True, capture_output=True, text=True,
        env=os.environ | dates,
    ).stdout  # fmt: skip


def init(path: Path) -> Path:
    """An empty repository that lets partial clones be made of it."""
    path.mkdir(parents=True)
    git(path, "init", "-q")
    git(path, "config", "uploadpack.allowFilter", "true")
    return path


def commit(path: Path, files: Mapping[str, str | None], day: int = 1, message: str = "work") -> str:
    """Commit these contents (None: delete); returns the hash."""
    for name, content in files.items():
        file = path / name
        if content is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
    git(path, "add", "-A")
    git(path, "commit", "-q", "--allow-empty", "-m", message, date=DAY.format(day))
    return git(path, "rev-parse", "HEAD").strip()
