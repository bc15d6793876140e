-- Which declared licenses are not reflected where a model is used?
-- One row per derivation, and per line of code that uses a model, where both sides declare a license, the two differ, and the
-- model's is not one of the common permissive ones. kind: derivation or usage; empty: both, 250 of each.
SELECT * FROM (
  SELECT kind, model, declared_license, used_by, used_by_license, place, evidence,
    substr(model_as_of, 1, 10) AS model_as_of, substr(used_by_as_of, 1, 10) AS used_by_as_of, url
  FROM license_reflection WHERE kind = 'usage' AND outcome = 'not reflected' AND :kind IN ('', 'usage') LIMIT 250
)
UNION ALL SELECT * FROM (
  SELECT kind, model, declared_license, used_by, used_by_license, place, evidence,
    substr(model_as_of, 1, 10) AS model_as_of, substr(used_by_as_of, 1, 10) AS used_by_as_of, url
  FROM license_reflection WHERE kind = 'derivation' AND outcome = 'not reflected' AND :kind IN ('', 'derivation') LIMIT 250
)
