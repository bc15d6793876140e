-- Every mapping model -> repository counts at least one usage or mention.
-- severity: fail
SELECT model_id, reuse_repository_id FROM model_to_reuse_repository WHERE usage_count + mention_count < 1
