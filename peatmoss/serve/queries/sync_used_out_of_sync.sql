-- Which repositories load a model that is out of sync with its own repository?
-- No period is shared between the model's history on the Hub and its repository on GitHub, or GitHub moved on afterwards.
SELECT repository, model, family, pattern, days_behind_github, github_commits_since, usage_count
FROM used_out_of_sync ORDER BY days_behind_github DESC, repository, model LIMIT 500
