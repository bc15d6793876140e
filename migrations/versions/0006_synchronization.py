"""synchronization

Revision ID: 0006
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UTC = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "change_type",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name, unique."),
        sa.Column(
            "change_group",
            sa.Text(),
            nullable=False,
            comment="maintenance, meta, data, dependency; other for what the study discards.",
        ),
        sa.Column("definition", sa.Text(), nullable=False, comment="What belongs to it."),
        sa.Column(
            "headline",
            sa.Text(),
            nullable=True,
            comment="The activity of the study's abstract that it belongs to, as we read it: the study gives no such table; NULL: to none.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_type")),
        sa.UniqueConstraint("name", name=op.f("uq_change_type_name")),
        comment="What a commit changes: the fifteen types of the study, and other and unclear.",
    )
    op.create_table(
        "sync_pattern",
        sa.Column("code", sa.Text(), nullable=False, comment="Type and intensity, for instance PSS."),
        sa.Column(
            "type", sa.Text(), nullable=False, comment="CS complete, PS partial, VS variants only, AS asynchronous."
        ),
        sa.Column("intensity", sa.Text(), nullable=False, comment="F frequent, S sporadic, R rare."),
        sa.Column("pattern", sa.Text(), nullable=False, comment="Name of the pattern."),
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Its number in the study, 1 to 8.",
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sync_pattern")),
        comment="The ten possible codes and their eight patterns.",
    )
    op.create_table(
        "sync_profile",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name, unique."),
        sa.Column("description", sa.Text(), nullable=False, comment="What it is for."),
        sa.Column("is_hub_day_only", sa.Boolean(), nullable=False, comment="Times on the Hub are cut to the day."),
        sa.Column(
            "github_time",
            sa.Text(),
            nullable=False,
            comment="authored: author dates; committed: committer dates, author dates where there is none.",
        ),
        sa.Column("has_bots", sa.Boolean(), nullable=False, comment="Commits of bots count."),
        sa.Column("has_merges", sa.Boolean(), nullable=False, comment="Merges on GitHub count."),
        sa.Column(
            "has_attributes_only",
            sa.Boolean(),
            nullable=False,
            comment="Hub commits that touch nothing but .gitattributes count.",
        ),
        sa.Column(
            "window_days",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Length of a bucket in days.",
        ),
        sa.Column(
            "rare_buckets",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Most active buckets of a variant for intensity R.",
        ),
        sa.Column(
            "frequent_run",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Shortest run of shared buckets for intensity F.",
        ),
        sa.Column(
            "together_variants",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Variants in a bucket that count as together, for type VS.",
        ),
        sa.Column(
            "together_buckets",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Such buckets that type VS needs.",
        ),
        sa.Column(
            "gap_from_year",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Switch gaps count from this year on.",
        ),
        sa.Column(
            "short_buckets",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Below so many observable buckets a window is short.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_profile")),
        sa.UniqueConstraint("name", name=op.f("uq_sync_profile_name")),
        comment="A way of reading histories: which times and which commits count, and the study's thresholds.",
    )
    op.create_table(
        "sync_family",
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
            comment="Name of the family: owner/name of the repository, or one given by hand.",
        ),
        sa.Column("repository_name", sa.Text(), nullable=False, comment="owner/name of the repository on GitHub."),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The repository; NULL: only its name is known.",
        ),
        sa.Column(
            "grouping_rule", sa.Text(), nullable=False, comment="repository (one family a repository) or manual."
        ),
        sa.CheckConstraint(
            "grouping_rule = 'repository' OR grouping_rule = 'manual'", name=op.f("ck_sync_family_grouping_rule")
        ),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_sync_family_reuse_repository_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_family")),
        sa.UniqueConstraint("name", name=op.f("uq_sync_family_name")),
        comment="Models released from one repository. Not a lineage tree and not an architecture family.",
    )
    with op.batch_alter_table("sync_family", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sync_family_reuse_repository_id"), ["reuse_repository_id"], unique=False)

    op.create_table(
        "upstream_link",
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
            "repository_name",
            sa.Text(),
            nullable=False,
            comment="owner/name of the repository on GitHub, after known renames.",
        ),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The repository; NULL: only its name is known.",
        ),
        sa.Column(
            "source",
            sa.Text(),
            nullable=False,
            comment="Where it comes from: card_metadata, card_text, backlink (its code names the model), manual.",
        ),
        sa.Column("raw_url", sa.Text(), nullable=True, comment="The address as written; NULL: none was."),
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Character offset in the card's text; NULL: not from there.",
        ),
        sa.Column(
            "score",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Sum of the evidence.",
        ),
        sa.Column(
            "rank",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Place among the model's candidates, 1 is best.",
        ),
        sa.Column(
            "is_primary",
            sa.Boolean(),
            nullable=False,
            comment="Chosen: the best candidate, with enough evidence or by hand.",
        ),
        sa.Column("evidence", sa.Text(), nullable=False, comment="What speaks for and against it, with points."),
        sa.CheckConstraint(
            "source = 'card_metadata' OR source = 'card_text' OR source = 'backlink' OR source = 'manual'",
            name=op.f("ck_upstream_link_source"),
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_upstream_link_model_id")),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_upstream_link_reuse_repository_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upstream_link")),
        sa.UniqueConstraint("model_id", "repository_name", name=op.f("uq_upstream_link_model_id_repository_name")),
        comment="Every repository that a model may have been released from, scored. The chosen one makes its family.",
    )
    with op.batch_alter_table("upstream_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upstream_link_reuse_repository_id"), ["reuse_repository_id"], unique=False)

    op.create_table(
        "sync_bucket",
        sa.Column(
            "sync_profile_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="How histories were read.",
        ),
        sa.Column(
            "sync_family_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The family.",
        ),
        sa.Column(
            "bucket",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Number of the period, from 0.",
        ),
        sa.Column("start_at", UTC, nullable=False, comment="Its beginning."),
        sa.Column(
            "github_commits",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Commits on GitHub.",
        ),
        sa.Column(
            "hub_commits",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Commits on the Hub.",
        ),
        sa.Column(
            "hub_variants",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Variants with commits.",
        ),
        sa.ForeignKeyConstraint(["sync_family_id"], ["sync_family.id"], name=op.f("fk_sync_bucket_sync_family_id")),
        sa.ForeignKeyConstraint(["sync_profile_id"], ["sync_profile.id"], name=op.f("fk_sync_bucket_sync_profile_id")),
        sa.PrimaryKeyConstraint("sync_profile_id", "sync_family_id", "bucket", name=op.f("pk_sync_bucket")),
        comment="The active periods of a family. A period without commits has no row.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sync_burst",
        sa.Column(
            "sync_profile_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="How histories were read.",
        ),
        sa.Column(
            "sync_family_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The family.",
        ),
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Number of the burst, from 1.",
        ),
        sa.Column("started_at", UTC, nullable=False, comment="Its first commit."),
        sa.Column("ended_at", UTC, nullable=False, comment="Its last commit."),
        sa.Column(
            "commit_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Commits in it.",
        ),
        sa.Column(
            "next_hub_at",
            UTC,
            nullable=True,
            comment="The next commit on the Hub from started_at on; NULL: none until the newest collection.",
        ),
        sa.Column(
            "delay_days", sa.Float(), nullable=False, comment="Days from started_at to it, or to the newest collection."
        ),
        sa.Column(
            "is_censored", sa.Boolean(), nullable=False, comment="Nothing followed yet: delay_days is a lower bound."
        ),
        sa.ForeignKeyConstraint(["sync_family_id"], ["sync_family.id"], name=op.f("fk_sync_burst_sync_family_id")),
        sa.ForeignKeyConstraint(["sync_profile_id"], ["sync_profile.id"], name=op.f("fk_sync_burst_sync_profile_id")),
        sa.PrimaryKeyConstraint("sync_profile_id", "sync_family_id", "seq", name=op.f("pk_sync_burst")),
        comment="Bursts of work on GitHub (commits less than a window apart), and how long the Hub took to move.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sync_change_profile",
        sa.Column(
            "sync_family_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The family.",
        ),
        sa.Column("platform", sa.Text(), nullable=False, comment="github or huggingface."),
        sa.Column(
            "change_type_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The change type, by rule.",
        ),
        sa.Column(
            "commit_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Commits of it.",
        ),
        sa.Column(
            "denominator",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Commits of the family on that platform.",
        ),
        sa.CheckConstraint(
            "platform = 'github' OR platform = 'huggingface'", name=op.f("ck_sync_change_profile_platform")
        ),
        sa.ForeignKeyConstraint(
            ["change_type_id"], ["change_type.id"], name=op.f("fk_sync_change_profile_change_type_id")
        ),
        sa.ForeignKeyConstraint(
            ["sync_family_id"], ["sync_family.id"], name=op.f("fk_sync_change_profile_sync_family_id")
        ),
        sa.PrimaryKeyConstraint("sync_family_id", "platform", "change_type_id", name=op.f("pk_sync_change_profile")),
        comment="What changes on each side of a family, all commits counted.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sync_commit",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column("platform", sa.Text(), nullable=False, comment="github or huggingface."),
        sa.Column(
            "model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The model, for a commit on the Hub.",
        ),
        sa.Column(
            "reuse_repository_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The repository, for a commit on GitHub.",
        ),
        sa.Column(
            "hf_commit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The commit on the Hub.",
        ),
        sa.Column(
            "github_commit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The commit on GitHub.",
        ),
        sa.Column(
            "authored_at",
            UTC,
            nullable=True,
            comment="When it was made: the author date; on the Hub the date of the commit.",
        ),
        sa.Column(
            "committed_at",
            UTC,
            nullable=True,
            comment="When it was applied: the committer date; on the Hub the date of the commit.",
        ),
        sa.Column(
            "time_precision",
            sa.Text(),
            nullable=True,
            comment="second, or day where the time is midnight sharp; NULL: no time.",
        ),
        sa.Column("is_merge", sa.Boolean(), nullable=False, comment="More than one parent, or a title that says so."),
        sa.Column("is_bot", sa.Boolean(), nullable=False, comment="A bot's, by a rule."),
        sa.Column("bot_rule", sa.Text(), nullable=True, comment="The rule that says so."),
        sa.Column(
            "is_initial", sa.Boolean(), nullable=False, comment="Its title says that the repository begins with it."
        ),
        sa.Column(
            "is_attributes_only",
            sa.Boolean(),
            nullable=True,
            comment="It touches nothing but .gitattributes; NULL: its files are not known.",
        ),
        sa.CheckConstraint(
            "(platform = 'github' AND github_commit_id IS NOT NULL AND reuse_repository_id IS NOT NULL AND hf_commit_id IS NULL AND model_id IS NULL) OR (platform = 'huggingface' AND hf_commit_id IS NOT NULL AND model_id IS NOT NULL AND github_commit_id IS NULL AND reuse_repository_id IS NULL)",
            name=op.f("ck_sync_commit_one_side"),
        ),
        sa.CheckConstraint("platform = 'github' OR platform = 'huggingface'", name=op.f("ck_sync_commit_platform")),
        sa.CheckConstraint(
            "time_precision = 'second' OR time_precision = 'day'", name=op.f("ck_sync_commit_time_precision")
        ),
        sa.ForeignKeyConstraint(
            ["github_commit_id"], ["github_commit.id"], name=op.f("fk_sync_commit_github_commit_id")
        ),
        sa.ForeignKeyConstraint(["hf_commit_id"], ["hf_commit.id"], name=op.f("fk_sync_commit_hf_commit_id")),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_sync_commit_model_id")),
        sa.ForeignKeyConstraint(
            ["reuse_repository_id"], ["reuse_repository.id"], name=op.f("fk_sync_commit_reuse_repository_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_commit")),
        sa.UniqueConstraint("github_commit_id", name=op.f("uq_sync_commit_github_commit_id")),
        sa.UniqueConstraint("hf_commit_id", name=op.f("uq_sync_commit_hf_commit_id")),
        comment="Commits of both platforms in one form, with flags. None is left out: profiles filter by the flags.",
    )
    with op.batch_alter_table("sync_commit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sync_commit_model_id"), ["model_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sync_commit_reuse_repository_id"), ["reuse_repository_id"], unique=False)

    op.create_table(
        "sync_family_member",
        sa.Column(
            "sync_family_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The family.",
        ),
        sa.Column(
            "model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The model: a variant of the family.",
        ),
        sa.Column(
            "upstream_link_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The link that put it there.",
        ),
        sa.Column("is_excluded", sa.Boolean(), nullable=False, comment="Left out of the family's analysis."),
        sa.Column(
            "exclusion_reason",
            sa.Text(),
            nullable=True,
            comment="generic_repository (a library of anyone's models), other_owner (the repository is another owner's), unclear_owner (several owners, none proven).",
        ),
        sa.CheckConstraint(
            "exclusion_reason = 'generic_repository' OR exclusion_reason = 'other_owner' OR exclusion_reason = 'unclear_owner'",
            name=op.f("ck_sync_family_member_exclusion_reason"),
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_sync_family_member_model_id")),
        sa.ForeignKeyConstraint(
            ["sync_family_id"], ["sync_family.id"], name=op.f("fk_sync_family_member_sync_family_id")
        ),
        sa.ForeignKeyConstraint(
            ["upstream_link_id"], ["upstream_link.id"], name=op.f("fk_sync_family_member_upstream_link_id")
        ),
        sa.PrimaryKeyConstraint("sync_family_id", "model_id", name=op.f("pk_sync_family_member")),
        comment="Members of families, also those that are excluded, with the reason.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("sync_family_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sync_family_member_model_id"), ["model_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sync_family_member_upstream_link_id"), ["upstream_link_id"], unique=False)

    op.create_table(
        "sync_result",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "sync_profile_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="How histories were read.",
        ),
        sa.Column(
            "sync_family_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The family.",
        ),
        sa.Column(
            "part",
            sa.Text(),
            nullable=False,
            comment="all, or the early or late half (each side cut by its number of commits; the middle one is late).",
        ),
        sa.Column("status", sa.Text(), nullable=False, comment="ok, or the side that has no commits."),
        sa.Column("origin_at", UTC, nullable=True, comment="Beginning of bucket 0: the first commit of either side."),
        sa.Column("last_at", UTC, nullable=True, comment="The last commit of either side."),
        sa.Column(
            "span_buckets",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Buckets from the first to the last active one.",
        ),
        sa.Column(
            "github_buckets",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Buckets with commits on GitHub.",
        ),
        sa.Column(
            "hub_buckets",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Buckets with commits on the Hub.",
        ),
        sa.Column(
            "overlap_buckets",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Buckets with both.",
        ),
        sa.Column(
            "variant_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Variants with commits.",
        ),
        sa.Column(
            "github_commits",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Commits on GitHub that count.",
        ),
        sa.Column(
            "hub_commits",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Commits on the Hub that count.",
        ),
        sa.Column("first_github_at", UTC, nullable=True, comment="First commit on GitHub."),
        sa.Column("first_hub_at", UTC, nullable=True, comment="First commit on the Hub."),
        sa.Column("last_github_at", UTC, nullable=True, comment="Last commit on GitHub."),
        sa.Column("last_hub_at", UTC, nullable=True, comment="Last commit on the Hub."),
        sa.Column(
            "first_lag_days",
            sa.Float(),
            nullable=True,
            comment="First commit on the Hub minus the first on GitHub, in days.",
        ),
        sa.Column(
            "lag",
            sa.Text(),
            nullable=True,
            comment="Which side is active in the first bucket: upstream_first (GitHub), simultaneous, downstream_first (the Hub).",
        ),
        sa.Column(
            "type", sa.Text(), nullable=True, comment="CS complete, PS partial, VS variants only, AS asynchronous."
        ),
        sa.Column("intensity", sa.Text(), nullable=True, comment="F frequent, S sporadic, R rare."),
        sa.Column("code", sa.Text(), nullable=True, comment="Type and intensity; NULL unless status is ok."),
        sa.Column("pattern", sa.Text(), nullable=True, comment="Name of the pattern."),
        sa.Column(
            "longest_run",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Longest run of buckets that one variant shares with GitHub.",
        ),
        sa.Column(
            "longest_run_model_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The variant with it.",
        ),
        sa.Column(
            "variant_bucket_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Buckets in which at least together_variants variants were active.",
        ),
        sa.Column(
            "github_density", sa.Float(), nullable=True, comment="Share of the span's buckets with commits on GitHub."
        ),
        sa.Column(
            "overlap_chance",
            sa.Float(),
            nullable=True,
            comment="Share of all circular shifts of GitHub's activity that overlap as much; NULL: not the whole history.",
        ),
        sa.Column("is_overlap_above_chance", sa.Boolean(), nullable=True, comment="overlap_chance is at most 0.05."),
        sa.Column(
            "phase_agreement",
            sa.Float(),
            nullable=True,
            comment="Share of the 14 day phases of the buckets that give the same pattern; NULL: not the whole history.",
        ),
        sa.Column(
            "observable_buckets",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Buckets from the first commit to the newest collection of commits.",
        ),
        sa.Column(
            "is_short_window", sa.Boolean(), nullable=True, comment="Too few observable buckets for anything but rare."
        ),
        sa.Column(
            "type_jaccard",
            sa.Float(),
            nullable=True,
            comment="Change types seen on both sides, of those seen on either (by rule; other and unclear apart).",
        ),
        sa.Column(
            "family_age_days",
            sa.Float(),
            nullable=True,
            comment="Mean over variants of whole days from the first to the last commit.",
        ),
        sa.Column(
            "age_group",
            sa.Text(),
            nullable=True,
            comment="Third of all families by age: recent, intermediate, matured.",
        ),
        sa.Column(
            "hub_delay_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Commits on the Hub that follow at least one on GitHub.",
        ),
        sa.Column(
            "hub_delay_median_days",
            sa.Float(),
            nullable=True,
            comment="Median of the days since the last commit on GitHub, over these.",
        ),
        sa.CheckConstraint(
            "NOT ((type = 'AS' OR type = 'VS') AND lag = 'simultaneous')",
            name=op.f("ck_sync_result_disjoint_is_not_simultaneous"),
        ),
        sa.CheckConstraint(
            "NOT (intensity = 'F' AND (type = 'AS' OR type = 'VS'))", name=op.f("ck_sync_result_frequent_overlaps")
        ),
        sa.CheckConstraint(
            "NOT (type = 'CS' AND lag = 'downstream_first')", name=op.f("ck_sync_result_complete_is_not_downstream")
        ),
        sa.CheckConstraint(
            "age_group = 'recent' OR age_group = 'intermediate' OR age_group = 'matured'",
            name=op.f("ck_sync_result_age_group"),
        ),
        sa.CheckConstraint(
            "intensity = 'F' OR intensity = 'S' OR intensity = 'R'", name=op.f("ck_sync_result_intensity")
        ),
        sa.CheckConstraint(
            "lag = 'upstream_first' OR lag = 'simultaneous' OR lag = 'downstream_first'",
            name=op.f("ck_sync_result_lag"),
        ),
        sa.CheckConstraint("part = 'all' OR part = 'early' OR part = 'late'", name=op.f("ck_sync_result_part")),
        sa.CheckConstraint("status <> 'ok' OR code IS NOT NULL", name=op.f("ck_sync_result_ok_has_code")),
        sa.CheckConstraint(
            "status = 'ok' OR status = 'insufficient_github' OR status = 'insufficient_hub' OR status = 'insufficient_both'",
            name=op.f("ck_sync_result_status"),
        ),
        sa.CheckConstraint(
            "type = 'CS' OR type = 'PS' OR type = 'VS' OR type = 'AS'", name=op.f("ck_sync_result_type")
        ),
        sa.ForeignKeyConstraint(
            ["longest_run_model_id"], ["model.id"], name=op.f("fk_sync_result_longest_run_model_id")
        ),
        sa.ForeignKeyConstraint(["sync_family_id"], ["sync_family.id"], name=op.f("fk_sync_result_sync_family_id")),
        sa.ForeignKeyConstraint(["sync_profile_id"], ["sync_profile.id"], name=op.f("fk_sync_result_sync_profile_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_result")),
        sa.UniqueConstraint(
            "sync_profile_id", "sync_family_id", "part", name=op.f("uq_sync_result_sync_profile_id_sync_family_id_part")
        ),
        comment="How a family is synchronized, by profile: the whole history and its two halves.",
    )
    with op.batch_alter_table("sync_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sync_result_code"), ["code"], unique=False)
        batch_op.create_index(batch_op.f("ix_sync_result_longest_run_model_id"), ["longest_run_model_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sync_result_sync_family_id"), ["sync_family_id"], unique=False)

    op.create_table(
        "sync_result_member",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "sync_profile_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="How histories were read.",
        ),
        sa.Column(
            "sync_family_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The family.",
        ),
        sa.Column(
            "model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The variant."
        ),
        sa.Column(
            "commit_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="Its commits."
        ),
        sa.Column("first_at", UTC, nullable=False, comment="Its first commit."),
        sa.Column("last_at", UTC, nullable=False, comment="Its last commit."),
        sa.Column(
            "bucket_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Its active buckets.",
        ),
        sa.Column(
            "overlap_buckets",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Those that it shares with GitHub.",
        ),
        sa.Column(
            "longest_run",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Longest run of these.",
        ),
        sa.Column(
            "is_covered",
            sa.Boolean(),
            nullable=True,
            comment="All its buckets are shared with GitHub; NULL: no commits on GitHub.",
        ),
        sa.Column(
            "first_lag_days", sa.Float(), nullable=True, comment="Its first commit minus the first on GitHub, in days."
        ),
        sa.Column(
            "github_commits_since",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Commits on GitHub after its last one; NULL: none there at all.",
        ),
        sa.Column(
            "name_version",
            sa.Text(),
            nullable=True,
            comment="Version in the variant's name, for instance 1.5; NULL: none.",
        ),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_sync_result_member_model_id")),
        sa.ForeignKeyConstraint(
            ["sync_family_id"], ["sync_family.id"], name=op.f("fk_sync_result_member_sync_family_id")
        ),
        sa.ForeignKeyConstraint(
            ["sync_profile_id"], ["sync_profile.id"], name=op.f("fk_sync_result_member_sync_profile_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_result_member")),
        sa.UniqueConstraint(
            "sync_profile_id",
            "sync_family_id",
            "model_id",
            name=op.f("uq_sync_result_member_sync_profile_id_sync_family_id_model_id"),
        ),
        comment="How each variant of a family is synchronized.",
    )
    with op.batch_alter_table("sync_result_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sync_result_member_model_id"), ["model_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sync_result_member_sync_family_id"), ["sync_family_id"], unique=False)

    op.create_table(
        "sync_transition",
        sa.Column(
            "sync_profile_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="How histories were read.",
        ),
        sa.Column(
            "sync_family_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The family.",
        ),
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Number of the change of sides, from 1.",
        ),
        sa.Column("to_platform", sa.Text(), nullable=False, comment="The side that moved second."),
        sa.Column("from_at", UTC, nullable=False, comment="Last commit on the side before."),
        sa.Column("to_at", UTC, nullable=False, comment="First commit on the other side after it."),
        sa.Column(
            "gap_days",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="Whole days between them: the switch gap.",
        ),
        sa.CheckConstraint(
            "to_platform = 'github' OR to_platform = 'huggingface'", name=op.f("ck_sync_transition_to_platform")
        ),
        sa.ForeignKeyConstraint(["sync_family_id"], ["sync_family.id"], name=op.f("fk_sync_transition_sync_family_id")),
        sa.ForeignKeyConstraint(
            ["sync_profile_id"], ["sync_profile.id"], name=op.f("fk_sync_transition_sync_profile_id")
        ),
        sa.PrimaryKeyConstraint("sync_profile_id", "sync_family_id", "seq", name=op.f("pk_sync_transition")),
        comment="Neighbouring commits on different sides. Most gaps are short: see sync_burst for how long changes wait.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "commit_change_type",
        sa.Column(
            "sync_commit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The commit.",
        ),
        sa.Column("method", sa.Text(), nullable=False, comment="rule or llm."),
        sa.Column(
            "method_version", sa.Text(), nullable=False, comment="Version of the rules, or the model that answered."
        ),
        sa.Column(
            "change_type_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="What it changes.",
        ),
        sa.Column(
            "confidence",
            sa.Float(),
            nullable=False,
            comment="Between 0 and 1: a judgement of the rule, not a measured rate.",
        ),
        sa.Column("rule", sa.Text(), nullable=True, comment="The rule that decided."),
        sa.CheckConstraint("method = 'rule' OR method = 'llm'", name=op.f("ck_commit_change_type_method")),
        sa.ForeignKeyConstraint(
            ["change_type_id"], ["change_type.id"], name=op.f("fk_commit_change_type_change_type_id")
        ),
        sa.ForeignKeyConstraint(
            ["sync_commit_id"], ["sync_commit.id"], name=op.f("fk_commit_change_type_sync_commit_id")
        ),
        sa.PrimaryKeyConstraint("sync_commit_id", "method", "method_version", name=op.f("pk_commit_change_type")),
        comment="The change type of each commit, by each method.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("commit_change_type", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commit_change_type_change_type_id"), ["change_type_id"], unique=False)

    op.create_table(
        "sync_commit_reference",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Surrogate key, stable within a release only.",
        ),
        sa.Column(
            "sync_commit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="The commit on the Hub.",
        ),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="autosync (a job copied the commit), url (the address of a commit), sha (a hash that a repository of its family has), repository (an address alone).",
        ),
        sa.Column(
            "target", sa.Text(), nullable=False, comment="What it names: owner/name@hash, owner/name, or a hash."
        ),
        sa.Column(
            "github_commit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The commit it names; NULL: not in this database.",
        ),
        sa.CheckConstraint(
            "kind = 'autosync' OR kind = 'url' OR kind = 'sha' OR kind = 'repository'",
            name=op.f("ck_sync_commit_reference_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["github_commit_id"], ["github_commit.id"], name=op.f("fk_sync_commit_reference_github_commit_id")
        ),
        sa.ForeignKeyConstraint(
            ["sync_commit_id"], ["sync_commit.id"], name=op.f("fk_sync_commit_reference_sync_commit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_commit_reference")),
        sa.UniqueConstraint("sync_commit_id", "target", name=op.f("uq_sync_commit_reference_sync_commit_id_target")),
        comment="Commits on the Hub that name a commit or a repository on GitHub: the strongest evidence of synchronization.",
    )
    with op.batch_alter_table("sync_commit_reference", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sync_commit_reference_github_commit_id"), ["github_commit_id"], unique=False
        )
