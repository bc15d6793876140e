-- The views of a release. Each is one statement; the comment at its head describes it, and its indented lines the columns.
-- The comments stand inside the statements, so that they stay in peatmoss.db and `.schema` shows them.

CREATE VIEW overview AS
-- What is in this release: each count with what it is a part of.
--   position: Order of reading.
--   name: What is counted.
--   count: How many.
--   denominator: Of how many; NULL: it is no part of something.
--   meaning: How it is counted, in words.
SELECT 1 AS position, 'models' AS name, COUNT(*) AS count, NULL AS denominator, 'Models on all hubs, also those that are gone.' AS meaning FROM model
UNION ALL SELECT 2, 'gone models', COUNT(*), (SELECT COUNT(*) FROM model), 'Models that a complete listing or the hub''s answer showed to be gone.' FROM model WHERE gone_at IS NOT NULL
UNION ALL SELECT 3, 'gated models', COUNT(*), (SELECT COUNT(*) FROM model), 'Models whose access needs acceptance.' FROM model WHERE gated IN ('auto', 'manual')
UNION ALL SELECT 4, 'models with a license', (SELECT COUNT(DISTINCT model_id) FROM model_to_license), (SELECT COUNT(*) FROM model), 'Models that declare at least one license, by tag.'
UNION ALL SELECT 5, 'derived models', (SELECT COUNT(DISTINCT model_id) FROM model_to_base_model), (SELECT COUNT(*) FROM model), 'Models that name at least one base model.'
UNION ALL SELECT 6, 'derivation edges resolved', (SELECT COUNT(*) FROM model_to_base_model WHERE base_model_id IS NOT NULL), (SELECT COUNT(*) FROM model_to_base_model), 'Edges model -> base model whose base is a model of this release.'
UNION ALL SELECT 7, 'training data edges', COUNT(*), NULL, 'Edges dataset -> model, as models state them by tag.' FROM model_to_dataset
UNION ALL SELECT 8, 'models with a snapshot', COUNT(*), (SELECT COUNT(*) FROM model), 'Models of which a card, configuration or tensor header is here.' FROM model WHERE has_snapshot
UNION ALL SELECT 9, 'cards', (SELECT COUNT(*) FROM card), (SELECT COUNT(*) FROM snapshot), 'Snapshots whose card is here as an excerpt; cards of gated, gone, private and disabled models are not.'
UNION ALL SELECT 10, 'observations', COUNT(*), NULL, 'Changes of downloads, likes, revision or license over time, one row per model and date.' FROM model_observation
UNION ALL SELECT 11, 'repositories', COUNT(*), NULL, 'Repositories that use or produce models, or were searched for them.' FROM reuse_repository
UNION ALL SELECT 12, 'scanned repositories', (SELECT COUNT(DISTINCT reuse_repository_id) FROM repository_scan WHERE status <> 'failed'), (SELECT COUNT(*) FROM reuse_repository), 'Repositories whose code was read at least once.'
UNION ALL SELECT 13, 'usages resolved', (SELECT COUNT(*) FROM usage WHERE model_id IS NOT NULL), (SELECT COUNT(*) FROM usage), 'Places in code that name a model which is in this release.'
UNION ALL SELECT 14, 'links', COUNT(*), NULL, 'Pairs of a model and a repository that names it in its code.' FROM model_to_reuse_repository
UNION ALL SELECT 15, 'reused models', (SELECT COUNT(DISTINCT model_id) FROM model_to_reuse_repository), (SELECT COUNT(*) FROM model), 'Models that at least one repository names in its code.'
UNION ALL SELECT 16, 'records rejected', COALESCE(SUM(reject_count), 0), COALESCE(SUM(record_count), 0), 'Records of the archive that could not become a row.' FROM shard;

CREATE VIEW model_overview AS
-- One row per model, with names instead of numbers.
--   model_id: Key of the model.
--   name: The model's name on its hub.
--   hub: The hub.
--   author: Account that publishes it.
--   task: Task, as the hub names it.
--   licenses: Licenses as declared, joined by commas; NULL: none declared.
--   library: Library that the hub itself names for it.
--   base_model_count: Base models that it names.
--   downloads: Downloads in the 30 days before as_of, as the hub counts them.
--   likes: Likes.
--   gated: no, auto or manual; NULL: not said.
--   is_gone: 1 if it is known to be gone.
--   as_of: As of when this row is.
SELECT model.id AS model_id, model.context_id AS name, model_hub.name AS hub,
  (SELECT group_concat(name, ', ') FROM (SELECT author.name FROM model_to_author AS link JOIN author ON author.id = link.author_id WHERE link.model_id = model.id ORDER BY author.name)) AS author,
  (SELECT group_concat(name, ', ') FROM (SELECT model_task.name FROM model_to_model_task AS link JOIN model_task ON model_task.id = link.model_task_id WHERE link.model_id = model.id ORDER BY model_task.name)) AS task,
  (SELECT group_concat(name, ', ') FROM (SELECT license.name FROM model_to_license AS link JOIN license ON license.id = link.license_id WHERE link.model_id = model.id ORDER BY license.name)) AS licenses,
  (SELECT group_concat(name, ', ') FROM (SELECT library.name FROM model_to_library AS link JOIN library ON library.id = link.library_id WHERE link.model_id = model.id AND link.source = 'library_name' ORDER BY library.name)) AS library,
  (SELECT COUNT(DISTINCT base_model_name) FROM model_to_base_model AS edge WHERE edge.model_id = model.id) AS base_model_count,
  model.downloads, model.likes, model.gated, model.gone_at IS NOT NULL AS is_gone, shard.as_of
FROM model
JOIN model_hub ON model_hub.id = model.model_hub_id
JOIN shard ON shard.id = model.shard_id;

CREATE VIEW supply_chain_edge AS
-- Every edge of the supply chain, one form for all: dataset -> model -> model -> repository.
--   from_kind: dataset or model.
--   from_name: What is used: a dataset, a base model, a model.
--   relation: trains; how a model was derived (finetune, adapter, merge, quantized, unknown); used_by or mentioned_by.
--   to_kind: model or repository.
--   to_name: What uses it: a model, or a repository as host/owner/name.
--   is_resolved: 1 if from_name is a row of this release, 0 if it is a name only.
SELECT 'dataset' AS from_kind, dataset.name AS from_name, 'trains' AS relation, 'model' AS to_kind, model.context_id AS to_name, 1 AS is_resolved
FROM model_to_dataset AS edge JOIN dataset ON dataset.id = edge.dataset_id JOIN model ON model.id = edge.model_id
UNION ALL
SELECT 'model', COALESCE(base.context_id, edge.base_model_name), edge.relation, 'model', model.context_id, base.id IS NOT NULL
FROM model_to_base_model AS edge JOIN model ON model.id = edge.model_id LEFT JOIN model AS base ON base.id = edge.base_model_id
UNION ALL
SELECT 'model', model.context_id, CASE WHEN edge.usage_count > 0 THEN 'used_by' ELSE 'mentioned_by' END, 'repository', repo.host || '/' || repo.owner || '/' || repo.name, 1
FROM model_to_reuse_repository AS edge JOIN model ON model.id = edge.model_id JOIN reuse_repository AS repo ON repo.id = edge.reuse_repository_id;

CREATE VIEW base_model_unresolved AS
-- Base models that are named but are not in this release: models beyond the listing, renamed, gone, local paths, typing errors.
--   base_model_name: The base model as it was named.
--   model_count: Models that name it.
--   example: One of them.
SELECT edge.base_model_name, COUNT(DISTINCT edge.model_id) AS model_count, MIN(model.context_id) AS example
FROM model_to_base_model AS edge JOIN model ON model.id = edge.model_id
WHERE edge.base_model_id IS NULL
GROUP BY edge.base_model_name;

CREATE VIEW license_of_base_and_derived AS
-- The license that a base model declares beside the one that a model derived from it declares. A difference is a question, not an answer: read both cards.
--   base: The base model.
--   derived: The model derived from it.
--   relation: How it was derived.
--   base_license: Licenses that the base declares; NULL: none declared.
--   derived_license: Licenses that the derived model declares; NULL: none declared.
--   comparison: same, different, base declares only, derived declares only, or neither declares.
--   edge_declared_in: Strongest place that states the derivation: base_models, tag or card_data.
--   base_url: Page of the base model.
--   derived_url: Page of the derived model.
--   base_as_of: As of when the base's row is.
--   derived_as_of: As of when the derived model's row is.
SELECT base, derived, relation, base_license, derived_license,
  CASE WHEN base_license IS NULL AND derived_license IS NULL THEN 'neither declares'
    WHEN base_license IS NULL THEN 'derived declares only'
    WHEN derived_license IS NULL THEN 'base declares only'
    WHEN base_license = derived_license THEN 'same' ELSE 'different' END AS comparison,
  edge_declared_in, base_url, derived_url, base_as_of, derived_as_of
FROM (
  SELECT base.context_id AS base, model.context_id AS derived, edge.relation, edge.declared_in AS edge_declared_in,
    (SELECT group_concat(name, ', ') FROM (SELECT license.name FROM model_to_license AS link JOIN license ON license.id = link.license_id WHERE link.model_id = base.id ORDER BY license.name)) AS base_license,
    (SELECT group_concat(name, ', ') FROM (SELECT license.name FROM model_to_license AS link JOIN license ON license.id = link.license_id WHERE link.model_id = model.id ORDER BY license.name)) AS derived_license,
    base.repo_url AS base_url, model.repo_url AS derived_url, base_shard.as_of AS base_as_of, shard.as_of AS derived_as_of
  FROM model_to_base_model AS edge
  JOIN model ON model.id = edge.model_id JOIN shard ON shard.id = model.shard_id
  JOIN model AS base ON base.id = edge.base_model_id JOIN shard AS base_shard ON base_shard.id = base.shard_id
) AS edge;

CREATE VIEW license_change AS
-- Models whose declared license was another one at an earlier date. What was granted once usually stays with copies already received.
--   model: The model.
--   license_before: Licenses declared before, joined by blanks.
--   license: Licenses declared from as_of on.
--   before_as_of: Date of the earlier observation.
--   as_of: Date at which the new license was first seen: it changed at some time between the two.
--   direction: loosened (clauses of the one before are gone), tightened (the new one has more), renamed (the same license), lateral (both or neither), or unknown; NULL: `analyze licenses` has not run.
SELECT model.context_id AS model, change.license_before, change.license, change.before_as_of, change.as_of,
  CASE WHEN before.expression = after.expression THEN 'renamed'
    WHEN onward.verdict = 'unknown' OR back.verdict = 'unknown' THEN 'unknown'
    WHEN onward.verdict = 'incompatible' AND back.verdict <> 'incompatible' THEN 'loosened'
    WHEN back.verdict = 'incompatible' AND onward.verdict <> 'incompatible' THEN 'tightened'
    WHEN onward.verdict IS NOT NULL THEN 'lateral' END AS direction
FROM (
  SELECT model_id, license, as_of,
    LAG(license) OVER (PARTITION BY model_id ORDER BY as_of) AS license_before,
    LAG(as_of) OVER (PARTITION BY model_id ORDER BY as_of) AS before_as_of
  FROM model_observation WHERE license IS NOT NULL
) AS change JOIN model ON model.id = change.model_id
LEFT JOIN license_claim AS before ON before.model_id = model.id AND before.source = 'tag' AND before.claimed_at = change.before_as_of
LEFT JOIN license_claim AS after ON after.model_id = model.id AND after.source = 'tag' AND after.claimed_at = change.as_of
LEFT JOIN license_verdict AS onward ON onward.upstream_expression = before.expression AND onward.downstream_expression = after.expression AND onward.relation = 'relicense'
LEFT JOIN license_verdict AS back ON back.upstream_expression = after.expression AND back.downstream_expression = before.expression AND back.relation = 'relicense'
WHERE change.license_before <> change.license;

CREATE VIEW model_reuse AS
-- How often a model is built upon: only models with at least one derived model or repository. A model that is not here was not seen in the repositories scanned; see usage_coverage for which these are.
--   model: The model.
--   derived_count: Models of this release that name it as their base.
--   repository_count: Repositories that use it in their own code; forks are not counted.
--   fork_count: Forks of other repositories that use it in their own code.
--   mention_count: Repositories that only mention it, or hold a copy of code that uses it.
SELECT model.context_id AS model, SUM(derived) AS derived_count, SUM(used) AS repository_count, SUM(forked) AS fork_count, SUM(mentioned) AS mention_count
FROM (
  SELECT base_model_id AS model_id, COUNT(DISTINCT model_id) AS derived, 0 AS used, 0 AS forked, 0 AS mentioned
  FROM model_to_base_model WHERE base_model_id IS NOT NULL GROUP BY base_model_id
  UNION ALL
  SELECT link.model_id, 0, SUM(link.usage_count > 0 AND NOT COALESCE(repo.is_fork, 0)), SUM(link.usage_count > 0 AND COALESCE(repo.is_fork, 0)), SUM(link.usage_count = 0)
  FROM model_to_reuse_repository AS link JOIN reuse_repository AS repo ON repo.id = link.reuse_repository_id GROUP BY link.model_id
) AS reuse JOIN model ON model.id = reuse.model_id
GROUP BY model.id;

CREATE VIEW usage_coverage AS
-- Where models were looked for: no usage of a model means that it was not seen in these repositories, not that nobody uses it.
--   scanned_count: Repositories whose code was read at least once.
--   failed_count: Repositories whose code could not be read.
--   known_count: Repositories of this release.
--   found_by: Where the names of the scanned repositories come from.
--   first_scanned_at: As-of date of the oldest scan.
--   last_scanned_at: As-of date of the newest scan.
--   detectors: Versions of the usage detector.
--   statement: The sentence to put beside a model without usages.
SELECT scanned_count, failed_count, known_count, found_by, first_scanned_at, last_scanned_at, detectors,
  'not seen in the ' || scanned_count || ' repositories scanned (found by ' || COALESCE(found_by, 'nothing') || ', scanned on '
  || COALESCE(substr(first_scanned_at, 1, 10) || CASE WHEN substr(first_scanned_at, 1, 10) = substr(last_scanned_at, 1, 10) THEN '' ELSE ' to ' || substr(last_scanned_at, 1, 10) END, 'no day') || ')' AS statement
FROM (SELECT
  (SELECT COUNT(DISTINCT reuse_repository_id) FROM repository_scan WHERE status <> 'failed') AS scanned_count,
  (SELECT COUNT(DISTINCT reuse_repository_id) FROM repository_scan WHERE status = 'failed') AS failed_count,
  (SELECT COUNT(*) FROM reuse_repository) AS known_count,
  (SELECT group_concat(origin, ', ') FROM (SELECT DISTINCT shard.origin FROM repository_scan AS scan JOIN reuse_repository AS repo ON repo.id = scan.reuse_repository_id JOIN shard ON shard.id = repo.shard_id ORDER BY shard.origin)) AS found_by,
  (SELECT MIN(scanned_at) FROM repository_scan) AS first_scanned_at,
  (SELECT MAX(scanned_at) FROM repository_scan) AS last_scanned_at,
  (SELECT group_concat(detector_version, ', ') FROM (SELECT DISTINCT detector_version FROM repository_scan ORDER BY detector_version)) AS detectors
) AS coverage;

CREATE VIEW repository_reuse AS
-- What the code of each scanned repository names: its own use, and what is not its own use. All scans of a repository together.
--   repository: host/owner/name.
--   is_fork: 1 if it is a fork of another repository; NULL: not known.
--   fork_parent: The repository it was forked from.
--   model_count: Models of this release that its own code uses.
--   usage_count: Usages in its own code.
--   vendored_count: Usages in copies of other projects' code.
--   other_count: Further usages that are not its own: mentions, provenance, code that does not run.
--   unresolved_count: Usages, of all kinds, whose model is not known.
--   has_vendored: 1 if it holds a copy of another project's code that names models.
SELECT repo.host || '/' || repo.owner || '/' || repo.name AS repository, repo.is_fork, repo.fork_parent,
  COUNT(DISTINCT CASE WHEN usage.is_used THEN usage.model_id END) AS model_count,
  COALESCE(SUM(usage.is_used), 0) AS usage_count,
  COALESCE(SUM(usage.path_class = 'vendored' AND NOT usage.is_used), 0) AS vendored_count,
  COALESCE(SUM(usage.path_class <> 'vendored' AND NOT usage.is_used), 0) AS other_count,
  COALESCE(SUM(usage.model_id IS NULL), 0) AS unresolved_count,
  COALESCE(MAX(usage.path_class = 'vendored'), 0) AS has_vendored
FROM repository_scan AS scan JOIN reuse_repository AS repo ON repo.id = scan.reuse_repository_id
LEFT JOIN usage ON usage.repository_scan_id = scan.id
WHERE scan.status <> 'failed'
GROUP BY repo.id;

CREATE VIEW usage_evidence AS
-- Every place in code that names a model, with the address of the line. is_used = 1 leaves out what is not the repository's own use.
--   repository: host/owner/name.
--   is_fork: 1 if the repository is a fork of another one; NULL: not known.
--   path: File.
--   line: Line.
--   call: Function or command.
--   argument: The argument as written.
--   model: The model it was resolved to; NULL: not resolved, or not in this release.
--   role: What the code does with it.
--   method: How the name was found.
--   confidence: How often a name found so is right, between 0 and 1.
--   path_class: What kind of file it is.
--   is_used: 1 if running the repository's own code would load it.
--   url: Address of the line at the commit that was read; only for github.com.
SELECT repo.host || '/' || repo.owner || '/' || repo.name AS repository, repo.is_fork, usage.path, usage.line, usage.call, usage.argument,
  model.context_id AS model, usage.role, usage.method, usage.confidence, usage.path_class, usage.is_used,
  CASE WHEN repo.host = 'github.com' THEN repo.url || '/blob/' || scan.commit_sha || '/' || usage.path || '#L' || usage.line END AS url
FROM usage
JOIN repository_scan AS scan ON scan.id = usage.repository_scan_id
JOIN reuse_repository AS repo ON repo.id = scan.reuse_repository_id
LEFT JOIN model ON model.id = usage.model_id;

CREATE VIEW license_reflection AS
-- Every edge of the supply chain with what the rules say of its licenses. An automated reading of declared licenses on the dates shown, not legal advice: the rights holder may have agreed otherwise.
--   kind: derivation (a model is derived from the model), training (a model names the dataset) or usage (a repository uses the model).
--   model: The model or dataset that is built upon or used.
--   license: The license concluded for it, an SPDX expression or LicenseRef; NULL: nobody claims any.
--   used_by: The derived model, or the repository as host/owner/name.
--   used_by_license: The license concluded for that; NULL: nobody claims any.
--   outcome: no lost clause found (which is no clearance), only under a condition, not reflected (a clause of the model's license is not in the other), or unknown.
--   reason: The reason in words.
--   lost_clauses: Codes of the clauses, see license_clause_code.
--   place: How the model was derived, or what the code does with it.
--   tier: A: contains material of the model. B: contested. C: refers to it only.
--   evidence: Where the edge is stated, for a usage path:line at a commit.
--   url: Page of the derived model, or the line of code if it is on github.com.
--   rule_set: The rule set that decided.
--   reason_code: The layer of rules that decided, or why it is unknown.
--   source_url: The list, matrix or license that says so.
--   source_date: Its date.
--   license_edge_id: The edge.
SELECT CASE WHEN edge.downstream_kind = 'repository' THEN 'usage' WHEN edge.upstream_kind = 'dataset' THEN 'training' ELSE 'derivation' END AS kind,
  edge.upstream AS model, NULLIF(NULLIF(verdict.upstream_expression, 'NONE'), 'UNASKED') AS license,
  edge.downstream AS used_by, NULLIF(NULLIF(verdict.downstream_expression, 'NONE'), 'UNASKED') AS used_by_license,
  CASE verdict.verdict WHEN 'compatible' THEN 'no lost clause found' WHEN 'conditional' THEN 'only under a condition' WHEN 'incompatible' THEN 'not reflected' ELSE 'unknown' END AS outcome,
  verdict.reason, verdict.lost_clauses, edge.kind AS place, edge.tier,
  CASE WHEN edge.reuse_repository_id IS NULL THEN 'stated in the tags or the card of ' || edge.downstream ELSE (
    SELECT usage.path || ':' || usage.line || ' at ' || substr(scan.commit_sha, 1, 10)
    FROM usage JOIN repository_scan AS scan ON scan.id = usage.repository_scan_id
    WHERE usage.model_id = edge.upstream_model_id AND scan.reuse_repository_id = edge.reuse_repository_id AND usage.role = edge.kind
    ORDER BY usage.is_used DESC, usage.path_class <> 'src', scan.scanned_at DESC, usage.path, usage.line LIMIT 1) END AS evidence,
  CASE WHEN edge.reuse_repository_id IS NULL THEN (SELECT model.repo_url FROM model WHERE model.id = edge.downstream_model_id) ELSE (
    SELECT CASE WHEN repo.host = 'github.com' THEN repo.url || '/blob/' || scan.commit_sha || '/' || usage.path || '#L' || usage.line END
    FROM usage JOIN repository_scan AS scan ON scan.id = usage.repository_scan_id JOIN reuse_repository AS repo ON repo.id = scan.reuse_repository_id
    WHERE usage.model_id = edge.upstream_model_id AND scan.reuse_repository_id = edge.reuse_repository_id AND usage.role = edge.kind
    ORDER BY usage.is_used DESC, usage.path_class <> 'src', scan.scanned_at DESC, usage.path, usage.line LIMIT 1) END AS url,
  verdict.rule_set, verdict.reason_code, verdict.source_url, verdict.source_date, edge.id AS license_edge_id
FROM license_edge AS edge JOIN license_verdict AS verdict ON verdict.id = edge.license_verdict_id;

CREATE VIEW license_chain AS
-- What licenses of ancestors ask of a model, along all derivations, and where a clause was lost first. An automated reading of declared licenses, not legal advice.
--   model: The model that the obligation reaches.
--   license_id: The license of an ancestor that asks for it.
--   origin: The nearest ancestor under that license.
--   depth: Steps from it.
--   state: carried, lost on the way into this model, dropped earlier in the chain, or unknown (this model's license).
--   lost_clauses: Codes of the clauses that are lost.
--   first_loss: The edge where they were lost first.
--   own_license: The license concluded for the model itself; NULL: nobody claims any.
--   downloads: Downloads of the model in 30 days.
SELECT model.context_id AS model, o.license_id, origin.context_id AS origin, o.depth,
  CASE o.state WHEN 'lost' THEN 'lost here' WHEN 'lost_earlier' THEN 'dropped earlier in the chain' ELSE o.state END AS state, o.lost_clauses,
  lost_from.context_id || ' -> ' || lost_at.context_id AS first_loss,
  (SELECT c.expression FROM license_conclusion AS c WHERE c.model_id = model.id AND c.component = 'weights') AS own_license, model.downloads
FROM license_obligation AS o JOIN model ON model.id = o.model_id JOIN model AS origin ON origin.id = o.origin_model_id
LEFT JOIN model AS lost_from ON lost_from.id = o.lost_from_model_id LEFT JOIN model AS lost_at ON lost_at.id = o.lost_at_model_id;

CREATE VIEW reject_summary AS
-- What could not become a row, by reason. A rejected field costs one fact, a rejected record the whole record.
--   kind: Kind of the records.
--   origin: Where they came from.
--   reason: Why.
--   record_count: Whole records that were rejected for it.
--   field_count: Single fields that were rejected for it.
--   example: Key of one of them.
SELECT shard.kind, shard.origin, reject.reason, SUM(reject.field = '') AS record_count, SUM(reject.field <> '') AS field_count, MIN(reject.key) AS example
FROM reject JOIN shard ON shard.id = reject.shard_id
GROUP BY shard.kind, shard.origin, reject.reason;

CREATE VIEW freshness AS
-- How old the data is, by kind of record.
--   kind: Kind of record.
--   newest_as_of: Date of the newest shard.
--   oldest_as_of: Date of the oldest shard.
--   shard_count: Shards.
--   record_count: Records in them.
--   loaded_count: Records that became rows.
--   reject_count: Records that did not.
--   complete_count: Shards that are complete listings; the others are parts.
SELECT kind, MAX(as_of) AS newest_as_of, MIN(as_of) AS oldest_as_of, COUNT(*) AS shard_count, SUM(record_count) AS record_count,
  SUM(loaded_count) AS loaded_count, SUM(reject_count) AS reject_count, SUM(coverage = 'complete') AS complete_count
FROM shard GROUP BY kind;

CREATE VIEW naming_element AS
-- What names are made of: what engineers want (the survey of the naming study), what names had in 2023, and what they have here.
-- A name counts once for each element that it has. The study's counts are of its paper and artifact (EMSE 30:155).
--   code: The study's letter.
--   element: What it stands for.
--   survey_count: Engineers, of 108, who want it in a name; NULL: the survey did not ask.
--   survey_percent: The same as a percentage.
--   study_count: Names, of 14,178 of 2023, that have it; NULL: the study did not label it.
--   study_percent: The same as a percentage.
--   count: Names of this release that have it.
--   denominator: Names of this release.
--   percent: The same as a percentage.
SELECT code, element, survey_count, ROUND(survey_count * 100.0 / 108, 1) AS survey_percent,
  study_count, ROUND(study_count * 100.0 / 14178, 1) AS study_percent, count, denominator,
  ROUND(count * 100.0 / NULLIF(denominator, 0), 1) AS percent
FROM (
  SELECT study.*, (SELECT COUNT(*) FROM model_name WHERE instr(codes, study.code) > 0) AS count,
    (SELECT COUNT(*) FROM model_name) AS denominator
  FROM (
    SELECT 'A' AS code, 'architecture' AS element, 69 AS survey_count, 11811 AS study_count
    UNION ALL SELECT 'S', 'size', 62, 6269 UNION ALL SELECT 'T', 'task or application', 57, 4691
    UNION ALL SELECT 'V', 'version', 52, 1801 UNION ALL SELECT 'P', 'parameters', 46, 1939
    UNION ALL SELECT 'L', 'language', 39, 2486 UNION ALL SELECT 'D', 'dataset', 30, 3664
    UNION ALL SELECT 'F', 'adaptation', 16, 1268 UNION ALL SELECT 'R', 'training', 8, 134
    UNION ALL SELECT 'C', 'dataset characteristic', 7, 1380 UNION ALL SELECT 'O', 'other', 3, 5170
    UNION ALL SELECT 'N', 'layers', 2, 309 UNION ALL SELECT 'H', 'heads or hidden size', NULL, 88
    UNION ALL SELECT 'W', 'format or framework', NULL, NULL UNION ALL SELECT 'M', 'organisation', NULL, NULL
  ) AS study
);

CREATE VIEW naming_convention AS
-- The four conventions: what engineers prefer, what names followed in 2023, and what they follow here.
--   convention: I, IAT, AT or O.
--   meaning: In words.
--   survey_count: Selections, of 176 (two for each engineer), in the survey of the naming study.
--   survey_percent: The same as a percentage.
--   study_count: Names, of 13,208 of 2023 that the study labelled.
--   study_percent: The same as a percentage.
--   count: Names of this release.
--   denominator: All names of this release.
--   percent: The same as a percentage.
SELECT study.convention, meaning, survey_count, ROUND(survey_count * 100.0 / 176, 1) AS survey_percent,
  study_count, ROUND(study_count * 100.0 / 13208, 1) AS study_percent, COUNT(model_name.model_id) AS count,
  (SELECT COUNT(*) FROM model_name) AS denominator,
  ROUND(COUNT(model_name.model_id) * 100.0 / NULLIF((SELECT COUNT(*) FROM model_name), 0), 1) AS percent
FROM (
  SELECT 'IAT' AS convention, 'implementation and application or task' AS meaning, 106 AS survey_count, 3488 AS study_count
  UNION ALL SELECT 'I', 'implementation', 26, 7793 UNION ALL SELECT 'AT', 'application or task', 41, 525
  UNION ALL SELECT 'O', 'neither', 3, 1402
) AS study LEFT JOIN model_name ON model_name.convention = study.convention
GROUP BY study.convention, meaning, survey_count, study_count;

CREATE VIEW name_inconsistency AS
-- Names that do not say what the content is, claim beside evidence; without what a rule or an accepted objection acquits.
--   finding_id: Key of the finding, to object to it (query dispute_a_finding).
--   model: The model.
--   kind: I1 to I17, see name_finding.
--   severity: hard or soft.
--   claim: What the name says.
--   evidence: What was found instead.
--   reason: In words.
--   downloads: Downloads of the model.
SELECT name_finding.id AS finding_id, model.context_id AS model, kind, severity, claim, evidence, reason, model.downloads
FROM name_finding JOIN model ON model.id = name_finding.model_id WHERE severity <> 'info';

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
WITH github AS (
  SELECT DISTINCT family.id AS family_id, lower(account.login) AS name
  FROM sync_family AS family
  JOIN github_commit ON github_commit.reuse_repository_id = family.reuse_repository_id
  JOIN commit_to_author AS link ON link.github_commit_id = github_commit.id
  JOIN github_user AS account ON account.id = link.github_user_id
), hub AS (
  SELECT DISTINCT member.sync_family_id AS family_id, lower(author.name) AS name
  FROM sync_family_member AS member
  JOIN hf_commit ON hf_commit.model_id = member.model_id
  JOIN hf_commit_to_author AS link ON link.hf_commit_id = hf_commit.id
  JOIN author ON author.id = link.author_id
  WHERE NOT member.is_excluded
)
SELECT family.name AS family, result.pattern,
  (SELECT COUNT(*) FROM github WHERE github.family_id = family.id) AS github_accounts,
  (SELECT COUNT(*) FROM hub WHERE hub.family_id = family.id) AS hub_accounts,
  (SELECT COUNT(*) FROM github JOIN hub USING (family_id, name) WHERE github.family_id = family.id) AS shared_accounts,
  (SELECT COUNT(*) FROM github_commit WHERE github_commit.reuse_repository_id = family.reuse_repository_id
    AND NOT EXISTS (SELECT 1 FROM commit_to_author AS link WHERE link.github_commit_id = github_commit.id)) AS github_commits_without,
  (SELECT COUNT(*) FROM sync_family_member AS member JOIN hf_commit ON hf_commit.model_id = member.model_id
    WHERE member.sync_family_id = family.id AND NOT member.is_excluded
    AND NOT EXISTS (SELECT 1 FROM hf_commit_to_author AS link WHERE link.hf_commit_id = hf_commit.id)) AS hub_commits_without
FROM sync_family AS family
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

CREATE VIEW card_fact AS
-- The facts to use of each model's newest card: values that are chosen (see card_value.is_chosen), with their evidence.
--   model_id: Key of the model.
--   model: The model.
--   field: Which fact.
--   name: Of a metric or a setting: which.
--   value: The value, normalised.
--   number: The value as a number, in `unit`.
--   unit: Its unit; NULL: none, or left open.
--   role: Of a dataset, repository, paper or base model: what it is to the model.
--   dataset: Of an evaluation result: the dataset.
--   extractor: rules, or llm and the name of the language model.
--   method: How it was found.
--   confidence: How sure the method is.
--   raw: The words of the card; NULL where the card is withheld.
--   place: Path in the front matter, or characters of the card.
--   as_of: As of when this revision was first seen.
SELECT snapshot.model_id, model.context_id AS model, card_value.field, card_value.name, card_value.value, card_value.number, card_value.unit, card_value.role,
  card_value.dataset, card_value.extractor, card_value.method, card_value.confidence, card_value.raw,
  COALESCE(card_value.path, card_value.char_start || '-' || card_value.char_end) AS place, snapshot.as_of
FROM card_value
JOIN snapshot ON snapshot.id = card_value.snapshot_id
JOIN model ON model.id = snapshot.model_id
WHERE card_value.is_chosen AND NOT EXISTS (
  SELECT 1 FROM snapshot AS later JOIN card_extraction ON card_extraction.snapshot_id = later.id
  WHERE later.model_id = snapshot.model_id AND (later.as_of > snapshot.as_of OR (later.as_of = snapshot.as_of AND later.id > snapshot.id)));

CREATE VIEW card_presence AS
-- In how many cards a field is present, beside the share that PeaTMOSS (2024) published for its language model.
--   field: Which fact.
--   card_count: Cards (newest of each model) in which it is found.
--   denominator: Cards that were read.
--   share: The one of the other, in percent.
--   peatmoss_share: PeaTMOSS's share in percent; NULL: not published.
--   peatmoss_denominator: Cards that PeaTMOSS could use.
WITH published (field, share) AS (VALUES
  ('library', 98.85), ('domain', 98.74), ('task', 98.73), ('license', 78.01), ('dataset', 74.41), ('base_model', 73.48), ('demo', 70.56),
  ('github_repository', 58.69), ('evaluation', 58.6), ('language', 52.77), ('paper', 48.03), ('hyper_parameter', 33.24), ('parameter_count', 30.11),
  ('hardware', 29.39), ('input_format', 22.67), ('limitation', 18.16), ('output_format', 18.1), ('grant', 7.81), ('carbon_emitted', 4.8)),
found AS (SELECT field, COUNT(DISTINCT model_id) AS card_count FROM card_fact GROUP BY field),
every AS (SELECT COUNT(DISTINCT snapshot.model_id) AS denominator FROM card_extraction JOIN snapshot ON snapshot.id = card_extraction.snapshot_id)
SELECT found.field, found.card_count, every.denominator, ROUND(100.0 * found.card_count / every.denominator, 2) AS share,
  published.share AS peatmoss_share, CASE WHEN published.share IS NOT NULL THEN 11693 END AS peatmoss_denominator
FROM found CROSS JOIN every LEFT JOIN published ON published.field = found.field;

CREATE VIEW card_agreement AS
-- Rules and language models side by side: one row per card, field and name on which both were asked.
--   model: The model.
--   snapshot_id: Key of the snapshot.
--   field: Which fact.
--   name: Of a metric or a setting: which; empty: none.
--   by_rules: Values of the rules, joined by commas; NULL: none.
--   by_llm: Values of the language model, joined by commas; NULL: none.
--   extractor: The language model.
--   verdict: same, rules only, llm only, or different.
WITH pair AS (SELECT DISTINCT snapshot_id, extractor FROM card_extraction WHERE extractor <> 'rules' AND status = 'ok'),
side AS (
  SELECT snapshot_id, extractor, field, COALESCE(name, '') AS name, group_concat(value, ', ') AS texts
  FROM (SELECT DISTINCT snapshot_id, extractor, field, name, value FROM card_value ORDER BY snapshot_id, extractor, field, name, lower(value))
  GROUP BY snapshot_id, extractor, field, COALESCE(name, '')),
fact AS (
  SELECT pair.snapshot_id, pair.extractor, side.field, side.name FROM pair JOIN side ON side.snapshot_id = pair.snapshot_id AND side.extractor IN ('rules', pair.extractor)
  GROUP BY pair.snapshot_id, pair.extractor, side.field, side.name)
SELECT model.context_id AS model, fact.snapshot_id, fact.field, fact.name, a.texts AS by_rules, b.texts AS by_llm, fact.extractor,
  CASE WHEN a.texts IS NULL THEN 'llm only' WHEN b.texts IS NULL THEN 'rules only' WHEN lower(a.texts) = lower(b.texts) THEN 'same' ELSE 'different' END AS verdict
FROM fact
JOIN snapshot ON snapshot.id = fact.snapshot_id
JOIN model ON model.id = snapshot.model_id
LEFT JOIN side AS a ON a.snapshot_id = fact.snapshot_id AND a.extractor = 'rules' AND a.field = fact.field AND a.name = fact.name
LEFT JOIN side AS b ON b.snapshot_id = fact.snapshot_id AND b.extractor = fact.extractor AND b.field = fact.field AND b.name = fact.name;

CREATE VIEW claimed_and_actual AS
-- What a card claims against what is known from elsewhere: license, base model, size, and results that are claimed twice.
--   model_id: Key of the model.
--   model: The model.
--   subject: license, base_model, parameter_count or evaluation.
--   name: Of an evaluation result: the metric and the dataset.
--   claimed: What the card's text says.
--   place: Where it says so.
--   actual: What the other source says.
--   actual_source: The other source: front matter, hub tag, license file, config.json, tensor headers, model-index or evaluation results (of the hub).
--   verdict: agrees or differs. A license differs if no name is shared, a size by more than a tenth, a result by more than a thousandth of it.
WITH text_license AS (
  SELECT model_id, model, group_concat(value, ', ') AS texts, MIN(place) AS place FROM (SELECT DISTINCT model_id, model, value, place FROM card_fact
  WHERE field = 'license' AND method <> 'front_matter' ORDER BY value) GROUP BY model_id, model),
declared_license AS (
  SELECT model_id, group_concat(value, ', ') AS texts FROM (SELECT DISTINCT model_id, value FROM card_fact WHERE field = 'license' AND method = 'front_matter' ORDER BY value) GROUP BY model_id)
SELECT t.model_id, t.model, 'license' AS subject, NULL AS name, t.texts AS claimed, t.place, d.texts AS actual, 'front matter' AS actual_source,
  CASE WHEN EXISTS (SELECT 1 FROM card_fact a JOIN card_fact b ON b.model_id = a.model_id AND b.field = 'license' AND b.method = 'front_matter' AND lower(b.value) = lower(a.value)
    WHERE a.model_id = t.model_id AND a.field = 'license' AND a.method <> 'front_matter') THEN 'agrees' ELSE 'differs' END AS verdict
FROM text_license AS t JOIN declared_license AS d ON d.model_id = t.model_id
UNION ALL
SELECT f.model_id, f.model, 'license', NULL, f.value, f.place,
  (SELECT group_concat(name, ', ') FROM (SELECT license.name FROM model_to_license JOIN license ON license.id = model_to_license.license_id WHERE model_to_license.model_id = f.model_id ORDER BY license.name)),
  'hub tag', CASE WHEN EXISTS (SELECT 1 FROM model_to_license JOIN license ON license.id = model_to_license.license_id WHERE model_to_license.model_id = f.model_id AND (lower(license.name) = lower(f.value) OR (license.name = 'other' AND f.place = 'license_name'))) THEN 'agrees' ELSE 'differs' END
FROM card_fact AS f WHERE f.field = 'license' AND EXISTS (SELECT 1 FROM model_to_license WHERE model_id = f.model_id)
UNION ALL
SELECT DISTINCT card.model_id, model.context_id, 'license', NULL, card.raw, card.place, file.expression, 'license file',
  CASE WHEN card.expression = file.expression THEN 'agrees' ELSE 'differs' END
FROM license_claim AS card
JOIN license_claim AS file ON file.model_id = card.model_id AND file.source = 'file' AND file.expression <> 'NOASSERTION'
JOIN model ON model.id = card.model_id
WHERE card.source = 'card' AND card.expression <> 'NOASSERTION'
  AND NOT EXISTS (SELECT 1 FROM license_claim AS later WHERE later.model_id = card.model_id AND later.source = 'card' AND later.place = card.place AND later.claimed_at > card.claimed_at)
  AND NOT EXISTS (SELECT 1 FROM license_claim AS later WHERE later.model_id = file.model_id AND later.source = 'file' AND later.place = file.place AND later.claimed_at > file.claimed_at)
UNION ALL
SELECT f.model_id, f.model, 'base_model', NULL, f.value, f.place, json_extract(config_file.content, '$._name_or_path'), 'config.json',
  CASE WHEN lower(json_extract(config_file.content, '$._name_or_path')) = lower(f.value)
    OR lower(json_extract(config_file.content, '$._name_or_path')) LIKE '%/' || lower(f.value) OR lower(f.value) LIKE '%/' || lower(json_extract(config_file.content, '$._name_or_path')) THEN 'agrees' ELSE 'differs' END
FROM card_fact AS f
JOIN snapshot ON snapshot.model_id = f.model_id
JOIN config_file ON config_file.snapshot_id = snapshot.id AND config_file.path = 'config.json' AND config_file.status = 'ok'
WHERE f.field = 'base_model' AND json_valid(config_file.content) AND json_extract(config_file.content, '$._name_or_path') LIKE '%/%' AND json_extract(config_file.content, '$._name_or_path') NOT LIKE '%/%/%'
  AND json_extract(config_file.content, '$._name_or_path') NOT LIKE './%' AND json_extract(config_file.content, '$._name_or_path') NOT LIKE '/%'
UNION ALL
SELECT f.model_id, f.model, 'parameter_count', NULL, CAST(CAST(f.number AS INTEGER) AS TEXT), f.place, CAST(model.parameter_count AS TEXT), 'tensor headers',
  CASE WHEN abs(f.number - model.parameter_count) <= 0.1 * model.parameter_count THEN 'agrees' ELSE 'differs' END
FROM card_fact AS f JOIN model ON model.id = f.model_id
WHERE f.field = 'parameter_count' AND f.number IS NOT NULL AND model.parameter_count > 0
UNION ALL
SELECT t.model_id, t.model, 'evaluation', i.name || COALESCE(' on ' || i.dataset, ''), t.value || COALESCE(' ' || t.unit, ''), t.place, i.value || COALESCE(' ' || i.unit, ''), 'model-index',
  CASE WHEN abs(t.number * CASE t.unit WHEN 'percent' THEN 0.01 ELSE 1 END - i.number * CASE i.unit WHEN 'percent' THEN 0.01 ELSE 1 END)
    <= 0.001 * abs(i.number * CASE i.unit WHEN 'percent' THEN 0.01 ELSE 1 END) THEN 'agrees' ELSE 'differs' END
FROM card_fact AS t JOIN card_fact AS i ON i.model_id = t.model_id AND i.field = 'evaluation' AND i.method = 'front_matter'
  AND lower(i.name) = lower(t.name) AND (t.dataset IS NULL OR lower(t.dataset) = lower(i.dataset))
WHERE t.field = 'evaluation' AND t.method <> 'front_matter'
UNION ALL
SELECT t.model_id, t.model, 'evaluation', t.name || COALESCE(' on ' || t.dataset, ''), t.value || COALESCE(' ' || t.unit, ''), t.place, hub.value_text, 'evaluation results',
  CASE WHEN abs(t.number - hub.value) <= 0.001 * abs(hub.value) OR (t.unit = 'percent' AND abs(t.number * 0.01 - hub.value) <= 0.001 * abs(hub.value))
    THEN 'agrees' ELSE 'differs' END
FROM card_fact AS t JOIN evaluation_result AS hub ON hub.model_id = t.model_id AND hub.declared_in = 'eval_results' AND hub.value IS NOT NULL
  AND (lower(t.dataset) = lower(hub.dataset_id) OR lower(t.dataset) = lower(hub.dataset_name) OR lower(t.dataset) = lower(hub.task))
  AND (hub.metric IS NULL OR lower(hub.metric) = lower(t.name))
WHERE t.field = 'evaluation' AND t.number IS NOT NULL;

CREATE VIEW documentation_by_year AS
-- How well models are documented, by the year in which the model was last changed (of its newest card).
--   year: Year of the last change; NULL: not known.
--   model_count: Models whose card was judged.
--   score: Mean share of the rubric that is met, from 0 to 1.
--   written_count: Cards that somebody wrote.
--   generated_count: Cards by a training script, with nothing added.
--   template_count: Templates that were not filled in.
--   front_matter_only_count: Cards without a text.
--   empty_count: Empty cards.
SELECT CAST(substr(model.last_modified_at, 1, 4) AS INTEGER) AS year, COUNT(*) AS model_count, ROUND(AVG(d.score), 3) AS score,
  SUM(d.state = 'written') AS written_count, SUM(d.state = 'generated') AS generated_count, SUM(d.state = 'template') AS template_count,
  SUM(d.state = 'front_matter_only') AS front_matter_only_count, SUM(d.state = 'empty') AS empty_count
FROM card_documentation AS d
JOIN snapshot ON snapshot.id = d.snapshot_id
JOIN model ON model.id = snapshot.model_id
WHERE NOT EXISTS (SELECT 1 FROM snapshot AS later JOIN card_documentation ON card_documentation.snapshot_id = later.id
  WHERE later.model_id = snapshot.model_id AND (later.as_of > snapshot.as_of OR (later.as_of = snapshot.as_of AND later.id > snapshot.id)))
GROUP BY CAST(substr(model.last_modified_at, 1, 4) AS INTEGER);
