-- Where in code is a model used?
-- File and line at the commit that was read; uses in the repository's own code come first. model: its full name; empty: the
-- first 500 usages. No row means: not seen in the repositories scanned (usage_coverage says which), not that nobody uses it.
SELECT repository, is_fork, path, line, call, argument, model, role, method, confidence, path_class, is_used, url FROM usage_evidence
WHERE :model = '' OR model = :model OR argument = :model ORDER BY is_used DESC LIMIT 500
