"""what the Hub's API says: evaluations, scans, risk facts, datasets, snapshots

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UTC = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    snapshots()
    op.create_table(
        "dataset_to_license",
        sa.Column(
            "dataset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The dataset."
        ),
        sa.Column(
            "license_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The license."
        ),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_dataset_to_license_dataset_id")),
        sa.ForeignKeyConstraint(["license_id"], ["license.id"], name=op.f("fk_dataset_to_license_license_id")),
        sa.PrimaryKeyConstraint("dataset_id", "license_id", name=op.f("pk_dataset_to_license")),
        comment="Licenses a dataset declares, by tag.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("dataset_to_license", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dataset_to_license_license_id"), ["license_id"], unique=False)

    op.create_table(
        "evaluation_result",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "declared_in",
            sa.Text(),
            nullable=False,
            comment="Where the hub has it from: model_index (the card) or eval_results (files of their own).",
        ),
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Its place among those of the model, from 1.",
        ),
        sa.Column("task", sa.Text(), nullable=True, comment="The task, or the task id within the benchmark."),
        sa.Column("dataset_name", sa.Text(), nullable=True, comment="The dataset as named."),
        sa.Column("dataset_id", sa.Text(), nullable=True, comment="Its id on the hub, as stated (dataset type or id)."),
        sa.Column("dataset_config", sa.Text(), nullable=True, comment="Its configuration."),
        sa.Column("dataset_split", sa.Text(), nullable=True, comment="Its split."),
        sa.Column("dataset_revision", sa.Text(), nullable=True, comment="Its revision."),
        sa.Column("metric", sa.Text(), nullable=True, comment="The metric; NULL: eval_results name none."),
        sa.Column("value_text", sa.Text(), nullable=True, comment="The value as stated, cut to 200 characters."),
        sa.Column("value", sa.Float(), nullable=True, comment="The value as a number, if it is one."),
        sa.Column(
            "is_verified",
            sa.Boolean(),
            nullable=False,
            comment="The hub shows it as verified, or a token to verify it is there.",
        ),
        sa.Column("evaluated_on", sa.Text(), nullable=True, comment="When, as stated."),
        sa.Column("source_name", sa.Text(), nullable=True, comment="Who or what says so, as stated."),
        sa.Column("source_url", sa.Text(), nullable=True, comment="Where it is said."),
        sa.Column("notes", sa.Text(), nullable=True, comment="Notes, as stated."),
        sa.CheckConstraint(
            "declared_in = 'model_index' OR declared_in = 'eval_results'", name=op.f("ck_evaluation_result_declared_in")
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_evaluation_result_model_id")),
        sa.PrimaryKeyConstraint("model_id", "declared_in", "position", name=op.f("pk_evaluation_result")),
        comment="Results of evaluations as the hub serves them with the model: claims, not measurements of ours.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "model_scan_issue",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column("path", sa.Text(), nullable=False, comment="The file."),
        sa.Column(
            "level",
            sa.Text(),
            nullable=False,
            comment="How bad, in the hub's own word, for instance unsafe or suspicious.",
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_scan_issue_model_id")),
        sa.PrimaryKeyConstraint("model_id", "path", name=op.f("pk_model_scan_issue")),
        comment="Files in which the hub's security scans found something.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("dataset", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sha", sa.Text(), nullable=True, comment="Current revision on the hub."))
        batch_op.add_column(
            sa.Column(
                "downloads",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="Downloads in the 30 days before the as-of date.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "downloads_all_time",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="Downloads since creation.",
            )
        )
        batch_op.add_column(
            sa.Column("likes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Likes.")
        )
        batch_op.add_column(
            sa.Column("gated", sa.Text(), nullable=True, comment="Access needs acceptance: no, auto, manual.")
        )
        batch_op.add_column(sa.Column("is_disabled", sa.Boolean(), nullable=True, comment="Disabled by the hub."))
        batch_op.add_column(
            sa.Column("created_at", UTC, nullable=True, comment="When the repository was created on the hub.")
        )
        batch_op.add_column(sa.Column("last_modified_at", UTC, nullable=True, comment="Last change of the repository."))
        batch_op.add_column(
            sa.Column(
                "storage_bytes",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="Storage used by the repository, all revisions.",
            )
        )
        batch_op.add_column(sa.Column("renamed_to", sa.Text(), nullable=True, comment="The name the hub redirects to."))
        batch_op.add_column(
            sa.Column(
                "gone_at",
                UTC,
                nullable=True,
                comment="As-of date at which it was first seen to be gone; NULL: not known to be gone.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "gone_reason", sa.Text(), nullable=True, comment="renamed, or the HTTP status of the hub's answer."
            )
        )
        batch_op.add_column(
            sa.Column(
                "shard_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="The archive shard that last described it; NULL: only named by models.",
            )
        )
        batch_op.create_index(batch_op.f("ix_dataset_shard_id"), ["shard_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_dataset_shard_id"), "shard", ["shard_id"], ["id"])

    with op.batch_alter_table("model", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "needs_remote_code",
                sa.Boolean(),
                nullable=True,
                comment="Loading it runs code from its repository, as the hub says (tag custom_code, or auto_map in the configuration).",
            )
        )
        batch_op.add_column(
            sa.Column(
                "is_pickle_only",
                sa.Boolean(),
                nullable=True,
                comment="It has weight files, by the hub's file list, and all of them are in pickle formats, which can run code when loaded; NULL: no weight files or no list.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "scan_status",
                sa.Text(),
                nullable=True,
                comment="The hub's security scans, if they were asked for: clean, issues (see model_scan_issue), or pending.",
            )
        )


def snapshots() -> None:
    """Tensor headers, license texts, and why a file was not read."""
    with op.batch_alter_table("snapshot") as batch:
        batch.add_column(
            sa.Column(
                "skipped",
                sa.Text(),
                comment="Why its files were not all listed: gated, or more than a limit; NULL: nothing is known to be missing.",
            )
        )
    with op.batch_alter_table("snapshot_file") as batch:
        batch.add_column(
            sa.Column(
                "skipped",
                sa.Text(),
                comment="Why its content or header was not read: a pickle (never opened), too large, gated, damaged; NULL: it was, or there was no need.",
            )
        )
    op.create_table(
        "tensor_header",
        sa.Column("snapshot_id", KEY, nullable=False, comment="The snapshot."),
        sa.Column("path", sa.Text(), nullable=False, comment="Weight file."),
        sa.Column("format", sa.Text(), nullable=False, comment="safetensors or gguf."),
        sa.Column("tensor_count", KEY, nullable=False, comment="Tensors in the file."),
        sa.Column("parameter_count", KEY, nullable=False, comment="Elements of all tensors, as stored."),
        sa.Column("header_bytes", KEY, nullable=False, comment="Size of the header."),
        sa.Column(
            "metadata",
            sa.Text(),
            comment="What the header says besides the tensors, as JSON; of long texts and lists only their length.",
        ),
        sa.Column(
            "tensors",
            sa.Text(),
            comment="JSON list of [name, number format, shape]; where a name holds * for numbers, further items say which (0-11,14), in every combination. NULL: longer than 1 MB.",
        ),
        sa.CheckConstraint("format = 'safetensors' OR format = 'gguf'", name=op.f("ck_tensor_header_format")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_tensor_header_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", "path", name=op.f("pk_tensor_header")),
        comment="Names, number formats and shapes of the tensors of a weight file, from its header. Weights are never read.",
    )
    op.create_table(
        "license_text",
        sa.Column("snapshot_id", KEY, nullable=False, comment="The snapshot."),
        sa.Column("path", sa.Text(), nullable=False, comment="Path in the repository, for instance LICENSE."),
        sa.Column("content", sa.Text(), nullable=False, comment="The text."),
        sa.Column(
            "sha256",
            sa.Text(),
            nullable=False,
            comment="Hash of the text in UTF-8: the same text in many repositories has the same.",
        ),
        sa.Column("size_bytes", KEY, nullable=False, comment="Size of the text in UTF-8."),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_license_text_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", "path", name=op.f("pk_license_text")),
        comment="Texts of the license and notice files of a snapshot.",
    )
    with op.batch_alter_table("license_text") as batch:
        batch.create_index(op.f("ix_license_text_sha256"), ["sha256"])
