"""A headless Chromium, driven over its own protocol through a pair of pipes: no driver, no port, no package.

The protocol is JSON messages that end in a zero byte: https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-quic",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-default-apps", "--hide-scrollbars", "--mute-audio", "--no-pings", "--lang=en-US",
    "--force-color-profile=srgb", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)  # fmt: skip
PATIENCE = 30.0
"""Seconds that one step may take."""


def program() -> str | None:
    """The browser of this machine."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One page of a browser. `errors` holds every script error, console error and failed request since `open`."""

    def __init__(self, process: subprocess.Popen[bytes], commands: int, answers: int):
        self.errors: list[str] = []
        self._process, self._commands, self._answers = process, commands, answers
        self._numbers = itertools.count(1)
        self._buffer = b""
        self._replies: dict[int, dict[str, Any]] = {}
        self._seen: set[str] = set()
        self._session: str | None = None
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def size(self, name: str) -> None:
        """Take the size of a `desktop` or a `phone`."""
        width, height = SIZES[name]
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=name == "phone",
        )

    def open(self, url: str) -> None:
        """Go to a page, and wait until it is loaded."""
        self.errors.clear()
        self._seen.clear()
        problem = self._call("Page.navigate", url=url).get("errorText")
        if problem:
            raise RuntimeError(f"{url}: {problem}")
        self._wait(lambda: "Page.loadEventFired" in self._seen)

    def ask(self, script: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = self._call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def text(self, selector: str = "body") -> str:
        """The visible text of the first element that a CSS selector finds."""
        return str(self.ask(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    def click(self, selector: str) -> None:
        """Click, and wait until the page that it leads to is loaded."""
        self.errors.clear()
        self._seen.clear()
        self.ask(f"document.querySelector({json.dumps(selector)}).click()")
        self._wait(lambda: "Page.loadEventFired" in self._seen)

    def picture(self, path: Path, height: int | None = None) -> None:
        """Save what is seen as a PNG: the first `height` pixels of the page, or one screen."""
        clip: dict[str, Any] = {}
        if height:
            width = self.ask("document.documentElement.clientWidth")
            clip = {"clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}}
        data = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=bool(height), **clip)["data"]
        path.write_bytes(base64.b64decode(data))

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        self._wait(lambda: number in self._replies)
        reply = self._replies.pop(number)
        if "error" in reply:
            raise RuntimeError(f"{method}: {reply['error']}")
        return dict(reply["result"])

    def _wait(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not done():
            ready, _, _ = select.select([self._answers], [], [], max(0.0, end - time.monotonic()))
            chunk = os.read(self._answers, 1 << 20) if ready else b""
            if not chunk:
                raise TimeoutError(f"the browser does not answer (exit code {self._process.poll()})")
            *messages, self._buffer = (self._buffer + chunk).split(b"\0")
            for message in map(json.loads, messages):
                self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        if "id" in message:
            self._replies[message["id"]] = message
        method, told = message.get("method", ""), message.get("params", {})
        self._seen.add(method)
        if method == "Runtime.exceptionThrown":
            details = told["exceptionDetails"]
            self.errors.append(f"{details['text']} {details.get('exception', {}).get('description', '')}")
        elif method == "Runtime.consoleAPICalled" and told["type"] == "error":
            self.errors.append(f"console: {told['args']}")
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.errors.append(f"log: {told['entry']['text']} {told['entry'].get('url', '')}")
        elif method == "Network.responseReceived" and told["response"]["status"] >= 400:
            self.errors.append(f"{told['response']['status']} {told['response']['url']}")


@contextlib.contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Start the browser of this machine with a profile in `folder`, and stop it in the end."""
    ours, theirs = _pipe(), _pipe()
    starter = f'exec "$@" 3<&{theirs[0]} 4>&{ours[1]}'
    command = ["bash", "-c", starter, "bash", str(program()), f"--user-data-dir={folder}", *ARGUMENTS]
    process = subprocess.Popen(
        command,
        pass_fds=(theirs[0], ours[1]),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(theirs[0])
    os.close(ours[1])
    try:
        yield Browser(process, theirs[1], ours[0])
    finally:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            os.write(theirs[1], b'{"id": 0, "method": "Browser.close"}\0')
            process.wait(5)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(theirs[1])
        os.close(ours[0])


def _pipe() -> tuple[int, int]:
    """A pipe whose ends are not among the numbers that the browser wants to have."""
    ends = os.pipe()
    moved = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
    for end in ends:
        os.close(end)
    return moved[0], moved[1]
