"""What a host lets us ask: one budget for all threads of a collection, in the words of its own headers."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from peatmoss.errors import SourceError

_RATELIMIT = re.compile(r"\br\s*=\s*(?P<left>\d+)\s*;\s*t\s*=\s*(?P<seconds>\d+)")


class Stopped(SourceError):
    """The collection was stopped while a thread was waiting or about to ask."""


class Budget:
    """Who asks waits here until the host has room. `waited` counts the seconds that all threads spent so."""

    def __init__(self) -> None:
        self.requests = 0
        self.waited = 0.0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._free_at = self._reset_at = 0.0
        self._left: int | None = None

    def take(self) -> None:
        """Wait for room, then count one request. Raises Stopped."""
        while (wait := self._try()) > 0:
            self.sleep(wait)
        if self._stopped.is_set():
            raise Stopped("stopped")

    def _try(self) -> float:
        """Seconds to wait; 0 if the request is counted."""
        with self._lock:
            now = time.monotonic()
            if self._reset_at <= now:
                self._left = None  # a new window: the next answer says what is left in it
            wait = self._free_at - now
            if self._left is not None and self._left <= 0:
                wait = max(wait, self._reset_at - now)
            if wait <= 0:
                self.requests += 1
                self._left = None if self._left is None else self._left - 1
            return wait

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take in what an answer says is left: ``RateLimit: "api";r=12;t=55``."""
        found = _RATELIMIT.search(headers.get("ratelimit", ""))
        if not found:
            return
        with self._lock:
            left, reset_at = int(found["left"]), time.monotonic() + int(found["seconds"]) + 1
            another = self._left is None or reset_at > self._reset_at + 2
            self._left = left if another else min(self._left or 0, left)
            self._reset_at = reset_at

    def pause(self, seconds: float) -> None:
        """Nobody asks for so long."""
        with self._lock:
            self._free_at = max(self._free_at, time.monotonic() + seconds)

    def sleep(self, seconds: float) -> None:
        """Wait, a little longer than asked so that threads do not come back all at once. Raises Stopped."""
        seconds += random.uniform(0, min(1.0, seconds / 4))  # noqa: S311
        if self._stopped.wait(seconds):
            raise Stopped("stopped")
        with self._lock:
            self.waited += seconds

    def stop(self) -> None:
        """Wake everybody who waits, and let nobody ask any more."""
        self._stopped.set()


def asked_wait(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that an answer asks to wait, by whatever header it does so; None if it does not."""
    now = now or datetime.now(UTC)
    if after := headers.get("retry-after", "").strip():
        if after.isascii() and after.isdigit():
            return float(after[:9])
        try:
            moment = parsedate_to_datetime(after)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now).total_seconds())
    if (found := _RATELIMIT.search(headers.get("ratelimit", ""))) and int(found["left"]) == 0:
        return float(found["seconds"]) + 1
    reset = headers.get("x-ratelimit-reset", "").strip()
    if reset.isascii() and reset.isdigit():
        seconds = float(reset[:11])
        return max(0.0, seconds - now.timestamp()) if seconds > 1e9 else seconds
    return None
