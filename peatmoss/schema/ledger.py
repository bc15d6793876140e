"""Tables about the building of the database: runs, shards, checkpoints, rejects, and human judgements."""

from sqlalchemy import Table

from peatmoss.schema.base import COVERAGES, integer, key, metadata, moment, one_of, ref, text, unique

run = Table(
    "run", metadata, key(),
    text("verb", "The command: load, link, analyze or release.", null=False),
    text("version", "Version of the peatmoss package.", null=False),
    moment("started_at", "When it started (wall clock).", null=False),
    moment("finished_at", "When it finished; NULL: still running, or it was interrupted."),
    unique("verb", "started_at"),
    comment="One run of a verb on this database. Not in a release.",
)  # fmt: skip

shard = Table(
    "shard", metadata, key(),
    text("name", "Kind and file name in the archive; name order is order of truth.", null=False),
    text("kind", "What its records are: model, snapshot, repo, ...", null=False),
    text("origin", "Where it came from: hub_api, hub_dump, github_api, git_clone, ...", null=False),
    moment("as_of", "As of when the data is.", null=False),
    text("coverage", "complete: what is absent did not exist; top or filter: a part.", null=False),
    text("hub", "Name of the model hub or code host it speaks of."),
    text("sha256", "Hash of the file.", null=False),
    integer("record_count", "Records in the file (lines or rows).", null=False),
    integer("loaded_count", "Records that became rows (new, changed or unchanged).", null=False),
    integer("reject_count", "Records that became `reject` rows.", null=False),
    text("source", "The published file or request behind it, as JSON."),
    unique("name"),
    one_of("coverage", COVERAGES),
    comment="An archive file that was loaded: the provenance of every row.",
)  # fmt: skip

checkpoint = Table(
    "checkpoint", metadata, key(),
    text("shard", "Name of the shard being loaded, or `<verb>` for a whole stage.", null=False),
    integer("batch_count", "Batches committed so far.", null=False),
    text("state", "`open` until the last batch is committed, then `done`.", null=False),
    unique("shard"),
    one_of("state", ("open", "done")),
    comment="How far loading got; written in the transaction of the data it describes. Not in a release.",
)  # fmt: skip

reject = Table(
    "reject", metadata, key(),
    ref("shard_id", "shard", "The archive shard that holds the record."),
    integer("line", "Line (JSONL) or row (Parquet, CSV) in the shard, from 1.", null=False),
    text("field", "The field at fault; empty if it is the record as a whole.", null=False),
    text("key", "The record's natural key if it has one, cut to 200 characters, control characters escaped."),
    text("reason", "Why it did not become a row.", null=False),
    unique("shard_id", "line", "field"),
    comment="A record, or a part of one, that could not become a row: never lost, always with its reason.",
)  # fmt: skip

record_hash = Table(
    "record_hash", metadata,
    ref("model_id", "model", "The model.", pk=True),
    integer("hash", "Hash of the last record that was loaded for it; only ever compared with another.", null=False),
    comment="What a model's last record said, in short: a later record that says the same is passed over. Not in a release.",
    sqlite_with_rowid=False,
)  # fmt: skip

judgement = Table(
    "judgement", metadata, key(),
    text("subject_table", "Table of the row that was judged.", null=False),
    text("subject_key", "Natural key of that row, as JSON.", null=False),
    text("verdict", "The human's verdict.", null=False),
    one_of("verdict", ("right", "wrong", "unclear")),
    text("reason", "Why, in words."),
    text("judge", "Login or name that the judge gave.", null=False),
    moment("judged_at", "When.", null=False),
    unique("subject_table", "subject_key", "judge"),
    comment="A human's verdict on a row.",
)  # fmt: skip

correction = Table(
    "correction", metadata, key(),
    text("subject_table", "Table of the corrected row.", null=False),
    text("subject_key", "Natural key of that row, as JSON.", null=False),
    text("column_name", "The corrected column.", null=False),
    text("value", "The right value."),
    text("reason", "Why, in words.", null=False),
    text("source", "Where the correction comes from.", null=False),
    unique("subject_table", "subject_key", "column_name"),
    comment="A value that a human set right; analyses prefer it over what upstream says.",
)  # fmt: skip
