-- Where do the rule sets disagree?
-- Pairs of licenses on which a later layer of rules says something else than the one that decided, with the number of edges that have them.
-- An automated reading of declared licenses, not legal advice.
SELECT v.upstream_expression, v.downstream_expression, v.relation, v.verdict, v.reason_code AS decided_by, v.rule_set, o.layer AS other_layer, o.verdict AS other_verdict, o.rule_set AS other_rule_set, o.reason AS other_reason,
  (SELECT COUNT(*) FROM license_edge AS e WHERE e.license_verdict_id = v.id) AS edges
FROM license_verdict AS v JOIN license_opinion AS o ON o.license_verdict_id = v.id AND o.verdict <> v.verdict
ORDER BY edges DESC, 1, 2 LIMIT 500
