-- Why is this edge flagged?
-- Every edge between two names (either may be empty): verdict, reason, both claims with their places, source and date of the rule, and what every layer of rules says.
-- An automated reading of declared licenses, not legal advice.
SELECT r.model, r.license, r.used_by, r.used_by_license, r.kind, r.place, r.tier, r.outcome, r.reason, r.lost_clauses, r.evidence, r.url,
  (SELECT group_concat(c.source || ' ' || c.place || ': ' || c.raw || ' (' || substr(c.claimed_at, 1, 10) || ')', '; ') FROM license_claim AS c WHERE c.artifact = r.model) AS claims_upstream,
  (SELECT group_concat(c.source || ' ' || c.place || ': ' || c.raw || ' (' || substr(c.claimed_at, 1, 10) || ')', '; ') FROM license_claim AS c WHERE c.artifact = r.used_by) AS claims_downstream,
  r.rule_set, r.source_url, r.source_date,
  (SELECT group_concat(o.layer || ': ' || o.verdict || ' (' || o.rule_set || ')', '; ') FROM license_edge AS e JOIN license_opinion AS o ON o.license_verdict_id = e.license_verdict_id WHERE e.id = r.license_edge_id) AS every_layer
FROM license_reflection AS r
WHERE (:upstream <> '' OR :downstream <> '') AND r.license_edge_id IN (
  SELECT id FROM license_edge WHERE upstream = TRIM(:upstream) AND (:downstream = '' OR downstream = TRIM(:downstream))
  UNION SELECT e.id FROM license_edge AS e WHERE :upstream = '' AND e.downstream IN (TRIM(:downstream), 'github.com/' || TRIM(:downstream)))
LIMIT 200
