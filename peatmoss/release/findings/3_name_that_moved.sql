-- A line of code that still names a model by the name it had before it moved.
WITH moved AS (
  SELECT usage.path, usage.line, usage.path_class, model_rename.old_name, model.context_id AS model, scan.commit_sha,
    repo.host || '/' || repo.owner || '/' || repo.name AS repository
  FROM usage JOIN model ON model.id = usage.model_id
  JOIN model_rename ON model_rename.model_hub_id = model.model_hub_id AND model_rename.new_name = model.context_id
    AND model_rename.old_name IN (usage.resolved_name, trim(usage.argument, '''"`'))
  JOIN repository_scan AS scan ON scan.id = usage.repository_scan_id
  JOIN reuse_repository AS repo ON repo.id = scan.reuse_repository_id
)
SELECT repository || ' names ' || old_name || ' at ' || path || ':' || line || ' at ' || substr(commit_sha, 1, 10)
  || ', which is called ' || model || ' now; the old name is followed (' || (SELECT COUNT(*) FROM moved) || ' of '
  || (SELECT COUNT(*) FROM usage WHERE model_id IS NOT NULL) || ' resolved usages).' AS finding
FROM moved
ORDER BY path_class <> 'src', repository, path, line, commit_sha
LIMIT 1
