-- A derived model whose license does not reflect a clause of its base, and that no code here uses.
WITH reading AS (SELECT * FROM license_reflection WHERE kind = 'derivation')
SELECT model || ' is under ' || license || '; ' || used_by || ', derived from it (' || place || '), is under '
  || used_by_license || ', which does not reflect that; see ' || url || ' ('
  || (SELECT COUNT(*) FROM reading WHERE outcome = 'not reflected') || ' of ' || (SELECT COUNT(*) FROM reading)
  || ' derivations; ' || (SELECT COUNT(*) FROM reading WHERE outcome = 'unknown') || ' unknown).' AS finding
FROM reading
WHERE outcome = 'not reflected' AND used_by NOT IN (SELECT model FROM license_reflection WHERE kind = 'usage')
ORDER BY place = 'unknown', model, used_by
LIMIT 1
