-- Which repositories are stale on GitHub?
-- Families whose variants changed on the Hub after the last commit on GitHub. days: at least so many days; empty: any.
SELECT repository, model, pattern, substr(last_github_at, 1, 10) AS last_github, substr(last_hub_at, 1, 10) AS last_hub, days_behind_hub
FROM family_staleness
WHERE days_behind_hub > 0 AND days_behind_hub >= CAST(:days AS INTEGER)
ORDER BY days_behind_hub DESC, repository, model LIMIT 500
