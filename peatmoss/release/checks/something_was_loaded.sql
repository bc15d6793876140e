-- At least one shard of the archive was loaded.
-- severity: fail
SELECT 'no shard' AS problem WHERE NOT EXISTS (SELECT 1 FROM shard)
