"""Models named in what people write: issues, pull requests, comments, discussions.

an address of a model on the hub                                   certain
owner/name where the name looks like a model's, and stands alone   not part of a path, an address or a reference
a name without an owner that the Hub knows from before              bert-base-uncased
"""

from __future__ import annotations

import re
from typing import NamedTuple

from peatmoss.parse.code import names

MAX_CHARACTERS = 200_000
"""Of one text; issues hold pasted logs."""

_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.|git@)[^\s<>\"'`)\]]+", re.IGNORECASE)
_TOKEN = re.compile(r"(?<![\w./@#~:-])[A-Za-z0-9][\w-]*(?:\.[\w-]+)*(?:/[A-Za-z0-9_][\w-]*(?:\.[\w-]+)*)?(?![\w/@#:-])")


class Mention(NamedTuple):
    """A name as written, and its place in the text."""

    position: int
    name: str


def mentions(text: str, repository: str = "") -> list[Mention]:
    """What a text of `repository` (owner/name) names, in order; a repository's own name is no model."""
    text = text[:MAX_CHARACTERS]
    found = {at: name.model_id for at, name in names.hub_urls(text)} if "/" in text else {}
    blank = _ADDRESS.sub(lambda match: " " * len(match[0]), text)
    for match in _TOKEN.finditer(blank):
        token = match[0]
        if match.start() in found or token.lower() == repository.lower():
            continue
        if names.is_likely_id(token) if "/" in token else "-" in token and names.is_legacy(token):
            found[match.start()] = token
    return [Mention(at, name) for at, name in sorted(found.items())]
