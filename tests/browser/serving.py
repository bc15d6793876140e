"""`peatmoss serve`, as a user starts it, on a free port."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("peatmoss")


@contextlib.contextmanager
def serving(dist: Path) -> Iterator[str]:
    """The address of a server over a release, without a slash at its end."""
    command = [str(PROGRAM), "serve", "--dist", str(dist), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        try:
            found = re.match(r"Serving it at (http://\S+)/ ", process.stdout.readline())
            if not found:
                raise RuntimeError(f"peatmoss serve: {process.stderr.read()}")
            yield found[1]
        finally:
            process.terminate()
