"""Synchronization: answers of language models about commits by their subject; the periods of each variant

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COMMENTS = (
    ("llm_answer", "prompt", sa.Text(), "What was asked: card (its facts) or commit (what it changes)."),
    (
        "llm_answer",
        "subject",
        sa.Text(),
        "What was asked about: the name of a model; of a commit: github or huggingface, owner/name@hash.",
    ),
    (
        "commit_change_type",
        "confidence",
        sa.Double(),
        "Between 0 and 1: a judgement of the rule or of the language model, not a measured rate.",
    ),
    ("commit_change_type", "rule", sa.Text(), "The rule that decided; of a language model: its reason."),
)


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sync_bucket_member",
        sa.Column("sync_profile_id", ID, nullable=False, comment="How histories were read."),
        sa.Column("sync_family_id", ID, nullable=False, comment="The family."),
        sa.Column("model_id", ID, nullable=False, comment="The variant."),
        sa.Column("bucket", ID, nullable=False, comment="Number of the period, from 0."),
        sa.Column("commit_count", ID, nullable=False, comment="Its commits in it."),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_sync_bucket_member_model_id")),
        sa.ForeignKeyConstraint(
            ["sync_family_id"], ["sync_family.id"], name=op.f("fk_sync_bucket_member_sync_family_id")
        ),
        sa.ForeignKeyConstraint(
            ["sync_profile_id"], ["sync_profile.id"], name=op.f("fk_sync_bucket_member_sync_profile_id")
        ),
        sa.PrimaryKeyConstraint(
            "sync_profile_id", "sync_family_id", "model_id", "bucket", name=op.f("pk_sync_bucket_member")
        ),
        comment="The active periods of each variant: whether GitHub covers them all decides the type of the family.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("sync_bucket_member") as batch_op:
        batch_op.create_index(batch_op.f("ix_sync_bucket_member_model_id"), ["model_id"], unique=False)
    op.create_index(op.f("ix_llm_answer_subject"), "llm_answer", ["subject"], unique=False)
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        for table, column, kind, comment in COMMENTS:
            op.alter_column(table, column, existing_type=kind, comment=comment)
