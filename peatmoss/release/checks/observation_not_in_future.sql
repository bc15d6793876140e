-- No observation is newer than the newest shard.
-- severity: fail
SELECT model_id, as_of FROM model_observation WHERE as_of > (SELECT MAX(as_of) FROM shard)
