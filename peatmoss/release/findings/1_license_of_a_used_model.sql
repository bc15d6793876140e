-- A model that code uses, whose declared license the repository does not reflect; else one of which that is not known.
WITH reading AS (SELECT * FROM license_reflection WHERE kind = 'usage')
SELECT model || ' declares ' || declared_license || '; ' || used_by || ' uses it at ' || evidence
  || CASE outcome WHEN 'unknown' THEN ', and whether its own license reflects that is not known (none is recorded; '
    ELSE ', and the license of the repository, ' || used_by_license || ', does not reflect that (' END
  || (SELECT COUNT(*) FROM reading WHERE outcome = 'not reflected') || ' of ' || (SELECT COUNT(*) FROM reading)
  || ' uses of models in this release are not reflected, ' || (SELECT COUNT(*) FROM reading WHERE outcome = 'unknown') || ' unknown).' AS finding
FROM reading
WHERE outcome = 'not reflected'
  OR (outcome = 'unknown' AND used_by_license IS NULL AND NOT is_permissive AND declared_license NOT IN ('other', 'unknown', 'cc'))
ORDER BY outcome, place <> 'src', model, used_by, evidence
LIMIT 1
