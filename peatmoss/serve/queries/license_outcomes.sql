-- How many edges are reflected, and how many are not known?
-- Of all derivations with a known base, all datasets that models name, and all repositories that use a model; unknowns by their cause.
-- An automated reading of declared licenses, not legal advice.
SELECT kind, tier, outcome, CASE outcome WHEN 'unknown' THEN replace(reason_code, '_', ' ') END AS cause, COUNT(*) AS edges, SUM(COUNT(*)) OVER (PARTITION BY kind) AS denominator,
  ROUND(100.0 * COUNT(*) / SUM(COUNT(*)) OVER (PARTITION BY kind), 1) AS percent
FROM license_reflection GROUP BY kind, tier, outcome, cause ORDER BY kind, edges DESC
