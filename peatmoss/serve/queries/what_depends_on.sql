-- What would notice if a model vanished?
-- Models derived from it, at any depth, and the repositories that use any of these, with the step at which they are reached.
WITH RECURSIVE tree(id, step) AS (
  SELECT id, 0 FROM model WHERE context_id = TRIM(:model)
  UNION
  SELECT edge.model_id, tree.step + 1 FROM tree JOIN model_to_base_model AS edge ON edge.base_model_id = tree.id WHERE tree.step < 10
  LIMIT 2000
), nearest(id, step) AS (SELECT id, MIN(step) FROM tree GROUP BY id)
SELECT nearest.step, 'model' AS kind, model.context_id AS name, model.downloads AS downloads_or_stars, model.repo_url AS url
FROM nearest JOIN model ON model.id = nearest.id WHERE nearest.step > 0
UNION ALL
SELECT MIN(nearest.step) + 1, 'repository', repo.owner || '/' || repo.name, repo.stars, repo.url
FROM nearest JOIN model_to_reuse_repository AS link ON link.model_id = nearest.id JOIN reuse_repository AS repo ON repo.id = link.reuse_repository_id
GROUP BY repo.id
ORDER BY 1, 4 DESC, 3 LIMIT 1000
