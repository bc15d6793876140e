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
