"""License claims: who says which license applies to what."""

from sqlalchemy import Table

from peatmoss.schema.base import key, metadata, moment, one_of, shard_ref, text, unique

license_claim = Table(
    "license_claim", metadata, key(),
    text("artifact_kind", "model, dataset or repository.", null=False),
    text("artifact", "Natural key: owner/name of a model or dataset, host/owner/name of a repository.", null=False),
    text("component", "What of it: all, weights, code, data or card.", null=False),
    text("source", "Who states it: tag, card, file, api, package, ...", null=False),
    text("raw", "The license as stated, untouched.", null=False),
    text("place", "Where it stands: a front matter path, a file path, an API field.", null=False),
    text("revision", "Revision of the artifact at which it stands there."),
    moment("claimed_at", "As-of date of the statement.", null=False),
    shard_ref(),
    unique("artifact_kind", "artifact", "component", "source", "place", "claimed_at"),
    one_of("artifact_kind", ("model", "dataset", "repository")),
    one_of("component", ("all", "weights", "code", "data", "card")),
    comment="One statement about the license of one part of an artifact, by one source, at one date.",
)  # fmt: skip
