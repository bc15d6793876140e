-- Every usage that was resolved to a model stands in the mapping model -> repository.
-- severity: fail
SELECT usage.id, usage.model_id, repository_scan.reuse_repository_id
FROM usage JOIN repository_scan ON repository_scan.id = usage.repository_scan_id
WHERE usage.model_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM model_to_reuse_repository AS link
  WHERE link.model_id = usage.model_id AND link.reuse_repository_id = repository_scan.reuse_repository_id)
