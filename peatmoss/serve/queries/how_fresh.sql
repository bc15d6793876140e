-- How old is the data, and how much of it is here?
-- By kind of record: dates, shards, and what became of their records.
SELECT kind, newest_as_of, oldest_as_of, shard_count, complete_count, record_count, loaded_count, reject_count FROM freshness ORDER BY kind
