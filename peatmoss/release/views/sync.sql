CREATE VIEW family_pattern AS
-- How each family is synchronized: one row per profile, family and part of its history, with names instead of numbers.
--   profile: How histories were read: paper, exact or strict.
--   family: The family, by its repository.
--   part: all, early or late.
--   status: ok, or which side has no commits.
--   lag: Which side was active first.
--   code: Type and intensity.
--   pattern: Name of the pattern.
--   variants: Variants with commits.
--   hub_buckets: Periods of 14 days with commits on the Hub.
--   overlap_buckets: Those with commits on GitHub too.
--   is_overlap_above_chance: 1 if shifted histories rarely overlap as much; 0: the overlap proves nothing.
--   phase_agreement: Share of the 14 possible origins of the periods that give the same pattern.
--   is_short_window: 1 if the family is too young for anything but a rare pattern.
SELECT profile.name AS profile, family.name AS family, result.part, result.status, result.lag, result.code, result.pattern,
  result.variant_count AS variants, result.hub_buckets, result.overlap_buckets, result.is_overlap_above_chance,
  result.phase_agreement, result.is_short_window
FROM sync_result AS result
JOIN sync_profile AS profile ON profile.id = result.sync_profile_id
JOIN sync_family AS family ON family.id = result.sync_family_id;

CREATE VIEW pattern_distribution AS
-- How many families have which pattern.
--   profile: How histories were read.
--   part: all, early or late.
--   number: Number of the pattern in the study.
--   pattern: The pattern.
--   family_count: Families with it.
--   denominator: Families with commits on both sides.
--   percent: Of these.
SELECT profile.name AS profile, result.part, pattern.number, result.pattern, COUNT(*) AS family_count,
  SUM(COUNT(*)) OVER (PARTITION BY profile.id, result.part) AS denominator,
  ROUND(100.0 * COUNT(*) / SUM(COUNT(*)) OVER (PARTITION BY profile.id, result.part), 1) AS percent
FROM sync_result AS result
JOIN sync_profile AS profile ON profile.id = result.sync_profile_id
JOIN sync_pattern AS pattern ON pattern.code = result.code
GROUP BY profile.id, result.part, pattern.number;

CREATE VIEW lag_by_pattern AS
-- Which side was active first, by pattern; whole histories.
--   profile: How histories were read.
--   pattern: The pattern.
--   upstream_first: Families in which GitHub was active first.
--   simultaneous: Families in which both were, in the same period of 14 days.
--   downstream_first: Families in which the Hub was active first.
--   denominator: Families with the pattern.
SELECT profile.name AS profile, result.pattern, SUM(result.lag = 'upstream_first') AS upstream_first,
  SUM(result.lag = 'simultaneous') AS simultaneous, SUM(result.lag = 'downstream_first') AS downstream_first, COUNT(*) AS denominator
FROM sync_result AS result
JOIN sync_profile AS profile ON profile.id = result.sync_profile_id
WHERE result.part = 'all' AND result.status = 'ok'
GROUP BY profile.id, result.pattern;

CREATE VIEW age_by_pattern AS
-- Age of families by pattern; whole histories. The age groups are thirds of the families of this release.
--   profile: How histories were read.
--   pattern: The pattern.
--   recent: Families in the youngest third.
--   intermediate: Families in the middle third.
--   matured: Families in the oldest third.
--   mean_age_days: Mean age.
--   denominator: Families with the pattern.
SELECT profile.name AS profile, result.pattern, SUM(result.age_group = 'recent') AS recent, SUM(result.age_group = 'intermediate') AS intermediate,
  SUM(result.age_group = 'matured') AS matured, ROUND(AVG(result.family_age_days), 1) AS mean_age_days, COUNT(*) AS denominator
FROM sync_result AS result
JOIN sync_profile AS profile ON profile.id = result.sync_profile_id
WHERE result.part = 'all' AND result.status = 'ok'
GROUP BY profile.id, result.pattern;

CREATE VIEW pattern_evolution AS
-- From which pattern to which: the early against the late half of each family's history.
--   profile: How histories were read.
--   early_pattern: Pattern of the early half.
--   late_pattern: Pattern of the late half.
--   family_count: Families with both.
--   is_transition: 1 if the two differ.
--   denominator: Families with a pattern in both halves.
SELECT profile.name AS profile, early.pattern AS early_pattern, late.pattern AS late_pattern, COUNT(*) AS family_count,
  early.pattern <> late.pattern AS is_transition, SUM(COUNT(*)) OVER (PARTITION BY profile.id) AS denominator
FROM sync_result AS early
JOIN sync_result AS late ON late.sync_profile_id = early.sync_profile_id AND late.sync_family_id = early.sync_family_id AND late.part = 'late'
JOIN sync_profile AS profile ON profile.id = early.sync_profile_id
WHERE early.part = 'early' AND early.status = 'ok' AND late.status = 'ok'
GROUP BY profile.id, early.pattern, late.pattern;

CREATE VIEW gap_summary AS
-- Switch gaps: days between neighbouring commits on different sides, by pattern, lag, age and direction.
--   profile: How histories were read.
--   grouping: pattern, lag, age or direction.
--   value: The group.
--   gap_count: Gaps in it.
--   mean_days: Mean.
--   median_days: Median (the lower one of two).
--   p90_days: Nine of ten gaps are at most so long.
--   max_days: The longest.
SELECT profile, grouping, value, COUNT(*) AS gap_count, ROUND(AVG(gap_days), 2) AS mean_days,
  MIN(CASE WHEN place * 2 >= total THEN gap_days END) AS median_days, MIN(CASE WHEN place * 10 >= total * 9 THEN gap_days END) AS p90_days,
  MAX(gap_days) AS max_days
FROM (
  SELECT profile, grouping, value, gap_days, ROW_NUMBER() OVER (PARTITION BY profile, grouping, value ORDER BY gap_days) AS place,
    COUNT(*) OVER (PARTITION BY profile, grouping, value) AS total
  FROM (
    SELECT profile.name AS profile, kind.grouping, CASE kind.grouping WHEN 'pattern' THEN result.pattern WHEN 'lag' THEN result.lag
      WHEN 'age' THEN result.age_group ELSE 'to ' || change.to_platform END AS value, change.gap_days
    FROM sync_transition AS change
    JOIN sync_profile AS profile ON profile.id = change.sync_profile_id
    JOIN sync_result AS result ON result.sync_profile_id = change.sync_profile_id AND result.sync_family_id = change.sync_family_id AND result.part = 'all'
    CROSS JOIN (SELECT 'pattern' AS grouping UNION ALL SELECT 'lag' UNION ALL SELECT 'age' UNION ALL SELECT 'direction') AS kind
  ) AS gap
) AS placed
GROUP BY profile, grouping, value;

CREATE VIEW commit_label AS
-- What each commit changes, one type a commit: the language model's where one was asked (the surest of several), else the rules'.
--   sync_commit_id: Key of the commit.
--   platform: github or huggingface.
--   owner: The model or the repository, as owner/name.
--   sha: Hash of the commit.
--   committed_at: When it was applied.
--   title: First line of its message.
--   change_type: What it changes.
--   change_group: Group of the change type.
--   method: rule or llm.
--   method_version: Version of the rules, or the language model.
--   confidence: Between 0 and 1, as the method says of itself.
--   reason: The rule, or the language model's reason.
--   change_type_by_rule: What the rules say.
SELECT label.sync_commit_id, sync_commit.platform, COALESCE(model.context_id, repository.owner || '/' || repository.name) AS owner,
  COALESCE(hub.commit_id, github.oid) AS sha, sync_commit.committed_at, COALESCE(hub.title, github.message_headline) AS title,
  type.name AS change_type, type.change_group, label.method, label.method_version, label.confidence, label.rule AS reason,
  ruled.name AS change_type_by_rule
FROM sync_commit
JOIN commit_change_type AS by_rule ON by_rule.sync_commit_id = sync_commit.id AND by_rule.method = 'rule'
JOIN change_type AS ruled ON ruled.id = by_rule.change_type_id
JOIN commit_change_type AS label ON label.sync_commit_id = sync_commit.id AND (label.method, label.method_version) = (
  SELECT best.method, best.method_version FROM commit_change_type AS best WHERE best.sync_commit_id = sync_commit.id
  ORDER BY best.method, best.confidence DESC, best.method_version LIMIT 1)
JOIN change_type AS type ON type.id = label.change_type_id
LEFT JOIN hf_commit AS hub ON hub.id = sync_commit.hf_commit_id
LEFT JOIN model ON model.id = sync_commit.model_id
LEFT JOIN github_commit AS github ON github.id = sync_commit.github_commit_id
LEFT JOIN reuse_repository AS repository ON repository.id = sync_commit.reuse_repository_id;

CREATE VIEW change_type_agreement AS
-- How far the rules and a language model agree on what commits change; empty as long as no language model was asked.
--   platform: github or huggingface.
--   language_model: The language model.
--   agreed_count: Commits with the same type by both.
--   denominator: Commits that both labelled.
--   percent: The one of the other.
--   kappa: Cohen's kappa: agreement beyond chance, 1 is complete; NULL: both always gave one and the same type.
WITH pair AS (
  SELECT sync_commit.platform, llm.method_version AS language_model, rule.change_type_id AS by_rule, llm.change_type_id AS by_llm, COUNT(*) AS n
  FROM commit_change_type AS llm
  JOIN commit_change_type AS rule ON rule.sync_commit_id = llm.sync_commit_id AND rule.method = 'rule'
  JOIN sync_commit ON sync_commit.id = llm.sync_commit_id
  WHERE llm.method = 'llm'
  GROUP BY 1, 2, 3, 4
), total AS (
  SELECT platform, language_model, SUM(n) AS n, SUM(CASE WHEN by_rule = by_llm THEN n ELSE 0 END) AS agreed FROM pair GROUP BY 1, 2
), chance AS (
  SELECT r.platform, r.language_model, SUM(1.0 * r.n * l.n) AS n
  FROM (SELECT platform, language_model, by_rule AS type, SUM(n) AS n FROM pair GROUP BY 1, 2, 3) AS r
  JOIN (SELECT platform, language_model, by_llm AS type, SUM(n) AS n FROM pair GROUP BY 1, 2, 3) AS l USING (platform, language_model, type)
  GROUP BY 1, 2
)
SELECT total.platform, total.language_model, total.agreed AS agreed_count, total.n AS denominator, ROUND(100.0 * total.agreed / total.n, 1) AS percent,
  ROUND((1.0 * total.agreed / total.n - COALESCE(chance.n, 0) / (total.n * total.n))
    / NULLIF(1 - COALESCE(chance.n, 0) / (total.n * total.n), 0), 3) AS kappa
FROM total LEFT JOIN chance USING (platform, language_model);

CREATE VIEW change_type_by_platform AS
-- What commits of families change, on each side, by rule.
--   platform: github or huggingface.
--   change_type: The change type.
--   change_group: Its group.
--   commit_count: Commits of it.
--   denominator: Commits of all families on that platform.
--   percent: Of these.
SELECT profile.platform, type.name AS change_type, type.change_group, SUM(profile.commit_count) AS commit_count,
  SUM(SUM(profile.commit_count)) OVER (PARTITION BY profile.platform) AS denominator,
  ROUND(100.0 * SUM(profile.commit_count) / SUM(SUM(profile.commit_count)) OVER (PARTITION BY profile.platform), 1) AS percent
FROM sync_change_profile AS profile JOIN change_type AS type ON type.id = profile.change_type_id
GROUP BY profile.platform, type.id;

CREATE VIEW family_timeline AS
-- The active periods of each family: the study's picture as rows.
--   profile: How histories were read.
--   family: The family.
--   bucket: Number of the period of 14 days, from 0.
--   start_at: Its beginning.
--   github_commits: Commits on GitHub.
--   hub_commits: Commits on the Hub.
--   hub_variants: Variants with commits.
--   is_shared: 1 if both sides were active.
SELECT profile.name AS profile, family.name AS family, bucket.bucket, bucket.start_at, bucket.github_commits, bucket.hub_commits,
  bucket.hub_variants, bucket.github_commits > 0 AND bucket.hub_commits > 0 AS is_shared
FROM sync_bucket AS bucket
JOIN sync_profile AS profile ON profile.id = bucket.sync_profile_id
JOIN sync_family AS family ON family.id = bucket.sync_family_id;

CREATE VIEW family_contributors AS
-- Who works on both sides of a family. Accounts of one name on both sides are taken for one person: often right, not proven.
--   family: The family.
--   pattern: Pattern of the family (profile paper).
--   github_accounts: Accounts with commits on GitHub.
--   hub_accounts: Accounts with commits on the Hub.
--   shared_accounts: Names among both.
--   github_commits_without: Commits on GitHub whose account is not known.
--   hub_commits_without: Commits on the Hub whose account is not known.
WITH named AS (
  SELECT family.id AS family_id, lower(account.login) AS name, 1 AS on_github, 0 AS on_hub
  FROM sync_family AS family
  JOIN github_commit ON github_commit.reuse_repository_id = family.reuse_repository_id
  JOIN commit_to_author AS link ON link.github_commit_id = github_commit.id
  JOIN github_user AS account ON account.id = link.github_user_id
  UNION
  SELECT member.sync_family_id, lower(author.name), 0, 1
  FROM sync_family_member AS member
  JOIN hf_commit ON hf_commit.model_id = member.model_id
  JOIN hf_commit_to_author AS link ON link.hf_commit_id = hf_commit.id
  JOIN author ON author.id = link.author_id
  WHERE NOT member.is_excluded
), account AS (
  SELECT family_id, name, MAX(on_github) AS on_github, MAX(on_hub) AS on_hub FROM named GROUP BY family_id, name
), counted AS (
  SELECT family_id, SUM(on_github) AS on_github, SUM(on_hub) AS on_hub, SUM(on_github * on_hub) AS shared FROM account GROUP BY family_id
)
SELECT family.name AS family, result.pattern,
  COALESCE(counted.on_github, 0) AS github_accounts, COALESCE(counted.on_hub, 0) AS hub_accounts,
  COALESCE(counted.shared, 0) AS shared_accounts,
  (SELECT COUNT(*) FROM github_commit WHERE github_commit.reuse_repository_id = family.reuse_repository_id
    AND NOT EXISTS (SELECT 1 FROM commit_to_author AS link WHERE link.github_commit_id = github_commit.id)) AS github_commits_without,
  (SELECT COUNT(*) FROM sync_family_member AS member JOIN hf_commit ON hf_commit.model_id = member.model_id
    WHERE member.sync_family_id = family.id AND NOT member.is_excluded
    AND NOT EXISTS (SELECT 1 FROM hf_commit_to_author AS link WHERE link.hf_commit_id = hf_commit.id)) AS hub_commits_without
FROM sync_family AS family
LEFT JOIN counted ON counted.family_id = family.id
LEFT JOIN sync_profile AS profile ON profile.name = 'paper'
LEFT JOIN sync_result AS result ON result.sync_profile_id = profile.id AND result.sync_family_id = family.id AND result.part = 'all';

CREATE VIEW family_versions AS
-- Versions of each variant, side by side: in its name, on the Hub, on GitHub. They need not agree: a question, not an answer.
--   family: The family.
--   model: The variant.
--   name_version: Version in its name; NULL: none.
--   hub_tag: Its newest tag on the Hub by name, with hub_tag_count in all.
--   hub_tag_count: Tags on the Hub.
--   github_release: Newest release on GitHub.
--   github_release_at: When it was made.
--   github_tag: Newest tag on GitHub, by date or else by name.
--   github_ref_count: Tags and releases on GitHub.
SELECT family.name AS family, model.context_id AS model,
  (SELECT name_version FROM sync_result_member AS result WHERE result.sync_family_id = family.id AND result.model_id = model.id LIMIT 1) AS name_version,
  (SELECT MAX(name) FROM hf_git_ref AS ref WHERE ref.model_id = model.id AND ref.kind = 'tag') AS hub_tag,
  (SELECT COUNT(*) FROM hf_git_ref AS ref WHERE ref.model_id = model.id AND ref.kind = 'tag') AS hub_tag_count,
  (SELECT name FROM repository_ref AS ref WHERE ref.reuse_repository_id = family.reuse_repository_id AND ref.kind = 'release' ORDER BY ref.created_at DESC, ref.name DESC LIMIT 1) AS github_release,
  (SELECT MAX(created_at) FROM repository_ref AS ref WHERE ref.reuse_repository_id = family.reuse_repository_id AND ref.kind = 'release') AS github_release_at,
  (SELECT name FROM repository_ref AS ref WHERE ref.reuse_repository_id = family.reuse_repository_id AND ref.kind = 'tag' ORDER BY ref.created_at DESC, ref.name DESC LIMIT 1) AS github_tag,
  (SELECT COUNT(*) FROM repository_ref AS ref WHERE ref.reuse_repository_id = family.reuse_repository_id AND ref.kind <> 'branch') AS github_ref_count
FROM sync_family AS family
JOIN sync_family_member AS member ON member.sync_family_id = family.id AND NOT member.is_excluded
JOIN model ON model.id = member.model_id;

CREATE VIEW family_staleness AS
-- What one side of a family did after the other's last commit: full times, all commits (profile exact). Idle is not wrong: a finished model needs no change.
--   family: The family.
--   repository: The repository on GitHub.
--   model: The variant.
--   pattern: Pattern of the family.
--   last_hub_at: Last commit of the variant.
--   last_github_at: Last commit on GitHub.
--   github_commits_since: Commits on GitHub after the variant's last one.
--   github_releases_since: Releases on GitHub after it, as far as releases were collected.
--   days_behind_github: Days from the variant's last commit to the last on GitHub; 0: the Hub moved last.
--   days_behind_hub: Days from the last commit on GitHub to the variant's last; 0: GitHub moved last.
--   hub_license: License the model declares; NULL: none.
--   github_license: License of the repository as GitHub recognises it; NULL: none, or not collected.
--   is_license_different: 1 if both state one and the names differ; NULL: a side states none.
SELECT family, repository, model, pattern, last_hub_at, last_github_at, github_commits_since, github_releases_since,
  MAX(CAST(julianday(last_github_at) - julianday(last_hub_at) AS INTEGER), 0) AS days_behind_github,
  MAX(CAST(julianday(last_hub_at) - julianday(last_github_at) AS INTEGER), 0) AS days_behind_hub, hub_license, github_license,
  CASE WHEN hub_license IS NOT NULL AND github_license <> 'other' THEN lower(hub_license) <> lower(github_license) END AS is_license_different
FROM (
  SELECT family.name AS family, family.repository_name AS repository, model.context_id AS model, result.pattern, member.last_at AS last_hub_at,
    result.last_github_at, member.github_commits_since,
    (SELECT COUNT(*) FROM repository_ref AS ref WHERE ref.reuse_repository_id = family.reuse_repository_id AND ref.kind = 'release' AND ref.created_at > member.last_at) AS github_releases_since,
    (SELECT group_concat(name, ', ') FROM (SELECT license.name FROM model_to_license AS link JOIN license ON license.id = link.license_id WHERE link.model_id = model.id ORDER BY license.name)) AS hub_license,
    repository.license_key AS github_license
  FROM sync_result_member AS member
  JOIN sync_profile AS profile ON profile.id = member.sync_profile_id AND profile.name = 'exact'
  JOIN sync_family AS family ON family.id = member.sync_family_id
  JOIN sync_result AS result ON result.sync_profile_id = profile.id AND result.sync_family_id = family.id AND result.part = 'all'
  JOIN model ON model.id = member.model_id
  LEFT JOIN reuse_repository AS repository ON repository.id = family.reuse_repository_id
) AS variant;

CREATE VIEW used_out_of_sync AS
-- Repositories that load a model whose family is out of sync: no period is shared, or GitHub moved on after the model's last commit.
--   repository: The repository that loads the model, as host/owner/name.
--   model: The model.
--   family: Its family.
--   pattern: Pattern of the family.
--   github_commits_since: Commits on GitHub after the model's last one.
--   days_behind_github: Days between the two.
--   usage_count: Places in the repository's own code that load it.
SELECT repository.host || '/' || repository.owner || '/' || repository.name AS repository, stale.model, stale.family, stale.pattern,
  stale.github_commits_since, stale.days_behind_github, usage.usage_count
FROM family_staleness AS stale
JOIN model ON model.context_id = stale.model
JOIN model_hub ON model_hub.id = model.model_hub_id AND model_hub.name = 'HuggingFace'
JOIN model_to_reuse_repository AS usage ON usage.model_id = model.id AND usage.usage_count > 0
JOIN reuse_repository AS repository ON repository.id = usage.reuse_repository_id
WHERE stale.pattern IN ('Sporadic Disjoint', 'Rare Disjoint') OR stale.github_commits_since > 0;
