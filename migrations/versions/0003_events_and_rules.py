"""Hub of an event, and the rule that resolved a link: of usages, events and mentions

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

RULE = "The rule by which `link` found the model."
NEW_RULES = "resolution = 'exact' OR resolution = 'rename' OR resolution = 'namespace' OR resolution = 'case'"


def upgrade() -> None:
    with op.batch_alter_table("usage") as batch:
        batch.drop_constraint(op.f("ck_usage_resolution"), type_="check")
        batch.create_check_constraint(op.f("ck_usage_resolution"), NEW_RULES)
        batch.alter_column(
            "resolution",
            existing_type=sa.Text(),
            existing_nullable=True,
            existing_comment=RULE,
            comment="The rule by which `link` found the model: exact, rename, namespace (the one model of that name where the hub keeps its models), or case (differs in case only: check it).",
        )
    with op.batch_alter_table("model_to_base_model") as batch:
        batch.drop_constraint(op.f("ck_model_to_base_model_resolution"), type_="check")
        batch.create_check_constraint(op.f("ck_model_to_base_model_resolution"), NEW_RULES)
        batch.alter_column(
            "resolution",
            existing_type=sa.Text(),
            existing_nullable=True,
            existing_comment="The rule that resolved the name: exact, rename, or case (differs in case only: check it).",
            comment="The rule that resolved the name: exact, rename, namespace, or case (differs in case only: check it).",
        )
    with op.batch_alter_table("usage_event") as batch:
        batch.add_column(
            sa.Column("hub", sa.Text(), comment="Hub of the name: hf, timm, spacy, torch.hub, torchvision, ...")
        )
        batch.add_column(sa.Column("resolution", sa.Text(), comment=RULE))
        batch.create_check_constraint(op.f("ck_usage_event_resolution"), NEW_RULES)
        batch.create_table_comment(
            "When a repository began to use a model, switched it in a call, or stopped using it: commits of its default branch.",
            existing_comment="When a model was added to, switched in or removed from a repository.",
        )
        batch.alter_column(
            "previous_name",
            existing_type=sa.Text(),
            existing_nullable=True,
            existing_comment="The name it replaced.",
            comment="The name that the same call had before.",
        )
    with op.batch_alter_table("model_mention") as batch:
        batch.add_column(sa.Column("resolution", sa.Text(), comment=RULE))
        batch.create_check_constraint(op.f("ck_model_mention_resolution"), NEW_RULES)
    with op.batch_alter_table("repository_scan") as batch:
        batch.alter_column(
            "commit_sha",
            existing_type=sa.Text(),
            existing_nullable=False,
            existing_comment="Commit that was scanned.",
            comment="Commit that was scanned; none: none could be read; folder-...: hash of a folder without git.",
        )
