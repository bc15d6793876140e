"""names and architectures

Revision ID: 0005
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UTC = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "look_alike",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("subject", sa.Text(), nullable=False, comment="What is compared: owner or model."),
        sa.Column("name", sa.Text(), nullable=False, comment="The name in question."),
        sa.Column(
            "looks_like",
            sa.Text(),
            nullable=False,
            comment="The far more used name that it looks like; for a re-registered owner the name itself.",
        ),
        sa.Column(
            "how",
            sa.Text(),
            nullable=False,
            comment="same_letters (differs in case, separators, similar letters), one_letter, or re_registered.",
        ),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="The finding in words. It says that two names look alike, and nothing about intent.",
        ),
        sa.CheckConstraint(
            "how = 'same_letters' OR how = 'one_letter' OR how = 're_registered'", name=op.f("ck_look_alike_how")
        ),
        sa.CheckConstraint("subject = 'owner' OR subject = 'model'", name=op.f("ck_look_alike_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_alike")),
        comment="Names that a reader may take for one another, and owners whose name may have changed hands (kind I18).",
    )
    op.create_table(
        "lineage_finding",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The derived model.",
        ),
        sa.Column(
            "base_model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The base model.",
        ),
        sa.Column("base_model_name", sa.Text(), nullable=False, comment="The base model as it was named."),
        sa.Column("relation", sa.Text(), nullable=False, comment="How it is said to be derived."),
        sa.Column("verdict", sa.Text(), nullable=False, comment="contradicted, compatible or unknown."),
        sa.Column("reason", sa.Text(), nullable=False, comment="The verdict in words, with the facts."),
        sa.CheckConstraint(
            "verdict = 'contradicted' OR verdict = 'compatible' OR verdict = 'unknown'",
            name=op.f("ck_lineage_finding_verdict"),
        ),
        sa.ForeignKeyConstraint(["base_model_id"], ["model.id"], name=op.f("fk_lineage_finding_base_model_id")),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_lineage_finding_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage_finding")),
        comment="Declared derivations against dates, families, sizes and fingerprints of the two models.",
    )
    with op.batch_alter_table("lineage_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lineage_finding_base_model_id"), ["base_model_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lineage_finding_model_id"), ["model_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lineage_finding_verdict"), ["verdict"], unique=False)

    op.create_table(
        "model_name",
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The model."
        ),
        sa.Column(
            "convention",
            sa.Text(),
            nullable=False,
            comment="Naming convention: I (implementation), AT (application or task), IAT (both), O (neither).",
        ),
        sa.Column(
            "is_cut",
            sa.Boolean(),
            nullable=False,
            comment="The name is longer than 512 characters; only the beginning was read.",
        ),
        sa.Column(
            "spans", sa.Text(), nullable=False, comment="The pieces as a JSON list of [start, end, code, element]."
        ),
        sa.Column(
            "codes",
            sa.Text(),
            nullable=False,
            comment="Codes that occur, sorted and without repeats, for instance AST.",
        ),
        sa.CheckConstraint(
            "convention = 'I' OR convention = 'AT' OR convention = 'IAT' OR convention = 'O'",
            name=op.f("ck_model_name_convention"),
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_name_model_id")),
        sa.PrimaryKeyConstraint("model_id", name=op.f("pk_model_name")),
        comment="A model's name taken apart. Codes: A architecture, S size, P parameters, V version, L language, D data set, T task, F adaptation, R training, C characteristic, N layers, H heads or hidden size, W format, M organisation, O other.",
    )
    with op.batch_alter_table("model_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_name_convention"), ["convention"], unique=False)

    op.create_table(
        "name_finding",
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
            "kind",
            sa.Text(),
            nullable=False,
            comment="I1 family and model type, I2 family and class, I3 task, I4 parameters, I5 size word, I6 layers and sizes in numbers, I7 format and quantization, I8 precision, I9 language, I10 base model, I11 adapter, I12 context length, I13 experts, I14 version, I15 data set, I16 type and class, I17 no content.",
        ),
        sa.Column("severity", sa.Text(), nullable=False, comment="hard, soft or info; info also where a rule acquits."),
        sa.Column("claim", sa.Text(), nullable=False, comment="What the name says."),
        sa.Column("evidence", sa.Text(), nullable=False, comment="What was found instead, and where."),
        sa.Column("reason", sa.Text(), nullable=False, comment="The finding in words."),
        sa.Column(
            "rule", sa.Text(), nullable=True, comment="The alias or equivalence that lowered the severity; NULL: none."
        ),
        sa.Column(
            "correction",
            sa.Text(),
            nullable=True,
            comment="What an objection that was accepted says; the finding then counts as info. NULL: none.",
        ),
        sa.CheckConstraint(
            "kind = 'I1' OR kind = 'I2' OR kind = 'I3' OR kind = 'I4' OR kind = 'I5' OR kind = 'I6' OR kind = 'I7' OR kind = 'I8' OR kind = 'I9' OR kind = 'I10' OR kind = 'I11' OR kind = 'I12' OR kind = 'I13' OR kind = 'I14' OR kind = 'I15' OR kind = 'I16' OR kind = 'I17'",
            name=op.f("ck_name_finding_kind"),
        ),
        sa.CheckConstraint(
            "severity = 'hard' OR severity = 'soft' OR severity = 'info'", name=op.f("ck_name_finding_severity")
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_name_finding_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_finding")),
        comment="Where a model's name and its content do not say the same, with evidence. The query dispute_a_finding tells how to object.",
    )
    with op.batch_alter_table("name_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_name_finding_kind_severity"), ["kind", "severity"], unique=False)
        batch_op.create_index(batch_op.f("ix_name_finding_model_id"), ["model_id"], unique=False)

    op.create_table(
        "architecture_fingerprint",
        sa.Column(
            "snapshot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The snapshot."
        ),
        sa.Column(
            "format",
            sa.Text(),
            nullable=False,
            comment="Format of the weight files whose headers were read: safetensors or gguf.",
        ),
        sa.Column("f0", sa.Text(), nullable=False, comment="Hash of the set of tensor names, layer numbers left out."),
        sa.Column(
            "f1",
            sa.Text(),
            nullable=False,
            comment="The same without the prefix of the base model: shared by bare models and those with a head.",
        ),
        sa.Column(
            "f2",
            sa.Text(),
            nullable=False,
            comment="Hash of f1's names with symbolic shapes: sizes that are equal have equal letters.",
        ),
        sa.Column(
            "f3",
            sa.Text(),
            nullable=False,
            comment="Hash of all tensor names with their sizes: equal in models of the same family and size.",
        ),
        sa.Column(
            "tensor_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Logical tensors: quantized parts put together, buffers left out.",
        ),
        sa.Column(
            "parameter_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Logical parameters: quantized values unpacked, tied tensors once, buffers left out.",
        ),
        sa.Column("dtypes", sa.Text(), nullable=False, comment="Parameters by number format as stored, as JSON."),
        sa.Column(
            "layer_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Layers of the longest stack; NULL: none is numbered.",
        ),
        sa.Column(
            "hidden_size",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The size that most norms have; NULL: no norm is named.",
        ),
        sa.Column(
            "vocabulary_size",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Rows of the token embeddings; NULL: there are none.",
        ),
        sa.Column(
            "expert_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Experts of a layer; 0: none.",
        ),
        sa.Column(
            "is_adapter", sa.Boolean(), nullable=False, comment="The tensors are those of an adapter, not of a model."
        ),
        sa.Column(
            "gguf_architecture",
            sa.Text(),
            nullable=True,
            comment="Family as the header of a GGUF file itself says (general.architecture); NULL: no such file.",
        ),
        sa.Column("shapes", sa.Text(), nullable=False, comment="First shape of each tensor name, as JSON."),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_architecture_fingerprint_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_architecture_fingerprint")),
        comment="What the tensor headers of a snapshot say of its architecture. Equal fingerprints say nothing of the weights.",
    )
    with op.batch_alter_table("architecture_fingerprint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_architecture_fingerprint_f0"), ["f0"], unique=False)
        batch_op.create_index(batch_op.f("ix_architecture_fingerprint_f3"), ["f3"], unique=False)

    op.create_table(
        "architecture_prediction",
        sa.Column(
            "snapshot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The snapshot."
        ),
        sa.Column("declared_model_type", sa.Text(), nullable=True, comment="Family that the configuration declares."),
        sa.Column(
            "declared_architecture", sa.Text(), nullable=True, comment="Model class that the configuration declares."
        ),
        sa.Column(
            "predicted_model_type",
            sa.Text(),
            nullable=True,
            comment="Family of the nearest known class; NULL: none is near enough.",
        ),
        sa.Column(
            "predicted_architecture",
            sa.Text(),
            nullable=True,
            comment="The nearest known class; NULL: none is near enough.",
        ),
        sa.Column("predicted_task", sa.Text(), nullable=True, comment="The task of that class."),
        sa.Column(
            "certainty",
            sa.Text(),
            nullable=False,
            comment="exact (all tensors are those of the class), near, or unknown.",
        ),
        sa.Column(
            "distance",
            sa.Float(),
            nullable=True,
            comment="Share of tensor names that only one of the two has; NULL: no name is known.",
        ),
        sa.Column(
            "equals",
            sa.Text(),
            nullable=False,
            comment="Known classes with the same tensors, as a JSON list: the fingerprint cannot tell them apart.",
        ),
        sa.Column(
            "nearest",
            sa.Text(),
            nullable=False,
            comment="The nearest known classes with their distances, as a JSON list.",
        ),
        sa.Column(
            "verdict",
            sa.Text(),
            nullable=False,
            comment="The declaration against the tensors: same, equivalent, contradicted or unknown.",
        ),
        sa.Column("evidence", sa.Text(), nullable=False, comment="What was compared, in words."),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why the verdict is so, in words."),
        sa.CheckConstraint(
            "certainty = 'exact' OR certainty = 'near' OR certainty = 'unknown'",
            name=op.f("ck_architecture_prediction_certainty"),
        ),
        sa.CheckConstraint(
            "verdict = 'same' OR verdict = 'equivalent' OR verdict = 'contradicted' OR verdict = 'unknown'",
            name=op.f("ck_architecture_prediction_verdict"),
        ),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_architecture_prediction_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_architecture_prediction")),
        comment="What the tensors of a snapshot say it is, against what its configuration declares.",
    )
