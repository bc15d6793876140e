-- Which models are built upon most?
-- Derived models and repositories of this release; what it does not hold is not counted. Forks and mere mentions are apart.
SELECT reuse.model, reuse.derived_count, reuse.repository_count, reuse.fork_count, reuse.mention_count, model.downloads, model.repo_url AS url
FROM model_reuse AS reuse JOIN model ON model.context_id = reuse.model
ORDER BY reuse.derived_count + reuse.repository_count DESC, reuse.model LIMIT 100
