"""initial schema

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UTC = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "architecture",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name, unique."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_architecture")),
        sa.UniqueConstraint("name", name=op.f("uq_architecture_name")),
        comment="A model class declared in a configuration, for instance BertForMaskedLM.",
    )
    op.create_table(
        "author",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name, unique."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_author")),
        sa.UniqueConstraint("name", name=op.f("uq_author_name")),
        comment="An account on a hub: a user or an organisation.",
    )
    op.create_table(
        "checkpoint",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "shard", sa.Text(), nullable=False, comment="Name of the shard being loaded, or `<verb>` for a whole stage."
        ),
        sa.Column(
            "batch_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Batches committed so far.",
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="`open` until the last batch is committed, then `done`."),
        sa.CheckConstraint("state = 'open' OR state = 'done'", name=op.f("ck_checkpoint_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint")),
        sa.UniqueConstraint("shard", name=op.f("uq_checkpoint_shard")),
        comment="How far loading got; written in the transaction of the data it describes. Not in a release.",
    )
    op.create_table(
        "correction",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("subject_table", sa.Text(), nullable=False, comment="Table of the corrected row."),
        sa.Column("subject_key", sa.Text(), nullable=False, comment="Natural key of that row, as JSON."),
        sa.Column("column_name", sa.Text(), nullable=False, comment="The corrected column."),
        sa.Column("value", sa.Text(), nullable=True, comment="The right value."),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why, in words."),
        sa.Column("source", sa.Text(), nullable=False, comment="Where the correction comes from."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint(
            "subject_table",
            "subject_key",
            "column_name",
            name=op.f("uq_correction_subject_table_subject_key_column_name"),
        ),
        comment="A value that a human set right; analyses prefer it over what upstream says.",
    )
    op.create_table(
        "dataset",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name, unique."),
        sa.Column("url", sa.Text(), nullable=True, comment="Its page on the hub; NULL if the name is no hub id."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset")),
        sa.UniqueConstraint("name", name=op.f("uq_dataset_name")),
        comment="A dataset as models name it.",
    )
    op.create_table(
        "domain",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name, unique."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domain")),
        sa.UniqueConstraint("name", name=op.f("uq_domain_name")),
        comment="A field of machine learning that groups tasks.",
    )
    op.create_table(
        "framework",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name, unique."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework")),
        sa.UniqueConstraint("name", name=op.f("uq_framework_name")),
        comment="A weight format or framework: pytorch, safetensors, gguf, onnx, ...",
    )
    op.create_table(
        "github_user",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("login", sa.Text(), nullable=False, comment="Account name."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_github_user")),
        sa.UniqueConstraint("login", name=op.f("uq_github_user_login")),
        comment="An account on GitHub: the login only, no address and no real name.",
    )
    op.create_table(
        "judgement",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("subject_table", sa.Text(), nullable=False, comment="Table of the row that was judged."),
        sa.Column("subject_key", sa.Text(), nullable=False, comment="Natural key of that row, as JSON."),
        sa.Column("verdict", sa.Text(), nullable=False, comment="The human's verdict."),
        sa.Column("reason", sa.Text(), nullable=True, comment="Why, in words."),
        sa.Column("judge", sa.Text(), nullable=False, comment="Login or name that the judge gave."),
        sa.Column("judged_at", UTC, nullable=False, comment="When."),
        sa.CheckConstraint(
            "verdict = 'right' OR verdict = 'wrong' OR verdict = 'unclear'", name=op.f("ck_judgement_verdict")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
        sa.UniqueConstraint(
            "subject_table", "subject_key", "judge", name=op.f("uq_judgement_subject_table_subject_key_judge")
        ),
        comment="A human's verdict on a row.",
    )
    op.create_table(
        "language",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("abbreviation", sa.Text(), nullable=False, comment="ISO 639 code, or multilingual, or code."),
        sa.Column("name", sa.Text(), nullable=False, comment="English name."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_language")),
        sa.UniqueConstraint("abbreviation", name=op.f("uq_language_abbreviation")),
        sa.UniqueConstraint("name", name=op.f("uq_language_name")),
        comment="A natural language.",
    )
    op.create_table(
        "library",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name, unique."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library")),
        sa.UniqueConstraint("name", name=op.f("uq_library_name")),
        comment="A software library that loads models, as the hub names it.",
    )
    op.create_table(
        "license",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name, unique."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_license")),
        sa.UniqueConstraint("name", name=op.f("uq_license_name")),
        comment="A license as it was declared, untouched.",
    )
    op.create_table(
        "model_hub",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name, unique."),
        sa.Column("url", sa.Text(), nullable=False, comment="Its address."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_hub")),
        sa.UniqueConstraint("name", name=op.f("uq_model_hub_name")),
        comment="A place that publishes models. 1 is HuggingFace, 2 is PyTorch.",
    )
    op.create_table(
        "paper",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name, unique."),
        sa.Column("title", sa.Text(), nullable=True, comment="Title, if known."),
        sa.Column("url", sa.Text(), nullable=True, comment="Its page."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("name", name=op.f("uq_paper_name")),
        comment="A paper: arxiv:<id> or doi:<doi>.",
    )
    op.create_table(
        "run",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("verb", sa.Text(), nullable=False, comment="The command: load, link, analyze or release."),
        sa.Column("version", sa.Text(), nullable=False, comment="Version of the peatmoss package."),
        sa.Column("started_at", UTC, nullable=False, comment="When it started (wall clock)."),
        sa.Column(
            "finished_at", UTC, nullable=True, comment="When it finished; NULL: still running, or it was interrupted."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("verb", "started_at", name=op.f("uq_run_verb_started_at")),
        comment="One run of a verb on this database. Not in a release.",
    )
    op.create_table(
        "shard",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "name",
            sa.Text(),
            nullable=False,
            comment="Kind and file name in the archive; name order is order of truth.",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="What its records are: model, snapshot, repo, ..."),
        sa.Column(
            "origin",
            sa.Text(),
            nullable=False,
            comment="Where it came from: hub_api, hub_dump, github_api, git_clone, ...",
        ),
        sa.Column("as_of", UTC, nullable=False, comment="As of when the data is."),
        sa.Column(
            "coverage",
            sa.Text(),
            nullable=False,
            comment="complete: what is absent did not exist; top or filter: a part.",
        ),
        sa.Column("hub", sa.Text(), nullable=True, comment="Name of the model hub or code host it speaks of."),
        sa.Column("sha256", sa.Text(), nullable=False, comment="Hash of the file."),
        sa.Column(
            "record_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Records in the file (lines or rows).",
        ),
        sa.Column(
            "loaded_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Records that became rows (new, changed or unchanged).",
        ),
        sa.Column(
            "reject_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Records that became `reject` rows.",
        ),
        sa.Column("source", sa.Text(), nullable=True, comment="The published file or request behind it, as JSON."),
        sa.CheckConstraint(
            "coverage = 'complete' OR coverage = 'top' OR coverage = 'filter'", name=op.f("ck_shard_coverage")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shard")),
        sa.UniqueConstraint("name", name=op.f("uq_shard_name")),
        comment="An archive file that was loaded: the provenance of every row.",
    )
    op.create_table(
        "statistic",
        sa.Column(
            "subject",
            sa.Text(),
            nullable=False,
            comment="What is counted: model, popular_model (the top 1,000 by downloads), edge, repository.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The property, for instance has_license."),
        sa.Column(
            "count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="How many have it."
        ),
        sa.Column(
            "denominator", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="Of how many."
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="How it is counted, in words."),
        sa.PrimaryKeyConstraint("subject", "name", name=op.f("pk_statistic")),
        comment="Supply-chain statistics, each with its denominator.",
    )
    op.create_table(
        "tag",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name, unique."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("name", name=op.f("uq_tag_name")),
        comment="A tag as the hub shows it. Tags that are facts (license:, dataset:, arxiv:, doi:, base_model:) are rows of their own tables instead.",
    )
    op.create_table(
        "license_claim",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("artifact_kind", sa.Text(), nullable=False, comment="model, dataset or repository."),
        sa.Column(
            "artifact",
            sa.Text(),
            nullable=False,
            comment="Natural key: owner/name of a model or dataset, host/owner/name of a repository.",
        ),
        sa.Column("component", sa.Text(), nullable=False, comment="What of it: all, weights, code, data or card."),
        sa.Column("source", sa.Text(), nullable=False, comment="Who states it: tag, card, file, api, package, ..."),
        sa.Column("raw", sa.Text(), nullable=False, comment="The license as stated, untouched."),
        sa.Column(
            "place",
            sa.Text(),
            nullable=False,
            comment="Where it stands: a front matter path, a file path, an API field.",
        ),
        sa.Column("revision", sa.Text(), nullable=True, comment="Revision of the artifact at which it stands there."),
        sa.Column("claimed_at", UTC, nullable=False, comment="As-of date of the statement."),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.CheckConstraint(
            "artifact_kind = 'model' OR artifact_kind = 'dataset' OR artifact_kind = 'repository'",
            name=op.f("ck_license_claim_artifact_kind"),
        ),
        sa.CheckConstraint(
            "component = 'all' OR component = 'weights' OR component = 'code' OR component = 'data' OR component = 'card'",
            name=op.f("ck_license_claim_component"),
        ),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_license_claim_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_license_claim")),
        sa.UniqueConstraint(
            "artifact_kind",
            "artifact",
            "component",
            "source",
            "place",
            "claimed_at",
            name=op.f("uq_license_claim_artifact_kind_artifact_component_source_place_claimed_at"),
        ),
        comment="One statement about the license of one part of an artifact, by one source, at one date.",
    )
    with op.batch_alter_table("license_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_license_claim_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "model",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "context_id",
            sa.Text(),
            nullable=False,
            comment="The model's name on its hub, for instance google-bert/bert-base-uncased.",
        ),
        sa.Column(
            "model_hub_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The hub."
        ),
        sa.Column("sha", sa.Text(), nullable=True, comment="Current revision (git commit) on the hub."),
        sa.Column("repo_url", sa.Text(), nullable=False, comment="Page of the model."),
        sa.Column(
            "downloads",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Downloads in the 30 days before the as-of date, as the hub counts them (not users).",
        ),
        sa.Column(
            "downloads_all_time",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Downloads since creation, as the hub counts them.",
        ),
        sa.Column("likes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Likes."),
        sa.Column(
            "model_type",
            sa.Text(),
            nullable=True,
            comment="Architecture family declared in the configuration, for instance bert.",
        ),
        sa.Column(
            "gated",
            sa.Text(),
            nullable=True,
            comment="Access needs acceptance: no, auto (granted at once), manual (granted by the owner).",
        ),
        sa.Column("is_private", sa.Boolean(), nullable=True, comment="Visible to its owner only."),
        sa.Column("is_disabled", sa.Boolean(), nullable=True, comment="Disabled by the hub."),
        sa.Column("created_at", UTC, nullable=True, comment="When the repository was created on the hub."),
        sa.Column(
            "is_created_at_floor",
            sa.Boolean(),
            nullable=True,
            comment="True if created_at is the hub's floor (2022-03-02): created then or earlier.",
        ),
        sa.Column("last_modified_at", UTC, nullable=True, comment="Last change of the repository."),
        sa.Column(
            "parameter_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Parameters, from the tensor headers as the hub reports them.",
        ),
        sa.Column(
            "context_length",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Context length in tokens, from the GGUF header as the hub reports it.",
        ),
        sa.Column(
            "storage_bytes",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Storage used by the repository, all revisions.",
        ),
        sa.Column(
            "has_snapshot",
            sa.Boolean(),
            nullable=False,
            comment="A card, configuration or tensor summary of this model is in the database.",
        ),
        sa.Column(
            "gone_at",
            UTC,
            nullable=True,
            comment="As-of date at which the model was first seen to be gone; NULL: not known to be gone.",
        ),
        sa.Column(
            "gone_reason",
            sa.Text(),
            nullable=True,
            comment="absent (from a complete listing), renamed, or the HTTP status of the hub's answer.",
        ),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.CheckConstraint("gated = 'no' OR gated = 'auto' OR gated = 'manual'", name=op.f("ck_model_gated")),
        sa.ForeignKeyConstraint(["model_hub_id"], ["model_hub.id"], name=op.f("fk_model_model_hub_id")),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_model_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model")),
        sa.UniqueConstraint("model_hub_id", "context_id", name=op.f("uq_model_model_hub_id_context_id")),
        comment="A pre-trained model on a hub, in its newest known state.",
    )
    with op.batch_alter_table("model", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "model_rename",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "model_hub_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The hub."
        ),
        sa.Column("old_name", sa.Text(), nullable=False, comment="The name it had."),
        sa.Column("new_name", sa.Text(), nullable=False, comment="The name the hub redirects to."),
        sa.Column("as_of", UTC, nullable=False, comment="When the redirect was first seen."),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.ForeignKeyConstraint(["model_hub_id"], ["model_hub.id"], name=op.f("fk_model_rename_model_hub_id")),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_model_rename_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_rename")),
        sa.UniqueConstraint("model_hub_id", "old_name", name=op.f("uq_model_rename_model_hub_id_old_name")),
        comment="A model that moved: its old name still works on the hub, and stands in old code.",
    )
    with op.batch_alter_table("model_rename", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_rename_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "model_task",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name, unique."),
        sa.Column(
            "domain_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The domain; NULL: not classified.",
        ),
        sa.ForeignKeyConstraint(["domain_id"], ["domain.id"], name=op.f("fk_model_task_domain_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_task")),
        sa.UniqueConstraint("name", name=op.f("uq_model_task_name")),
        comment="A task as the hub names it (pipeline tag).",
    )
    with op.batch_alter_table("model_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_task_domain_id"), ["domain_id"], unique=False)

    op.create_table(
        "reject",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that holds the record.",
        ),
        sa.Column(
            "line",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Line (JSONL) or row (Parquet, CSV) in the shard, from 1.",
        ),
        sa.Column(
            "field", sa.Text(), nullable=False, comment="The field at fault; empty if it is the record as a whole."
        ),
        sa.Column(
            "key",
            sa.Text(),
            nullable=True,
            comment="The record's natural key if it has one, cut to 200 characters, control characters escaped.",
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why it did not become a row."),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_reject_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reject")),
        sa.UniqueConstraint("shard_id", "line", "field", name=op.f("uq_reject_shard_id_line_field")),
        comment="A record, or a part of one, that could not become a row: never lost, always with its reason.",
    )
    with op.batch_alter_table("reject", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reject_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "repository_rename",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("host", sa.Text(), nullable=False, comment="The host."),
        sa.Column("old_name", sa.Text(), nullable=False, comment="owner/name it had."),
        sa.Column("new_name", sa.Text(), nullable=False, comment="owner/name the host redirects to."),
        sa.Column("as_of", UTC, nullable=False, comment="When the redirect was first seen."),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_repository_rename_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repository_rename")),
        sa.UniqueConstraint("host", "old_name", name=op.f("uq_repository_rename_host_old_name")),
        comment="A repository that moved.",
    )
    with op.batch_alter_table("repository_rename", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repository_rename_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "reuse_repository",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("host", sa.Text(), nullable=False, comment="Where it is hosted, for instance github.com."),
        sa.Column("owner", sa.Text(), nullable=False, comment="Account it belongs to."),
        sa.Column("name", sa.Text(), nullable=False, comment="Its name."),
        sa.Column("url", sa.Text(), nullable=False, comment="Its page."),
        sa.Column(
            "github_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The host's own number: survives renames.",
        ),
        sa.Column("description", sa.Text(), nullable=True, comment="What its owner says it is."),
        sa.Column("homepage_url", sa.Text(), nullable=True, comment="Home page."),
        sa.Column("default_branch", sa.Text(), nullable=True, comment="Default branch."),
        sa.Column(
            "primary_language", sa.Text(), nullable=True, comment="Main programming language, as the host computes it."
        ),
        sa.Column(
            "license_key",
            sa.Text(),
            nullable=True,
            comment="License as the host recognises it (its key); NULL: none found; other: found, not recognised.",
        ),
        sa.Column("stars", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Stars."),
        sa.Column("forks", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Forks."),
        sa.Column(
            "open_issues",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Open issues and pull requests.",
        ),
        sa.Column(
            "size_bytes",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Size of the git repository as the host reports it.",
        ),
        sa.Column("is_fork", sa.Boolean(), nullable=True, comment="A fork of another repository."),
        sa.Column("fork_parent", sa.Text(), nullable=True, comment="owner/name of the repository it was forked from."),
        sa.Column("is_archived", sa.Boolean(), nullable=True, comment="Read-only."),
        sa.Column("is_template", sa.Boolean(), nullable=True, comment="Marked as a template."),
        sa.Column("created_at", UTC, nullable=True, comment="When it was created."),
        sa.Column("updated_at", UTC, nullable=True, comment="When its metadata last changed."),
        sa.Column("pushed_at", UTC, nullable=True, comment="When code was last pushed."),
        sa.Column(
            "gone_at",
            UTC,
            nullable=True,
            comment="As-of date at which it was first seen to be gone; NULL: not known to be gone.",
        ),
        sa.Column(
            "gone_reason",
            sa.Text(),
            nullable=True,
            comment="HTTP status of the host's answer: 404 not found, 451 blocked for legal reasons, ...",
        ),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_reuse_repository_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reuse_repository")),
        sa.UniqueConstraint("host", "owner", "name", name=op.f("uq_reuse_repository_host_owner_name")),
        comment="A repository that uses or produces models, in its newest known state.",
    )
    with op.batch_alter_table("reuse_repository", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reuse_repository_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "discussion",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "num",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Its number within the model.",
        ),
        sa.Column("title", sa.Text(), nullable=True, comment="Title."),
        sa.Column("status", sa.Text(), nullable=True, comment="draft, open, closed or merged."),
        sa.Column(
            "is_pull_request", sa.Boolean(), nullable=True, comment="A pull request rather than a plain discussion."
        ),
        sa.Column("created_at", UTC, nullable=True, comment="When it was opened."),
        sa.Column("target_branch", sa.Text(), nullable=True, comment="Branch a pull request goes to."),
        sa.Column("merge_commit_oid", sa.Text(), nullable=True, comment="Commit that merged it."),
        sa.Column("diff", sa.Text(), nullable=True, comment="The change proposed, if collected."),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Who opened it."
        ),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name=op.f("fk_discussion_author_id")),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_discussion_model_id")),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_discussion_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion")),
        sa.UniqueConstraint("model_id", "num", name=op.f("uq_discussion_model_id_num")),
        comment="A discussion or pull request on a model's page.",
    )
    with op.batch_alter_table("discussion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discussion_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discussion_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "github_commit",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The repository.",
        ),
        sa.Column("oid", sa.Text(), nullable=False, comment="Git hash."),
        sa.Column("authored_date", UTC, nullable=True, comment="Author date."),
        sa.Column("committed_date", UTC, nullable=True, comment="Committer date."),
        sa.Column("message_headline", sa.Text(), nullable=True, comment="First line of the message."),
        sa.Column("message_body", sa.Text(), nullable=True, comment="The rest of the message."),
        sa.Column("is_merge", sa.Boolean(), nullable=True, comment="Has more than one parent."),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_github_commit_reuse_repository_id")
        ),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_github_commit_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_github_commit")),
        sa.UniqueConstraint("reuse_repository_id", "oid", name=op.f("uq_github_commit_reuse_repository_id_oid")),
        comment="A commit of a repository.",
    )
    with op.batch_alter_table("github_commit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_github_commit_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "github_label",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The repository.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The label."),
        sa.Column("description", sa.Text(), nullable=True, comment="What it means."),
        sa.Column("color", sa.Text(), nullable=True, comment="Its color, six hexadecimal digits."),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_github_label_reuse_repository_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_github_label")),
        sa.UniqueConstraint("reuse_repository_id", "name", name=op.f("uq_github_label_reuse_repository_id_name")),
        comment="A label of a repository.",
    )
    op.create_table(
        "github_milestone",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The repository.",
        ),
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Its number within the repository.",
        ),
        sa.Column("title", sa.Text(), nullable=True, comment="Title."),
        sa.Column("description", sa.Text(), nullable=True, comment="Description."),
        sa.Column("due_on", UTC, nullable=True, comment="Due date."),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_github_milestone_reuse_repository_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_github_milestone")),
        sa.UniqueConstraint(
            "reuse_repository_id", "number", name=op.f("uq_github_milestone_reuse_repository_id_number")
        ),
        comment="A milestone.",
    )
    op.create_table(
        "hf_commit",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("commit_id", sa.Text(), nullable=False, comment="Git hash."),
        sa.Column("created_at", UTC, nullable=True, comment="Date of the commit."),
        sa.Column("title", sa.Text(), nullable=True, comment="First line of the message."),
        sa.Column("message", sa.Text(), nullable=True, comment="The rest of the message."),
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_hf_commit_model_id")),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_hf_commit_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hf_commit")),
        sa.UniqueConstraint("model_id", "commit_id", name=op.f("uq_hf_commit_model_id_commit_id")),
        comment="A commit in a model's repository on the hub.",
    )
    with op.batch_alter_table("hf_commit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hf_commit_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "hf_git_ref",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="branch, tag, convert or pull_request."),
        sa.Column("name", sa.Text(), nullable=False, comment="Short name."),
        sa.Column("ref", sa.Text(), nullable=False, comment="Full name, for instance refs/heads/main."),
        sa.Column("target_commit", sa.Text(), nullable=True, comment="Git hash it points to."),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.CheckConstraint(
            "kind = 'branch' OR kind = 'tag' OR kind = 'convert' OR kind = 'pull_request'",
            name=op.f("ck_hf_git_ref_kind"),
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_hf_git_ref_model_id")),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_hf_git_ref_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hf_git_ref")),
        sa.UniqueConstraint("model_id", "ref", name=op.f("uq_hf_git_ref_model_id_ref")),
        comment="Branches and tags of a model's repository on the hub.",
    )
    with op.batch_alter_table("hf_git_ref", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hf_git_ref_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "model_observation",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column("as_of", UTC, nullable=False, comment="As-of date of the listing that said so."),
        sa.Column(
            "downloads",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Downloads in the 30 days before; NULL: not said.",
        ),
        sa.Column(
            "downloads_all_time",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Downloads since creation; NULL: not said.",
        ),
        sa.Column(
            "likes",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Likes; NULL: not said.",
        ),
        sa.Column("sha", sa.Text(), nullable=True, comment="Revision; NULL: not said."),
        sa.Column(
            "license",
            sa.Text(),
            nullable=True,
            comment="License tags, joined by blanks; empty: none declared; NULL: not said.",
        ),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_observation_model_id")),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_model_observation_shard_id")),
        sa.PrimaryKeyConstraint("model_id", "as_of", name=op.f("pk_model_observation")),
        comment="What changes over time: one row per model and as-of date at which something differed from the row before.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("model_observation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_observation_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "model_to_architecture",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "architecture_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The architecture.",
        ),
        sa.ForeignKeyConstraint(
            ["architecture_id"], ["architecture.id"], name=op.f("fk_model_to_architecture_architecture_id")
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_to_architecture_model_id")),
        sa.PrimaryKeyConstraint("model_id", "architecture_id", name=op.f("pk_model_to_architecture")),
        comment="Model classes declared in the configuration.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("model_to_architecture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_to_architecture_architecture_id"), ["architecture_id"], unique=False)

    op.create_table(
        "model_to_author",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The author."
        ),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name=op.f("fk_model_to_author_author_id")),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_to_author_model_id")),
        sa.PrimaryKeyConstraint("model_id", "author_id", name=op.f("pk_model_to_author")),
        comment="Who publishes the model: the namespace it lies in.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("model_to_author", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_to_author_author_id"), ["author_id"], unique=False)

    op.create_table(
        "model_to_base_model",
        sa.Column(
            "model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The derived model.",
        ),
        sa.Column("base_model_name", sa.Text(), nullable=False, comment="The base model as it was named."),
        sa.Column(
            "relation", sa.Text(), nullable=False, comment="How it was derived; unknown if only the base is named."
        ),
        sa.Column(
            "declared_in",
            sa.Text(),
            nullable=False,
            comment="Strongest place that states it: base_models (the hub's own field), tag, or card_data.",
        ),
        sa.Column(
            "base_model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The base model in this database; NULL: not resolved.",
        ),
        sa.Column(
            "resolution",
            sa.Text(),
            nullable=True,
            comment="The rule that resolved the name: exact, rename, or case (differs in case only: check it).",
        ),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.CheckConstraint(
            "declared_in = 'base_models' OR declared_in = 'tag' OR declared_in = 'card_data'",
            name=op.f("ck_model_to_base_model_declared_in"),
        ),
        sa.CheckConstraint(
            "relation = 'finetune' OR relation = 'adapter' OR relation = 'merge' OR relation = 'quantized' OR relation = 'unknown'",
            name=op.f("ck_model_to_base_model_relation"),
        ),
        sa.CheckConstraint(
            "resolution = 'exact' OR resolution = 'rename' OR resolution = 'case'",
            name=op.f("ck_model_to_base_model_resolution"),
        ),
        sa.ForeignKeyConstraint(["base_model_id"], ["model.id"], name=op.f("fk_model_to_base_model_base_model_id")),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_to_base_model_model_id")),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_model_to_base_model_shard_id")),
        sa.PrimaryKeyConstraint("model_id", "base_model_name", "relation", name=op.f("pk_model_to_base_model")),
        comment="Derivation edges model -> base model. A relation-less mention of a base counts only if no relation is stated.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("model_to_base_model", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_to_base_model_base_model_id"), ["base_model_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_model_to_base_model_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "model_to_dataset",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "dataset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The dataset."
        ),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_model_to_dataset_dataset_id")),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_to_dataset_model_id")),
        sa.PrimaryKeyConstraint("model_id", "dataset_id", name=op.f("pk_model_to_dataset")),
        comment="Datasets a model says it was trained on, by tag: the first edge of the supply chain.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("model_to_dataset", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_to_dataset_dataset_id"), ["dataset_id"], unique=False)

    op.create_table(
        "model_to_framework",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "framework_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The framework.",
        ),
        sa.ForeignKeyConstraint(["framework_id"], ["framework.id"], name=op.f("fk_model_to_framework_framework_id")),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_to_framework_model_id")),
        sa.PrimaryKeyConstraint("model_id", "framework_id", name=op.f("pk_model_to_framework")),
        comment="Weight formats and frameworks, by tag.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("model_to_framework", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_to_framework_framework_id"), ["framework_id"], unique=False)

    op.create_table(
        "model_to_language",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "language_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The language."
        ),
        sa.ForeignKeyConstraint(["language_id"], ["language.id"], name=op.f("fk_model_to_language_language_id")),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_to_language_model_id")),
        sa.PrimaryKeyConstraint("model_id", "language_id", name=op.f("pk_model_to_language")),
        comment="Languages of a model, by tag.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("model_to_language", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_to_language_language_id"), ["language_id"], unique=False)

    op.create_table(
        "model_to_library",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "library_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The library."
        ),
        sa.Column(
            "source",
            sa.Text(),
            nullable=False,
            comment="Where it is stated: library_name (the hub's own field) or tag.",
        ),
        sa.CheckConstraint("source = 'library_name' OR source = 'tag'", name=op.f("ck_model_to_library_source")),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name=op.f("fk_model_to_library_library_id")),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_to_library_model_id")),
        sa.PrimaryKeyConstraint("model_id", "library_id", name=op.f("pk_model_to_library")),
        comment="Libraries that load the model.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("model_to_library", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_to_library_library_id"), ["library_id"], unique=False)

    op.create_table(
        "model_to_license",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "license_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The license."
        ),
        sa.ForeignKeyConstraint(["license_id"], ["license.id"], name=op.f("fk_model_to_license_license_id")),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_to_license_model_id")),
        sa.PrimaryKeyConstraint("model_id", "license_id", name=op.f("pk_model_to_license")),
        comment="Licenses a model declares, by tag.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("model_to_license", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_to_license_license_id"), ["license_id"], unique=False)

    op.create_table(
        "model_to_model_task",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "model_task_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The model_task.",
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_to_model_task_model_id")),
        sa.ForeignKeyConstraint(
            ["model_task_id"], ["model_task.id"], name=op.f("fk_model_to_model_task_model_task_id")
        ),
        sa.PrimaryKeyConstraint("model_id", "model_task_id", name=op.f("pk_model_to_model_task")),
        comment="The task of a model (its pipeline tag).",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("model_to_model_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_to_model_task_model_task_id"), ["model_task_id"], unique=False)

    op.create_table(
        "model_to_paper",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The paper."
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_to_paper_model_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_model_to_paper_paper_id")),
        sa.PrimaryKeyConstraint("model_id", "paper_id", name=op.f("pk_model_to_paper")),
        comment="Papers a model names, by tag.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("model_to_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_to_paper_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "model_to_reuse_repository",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The repository that uses it.",
        ),
        sa.Column(
            "usage_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Usages in the repository's own code (is_used), in the last scan that saw the model.",
        ),
        sa.Column(
            "mention_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Other usages (mentions, provenance, vendored copies), in the last scan that saw the model.",
        ),
        sa.Column("first_seen_at", UTC, nullable=False, comment="As-of date of the first scan that saw it."),
        sa.Column("last_seen_at", UTC, nullable=False, comment="As-of date of the last scan that saw it."),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_to_reuse_repository_model_id")),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"],
            ["reuse_repository.id"],
            name=op.f("fk_model_to_reuse_repository_reuse_repository_id"),
        ),
        sa.PrimaryKeyConstraint("model_id", "reuse_repository_id", name=op.f("pk_model_to_reuse_repository")),
        comment="The mapping model -> repository: at least one usage was resolved to the model.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("model_to_reuse_repository", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_model_to_reuse_repository_reuse_repository_id"), ["reuse_repository_id"], unique=False
        )

    op.create_table(
        "model_to_tag",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column("tag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The tag."),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_to_tag_model_id")),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_model_to_tag_tag_id")),
        sa.PrimaryKeyConstraint("model_id", "tag_id", name=op.f("pk_model_to_tag")),
        comment="Tags of a model.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("model_to_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_to_tag_tag_id"), ["tag_id"], unique=False)

    op.create_table(
        "parameter_count",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column("dtype", sa.Text(), nullable=False, comment="Number format of the tensors, for instance BF16."),
        sa.Column(
            "count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Parameters stored in that format.",
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_parameter_count_model_id")),
        sa.PrimaryKeyConstraint("model_id", "dtype", name=op.f("pk_parameter_count")),
        comment="Parameters by number format, from the tensor headers as the hub reports them.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "record_hash",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "hash",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Hash of the last record that was loaded for it; only ever compared with another.",
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_record_hash_model_id")),
        sa.PrimaryKeyConstraint("model_id", name=op.f("pk_record_hash")),
        comment="What a model's last record said, in short: a later record that says the same is passed over. Not in a release.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "repository_discovery",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The repository.",
        ),
        sa.Column(
            "query", sa.Text(), nullable=False, comment="The search that found it, or the list it was taken from."
        ),
        sa.Column("as_of", UTC, nullable=False, comment="When."),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_repository_discovery_reuse_repository_id")
        ),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_repository_discovery_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repository_discovery")),
        sa.UniqueConstraint(
            "reuse_repository_id",
            "query",
            "as_of",
            name=op.f("uq_repository_discovery_reuse_repository_id_query_as_of"),
        ),
        comment="How a repository came to be in the database: the sampling frame of every count.",
    )
    with op.batch_alter_table("repository_discovery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repository_discovery_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "repository_ref",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The repository.",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="branch, tag or release."),
        sa.Column("name", sa.Text(), nullable=False, comment="Its name."),
        sa.Column("target_sha", sa.Text(), nullable=True, comment="Commit it points to."),
        sa.Column("title", sa.Text(), nullable=True, comment="Title of a release."),
        sa.Column("created_at", UTC, nullable=True, comment="When the tag or release was made."),
        sa.Column("is_prerelease", sa.Boolean(), nullable=True, comment="The owner marks it as not final."),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.CheckConstraint("kind = 'branch' OR kind = 'tag' OR kind = 'release'", name=op.f("ck_repository_ref_kind")),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_repository_ref_reuse_repository_id")
        ),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_repository_ref_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repository_ref")),
        sa.UniqueConstraint(
            "reuse_repository_id", "kind", "name", name=op.f("uq_repository_ref_reuse_repository_id_kind_name")
        ),
        comment="Branches, tags and releases of a repository.",
    )
    with op.batch_alter_table("repository_ref", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repository_ref_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "repository_scan",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The repository.",
        ),
        sa.Column("commit_sha", sa.Text(), nullable=False, comment="Commit that was scanned."),
        sa.Column("detector_version", sa.Text(), nullable=False, comment="Version of the usage detector."),
        sa.Column(
            "status",
            sa.Text(),
            nullable=False,
            comment="scanned, no_candidate (the prefilter found no loader and no hub address), or failed.",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="Why it failed, or which budget cut it short."),
        sa.Column(
            "file_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="Files read."
        ),
        sa.Column(
            "size_bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="Bytes read."
        ),
        sa.Column("scanned_at", UTC, nullable=False, comment="As-of date of the scan."),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.CheckConstraint(
            "status = 'scanned' OR status = 'no_candidate' OR status = 'failed'", name=op.f("ck_repository_scan_status")
        ),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_repository_scan_reuse_repository_id")
        ),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_repository_scan_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repository_scan")),
        sa.UniqueConstraint(
            "reuse_repository_id",
            "commit_sha",
            "detector_version",
            name=op.f("uq_repository_scan_reuse_repository_id_commit_sha_detector_version"),
        ),
        comment="One scan of a repository at one commit. No usage in a scanned repository means: not seen there.",
    )
    with op.batch_alter_table("repository_scan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repository_scan_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "repository_topic",
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The repository.",
        ),
        sa.Column("topic", sa.Text(), nullable=False, comment="The topic."),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_repository_topic_reuse_repository_id")
        ),
        sa.PrimaryKeyConstraint("reuse_repository_id", "topic", name=op.f("pk_repository_topic")),
        comment="Topics that owners gave their repositories.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("repository_topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repository_topic_topic"), ["topic"], unique=False)

    op.create_table(
        "reuse_file",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("path", sa.Text(), nullable=False, comment="File."),
        sa.Column(
            "model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The model it names.",
        ),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The repository.",
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_reuse_file_model_id")),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_reuse_file_reuse_repository_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reuse_file")),
        sa.UniqueConstraint(
            "reuse_repository_id", "path", "model_id", name=op.f("uq_reuse_file_reuse_repository_id_path_model_id")
        ),
        comment="Files of a repository that name a model.",
    )
    with op.batch_alter_table("reuse_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reuse_file_model_id"), ["model_id"], unique=False)

    op.create_table(
        "reuse_repository_to_license",
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The reuse_repository.",
        ),
        sa.Column(
            "license_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The license."
        ),
        sa.ForeignKeyConstraint(["license_id"], ["license.id"], name=op.f("fk_reuse_repository_to_license_license_id")),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"],
            ["reuse_repository.id"],
            name=op.f("fk_reuse_repository_to_license_reuse_repository_id"),
        ),
        sa.PrimaryKeyConstraint("reuse_repository_id", "license_id", name=op.f("pk_reuse_repository_to_license")),
        comment="License of a repository as the host recognises it.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("reuse_repository_to_license", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reuse_repository_to_license_license_id"), ["license_id"], unique=False)

    op.create_table(
        "snapshot",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column("revision", sa.Text(), nullable=False, comment="Git commit of the snapshot."),
        sa.Column("as_of", UTC, nullable=False, comment="When this revision was first seen."),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_snapshot_model_id")),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_snapshot_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("model_id", "revision", name=op.f("uq_snapshot_model_id_revision")),
        comment="One model at one revision.",
    )
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "usage_event",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The repository.",
        ),
        sa.Column("path", sa.Text(), nullable=False, comment="File."),
        sa.Column("name", sa.Text(), nullable=False, comment="The model's name."),
        sa.Column("event", sa.Text(), nullable=False, comment="added, changed (from previous_name) or removed."),
        sa.Column("previous_name", sa.Text(), nullable=True, comment="The name it replaced."),
        sa.Column("commit_sha", sa.Text(), nullable=False, comment="The commit."),
        sa.Column("committed_at", UTC, nullable=False, comment="When."),
        sa.Column(
            "model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The model; NULL: not in this database.",
        ),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.CheckConstraint(
            "event = 'added' OR event = 'changed' OR event = 'removed'", name=op.f("ck_usage_event_event")
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_usage_event_model_id")),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_usage_event_reuse_repository_id")
        ),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_usage_event_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_event")),
        sa.UniqueConstraint(
            "reuse_repository_id",
            "commit_sha",
            "path",
            "name",
            "event",
            name=op.f("uq_usage_event_reuse_repository_id_commit_sha_path_name_event"),
        ),
        comment="When a model was added to, switched in or removed from a repository.",
    )
    with op.batch_alter_table("usage_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_usage_event_model_id"), ["model_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_usage_event_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "card",
        sa.Column(
            "snapshot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The snapshot."
        ),
        sa.Column(
            "front_matter",
            sa.Text(),
            nullable=True,
            comment="The YAML block at the head of the card, as JSON; NULL unless status is ok.",
        ),
        sa.Column(
            "front_matter_status",
            sa.Text(),
            nullable=False,
            comment="ok, none, or why it could not be read: broken, not_a_mapping, too_large, too_deep.",
        ),
        sa.Column(
            "body",
            sa.Text(),
            nullable=False,
            comment="The card's text below the front matter. A release holds an excerpt only: cards belong to their authors.",
        ),
        sa.Column("sha256", sa.Text(), nullable=False, comment="Hash of the whole card."),
        sa.Column(
            "size_bytes",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Size of the whole card in UTF-8.",
        ),
        sa.CheckConstraint(
            "front_matter_status = 'ok' OR front_matter_status = 'none' OR front_matter_status = 'broken' OR front_matter_status = 'not_a_mapping' OR front_matter_status = 'too_large' OR front_matter_status = 'too_deep'",
            name=op.f("ck_card_front_matter_status"),
        ),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_card_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_card")),
        comment="The model card (README.md) of a snapshot.",
    )
    op.create_table(
        "commit_to_author",
        sa.Column(
            "github_commit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_commit.",
        ),
        sa.Column(
            "github_user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_user.",
        ),
        sa.ForeignKeyConstraint(
            ["github_commit_id"], ["github_commit.id"], name=op.f("fk_commit_to_author_github_commit_id")
        ),
        sa.ForeignKeyConstraint(
            ["github_user_id"], ["github_user.id"], name=op.f("fk_commit_to_author_github_user_id")
        ),
        sa.PrimaryKeyConstraint("github_commit_id", "github_user_id", name=op.f("pk_commit_to_author")),
        comment="Authors of a commit.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("commit_to_author", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commit_to_author_github_user_id"), ["github_user_id"], unique=False)

    op.create_table(
        "config_file",
        sa.Column(
            "snapshot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The snapshot."
        ),
        sa.Column("path", sa.Text(), nullable=False, comment="Path in the repository, for instance config.json."),
        sa.Column(
            "content", sa.Text(), nullable=True, comment="The configuration as JSON; NULL if it could not be read."
        ),
        sa.Column("status", sa.Text(), nullable=False, comment="ok, broken or too_large."),
        sa.CheckConstraint(
            "status = 'ok' OR status = 'broken' OR status = 'too_large'", name=op.f("ck_config_file_status")
        ),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_config_file_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", "path", name=op.f("pk_config_file")),
        comment="Configuration files of a snapshot.",
    )
    op.create_table(
        "discussion_event",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "discussion_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The discussion.",
        ),
        sa.Column("event_id", sa.Text(), nullable=False, comment="The hub's id of the event."),
        sa.Column("type", sa.Text(), nullable=False, comment="comment, status-change, commit, title-change, ..."),
        sa.Column("created_at", UTC, nullable=True, comment="When."),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Who."),
        sa.Column("content", sa.Text(), nullable=True, comment="Text of a comment."),
        sa.Column("edited", sa.Boolean(), nullable=True, comment="The comment was edited."),
        sa.Column("hidden", sa.Boolean(), nullable=True, comment="The comment was hidden."),
        sa.Column("new_status", sa.Text(), nullable=True, comment="Status it changed to."),
        sa.Column("summary", sa.Text(), nullable=True, comment="Summary of a commit."),
        sa.Column("oid", sa.Text(), nullable=True, comment="Hash of a commit."),
        sa.Column("old_title", sa.Text(), nullable=True, comment="Title before."),
        sa.Column("new_title", sa.Text(), nullable=True, comment="Title after."),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name=op.f("fk_discussion_event_author_id")),
        sa.ForeignKeyConstraint(["discussion_id"], ["discussion.id"], name=op.f("fk_discussion_event_discussion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_event")),
        sa.UniqueConstraint("discussion_id", "event_id", name=op.f("uq_discussion_event_discussion_id_event_id")),
        comment="What happened in a discussion, in order.",
    )
    with op.batch_alter_table("discussion_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discussion_event_author_id"), ["author_id"], unique=False)

    op.create_table(
        "github_commit_file",
        sa.Column(
            "github_commit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The commit.",
        ),
        sa.Column("path", sa.Text(), nullable=False, comment="The file."),
        sa.Column("change", sa.Text(), nullable=True, comment="added, modified, deleted or renamed."),
        sa.Column(
            "additions", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Lines added."
        ),
        sa.Column(
            "deletions", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Lines deleted."
        ),
        sa.CheckConstraint(
            "change = 'added' OR change = 'modified' OR change = 'deleted' OR change = 'renamed'",
            name=op.f("ck_github_commit_file_change"),
        ),
        sa.ForeignKeyConstraint(
            ["github_commit_id"], ["github_commit.id"], name=op.f("fk_github_commit_file_github_commit_id")
        ),
        sa.PrimaryKeyConstraint("github_commit_id", "path", name=op.f("pk_github_commit_file")),
        comment="Files that a commit touched.",
    )
    op.create_table(
        "github_issue",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="Its page."),
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Its number within the repository.",
        ),
        sa.Column("title", sa.Text(), nullable=True, comment="Title."),
        sa.Column("body", sa.Text(), nullable=True, comment="Text."),
        sa.Column("state", sa.Text(), nullable=False, comment="OPEN or CLOSED."),
        sa.Column("closed", sa.Boolean(), nullable=True, comment="Is closed."),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Who opened it."
        ),
        sa.Column(
            "milestone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Milestone."
        ),
        sa.Column("created_at", UTC, nullable=True, comment="When it was opened."),
        sa.Column("updated_at", UTC, nullable=True, comment="When it last changed."),
        sa.Column("closed_at", UTC, nullable=True, comment="When it was closed."),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.CheckConstraint("state = 'OPEN' OR state = 'CLOSED'", name=op.f("ck_github_issue_state")),
        sa.ForeignKeyConstraint(["author_id"], ["github_user.id"], name=op.f("fk_github_issue_author_id")),
        sa.ForeignKeyConstraint(["milestone_id"], ["github_milestone.id"], name=op.f("fk_github_issue_milestone_id")),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_github_issue_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_github_issue")),
        sa.UniqueConstraint("url", name=op.f("uq_github_issue_url")),
        comment="An issue.",
    )
    with op.batch_alter_table("github_issue", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_github_issue_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_github_issue_milestone_id"), ["milestone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_github_issue_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "github_pull_request",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="Its page."),
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Its number within the repository.",
        ),
        sa.Column("title", sa.Text(), nullable=True, comment="Title."),
        sa.Column("body", sa.Text(), nullable=True, comment="Text."),
        sa.Column("state", sa.Text(), nullable=False, comment="OPEN, CLOSED or MERGED."),
        sa.Column("closed", sa.Boolean(), nullable=True, comment="Is closed or merged."),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Who opened it."
        ),
        sa.Column(
            "merged_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Who merged it.",
        ),
        sa.Column(
            "milestone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Milestone."
        ),
        sa.Column("base_ref_name", sa.Text(), nullable=True, comment="Branch it goes to."),
        sa.Column("head_ref_name", sa.Text(), nullable=True, comment="Branch it comes from."),
        sa.Column("head_repository", sa.Text(), nullable=True, comment="owner/name it comes from."),
        sa.Column("merge_commit_oid", sa.Text(), nullable=True, comment="Commit that merged it."),
        sa.Column(
            "review_decision", sa.Text(), nullable=True, comment="APPROVED, CHANGES_REQUESTED or REVIEW_REQUIRED."
        ),
        sa.Column("is_draft", sa.Boolean(), nullable=True, comment="Is a draft."),
        sa.Column("is_cross_repository", sa.Boolean(), nullable=True, comment="Comes from another repository."),
        sa.Column(
            "additions", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Lines added."
        ),
        sa.Column(
            "deletions", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Lines deleted."
        ),
        sa.Column(
            "changed_files",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Files changed.",
        ),
        sa.Column("created_at", UTC, nullable=True, comment="When it was opened."),
        sa.Column("updated_at", UTC, nullable=True, comment="When it last changed."),
        sa.Column("closed_at", UTC, nullable=True, comment="When it was closed."),
        sa.Column("merged_at", UTC, nullable=True, comment="When it was merged."),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.CheckConstraint(
            "state = 'OPEN' OR state = 'CLOSED' OR state = 'MERGED'", name=op.f("ck_github_pull_request_state")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["github_user.id"], name=op.f("fk_github_pull_request_author_id")),
        sa.ForeignKeyConstraint(["merged_by_id"], ["github_user.id"], name=op.f("fk_github_pull_request_merged_by_id")),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["github_milestone.id"], name=op.f("fk_github_pull_request_milestone_id")
        ),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_github_pull_request_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_github_pull_request")),
        sa.UniqueConstraint("url", name=op.f("uq_github_pull_request_url")),
        comment="A pull request.",
    )
    with op.batch_alter_table("github_pull_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_github_pull_request_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_github_pull_request_merged_by_id"), ["merged_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_github_pull_request_milestone_id"), ["milestone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_github_pull_request_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "hf_commit_file",
        sa.Column(
            "hf_commit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The commit."
        ),
        sa.Column("path", sa.Text(), nullable=False, comment="The file."),
        sa.Column("change", sa.Text(), nullable=True, comment="added, modified, deleted or renamed."),
        sa.CheckConstraint(
            "change = 'added' OR change = 'modified' OR change = 'deleted' OR change = 'renamed'",
            name=op.f("ck_hf_commit_file_change"),
        ),
        sa.ForeignKeyConstraint(["hf_commit_id"], ["hf_commit.id"], name=op.f("fk_hf_commit_file_hf_commit_id")),
        sa.PrimaryKeyConstraint("hf_commit_id", "path", name=op.f("pk_hf_commit_file")),
        comment="Files that a hub commit touched.",
    )
    op.create_table(
        "hf_commit_to_author",
        sa.Column(
            "hf_commit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The hf_commit.",
        ),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The author."
        ),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name=op.f("fk_hf_commit_to_author_author_id")),
        sa.ForeignKeyConstraint(["hf_commit_id"], ["hf_commit.id"], name=op.f("fk_hf_commit_to_author_hf_commit_id")),
        sa.PrimaryKeyConstraint("hf_commit_id", "author_id", name=op.f("pk_hf_commit_to_author")),
        comment="Authors of a hub commit.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hf_commit_to_author", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hf_commit_to_author_author_id"), ["author_id"], unique=False)

    op.create_table(
        "snapshot_file",
        sa.Column(
            "snapshot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The snapshot."
        ),
        sa.Column("path", sa.Text(), nullable=False, comment="Path in the repository."),
        sa.Column(
            "size_bytes",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Size; NULL: the listing gave names only.",
        ),
        sa.Column("git_sha", sa.Text(), nullable=True, comment="Git blob hash."),
        sa.Column("lfs_sha256", sa.Text(), nullable=True, comment="Content hash of a large file."),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="What the file is, by its name: weights, config, tokenizer, card, license, code, data, other.",
        ),
        sa.CheckConstraint(
            "kind = 'weights' OR kind = 'config' OR kind = 'tokenizer' OR kind = 'card' OR kind = 'license' OR kind = 'code' OR kind = 'data' OR kind = 'other'",
            name=op.f("ck_snapshot_file_kind"),
        ),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_file_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", "path", name=op.f("pk_snapshot_file")),
        comment="The files of a snapshot.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tensor_summary",
        sa.Column(
            "snapshot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The snapshot."
        ),
        sa.Column("path", sa.Text(), nullable=False, comment="Weight file."),
        sa.Column("dtype", sa.Text(), nullable=False, comment="Number format."),
        sa.Column("format", sa.Text(), nullable=False, comment="safetensors or gguf."),
        sa.Column(
            "tensor_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Tensors of that format in the file.",
        ),
        sa.Column(
            "parameter_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Parameters in them.",
        ),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_tensor_summary_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", "path", "dtype", name=op.f("pk_tensor_summary")),
        comment="What the header of a weight file says, by number format. Weights are never read.",
    )
    op.create_table(
        "usage",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "repository_scan_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The scan: repository, commit and detector version.",
        ),
        sa.Column("path", sa.Text(), nullable=False, comment="File."),
        sa.Column(
            "line", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="Line, from 1."
        ),
        sa.Column(
            "ordinal",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Number of the usage within the line, from 1.",
        ),
        sa.Column("library", sa.Text(), nullable=True, comment="Library that would load the model."),
        sa.Column(
            "call", sa.Text(), nullable=True, comment="Function or command, for instance AutoModel.from_pretrained."
        ),
        sa.Column("argument", sa.Text(), nullable=True, comment="The argument as written."),
        sa.Column(
            "hub",
            sa.Text(),
            nullable=True,
            comment="Hub of the name: hf, timm, spacy, torch.hub, torchvision, ollama, url, local, ...",
        ),
        sa.Column(
            "resolved_name",
            sa.Text(),
            nullable=True,
            comment="The model's name after resolution; NULL: could not be resolved, and is counted as such.",
        ),
        sa.Column("revision", sa.Text(), nullable=True, comment="Revision the code pins."),
        sa.Column(
            "method",
            sa.Text(),
            nullable=False,
            comment="How the name was resolved: literal, constant, default, config, ...",
        ),
        sa.Column("confidence", sa.Float(), nullable=False, comment="Between 0 and 1."),
        sa.Column("role", sa.Text(), nullable=False, comment="What the code does with the model."),
        sa.Column("path_class", sa.Text(), nullable=False, comment="What kind of file it is."),
        sa.Column(
            "is_used", sa.Boolean(), nullable=False, comment="Running some code of the repository itself would load it."
        ),
        sa.Column(
            "has_trust_remote_code",
            sa.Boolean(),
            nullable=True,
            comment="The call allows code from the model's repository to run.",
        ),
        sa.Column(
            "model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The model; NULL: not resolved, or not in this database.",
        ),
        sa.Column("resolution", sa.Text(), nullable=True, comment="The rule by which `link` found the model."),
        sa.CheckConstraint(
            "path_class = 'src' OR path_class = 'test' OR path_class = 'example' OR path_class = 'docs' OR path_class = 'notebook' OR path_class = 'vendored' OR path_class = 'generated'",
            name=op.f("ck_usage_path_class"),
        ),
        sa.CheckConstraint(
            "resolution = 'exact' OR resolution = 'rename' OR resolution = 'case'", name=op.f("ck_usage_resolution")
        ),
        sa.CheckConstraint(
            "role = 'load' OR role = 'tokenizer' OR role = 'config' OR role = 'processor' OR role = 'adapter' OR role = 'serve' OR role = 'remote' OR role = 'finetune' OR role = 'bundle' OR role = 'publish' OR role = 'provenance' OR role = 'scratch' OR role = 'mention'",
            name=op.f("ck_usage_role"),
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_usage_model_id")),
        sa.ForeignKeyConstraint(
            ["repository_scan_id"], ["repository_scan.id"], name=op.f("fk_usage_repository_scan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage")),
        sa.UniqueConstraint(
            "repository_scan_id", "path", "line", "ordinal", name=op.f("uq_usage_repository_scan_id_path_line_ordinal")
        ),
        comment="One place in code that names a model, with the evidence.",
    )
    with op.batch_alter_table("usage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_usage_model_id"), ["model_id"], unique=False)

    op.create_table(
        "github_comment",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="Its address."),
        sa.Column(
            "issue_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The issue it stands under.",
        ),
        sa.Column(
            "pull_request_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The pull request it stands under.",
        ),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Who wrote it."
        ),
        sa.Column("author_association", sa.Text(), nullable=True, comment="OWNER, MEMBER, CONTRIBUTOR, NONE, ..."),
        sa.Column("body", sa.Text(), nullable=True, comment="Text."),
        sa.Column("created_at", UTC, nullable=True, comment="When it was written."),
        sa.Column("updated_at", UTC, nullable=True, comment="When it was last edited."),
        sa.Column("is_minimized", sa.Boolean(), nullable=True, comment="Hidden by a maintainer."),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.CheckConstraint(
            "(issue_id IS NULL) <> (pull_request_id IS NULL)", name=op.f("ck_github_comment_one_parent")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["github_user.id"], name=op.f("fk_github_comment_author_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["github_issue.id"], name=op.f("fk_github_comment_issue_id")),
        sa.ForeignKeyConstraint(
            ["pull_request_id"], ["github_pull_request.id"], name=op.f("fk_github_comment_pull_request_id")
        ),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_github_comment_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_github_comment")),
        sa.UniqueConstraint("url", name=op.f("uq_github_comment_url")),
        comment="A comment under an issue or a pull request.",
    )
    with op.batch_alter_table("github_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_github_comment_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_github_comment_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_github_comment_pull_request_id"), ["pull_request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_github_comment_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "github_pull_request_file",
        sa.Column(
            "github_pull_request_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The pull request.",
        ),
        sa.Column("path", sa.Text(), nullable=False, comment="The file."),
        sa.Column(
            "additions", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Lines added."
        ),
        sa.Column(
            "deletions", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Lines deleted."
        ),
        sa.ForeignKeyConstraint(
            ["github_pull_request_id"],
            ["github_pull_request.id"],
            name=op.f("fk_github_pull_request_file_github_pull_request_id"),
        ),
        sa.PrimaryKeyConstraint("github_pull_request_id", "path", name=op.f("pk_github_pull_request_file")),
        comment="Files that a pull request changes.",
    )
    op.create_table(
        "github_review",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="Its address."),
        sa.Column(
            "pull_request_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The pull request.",
        ),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Who reviewed."
        ),
        sa.Column("author_association", sa.Text(), nullable=True, comment="OWNER, MEMBER, CONTRIBUTOR, NONE, ..."),
        sa.Column(
            "state", sa.Text(), nullable=True, comment="APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED or PENDING."
        ),
        sa.Column("body", sa.Text(), nullable=True, comment="Text."),
        sa.Column("submitted_at", UTC, nullable=True, comment="When."),
        sa.ForeignKeyConstraint(["author_id"], ["github_user.id"], name=op.f("fk_github_review_author_id")),
        sa.ForeignKeyConstraint(
            ["pull_request_id"], ["github_pull_request.id"], name=op.f("fk_github_review_pull_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_github_review")),
        sa.UniqueConstraint("url", name=op.f("uq_github_review_url")),
        comment="A review of a pull request.",
    )
    with op.batch_alter_table("github_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_github_review_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_github_review_pull_request_id"), ["pull_request_id"], unique=False)

    op.create_table(
        "issue_to_assignee",
        sa.Column(
            "github_issue_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_issue.",
        ),
        sa.Column(
            "github_user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_user.",
        ),
        sa.ForeignKeyConstraint(
            ["github_issue_id"], ["github_issue.id"], name=op.f("fk_issue_to_assignee_github_issue_id")
        ),
        sa.ForeignKeyConstraint(
            ["github_user_id"], ["github_user.id"], name=op.f("fk_issue_to_assignee_github_user_id")
        ),
        sa.PrimaryKeyConstraint("github_issue_id", "github_user_id", name=op.f("pk_issue_to_assignee")),
        comment="Who an issue is assigned to.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("issue_to_assignee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_to_assignee_github_user_id"), ["github_user_id"], unique=False)

    op.create_table(
        "issue_to_label",
        sa.Column(
            "github_issue_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_issue.",
        ),
        sa.Column(
            "github_label_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_label.",
        ),
        sa.ForeignKeyConstraint(
            ["github_issue_id"], ["github_issue.id"], name=op.f("fk_issue_to_label_github_issue_id")
        ),
        sa.ForeignKeyConstraint(
            ["github_label_id"], ["github_label.id"], name=op.f("fk_issue_to_label_github_label_id")
        ),
        sa.PrimaryKeyConstraint("github_issue_id", "github_label_id", name=op.f("pk_issue_to_label")),
        comment="Labels of an issue.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("issue_to_label", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_to_label_github_label_id"), ["github_label_id"], unique=False)

    op.create_table(
        "model_mention",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The model's name as written."),
        sa.Column(
            "model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The model; NULL: not in this database.",
        ),
        sa.Column(
            "github_issue_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The issue that mentions it.",
        ),
        sa.Column(
            "github_pull_request_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The pull request that mentions it.",
        ),
        sa.Column(
            "discussion_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The hub discussion that mentions it.",
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="Address of the text that mentions it."),
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Character offset in that text, from 0.",
        ),
        sa.CheckConstraint(
            "(CASE WHEN github_issue_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN github_pull_request_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN discussion_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_model_mention_one_place"),
        ),
        sa.ForeignKeyConstraint(["discussion_id"], ["discussion.id"], name=op.f("fk_model_mention_discussion_id")),
        sa.ForeignKeyConstraint(
            ["github_issue_id"], ["github_issue.id"], name=op.f("fk_model_mention_github_issue_id")
        ),
        sa.ForeignKeyConstraint(
            ["github_pull_request_id"], ["github_pull_request.id"], name=op.f("fk_model_mention_github_pull_request_id")
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_mention_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_mention")),
        sa.UniqueConstraint("url", "position", name=op.f("uq_model_mention_url_position")),
        comment="A model named in the text of an issue, pull request or discussion.",
    )
    with op.batch_alter_table("model_mention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_mention_discussion_id"), ["discussion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_model_mention_github_issue_id"), ["github_issue_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_model_mention_github_pull_request_id"), ["github_pull_request_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_model_mention_model_id"), ["model_id"], unique=False)

    op.create_table(
        "pull_request_to_assignee",
        sa.Column(
            "github_pull_request_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_pull_request.",
        ),
        sa.Column(
            "github_user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_user.",
        ),
        sa.ForeignKeyConstraint(
            ["github_pull_request_id"],
            ["github_pull_request.id"],
            name=op.f("fk_pull_request_to_assignee_github_pull_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["github_user_id"], ["github_user.id"], name=op.f("fk_pull_request_to_assignee_github_user_id")
        ),
        sa.PrimaryKeyConstraint("github_pull_request_id", "github_user_id", name=op.f("pk_pull_request_to_assignee")),
        comment="Who a pull request is assigned to.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("pull_request_to_assignee", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pull_request_to_assignee_github_user_id"), ["github_user_id"], unique=False
        )

    op.create_table(
        "pull_request_to_commit",
        sa.Column(
            "github_pull_request_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_pull_request.",
        ),
        sa.Column(
            "github_commit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_commit.",
        ),
        sa.ForeignKeyConstraint(
            ["github_commit_id"], ["github_commit.id"], name=op.f("fk_pull_request_to_commit_github_commit_id")
        ),
        sa.ForeignKeyConstraint(
            ["github_pull_request_id"],
            ["github_pull_request.id"],
            name=op.f("fk_pull_request_to_commit_github_pull_request_id"),
        ),
        sa.PrimaryKeyConstraint("github_pull_request_id", "github_commit_id", name=op.f("pk_pull_request_to_commit")),
        comment="Commits of a pull request.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("pull_request_to_commit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pull_request_to_commit_github_commit_id"), ["github_commit_id"], unique=False
        )

    op.create_table(
        "pull_request_to_label",
        sa.Column(
            "github_pull_request_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_pull_request.",
        ),
        sa.Column(
            "github_label_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_label.",
        ),
        sa.ForeignKeyConstraint(
            ["github_label_id"], ["github_label.id"], name=op.f("fk_pull_request_to_label_github_label_id")
        ),
        sa.ForeignKeyConstraint(
            ["github_pull_request_id"],
            ["github_pull_request.id"],
            name=op.f("fk_pull_request_to_label_github_pull_request_id"),
        ),
        sa.PrimaryKeyConstraint("github_pull_request_id", "github_label_id", name=op.f("pk_pull_request_to_label")),
        comment="Labels of a pull request.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("pull_request_to_label", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pull_request_to_label_github_label_id"), ["github_label_id"], unique=False)

    op.create_table(
        "pull_request_to_review_requests",
        sa.Column(
            "github_pull_request_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_pull_request.",
        ),
        sa.Column(
            "github_user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_user.",
        ),
        sa.ForeignKeyConstraint(
            ["github_pull_request_id"],
            ["github_pull_request.id"],
            name=op.f("fk_pull_request_to_review_requests_github_pull_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["github_user_id"], ["github_user.id"], name=op.f("fk_pull_request_to_review_requests_github_user_id")
        ),
        sa.PrimaryKeyConstraint(
            "github_pull_request_id", "github_user_id", name=op.f("pk_pull_request_to_review_requests")
        ),
        comment="Who was asked to review.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("pull_request_to_review_requests", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pull_request_to_review_requests_github_user_id"), ["github_user_id"], unique=False
        )

    op.create_table(
        "reuse_repo_to_issue",
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The reuse_repository.",
        ),
        sa.Column(
            "github_issue_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_issue.",
        ),
        sa.ForeignKeyConstraint(
            ["github_issue_id"], ["github_issue.id"], name=op.f("fk_reuse_repo_to_issue_github_issue_id")
        ),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_reuse_repo_to_issue_reuse_repository_id")
        ),
        sa.PrimaryKeyConstraint("reuse_repository_id", "github_issue_id", name=op.f("pk_reuse_repo_to_issue")),
        comment="Issues of a repository.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("reuse_repo_to_issue", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reuse_repo_to_issue_github_issue_id"), ["github_issue_id"], unique=False)

    op.create_table(
        "reuse_repo_to_pull_request",
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The reuse_repository.",
        ),
        sa.Column(
            "github_pull_request_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The github_pull_request.",
        ),
        sa.ForeignKeyConstraint(
            ["github_pull_request_id"],
            ["github_pull_request.id"],
            name=op.f("fk_reuse_repo_to_pull_request_github_pull_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"],
            ["reuse_repository.id"],
            name=op.f("fk_reuse_repo_to_pull_request_reuse_repository_id"),
        ),
        sa.PrimaryKeyConstraint(
            "reuse_repository_id", "github_pull_request_id", name=op.f("pk_reuse_repo_to_pull_request")
        ),
        comment="Pull requests of a repository.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("reuse_repo_to_pull_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reuse_repo_to_pull_request_github_pull_request_id"), ["github_pull_request_id"], unique=False
        )
