-- Which models are stale on the Hub?
-- Variants whose repository on GitHub moved on (commits, releases) after their last commit, or states another license.
-- days: at least so many days; empty: any. A finished model needs no change: look before you worry.
SELECT model, repository, pattern, substr(last_hub_at, 1, 10) AS last_hub, substr(last_github_at, 1, 10) AS last_github,
  days_behind_github, github_commits_since, github_releases_since, hub_license, github_license, is_license_different
FROM family_staleness
WHERE (github_commits_since > 0 OR github_releases_since > 0 OR is_license_different) AND days_behind_github >= CAST(:days AS INTEGER)
ORDER BY days_behind_github DESC, model LIMIT 500
