"""licenses

Revision ID: 0004
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UTC = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.drop_table("license_claim")  # nothing was ever written into it
    op.create_table(
        "license_clause",
        sa.Column("license_id", sa.Text(), nullable=False, comment="The license."),
        sa.Column("code", sa.Text(), nullable=False, comment="The clause."),
        sa.Column(
            "value",
            sa.Text(),
            nullable=False,
            comment="What it asks exactly: a scope, a threshold, the words to display; empty: nothing more.",
        ),
        sa.Column(
            "triggers",
            sa.Text(),
            nullable=False,
            comment="What brings it about, joined by blanks: use, distribute, network, derive, train, output.",
        ),
        sa.Column("section", sa.Text(), nullable=False, comment="Where in the text it stands; empty: not noted."),
        sa.Column("verified", sa.Text(), nullable=False, comment="text, secondary or family, as in license_fact."),
        sa.PrimaryKeyConstraint("license_id", "code", name=op.f("pk_license_clause")),
        comment="The clauses of a license.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("license_clause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_license_clause_code"), ["code"], unique=False)

    op.create_table(
        "license_clause_code",
        sa.Column(
            "code", sa.Text(), nullable=False, comment="P: permission, C: condition, L: limitation, with a number."
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="permission, condition or limitation."),
        sa.Column("name", sa.Text(), nullable=False, comment="Its name."),
        sa.Column(
            "weight",
            sa.Text(),
            nullable=False,
            comment="hard (its loss is incompatible), soft (conditional), notice (a duty to name), info.",
        ),
        sa.Column("words", sa.Text(), nullable=False, comment="What it asks, as a verb phrase."),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_license_clause_code")),
        comment="The 35 kinds of clauses.",
    )
    op.create_table(
        "license_fact",
        sa.Column(
            "license_id",
            sa.Text(),
            nullable=False,
            comment="SPDX id, or LicenseRef: of ScanCode's LicenseDB where it has the text, else of the Hub.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Its name."),
        sa.Column(
            "family",
            sa.Text(),
            nullable=False,
            comment="public-domain, permissive, weak-, strong- or network-copyleft, content, noncommercial, rail, model, research, source-available, proprietary.",
        ),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="What it is made for: software, content, data, model or any."
        ),
        sa.Column(
            "verified",
            sa.Text(),
            nullable=False,
            comment="How well its facts are known: text (read), secondary (sources about it), family (its kind only).",
        ),
        sa.Column("source_url", sa.Text(), nullable=False, comment="Where the facts come from."),
        sa.PrimaryKeyConstraint("license_id", name=op.f("pk_license_fact")),
        comment="A license that the rules know, curated.",
    )
    op.create_table(
        "license_matrix_cell",
        sa.Column("matrix_date", sa.Text(), nullable=False, comment="Date of the matrix."),
        sa.Column("upstream", sa.Text(), nullable=False, comment="License of the component."),
        sa.Column("downstream", sa.Text(), nullable=False, comment="License of the whole."),
        sa.Column("answer", sa.Text(), nullable=False, comment="Yes, No, Unknown, Same or Check dependency."),
        sa.Column("explanation", sa.Text(), nullable=False, comment="OSADL's reason; empty: none given."),
        sa.PrimaryKeyConstraint("matrix_date", "upstream", "downstream", name=op.f("pk_license_matrix_cell")),
        comment="A license matrix of OSADL that was imported (CC-BY-4.0, OSADL eG); without one, the packaged matrix is used.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "license_verdict",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "upstream_expression",
            sa.Text(),
            nullable=False,
            comment="The license upstream; NONE: nobody claims any; UNASKED: no source was collected.",
        ),
        sa.Column(
            "downstream_expression",
            sa.Text(),
            nullable=False,
            comment="The license downstream; NONE: nobody claims any; UNASKED: no source was collected.",
        ),
        sa.Column(
            "relation", sa.Text(), nullable=False, comment="What is done: relicense, combine, derive, use or train."
        ),
        sa.Column(
            "verdict",
            sa.Text(),
            nullable=False,
            comment="compatible (no lost clause found), conditional, incompatible (a clause is not reflected), unknown.",
        ),
        sa.Column(
            "reason_code",
            sa.Text(),
            nullable=False,
            comment="The layer that decided (identity, stewards, text, osadl, clauses), or why it is unknown.",
        ),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="The reason in words. An automated reading of declared licenses, not legal advice.",
        ),
        sa.Column(
            "lost_clauses",
            sa.Text(),
            nullable=False,
            comment="Codes of the upstream's clauses that the downstream does not carry, joined by blanks.",
        ),
        sa.Column(
            "duties",
            sa.Text(),
            nullable=False,
            comment="Codes of what is still to be kept though nothing is lost, joined by blanks.",
        ),
        sa.Column("rule_set", sa.Text(), nullable=False, comment="The rule set that decided."),
        sa.Column(
            "source_url",
            sa.Text(),
            nullable=False,
            comment="The list, matrix or license that says so; empty if nothing is known.",
        ),
        sa.Column("source_date", sa.Text(), nullable=False, comment="Date of that source."),
        sa.CheckConstraint(
            "relation = 'relicense' OR relation = 'combine' OR relation = 'derive' OR relation = 'use' OR relation = 'train'",
            name=op.f("ck_license_verdict_relation"),
        ),
        sa.CheckConstraint(
            "verdict = 'compatible' OR verdict = 'conditional' OR verdict = 'incompatible' OR verdict = 'unknown'",
            name=op.f("ck_license_verdict_verdict"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_license_verdict")),
        sa.UniqueConstraint(
            "upstream_expression",
            "downstream_expression",
            "relation",
            name=op.f("uq_license_verdict_upstream_expression_downstream_expression_relation"),
        ),
        comment="What the rules say of one pair of licenses in one relation, judged once for all edges that have it.",
    )
    op.create_table(
        "license_opinion",
        sa.Column(
            "license_verdict_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The pair.",
        ),
        sa.Column(
            "layer",
            sa.Text(),
            nullable=False,
            comment="identity, stewards, text, osadl or clauses, in their order of precedence.",
        ),
        sa.Column("verdict", sa.Text(), nullable=False, comment="What this layer says."),
        sa.Column("reason", sa.Text(), nullable=False, comment="Its reason in words."),
        sa.Column("rule_set", sa.Text(), nullable=False, comment="Its name."),
        sa.Column("source_url", sa.Text(), nullable=False, comment="Where it says so."),
        sa.Column("source_date", sa.Text(), nullable=False, comment="Date of that source."),
        sa.CheckConstraint(
            "verdict = 'compatible' OR verdict = 'conditional' OR verdict = 'incompatible' OR verdict = 'unknown'",
            name=op.f("ck_license_opinion_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["license_verdict_id"], ["license_verdict.id"], name=op.f("fk_license_opinion_license_verdict_id")
        ),
        sa.PrimaryKeyConstraint("license_verdict_id", "layer", name=op.f("pk_license_opinion")),
        comment="What every layer of rules says of a pair: where they disagree, the first decides and the others stay visible.",
        sqlite_with_rowid=False,
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
        sa.Column("component", sa.Text(), nullable=False, comment="What of it: weights, code or data."),
        sa.Column(
            "source",
            sa.Text(),
            nullable=False,
            comment="Who states it: tag (of the hub), card (its front matter), file (a LICENSE text), api (of the host).",
        ),
        sa.Column("raw", sa.Text(), nullable=False, comment="The license as stated, untouched; of a file its hash."),
        sa.Column(
            "expression",
            sa.Text(),
            nullable=False,
            comment="The same as an SPDX expression, LicenseRef or NOASSERTION (names no known license).",
        ),
        sa.Column(
            "place",
            sa.Text(),
            nullable=False,
            comment="Where it stands: a front matter key, a file path, an API field.",
        ),
        sa.Column("revision", sa.Text(), nullable=True, comment="Revision of the artifact at which it stands there."),
        sa.Column("claimed_at", UTC, nullable=False, comment="As-of date of the statement."),
        sa.Column(
            "model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The model, if it is one.",
        ),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The repository, if it is one.",
        ),
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
            "component = 'weights' OR component = 'code' OR component = 'data'", name=op.f("ck_license_claim_component")
        ),
        sa.CheckConstraint(
            "source = 'tag' OR source = 'card' OR source = 'file' OR source = 'api'",
            name=op.f("ck_license_claim_source"),
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_license_claim_model_id")),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_license_claim_reuse_repository_id")
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
        batch_op.create_index(batch_op.f("ix_license_claim_model_id"), ["model_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_license_claim_reuse_repository_id"), ["reuse_repository_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_license_claim_shard_id"), ["shard_id"], unique=False)

    op.create_table(
        "license_conclusion",
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
        sa.Column("component", sa.Text(), nullable=False, comment="What of it: weights, code or data."),
        sa.Column(
            "expression",
            sa.Text(),
            nullable=False,
            comment="The license that the newest claims come to: an SPDX expression, LicenseRef or NOASSERTION.",
        ),
        sa.Column("source", sa.Text(), nullable=False, comment="The source that decided it."),
        sa.Column(
            "is_disputed", sa.Boolean(), nullable=False, comment="Sources name different licenses: see license_claim."
        ),
        sa.Column(
            "claim_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Claims that were weighed, the newest of each source and place.",
        ),
        sa.Column(
            "note",
            sa.Text(),
            nullable=True,
            comment="What the spelling leaves open, for instance that the Hub cannot say or-later.",
        ),
        sa.Column(
            "model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The model, if it is one.",
        ),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The repository, if it is one.",
        ),
        sa.CheckConstraint(
            "artifact_kind = 'model' OR artifact_kind = 'dataset' OR artifact_kind = 'repository'",
            name=op.f("ck_license_conclusion_artifact_kind"),
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_license_conclusion_model_id")),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_license_conclusion_reuse_repository_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_license_conclusion")),
        sa.UniqueConstraint(
            "artifact_kind",
            "artifact",
            "component",
            name=op.f("uq_license_conclusion_artifact_kind_artifact_component"),
        ),
        comment="The license of one part of an artifact, concluded from the claims. No row: nobody claims any.",
    )
    with op.batch_alter_table("license_conclusion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_license_conclusion_model_id"), ["model_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_license_conclusion_reuse_repository_id"), ["reuse_repository_id"], unique=False
        )

    op.create_table(
        "license_edge",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("upstream_kind", sa.Text(), nullable=False, comment="model or dataset."),
        sa.Column("upstream", sa.Text(), nullable=False, comment="What is built upon or used."),
        sa.Column("downstream_kind", sa.Text(), nullable=False, comment="model or repository."),
        sa.Column("downstream", sa.Text(), nullable=False, comment="What builds upon it or uses it."),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="finetune, adapter, merge, quantized, unknown (derived somehow); trains; or the role of the usage in code.",
        ),
        sa.Column(
            "relation",
            sa.Text(),
            nullable=False,
            comment="What is done in terms of licenses: combine, derive, use or train.",
        ),
        sa.Column(
            "tier",
            sa.Text(),
            nullable=False,
            comment="A: contains material of the upstream. B: contested. C: refers to it only.",
        ),
        sa.Column(
            "is_inferred",
            sa.Boolean(),
            nullable=False,
            comment="The kind is not stated: it was read from the name or the number of bases.",
        ),
        sa.Column(
            "license_verdict_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The verdict about the licenses of today.",
        ),
        sa.Column(
            "then_verdict_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The verdict about the upstream's license when the downstream was made; NULL: the same, or not known.",
        ),
        sa.Column(
            "upstream_model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The upstream, if it is a model.",
        ),
        sa.Column(
            "downstream_model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The downstream, if it is a model.",
        ),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The downstream, if it is a repository.",
        ),
        sa.CheckConstraint("tier = 'A' OR tier = 'B' OR tier = 'C'", name=op.f("ck_license_edge_tier")),
        sa.ForeignKeyConstraint(
            ["downstream_model_id"], ["model.id"], name=op.f("fk_license_edge_downstream_model_id")
        ),
        sa.ForeignKeyConstraint(
            ["license_verdict_id"], ["license_verdict.id"], name=op.f("fk_license_edge_license_verdict_id")
        ),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_license_edge_reuse_repository_id")
        ),
        sa.ForeignKeyConstraint(
            ["then_verdict_id"], ["license_verdict.id"], name=op.f("fk_license_edge_then_verdict_id")
        ),
        sa.ForeignKeyConstraint(["upstream_model_id"], ["model.id"], name=op.f("fk_license_edge_upstream_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_license_edge")),
        sa.UniqueConstraint(
            "upstream_kind",
            "upstream",
            "downstream_kind",
            "downstream",
            "kind",
            name=op.f("uq_license_edge_upstream_kind_upstream_downstream_kind_downstream_kind"),
        ),
        comment="Every edge of the supply chain with the verdict about its licenses.",
    )
    with op.batch_alter_table("license_edge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_license_edge_downstream_model_id"), ["downstream_model_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_license_edge_license_verdict_id"), ["license_verdict_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_license_edge_reuse_repository_id"), ["reuse_repository_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_license_edge_then_verdict_id"), ["then_verdict_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_license_edge_upstream_model_id"), ["upstream_model_id"], unique=False)

    op.create_table(
        "license_obligation",
        sa.Column(
            "model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The model that the obligation reaches.",
        ),
        sa.Column("license_id", sa.Text(), nullable=False, comment="The license that asks for it."),
        sa.Column(
            "origin_model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The nearest ancestor under that license.",
        ),
        sa.Column(
            "depth",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Steps from that ancestor.",
        ),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="carried; lost (on the way into this model); lost_earlier (in the chain, so that this edge looks fine); unknown (this model's license).",
        ),
        sa.Column(
            "lost_clauses",
            sa.Text(),
            nullable=False,
            comment="Codes of the clauses that are lost, joined by blanks; empty if carried or unknown.",
        ),
        sa.Column(
            "lost_from_model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Upstream end of the edge where they were lost first.",
        ),
        sa.Column(
            "lost_at_model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Downstream end of that edge.",
        ),
        sa.CheckConstraint(
            "state = 'carried' OR state = 'lost' OR state = 'lost_earlier' OR state = 'unknown'",
            name=op.f("ck_license_obligation_state"),
        ),
        sa.ForeignKeyConstraint(
            ["lost_at_model_id"], ["model.id"], name=op.f("fk_license_obligation_lost_at_model_id")
        ),
        sa.ForeignKeyConstraint(
            ["lost_from_model_id"], ["model.id"], name=op.f("fk_license_obligation_lost_from_model_id")
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_license_obligation_model_id")),
        sa.ForeignKeyConstraint(["origin_model_id"], ["model.id"], name=op.f("fk_license_obligation_origin_model_id")),
        sa.PrimaryKeyConstraint("model_id", "license_id", name=op.f("pk_license_obligation")),
        comment="What licenses of ancestors ask of a model, along all derivations. An unlicensed model between does not end it.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("license_obligation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_license_obligation_license_id"), ["license_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_license_obligation_lost_at_model_id"), ["lost_at_model_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_license_obligation_lost_from_model_id"), ["lost_from_model_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_license_obligation_origin_model_id"), ["origin_model_id"], unique=False)
