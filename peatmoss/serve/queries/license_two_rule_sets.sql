-- What do two layers of rules say of the same edges?
-- Layers: identity, stewards, text, osadl, clauses. Counts of edges by the verdicts of both; a layer that has no opinion is left empty.
-- An automated reading of declared licenses, not legal advice.
SELECT one.verdict AS first_verdict, two.verdict AS second_verdict, COUNT(*) AS edges, SUM(COUNT(*)) OVER () AS denominator, MIN(e.upstream || ' -> ' || e.downstream) AS example
FROM license_edge AS e
LEFT JOIN license_opinion AS one ON one.license_verdict_id = e.license_verdict_id AND one.layer = CASE :first WHEN '' THEN 'osadl' ELSE TRIM(:first) END
LEFT JOIN license_opinion AS two ON two.license_verdict_id = e.license_verdict_id AND two.layer = CASE :second WHEN '' THEN 'clauses' ELSE TRIM(:second) END
GROUP BY 1, 2 ORDER BY edges DESC
