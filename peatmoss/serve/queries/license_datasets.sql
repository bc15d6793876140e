-- Which non-commercial datasets stand behind models under a license without that limit?
-- tier B: whether the license of a dataset binds a model trained on it is contested.
-- An automated reading of declared licenses, not legal advice.
SELECT model AS dataset, license, used_by AS model, used_by_license, outcome, tier, reason, url
FROM license_reflection WHERE kind = 'training' AND (instr(' ' || lost_clauses || ' ', ' L1 ') OR instr(' ' || lost_clauses || ' ', ' L2 '))
ORDER BY used_by LIMIT 500
