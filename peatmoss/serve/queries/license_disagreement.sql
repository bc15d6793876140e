-- Where do the tag, the card and the LICENSE file of a model disagree?
-- One row per artifact whose sources name different licenses, with all their claims.
-- An automated reading of declared licenses, not legal advice.
SELECT c.artifact_kind, c.artifact, c.component, c.expression AS concluded, c.source AS decided_by,
  (SELECT group_concat(k.source || ' ' || k.place || ': ' || k.expression || ' (' || substr(k.claimed_at, 1, 10) || ')', '; ') FROM license_claim AS k
   WHERE k.artifact_kind = c.artifact_kind AND k.artifact = c.artifact AND k.component = c.component) AS claims
FROM license_conclusion AS c WHERE c.is_disputed ORDER BY c.artifact LIMIT 500
