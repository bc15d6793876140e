"""Models named in texts -> model_mention. Whether a name is a model's, `link` finds out."""

from __future__ import annotations

import polars as pl

from peatmoss.db import Ingest
from peatmoss.parse.mentions import mentions
from peatmoss.parse.text import clean
from peatmoss.schema import reuse

_ROW = {"n": pl.UInt32, "position": pl.Int64, "name": pl.String}


def write(sink: Ingest, texts: pl.DataFrame, owner: str) -> None:
    """Make what these texts mention the only mentions of their owners.

    texts: the owner's id (column `owner`, one of github_issue_id, github_pull_request_id, discussion_id), url, text,
    and repository (owner/name) if the text belongs to one
    """
    texts = texts.unique("url", keep="first", maintain_order=True).with_row_index("n")
    names = texts["repository"] if "repository" in texts.columns else pl.repeat(None, texts.height, eager=True)
    found = [
        (n, at, clean(name))
        for n, text, repository in zip(texts["n"], texts["text"], names, strict=True)
        for at, name in mentions(text, repository or "")
    ]
    rows = pl.DataFrame(found, schema=_ROW, orient="row").join(texts.select("n", "url", owner), on="n").drop("n")
    owners = texts.select(id=owner).unique(maintain_order=True)
    if owners.height:
        sink.stage("stage_owner", owners)
        query = f"SELECT t.id, t.url, t.position FROM stage_owner s CROSS JOIN model_mention t WHERE t.{owner} = s.id"
        old = sink.read(reuse.model_mention, query)
        sink.delete(reuse.model_mention, old.join(rows, on=["url", "position"], how="anti").select("id"))
    sink.upsert(reuse.model_mention, rows, ("url", "position"))
