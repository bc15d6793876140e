-- Which lines of code load a model that could not be named?
-- The name comes from the command line, a function's caller, a file that is not here, or is a local path; or it is the name of
-- a model that this release does not hold (resolved_name). Each counts as a usage, without a model.
SELECT repo.host || '/' || repo.owner || '/' || repo.name AS repository, usage.path, usage.line, usage.call, usage.argument,
  usage.hub, usage.resolved_name, usage.method, usage.role, usage.path_class,
  CASE WHEN repo.host = 'github.com' THEN repo.url || '/blob/' || scan.commit_sha || '/' || usage.path || '#L' || usage.line END AS url
FROM usage JOIN repository_scan AS scan ON scan.id = usage.repository_scan_id
JOIN reuse_repository AS repo ON repo.id = scan.reuse_repository_id
WHERE usage.model_id IS NULL LIMIT 500
