"""The columns of a CSV file, named in a TOML file, since every CSV names them as it likes.

[columns]                       # field of the Hub's API = column in the file
id = "model_id"
lastModified = "last_modified"
tags = "tags"

[options]                       # may be left out
tags_separator = " "            # between the tags in one cell; a blank if not said
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

from peatmoss.errors import PeatmossError

FIELDS = (
    "id", "sha", "createdAt", "lastModified", "private", "gated", "disabled", "downloads", "downloadsAllTime", "likes",
    "usedStorage", "pipeline_tag", "library_name", "license", "tags", "base_model", "relation",
)  # fmt: skip
"""What a cell can hold and a database can take; `relation` says how a model derives from its `base_model`."""


class Columns(NamedTuple):
    """columns: API field -> column in the file; options: how to read the cells."""

    columns: dict[str, str]
    options: dict[str, str]


def read(path: Path) -> Columns:
    """A mapping file; PeatmossError with the mend if it is none."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise PeatmossError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PeatmossError(f"{path} is not TOML: {error}") from error
    columns, options = content.pop("columns", None), content.pop("options", {})
    if content or not isinstance(columns, dict) or not isinstance(options, dict):
        raise PeatmossError(f"{path} needs a table [columns], may have [options], and nothing else")
    for name, value in (columns | options).items():
        if not isinstance(value, str) or not value:
            raise PeatmossError(f"{path}: {name} needs a text between quotes")
    if unknown := sorted(columns.keys() - set(FIELDS)):
        raise PeatmossError(f"{path}: unknown field {unknown[0]!r} in [columns]; there are {', '.join(FIELDS)}")
    if unknown := sorted(options.keys() - {"tags_separator"}):
        raise PeatmossError(f"{path}: unknown option {unknown[0]!r}; there is tags_separator")
    if "id" not in columns:
        raise PeatmossError(f'{path}: [columns] does not say which column is the id: add id = "…"')
    if "relation" in columns and "base_model" not in columns:
        raise PeatmossError(f"{path}: relation says nothing without base_model")
    return Columns(columns, options)
