-- A shard of at least 100 records should not lose more than one in ten.
-- severity: warn
SELECT name, record_count, reject_count FROM shard WHERE reject_count * 10 > record_count AND record_count >= 100
