"""Model cards: their facts with evidence, documentation, software-engineering activities; answers of language models

Revision ID: 0007
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "llm_answer",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "answer_key",
            sa.Text(),
            nullable=False,
            comment="Hash of subject, prompt and model: the same question has the same key.",
        ),
        sa.Column("prompt", sa.Text(), nullable=False, comment="What was asked: card, ..."),
        sa.Column(
            "prompt_sha256",
            sa.Text(),
            nullable=False,
            comment="Hash of the instruction and of the shape of the answer.",
        ),
        sa.Column(
            "subject", sa.Text(), nullable=False, comment="What was asked about, for instance the name of a model."
        ),
        sa.Column(
            "subject_sha256",
            sa.Text(),
            nullable=False,
            comment="Hash of the text that was asked about, for instance card.sha256.",
        ),
        sa.Column("model", sa.Text(), nullable=False, comment="The language model."),
        sa.Column(
            "status",
            sa.Text(),
            nullable=False,
            comment="ok, or why there is no answer: invalid (wrong shape), truncated, refused, failed (no answer at all).",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="The status in words; NULL if ok."),
        sa.Column("answer", sa.Text(), nullable=True, comment="The answer as JSON; NULL unless ok."),
        sa.Column(
            "tokens_in", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="Tokens sent."
        ),
        sa.Column(
            "tokens_out",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Tokens received.",
        ),
        sa.Column(
            "cost",
            sa.Float(),
            nullable=False,
            comment="What it cost, in the currency of the prices that were given; 0 if none were.",
        ),
        sa.Column(
            "shard_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The archive shard that last said something new about this row: its as-of date and origin.",
        ),
        sa.CheckConstraint(
            "status = 'ok' OR status = 'invalid' OR status = 'truncated' OR status = 'refused' OR status = 'failed'",
            name=op.f("ck_llm_answer_status"),
        ),
        sa.ForeignKeyConstraint(["shard_id"], ["shard.id"], name=op.f("fk_llm_answer_shard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_llm_answer")),
        sa.UniqueConstraint("answer_key", name=op.f("uq_llm_answer_answer_key")),
        comment="An answer of a language model, as archived. Nothing reads one without checking its evidence.",
    )
    op.create_index(op.f("ix_llm_answer_shard_id"), "llm_answer", ["shard_id"], unique=False)
    op.create_index(op.f("ix_llm_answer_subject_sha256"), "llm_answer", ["subject_sha256"], unique=False)
    op.create_table(
        "model_to_se_activity",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "activity",
            sa.Text(),
            nullable=False,
            comment="Software-engineering activity: code generation, defect prediction, ...",
        ),
        sa.Column("source", sa.Text(), nullable=False, comment="Where it is said: name, tag, dataset, title or card."),
        sa.Column("evidence", sa.Text(), nullable=False, comment="The words that say so."),
        sa.Column(
            "rule", sa.Text(), nullable=False, comment="Where the rule comes from (reference/se_activities.csv)."
        ),
        sa.Column("confidence", sa.Float(), nullable=False, comment="How sure the rule is, from 0 to 1."),
        sa.CheckConstraint(
            "source = 'name' OR source = 'tag' OR source = 'dataset' OR source = 'title' OR source = 'card'",
            name=op.f("ck_model_to_se_activity_source"),
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_to_se_activity_model_id")),
        sa.PrimaryKeyConstraint("model_id", "activity", name=op.f("pk_model_to_se_activity")),
        comment="Software-engineering activities that a model is meant for.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "card_documentation",
        sa.Column(
            "snapshot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The snapshot."
        ),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="empty; front_matter_only; template (placeholders, nothing said); generated (by a training script, nothing added); written.",
        ),
        sa.Column(
            "score",
            sa.Float(),
            nullable=False,
            comment="Share of the rubric's weight that is met, from 0 to 1 (reference/card_rubric.csv).",
        ),
        sa.Column(
            "met_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Points of the rubric that are met.",
        ),
        sa.Column(
            "point_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Points of the rubric.",
        ),
        sa.Column("met", sa.Text(), nullable=False, comment="The points that are met, joined by blanks."),
        sa.Column("missing", sa.Text(), nullable=False, comment="The points that are not."),
        sa.Column(
            "placeholder_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Places that are still to be filled in, such as [More Information Needed].",
        ),
        sa.Column(
            "word_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Words of the body, code and front matter left out.",
        ),
        sa.CheckConstraint(
            "state = 'empty' OR state = 'front_matter_only' OR state = 'template' OR state = 'generated' OR state = 'written'",
            name=op.f("ck_card_documentation_state"),
        ),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_card_documentation_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_card_documentation")),
        comment="How well a model is documented, by a stated rubric.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "card_extraction",
        sa.Column(
            "snapshot_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The snapshot whose card was read.",
        ),
        sa.Column("extractor", sa.Text(), nullable=False, comment="rules, or llm and the name of the language model."),
        sa.Column("version", sa.Text(), nullable=False, comment="Version of the rules, or hash of the prompt."),
        sa.Column(
            "status",
            sa.Text(),
            nullable=False,
            comment="ok; cut (only a part was read); or, of a language model: invalid, truncated, refused, failed.",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="The status in words; NULL if ok."),
        sa.Column(
            "value_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="Values found."
        ),
        sa.Column(
            "rejected_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Values of a language model that were dropped, because their quote is not in the card.",
        ),
        sa.CheckConstraint(
            "status = 'ok' OR status = 'cut' OR status = 'invalid' OR status = 'truncated' OR status = 'refused' OR status = 'failed'",
            name=op.f("ck_card_extraction_status"),
        ),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_card_extraction_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", "extractor", name=op.f("pk_card_extraction")),
        comment="One reading of one card by one extractor. Failures are statuses here, never values.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "card_value",
        sa.Column(
            "snapshot_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The snapshot whose card says so.",
        ),
        sa.Column("extractor", sa.Text(), nullable=False, comment="rules, or llm and the name of the language model."),
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Order among the values of this card and extractor.",
        ),
        sa.Column(
            "field",
            sa.Text(),
            nullable=False,
            comment="Which fact: license, dataset, evaluation, hyper_parameter, ... (see the README).",
        ),
        sa.Column("name", sa.Text(), nullable=True, comment="Of a metric or a setting: which."),
        sa.Column(
            "value", sa.Text(), nullable=False, comment="The value, normalised; present where a section is the fact."
        ),
        sa.Column("number", sa.Float(), nullable=True, comment="The value as a number, in `unit`."),
        sa.Column(
            "unit",
            sa.Text(),
            nullable=True,
            comment="percent, ratio, kg, h, token, parameter, device, ...; NULL: none, or the card leaves it open.",
        ),
        sa.Column(
            "role",
            sa.Text(),
            nullable=True,
            comment="Of a dataset: train, evaluation; of a repository: upstream, mention; of a paper: cited, mention; of a base model: the relation.",
        ),
        sa.Column("dataset", sa.Text(), nullable=True, comment="Of an evaluation result: the dataset, as named."),
        sa.Column(
            "split", sa.Text(), nullable=True, comment="Of an evaluation result: validation, test or train, if said."
        ),
        sa.Column(
            "raw",
            sa.Text(),
            nullable=True,
            comment="The words of the card. In a release NULL for cards that are withheld.",
        ),
        sa.Column(
            "path",
            sa.Text(),
            nullable=True,
            comment="Place in the front matter, for instance model-index[0].results[0].metrics[0].value; NULL: in the body.",
        ),
        sa.Column(
            "char_start",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="First character of `raw` in the card (front matter included); NULL: in the front matter.",
        ),
        sa.Column(
            "char_end",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Character after the last one.",
        ),
        sa.Column(
            "method",
            sa.Text(),
            nullable=False,
            comment="How it was found: front_matter, pair (a key: value line), table, link, bibtex, sentence, section, code, report, title, name, llm.",
        ),
        sa.Column(
            "confidence",
            sa.Float(),
            nullable=False,
            comment="How sure the method is, from 0 to 1: set by rule, not measured on this card.",
        ),
        sa.Column(
            "is_chosen",
            sa.Boolean(),
            nullable=False,
            comment="True for the values to use: of the rules if they are sure of the field (0.7 or more), else of the language model.",
        ),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_card_value_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", "extractor", "position", name=op.f("pk_card_value")),
        comment="Facts that model cards state, each with the words and the place that say so.",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_card_value_field"), "card_value", ["field"], unique=False)
    op.add_column(
        "card",
        sa.Column(
            "body_start",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Character of the whole card at which the body begins; NULL: loaded by a version that did not say.",
        ),
    )
