-- Which clauses are not reflected where a model is used?
-- kind: derivation, training or usage; empty: all. The clauses of the license upstream that the license downstream does not carry.
-- An automated reading of declared licenses, not legal advice.
SELECT kind, model, license, used_by, used_by_license, place, tier, lost_clauses, reason, evidence, url, source_url
FROM license_reflection WHERE outcome = 'not reflected' AND :kind IN ('', kind) LIMIT 500
