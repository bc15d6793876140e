"""The exception tree. Everything the package raises on purpose is one of these.

    PeatmossError                 a user's mistake, or the base of the rest   exit code 2
    ├── SourceError               an upstream, a file or a server failed      exit code 3
    │   ├── RateLimited           ... and says when to come back
    │   ├── NotFound
    │   ├── Unauthorized
    │   └── Gated
    ├── RecordError               one record is unusable: becomes a `reject` row, never fatal
    └── CheckFailed               a release check found something             exit code 1

A bug is not in this tree: it crashes with its traceback.
"""

from __future__ import annotations

from datetime import datetime


class PeatmossError(Exception):
    """A mistake with a mend: the message is one clear line for the user."""

    exit_code = 2


class SourceError(PeatmossError):
    """An upstream, a file or a server did not give what it should."""

    exit_code = 3


class RateLimited(SourceError):
    """The upstream asks to wait until `reset_at` (UTC)."""

    def __init__(self, message: str, reset_at: datetime):
        super().__init__(message)
        self.reset_at = reset_at


class NotFound(SourceError):
    """The upstream does not have it (any more), or not for us; `status` is the HTTP status of its answer."""

    def __init__(self, message: str, status: int = 404):
        super().__init__(message)
        self.status = status


class Unauthorized(SourceError):
    """The upstream wants a (different) token."""


class Gated(SourceError):
    """The upstream wants the user to accept terms first; `status` is the HTTP status of its answer."""

    def __init__(self, message: str, status: int = 403):
        super().__init__(message)
        self.status = status


class RecordError(PeatmossError):
    """One record that cannot become a row; loaders turn it into a `reject` row."""

    def __init__(self, reason: str, key: str | None = None):
        super().__init__(reason)
        self.reason = reason
        self.key = key


class CheckFailed(PeatmossError):
    """At least one release check of severity fail returned rows."""

    exit_code = 1
