-- Each shard has as many whole-record rejects as it says.
-- severity: fail
SELECT shard.name, shard.reject_count, COUNT(reject.id) AS found
FROM shard LEFT JOIN reject ON reject.shard_id = shard.id AND reject.field = ''
GROUP BY shard.id, shard.name, shard.reject_count
HAVING COUNT(reject.id) <> shard.reject_count
