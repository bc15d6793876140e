-- Which versions do a model's name, the Hub and GitHub state?
-- Version in the name, newest tag on the Hub, newest release and tag on GitHub, side by side. family: a part of the name of a
-- family or of a model; empty: all.
SELECT family, model, name_version, hub_tag, hub_tag_count, github_release, substr(github_release_at, 1, 10) AS released, github_tag, github_ref_count
FROM family_versions
WHERE family LIKE '%' || :family || '%' OR model LIKE '%' || :family || '%'
ORDER BY family, model LIMIT 500
