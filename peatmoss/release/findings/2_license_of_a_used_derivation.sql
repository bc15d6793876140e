-- A model that code uses and whose license does not reflect a clause of the model it is derived from.
WITH reading AS (SELECT * FROM license_reflection WHERE kind = 'derivation')
SELECT reading.model || ' is under ' || reading.license || '; ' || reading.used_by || ', derived from it (' || reading.place
  || '), is under ' || reading.used_by_license || ', which does not reflect that; ' || used.used_by || ' uses it at ' || used.evidence || ' ('
  || (SELECT COUNT(*) FROM reading WHERE outcome = 'not reflected') || ' of ' || (SELECT COUNT(*) FROM reading)
  || ' derivations; ' || (SELECT COUNT(*) FROM reading WHERE outcome = 'unknown') || ' unknown).' AS finding
FROM reading JOIN license_reflection AS used ON used.kind = 'usage' AND used.model = reading.used_by
WHERE reading.outcome = 'not reflected'
ORDER BY reading.place = 'unknown', reading.model, reading.used_by, used.used_by, used.evidence
LIMIT 1
