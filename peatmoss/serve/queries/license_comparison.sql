-- What licenses do a base model and its derived model declare?
-- One row per derivation, with both declared licenses side by side. comparison: different, base declares only,
-- derived declares only, same, neither declares; empty: all that differ. A difference is a question to read both cards for.
SELECT base, base_license, derived, derived_license, relation, comparison, edge_declared_in, base_as_of, derived_as_of, base_url, derived_url
FROM license_of_base_and_derived
WHERE comparison = :comparison OR (:comparison = '' AND comparison IN ('different', 'base declares only'))
LIMIT 500
