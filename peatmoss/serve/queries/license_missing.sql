-- Which models without a license are used most?
-- Models for which nobody claims a license, by downloads; dependants are derived models and repositories.
-- An automated reading of declared licenses, not legal advice.
SELECT model.context_id AS model, model.downloads,
  (SELECT COUNT(*) FROM license_edge AS e WHERE e.upstream_model_id = model.id) AS dependants, model.repo_url AS url
FROM model WHERE NOT EXISTS (SELECT 1 FROM license_conclusion AS c WHERE c.model_id = model.id)
ORDER BY CASE :by WHEN 'dependants' THEN 0 ELSE model.downloads END DESC, dependants DESC, model LIMIT 500
