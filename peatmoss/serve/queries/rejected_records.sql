-- What could not be read, and why?
-- Every record of the archive is a row or stands here with its reason: shard and line lead to the original.
-- reason: a part of the reason; empty: all.
SELECT shard.name AS shard, reject.line, reject.field, reject.key, reject.reason
FROM reject JOIN shard ON shard.id = reject.shard_id
WHERE reject.reason LIKE '%' || :reason || '%'
ORDER BY shard.name, reject.line, reject.field LIMIT 500
