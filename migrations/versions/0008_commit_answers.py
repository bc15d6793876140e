"""Answers of language models about commits: found by their subject

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


def upgrade() -> None:
    op.create_index(op.f("ix_llm_answer_subject"), "llm_answer", ["subject"], unique=False)
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        for table, column, kind, comment in COMMENTS:
            op.alter_column(table, column, existing_type=kind, comment=comment)
