-- Whose declared license changed?
-- Two observations of one model with different licenses: the change came at some time between the two. days: before the newest date of this release; empty: all. What was granted once usually stays with copies already received.
-- An automated reading of declared licenses, not legal advice.
SELECT change.model, change.license_before, change.license, change.direction, change.before_as_of, change.as_of,
  (SELECT COUNT(*) FROM license_edge AS e WHERE e.upstream_model_id = model.id) AS downstream
FROM license_change AS change JOIN model ON model.context_id = change.model
WHERE :days = '' OR julianday((SELECT MAX(as_of) FROM shard)) - julianday(change.as_of) <= CAST(:days AS REAL)
ORDER BY change.as_of DESC, change.model LIMIT 500
