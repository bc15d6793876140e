-- A model that code uses, a clause of whose license the repository's license does not reflect; else one of which that is not known.
WITH reading AS (SELECT * FROM license_reflection WHERE kind = 'usage')
SELECT model || ' is under ' || license || '; ' || used_by || ' uses it at ' || evidence
  || CASE outcome WHEN 'unknown' THEN ', and whether its own license reflects that is not known (none is recorded; '
    ELSE ', and the license of the repository, ' || used_by_license || ', does not reflect that (' END
  || (SELECT COUNT(*) FROM reading WHERE outcome = 'not reflected') || ' of ' || (SELECT COUNT(*) FROM reading)
  || ' uses of models in this release are not reflected, ' || (SELECT COUNT(*) FROM reading WHERE outcome = 'unknown') || ' unknown).' AS finding
FROM reading
WHERE outcome = 'not reflected'
  OR (reason_code IN ('downstream_unlicensed', 'downstream_not_collected') AND license IN (SELECT license_id FROM license_clause WHERE code IN ('L1', 'L2', 'L3', 'L4')))
ORDER BY outcome, model, used_by, evidence
LIMIT 1
