"""Reuse: where repositories name models, with evidence, and the mapping that follows from it."""

from sqlalchemy import CheckConstraint, Index, Table

from peatmoss.schema.base import (
    PATH_CLASSES,
    RESOLUTIONS,
    USAGE_ROLES,
    flag,
    integer,
    key,
    metadata,
    moment,
    number,
    one_of,
    ref,
    shard_ref,
    text,
    unique,
)

repository_scan = Table(
    "repository_scan", metadata, key(),
    ref("reuse_repository_id", "reuse_repository", "The repository.", index=False),
    text("commit_sha", "Commit that was scanned; none: none could be read; folder-...: hash of a folder without git.", null=False),
    text("detector_version", "Version of the usage detector.", null=False),
    text("status", "scanned, no_candidate (the prefilter found no loader and no hub address), or failed.", null=False),
    text("reason", "Why it failed, or which budget cut it short."),
    integer("file_count", "Files read.", null=False),
    integer("size_bytes", "Bytes read.", null=False),
    moment("scanned_at", "As-of date of the scan.", null=False),
    shard_ref(),
    unique("reuse_repository_id", "commit_sha", "detector_version"),
    one_of("status", ("scanned", "no_candidate", "failed")),
    comment="One scan of a repository at one commit. No usage in a scanned repository means: not seen there.",
)  # fmt: skip

usage = Table(
    "usage", metadata, key(),
    ref("repository_scan_id", "repository_scan", "The scan: repository, commit and detector version.", index=False),
    text("path", "File.", null=False),
    integer("line", "Line, from 1.", null=False),
    integer("ordinal", "Number of the usage within the line, from 1.", null=False),
    text("library", "Library that would load the model."),
    text("call", "Function or command, for instance AutoModel.from_pretrained."),
    text("argument", "The argument as written."),
    text("hub", "Hub of the name: hf, timm, spacy, torch.hub, torchvision, ollama, url, local, ..."),
    text("resolved_name", "The model's name after resolution; NULL: could not be resolved, and is counted as such."),
    text("revision", "Revision the code pins."),
    text("method", "How the name was resolved: literal, constant, default, config, ...", null=False),
    number("confidence", "Between 0 and 1.", null=False),
    text("role", "What the code does with the model.", null=False),
    text("path_class", "What kind of file it is.", null=False),
    flag("is_used", "Running some code of the repository itself would load it.", null=False),
    flag("has_trust_remote_code", "The call allows code from the model's repository to run."),
    ref("model_id", "model", "The model; NULL: not resolved, or not in this database.", null=True),
    text("resolution", "The rule by which `link` found the model: exact, rename, namespace (the one model of that name where the hub keeps its models), or case (differs in case only: check it)."),
    unique("repository_scan_id", "path", "line", "ordinal"),
    one_of("role", USAGE_ROLES),
    one_of("path_class", PATH_CLASSES),
    one_of("resolution", RESOLUTIONS),
    comment="One place in code that names a model, with the evidence.",
)  # fmt: skip

usage_event = Table(
    "usage_event", metadata, key(),
    ref("reuse_repository_id", "reuse_repository", "The repository.", index=False),
    text("path", "File.", null=False),
    text("name", "The model's name.", null=False),
    text("event", "added, changed (from previous_name) or removed.", null=False),
    text("previous_name", "The name that the same call had before."),
    text("commit_sha", "The commit.", null=False),
    moment("committed_at", "When.", null=False),
    ref("model_id", "model", "The model; NULL: not in this database.", null=True),
    shard_ref(),
    text("hub", "Hub of the name: hf, timm, spacy, torch.hub, torchvision, ..."),
    text("resolution", "The rule by which `link` found the model."),
    unique("reuse_repository_id", "commit_sha", "path", "name", "event"),
    one_of("event", ("added", "changed", "removed")),
    one_of("resolution", RESOLUTIONS),
    comment="When a repository began to use a model, switched it in a call, or stopped using it: commits of its default branch.",
)  # fmt: skip

model_mention = Table(
    "model_mention", metadata, key(),
    text("name", "The model's name as written.", null=False),
    ref("model_id", "model", "The model; NULL: not in this database.", null=True),
    ref("github_issue_id", "github_issue", "The issue that mentions it.", null=True),
    ref("github_pull_request_id", "github_pull_request", "The pull request that mentions it.", null=True),
    ref("discussion_id", "discussion", "The hub discussion that mentions it.", null=True),
    text("url", "Address of the text that mentions it.", null=False),
    integer("position", "Character offset in that text, from 0.", null=False),
    text("resolution", "The rule by which `link` found the model."),
    unique("url", "position"),
    one_of("resolution", RESOLUTIONS),
    CheckConstraint(
        "(CASE WHEN github_issue_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN github_pull_request_id IS NULL THEN 0 ELSE 1 END)"
        " + (CASE WHEN discussion_id IS NULL THEN 0 ELSE 1 END) = 1",
        name="one_place",
    ),
    comment="A model named in the text of an issue, pull request or discussion.",
)  # fmt: skip

model_to_reuse_repository = Table(
    "model_to_reuse_repository", metadata,
    ref("model_id", "model", "The model.", pk=True),
    ref("reuse_repository_id", "reuse_repository", "The repository that uses it.", pk=True),
    Index(None, "reuse_repository_id"),
    integer("usage_count", "Usages in the repository's own code (is_used), in the last scan that saw the model.", null=False),
    integer("mention_count", "Other usages (mentions, provenance, vendored copies), in the last scan that saw the model.", null=False),
    moment("first_seen_at", "As-of date of the first scan that saw it.", null=False),
    moment("last_seen_at", "As-of date of the last scan that saw it.", null=False),
    comment="The mapping model -> repository: at least one usage was resolved to the model.",
    sqlite_with_rowid=False,
)  # fmt: skip

reuse_file = Table(
    "reuse_file", metadata, key(),
    text("path", "File.", null=False),
    ref("model_id", "model", "The model it names."),
    ref("reuse_repository_id", "reuse_repository", "The repository.", index=False),
    unique("reuse_repository_id", "path", "model_id"),
    comment="Files of a repository that name a model.",
)  # fmt: skip
