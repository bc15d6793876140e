-- Where in code is a model used?
-- File and line at the commit that was read. model: its full name; empty: the first 500 usages.
SELECT repository, path, line, call, argument, model, role, path_class, is_used, url FROM usage_evidence
WHERE :model = '' OR model = :model OR argument = :model LIMIT 500
