"""Take the pictures of the documentation anew, from the pages of a release of the demonstration.

    make build-db && .venv/bin/python -m tests.browser.pictures dist

Needs a Chromium or Chrome on the PATH.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.browser.chromium import browser, program
from tests.browser.serving import serving

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
LARGEST = 300_000
PICTURES = {
    "front-page.png": ("/", 1500),
    "story.png": ("/peatmoss/story-license-dropped-llama", None),
}
"""File -> page, and how much of its height."""


def take(dist: Path, folder: Path) -> list[Path]:
    """Take all pictures at the size of a desktop."""
    taken = []
    with tempfile.TemporaryDirectory() as profile, serving(dist) as site, browser(Path(profile)) as page:
        page.size("desktop")
        for name, (path, height) in PICTURES.items():
            page.open(site + path)
            whole = int(page.ask("document.querySelector('.not-footer').getBoundingClientRect().bottom"))
            page.picture(folder / name, min(height or whole, whole))
            taken.append(folder / name)
    return taken


def main(arguments: list[str]) -> int:
    """Take them, and say how large they are."""
    if len(arguments) != 1 or program() is None:
        sys.stderr.write("usage: python -m tests.browser.pictures DIST   (with Chromium or Chrome on the PATH)\n")
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in take(Path(arguments[0]), FOLDER):
        size = path.stat().st_size
        sys.stderr.write(f"wrote {path} ({size:,} bytes)\n")
        if size >= LARGEST:
            sys.stderr.write(f"too large: less than {LARGEST:,} bytes are wanted\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
