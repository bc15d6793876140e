CREATE VIEW overview AS
-- What is in this release: each count with what it is a part of.
--   position: Order of reading.
--   name: What is counted.
--   count: How many.
--   denominator: Of how many; NULL: it is no part of something.
--   meaning: How it is counted, in words.
SELECT 1 AS position, 'models' AS name, COUNT(*) AS count, NULL AS denominator, 'Models on all hubs, also those that are gone.' AS meaning FROM model
UNION ALL SELECT 2, 'gone models', COUNT(*), (SELECT COUNT(*) FROM model), 'Models that a complete listing or the hub''s answer showed to be gone.' FROM model WHERE gone_at IS NOT NULL
UNION ALL SELECT 3, 'gated models', COUNT(*), (SELECT COUNT(*) FROM model), 'Models whose access needs acceptance.' FROM model WHERE gated IN ('auto', 'manual')
UNION ALL SELECT 4, 'models with a license', (SELECT COUNT(DISTINCT model_id) FROM model_to_license), (SELECT COUNT(*) FROM model), 'Models that declare at least one license, by tag.'
UNION ALL SELECT 5, 'derived models', (SELECT COUNT(DISTINCT model_id) FROM model_to_base_model), (SELECT COUNT(*) FROM model), 'Models that name at least one base model.'
UNION ALL SELECT 6, 'derivation edges resolved', (SELECT COUNT(*) FROM model_to_base_model WHERE base_model_id IS NOT NULL), (SELECT COUNT(*) FROM model_to_base_model), 'Edges model -> base model whose base is a model of this release.'
UNION ALL SELECT 7, 'training data edges', COUNT(*), NULL, 'Edges dataset -> model, as models state them by tag.' FROM model_to_dataset
UNION ALL SELECT 8, 'models with a snapshot', COUNT(*), (SELECT COUNT(*) FROM model), 'Models of which a card, configuration or tensor header is here.' FROM model WHERE has_snapshot
UNION ALL SELECT 9, 'cards', (SELECT COUNT(*) FROM card), (SELECT COUNT(*) FROM snapshot), 'Snapshots whose card is here as an excerpt; cards of gated, gone, private and disabled models are not.'
UNION ALL SELECT 10, 'observations', COUNT(*), NULL, 'Changes of downloads, likes, revision or license over time, one row per model and date.' FROM model_observation
UNION ALL SELECT 11, 'repositories', COUNT(*), NULL, 'Repositories that use or produce models, or were searched for them.' FROM reuse_repository
UNION ALL SELECT 12, 'scanned repositories', (SELECT COUNT(DISTINCT reuse_repository_id) FROM repository_scan WHERE status <> 'failed'), (SELECT COUNT(*) FROM reuse_repository), 'Repositories whose code was read at least once.'
UNION ALL SELECT 13, 'usages resolved', (SELECT COUNT(*) FROM usage WHERE model_id IS NOT NULL), (SELECT COUNT(*) FROM usage), 'Places in code that name a model which is in this release.'
UNION ALL SELECT 14, 'links', COUNT(*), NULL, 'Pairs of a model and a repository that names it in its code.' FROM model_to_reuse_repository
UNION ALL SELECT 15, 'reused models', (SELECT COUNT(DISTINCT model_id) FROM model_to_reuse_repository), (SELECT COUNT(*) FROM model), 'Models that at least one repository names in its code.'
UNION ALL SELECT 16, 'records rejected', COALESCE(SUM(reject_count), 0), COALESCE(SUM(record_count), 0), 'Records of the archive that could not become a row.' FROM shard;

CREATE VIEW reject_summary AS
-- What could not become a row, by reason. A rejected field costs one fact, a rejected record the whole record.
--   kind: Kind of the records.
--   origin: Where they came from.
--   reason: Why.
--   record_count: Whole records that were rejected for it.
--   field_count: Single fields that were rejected for it.
--   example: Key of one of them.
SELECT shard.kind, shard.origin, reject.reason, SUM(reject.field = '') AS record_count, SUM(reject.field <> '') AS field_count, MIN(reject.key) AS example
FROM reject JOIN shard ON shard.id = reject.shard_id
GROUP BY shard.kind, shard.origin, reject.reason;

CREATE VIEW freshness AS
-- How old the data is, by kind of record.
--   kind: Kind of record.
--   newest_as_of: Date of the newest shard.
--   oldest_as_of: Date of the oldest shard.
--   shard_count: Shards.
--   record_count: Records in them.
--   loaded_count: Records that became rows.
--   reject_count: Records that did not.
--   complete_count: Shards that are complete listings; the others are parts.
SELECT kind, MAX(as_of) AS newest_as_of, MIN(as_of) AS oldest_as_of, COUNT(*) AS shard_count, SUM(record_count) AS record_count,
  SUM(loaded_count) AS loaded_count, SUM(reject_count) AS reject_count, SUM(coverage = 'complete') AS complete_count
FROM shard GROUP BY kind;
