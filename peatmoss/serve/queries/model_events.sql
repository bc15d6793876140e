-- When did a repository begin to use a model, switch it, or stop using it?
-- From the history of the code, as far as it was collected: changed means that a call which named one model (previous_model)
-- names another one now. A model that was moved to another file is neither added nor removed.
SELECT event.committed_at, repo.host || '/' || repo.owner || '/' || repo.name AS repository, event.event, event.name AS model,
  event.previous_name AS previous_model, event.path, event.resolution,
  CASE WHEN repo.host = 'github.com' THEN repo.url || '/commit/' || event.commit_sha END AS url
FROM usage_event AS event JOIN reuse_repository AS repo ON repo.id = event.reuse_repository_id
WHERE :model = '' OR event.name = :model OR event.previous_name = :model
ORDER BY event.committed_at DESC, repository, model LIMIT 500
