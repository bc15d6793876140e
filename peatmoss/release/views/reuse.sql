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
