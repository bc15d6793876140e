"""Synchronization: which repository a model was released from, and how both sides keep up with each other.

The first three tables are core tables, derived by `link`; the others are findings of the analysis `sync`.
"""

from sqlalchemy import CheckConstraint, Index, Table

from peatmoss.schema.base import flag, integer, key, lookup, metadata, moment, number, one_of, ref, text, unique

LAGS = ("upstream_first", "simultaneous", "downstream_first")
PLATFORMS = ("github", "huggingface")
PARTS = ("all", "early", "late")
STATUSES = ("ok", "insufficient_github", "insufficient_hub", "insufficient_both")

upstream_link = Table(
    "upstream_link", metadata, key(),
    ref("model_id", "model", "The model.", index=False),
    text("repository_name", "owner/name of the repository on GitHub, after known renames.", null=False),
    ref("reuse_repository_id", "reuse_repository", "The repository; NULL: only its name is known.", null=True),
    text("source", "Where it comes from: card_metadata, card_text, backlink (its code names the model), manual.", null=False),
    text("raw_url", "The address as written; NULL: none was."),
    integer("position", "Character offset in the card's text; NULL: not from there."),
    integer("score", "Sum of the evidence.", null=False),
    integer("rank", "Place among the model's candidates, 1 is best.", null=False),
    flag("is_primary", "Chosen: the best candidate, with enough evidence or by hand.", null=False),
    text("evidence", "What speaks for and against it, with points.", null=False),
    unique("model_id", "repository_name"),
    one_of("source", ("card_metadata", "card_text", "backlink", "manual")),
    comment="Every repository that a model may have been released from, scored. The chosen one makes its family.",
)  # fmt: skip

sync_family = Table(
    "sync_family", metadata, key(),
    text("name", "Name of the family: owner/name of the repository, or one given by hand.", null=False),
    text("repository_name", "owner/name of the repository on GitHub.", null=False),
    ref("reuse_repository_id", "reuse_repository", "The repository; NULL: only its name is known.", null=True),
    text("grouping_rule", "repository (one family a repository) or manual.", null=False),
    unique("name"),
    one_of("grouping_rule", ("repository", "manual")),
    comment="Models released from one repository. Not a lineage tree and not an architecture family.",
)  # fmt: skip

sync_family_member = Table(
    "sync_family_member", metadata,
    ref("sync_family_id", "sync_family", "The family.", pk=True),
    ref("model_id", "model", "The model: a variant of the family.", pk=True),
    Index(None, "model_id"),
    ref("upstream_link_id", "upstream_link", "The link that put it there."),
    flag("is_excluded", "Left out of the family's analysis.", null=False),
    text("exclusion_reason", "generic_repository (a library of anyone's models), other_owner (the repository is another owner's), unclear_owner (several owners, none proven)."),
    one_of("exclusion_reason", ("generic_repository", "other_owner", "unclear_owner")),
    comment="Members of families, also those that are excluded, with the reason.",
    sqlite_with_rowid=False,
)  # fmt: skip

sync_profile = lookup(
    "sync_profile",
    "A way of reading histories: which times and which commits count, and the study's thresholds.",
    text("description", "What it is for.", null=False),
    flag("is_hub_day_only", "Times on the Hub are cut to the day.", null=False),
    text(
        "github_time",
        "authored: author dates; committed: committer dates, author dates where there is none.",
        null=False,
    ),
    flag("has_bots", "Commits of bots count.", null=False),
    flag("has_merges", "Merges on GitHub count.", null=False),
    flag("has_attributes_only", "Hub commits that touch nothing but .gitattributes count.", null=False),
    integer("window_days", "Length of a bucket in days.", null=False),
    integer("rare_buckets", "Most active buckets of a variant for intensity R.", null=False),
    integer("frequent_run", "Shortest run of shared buckets for intensity F.", null=False),
    integer("together_variants", "Variants in a bucket that count as together, for type VS.", null=False),
    integer("together_buckets", "Such buckets that type VS needs.", null=False),
    integer("gap_from_year", "Switch gaps count from this year on.", null=False),
    integer("short_buckets", "Below so many observable buckets a window is short.", null=False),
)

sync_pattern = Table(
    "sync_pattern", metadata,
    text("code", "Type and intensity, for instance PSS.", null=False, primary_key=True),
    text("type", "CS complete, PS partial, VS variants only, AS asynchronous.", null=False),
    text("intensity", "F frequent, S sporadic, R rare.", null=False),
    text("pattern", "Name of the pattern.", null=False),
    integer("number", "Its number in the study, 1 to 8.", null=False),
    comment="The ten possible codes and their eight patterns.",
)  # fmt: skip

sync_commit = Table(
    "sync_commit", metadata, key(),
    text("platform", "github or huggingface.", null=False),
    ref("model_id", "model", "The model, for a commit on the Hub.", null=True),
    ref("reuse_repository_id", "reuse_repository", "The repository, for a commit on GitHub.", null=True),
    ref("hf_commit_id", "hf_commit", "The commit on the Hub.", null=True, index=False),
    ref("github_commit_id", "github_commit", "The commit on GitHub.", null=True, index=False),
    moment("authored_at", "When it was made: the author date; on the Hub the date of the commit."),
    moment("committed_at", "When it was applied: the committer date; on the Hub the date of the commit."),
    text("time_precision", "second, or day where the time is midnight sharp; NULL: no time."),
    flag("is_merge", "More than one parent, or a title that says so.", null=False),
    flag("is_bot", "A bot's, by a rule.", null=False),
    text("bot_rule", "The rule that says so."),
    flag("is_initial", "Its title says that the repository begins with it.", null=False),
    flag("is_attributes_only", "It touches nothing but .gitattributes; NULL: its files are not known."),
    unique("hf_commit_id"), unique("github_commit_id"),
    one_of("platform", PLATFORMS),
    one_of("time_precision", ("second", "day")),
    CheckConstraint(
        "(platform = 'github' AND github_commit_id IS NOT NULL AND reuse_repository_id IS NOT NULL AND hf_commit_id IS NULL AND model_id IS NULL)"
        " OR (platform = 'huggingface' AND hf_commit_id IS NOT NULL AND model_id IS NOT NULL AND github_commit_id IS NULL AND reuse_repository_id IS NULL)",
        name="one_side",
    ),
    comment="Commits of both platforms in one form, with flags. None is left out: profiles filter by the flags.",
)  # fmt: skip

sync_commit_reference = Table(
    "sync_commit_reference", metadata, key(),
    ref("sync_commit_id", "sync_commit", "The commit on the Hub.", index=False),
    text("kind", "autosync (a job copied the commit), url (the address of a commit), sha (a hash that a repository of its family has), repository (an address alone).", null=False),
    text("target", "What it names: owner/name@hash, owner/name, or a hash.", null=False),
    ref("github_commit_id", "github_commit", "The commit it names; NULL: not in this database.", null=True),
    unique("sync_commit_id", "target"),
    one_of("kind", ("autosync", "url", "sha", "repository")),
    comment="Commits on the Hub that name a commit or a repository on GitHub: the strongest evidence of synchronization.",
)  # fmt: skip

change_type = lookup(
    "change_type",
    "What a commit changes: the fifteen types of the study, and other and unclear.",
    text("change_group", "maintenance, meta, data, dependency; other for what the study discards.", null=False),
    text("definition", "What belongs to it.", null=False),
    text(
        "headline",
        "The activity of the study's abstract that it belongs to, as we read it: the study gives no such table; NULL: to none.",
    ),
)

commit_change_type = Table(
    "commit_change_type", metadata,
    ref("sync_commit_id", "sync_commit", "The commit.", pk=True),
    text("method", "rule or llm.", null=False, primary_key=True),
    text("method_version", "Version of the rules, or the model that answered.", null=False, primary_key=True),
    ref("change_type_id", "change_type", "What it changes."),
    number("confidence", "Between 0 and 1: a judgement of the rule or of the language model, not a measured rate.", null=False),
    text("rule", "The rule that decided; of a language model: its reason."),
    one_of("method", ("rule", "llm")),
    comment="The change type of each commit, by each method.",
    sqlite_with_rowid=False,
)  # fmt: skip

sync_result = Table(
    "sync_result", metadata, key(),
    ref("sync_profile_id", "sync_profile", "How histories were read.", index=False),
    ref("sync_family_id", "sync_family", "The family."),
    text("part", "all, or the early or late half (each side cut by its number of commits; the middle one is late).", null=False),
    text("status", "ok, or the side that has no commits.", null=False),
    moment("origin_at", "Beginning of bucket 0: the first commit of either side."),
    moment("last_at", "The last commit of either side."),
    integer("span_buckets", "Buckets from the first to the last active one.", null=False),
    integer("github_buckets", "Buckets with commits on GitHub.", null=False),
    integer("hub_buckets", "Buckets with commits on the Hub.", null=False),
    integer("overlap_buckets", "Buckets with both.", null=False),
    integer("variant_count", "Variants with commits.", null=False),
    integer("github_commits", "Commits on GitHub that count.", null=False),
    integer("hub_commits", "Commits on the Hub that count.", null=False),
    moment("first_github_at", "First commit on GitHub."),
    moment("first_hub_at", "First commit on the Hub."),
    moment("last_github_at", "Last commit on GitHub."),
    moment("last_hub_at", "Last commit on the Hub."),
    number("first_lag_days", "First commit on the Hub minus the first on GitHub, in days."),
    text("lag", "Which side is active in the first bucket: upstream_first (GitHub), simultaneous, downstream_first (the Hub)."),
    text("type", "CS complete, PS partial, VS variants only, AS asynchronous."),
    text("intensity", "F frequent, S sporadic, R rare."),
    text("code", "Type and intensity; NULL unless status is ok.", index=True),
    text("pattern", "Name of the pattern."),
    integer("longest_run", "Longest run of buckets that one variant shares with GitHub.", null=False),
    ref("longest_run_model_id", "model", "The variant with it.", null=True),
    integer("variant_bucket_count", "Buckets in which at least together_variants variants were active.", null=False),
    number("github_density", "Share of the span's buckets with commits on GitHub."),
    number("overlap_chance", "Share of all circular shifts of GitHub's activity that overlap as much; NULL: not the whole history."),
    flag("is_overlap_above_chance", "overlap_chance is at most 0.05."),
    number("phase_agreement", "Share of the 14 day phases of the buckets that give the same pattern; NULL: not the whole history."),
    integer("observable_buckets", "Buckets from the first commit to the newest collection of commits."),
    flag("is_short_window", "Too few observable buckets for anything but rare."),
    number("type_jaccard", "Change types seen on both sides, of those seen on either (by rule; other and unclear apart)."),
    number("family_age_days", "Mean over variants of whole days from the first to the last commit."),
    text("age_group", "Third of all families by age: recent, intermediate, matured."),
    integer("hub_delay_count", "Commits on the Hub that follow at least one on GitHub."),
    number("hub_delay_median_days", "Median of the days since the last commit on GitHub, over these."),
    unique("sync_profile_id", "sync_family_id", "part"),
    one_of("part", PARTS),
    one_of("status", STATUSES),
    one_of("lag", LAGS),
    one_of("type", ("CS", "PS", "VS", "AS")),
    one_of("intensity", ("F", "S", "R")),
    one_of("age_group", ("recent", "intermediate", "matured")),
    CheckConstraint("status <> 'ok' OR code IS NOT NULL", name="ok_has_code"),
    CheckConstraint("NOT (type = 'CS' AND lag = 'downstream_first')", name="complete_is_not_downstream"),
    CheckConstraint("NOT ((type = 'AS' OR type = 'VS') AND lag = 'simultaneous')", name="disjoint_is_not_simultaneous"),
    CheckConstraint("NOT (intensity = 'F' AND (type = 'AS' OR type = 'VS'))", name="frequent_overlaps"),
    comment="How a family is synchronized, by profile: the whole history and its two halves.",
)  # fmt: skip

sync_result_member = Table(
    "sync_result_member", metadata, key(),
    ref("sync_profile_id", "sync_profile", "How histories were read.", index=False),
    ref("sync_family_id", "sync_family", "The family."),
    ref("model_id", "model", "The variant."),
    integer("commit_count", "Its commits.", null=False),
    moment("first_at", "Its first commit.", null=False),
    moment("last_at", "Its last commit.", null=False),
    integer("bucket_count", "Its active buckets.", null=False),
    integer("overlap_buckets", "Those that it shares with GitHub.", null=False),
    integer("longest_run", "Longest run of these.", null=False),
    flag("is_covered", "All its buckets are shared with GitHub; NULL: no commits on GitHub."),
    number("first_lag_days", "Its first commit minus the first on GitHub, in days."),
    integer("github_commits_since", "Commits on GitHub after its last one; NULL: none there at all."),
    text("name_version", "Version in the variant's name, for instance 1.5; NULL: none."),
    unique("sync_profile_id", "sync_family_id", "model_id"),
    comment="How each variant of a family is synchronized.",
)  # fmt: skip

sync_bucket = Table(
    "sync_bucket", metadata,
    ref("sync_profile_id", "sync_profile", "How histories were read.", pk=True),
    ref("sync_family_id", "sync_family", "The family.", pk=True),
    integer("bucket", "Number of the period, from 0.", null=False, primary_key=True),
    moment("start_at", "Its beginning.", null=False),
    integer("github_commits", "Commits on GitHub.", null=False),
    integer("hub_commits", "Commits on the Hub.", null=False),
    integer("hub_variants", "Variants with commits.", null=False),
    comment="The active periods of a family. A period without commits has no row.",
    sqlite_with_rowid=False,
)  # fmt: skip

sync_bucket_member = Table(
    "sync_bucket_member", metadata,
    ref("sync_profile_id", "sync_profile", "How histories were read.", pk=True),
    ref("sync_family_id", "sync_family", "The family.", pk=True),
    ref("model_id", "model", "The variant.", pk=True),
    Index(None, "model_id"),
    integer("bucket", "Number of the period, from 0.", null=False, primary_key=True),
    integer("commit_count", "Its commits in it.", null=False),
    comment="The active periods of each variant: whether GitHub covers them all decides the type of the family.",
    sqlite_with_rowid=False,
)  # fmt: skip

sync_transition = Table(
    "sync_transition", metadata,
    ref("sync_profile_id", "sync_profile", "How histories were read.", pk=True),
    ref("sync_family_id", "sync_family", "The family.", pk=True),
    integer("seq", "Number of the change of sides, from 1.", null=False, primary_key=True),
    text("to_platform", "The side that moved second.", null=False),
    moment("from_at", "Last commit on the side before.", null=False),
    moment("to_at", "First commit on the other side after it.", null=False),
    integer("gap_days", "Whole days between them: the switch gap.", null=False),
    one_of("to_platform", PLATFORMS),
    comment="Neighbouring commits on different sides. Most gaps are short: see sync_burst for how long changes wait.",
    sqlite_with_rowid=False,
)  # fmt: skip

sync_burst = Table(
    "sync_burst", metadata,
    ref("sync_profile_id", "sync_profile", "How histories were read.", pk=True),
    ref("sync_family_id", "sync_family", "The family.", pk=True),
    integer("seq", "Number of the burst, from 1.", null=False, primary_key=True),
    moment("started_at", "Its first commit.", null=False),
    moment("ended_at", "Its last commit.", null=False),
    integer("commit_count", "Commits in it.", null=False),
    moment("next_hub_at", "The next commit on the Hub from started_at on; NULL: none until the newest collection."),
    number("delay_days", "Days from started_at to it, or to the newest collection.", null=False),
    flag("is_censored", "Nothing followed yet: delay_days is a lower bound.", null=False),
    comment="Bursts of work on GitHub (commits less than a window apart), and how long the Hub took to move.",
    sqlite_with_rowid=False,
)  # fmt: skip

sync_change_profile = Table(
    "sync_change_profile", metadata,
    ref("sync_family_id", "sync_family", "The family.", pk=True),
    text("platform", "github or huggingface.", null=False, primary_key=True),
    ref("change_type_id", "change_type", "The change type, by rule.", pk=True),
    integer("commit_count", "Commits of it.", null=False),
    integer("denominator", "Commits of the family on that platform.", null=False),
    one_of("platform", PLATFORMS),
    comment="What changes on each side of a family, all commits counted.",
    sqlite_with_rowid=False,
)  # fmt: skip
