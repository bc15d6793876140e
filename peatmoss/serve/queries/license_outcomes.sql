-- How many declared licenses are reflected, and how many cannot be compared?
-- Of all derivations with a known base, and of all lines of code that use a known model. Unknown: a side declares no license,
-- several, or an unspecific one like other; for a repository, what its host recognises.
SELECT kind, outcome, COUNT(*) AS count, SUM(COUNT(*)) OVER (PARTITION BY kind) AS denominator,
  ROUND(100.0 * COUNT(*) / SUM(COUNT(*)) OVER (PARTITION BY kind), 1) AS percent
FROM license_reflection GROUP BY kind, outcome ORDER BY kind, count DESC
