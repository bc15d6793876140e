-- A model should not be created after the newest data.
-- severity: warn
SELECT context_id, created_at FROM model WHERE created_at > (SELECT MAX(as_of) FROM shard)
