-- A line of code that loads a model whose name could not be resolved.
SELECT repo.host || '/' || repo.owner || '/' || repo.name || ' loads a model at ' || usage.path || ':' || usage.line || ' at ' || substr(scan.commit_sha, 1, 10)
  || ' by ' || COALESCE(usage.argument, 'an argument') || ', whose value the code does not say: it is counted, without a name ('
  || (SELECT COUNT(*) FROM usage WHERE is_used AND resolved_name IS NULL) || ' of ' || (SELECT COUNT(*) FROM usage WHERE is_used)
  || ' usages).' AS finding
FROM usage
JOIN repository_scan AS scan ON scan.id = usage.repository_scan_id
JOIN reuse_repository AS repo ON repo.id = scan.reuse_repository_id
WHERE usage.is_used AND usage.resolved_name IS NULL
ORDER BY usage.path_class <> 'src', repo.host, repo.owner, repo.name, usage.path, usage.line, usage.ordinal, scan.commit_sha
LIMIT 1
