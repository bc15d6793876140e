-- Every record of a shard became a row or a reject.
-- severity: fail
SELECT name, record_count, loaded_count, reject_count FROM shard WHERE record_count <> loaded_count + reject_count
