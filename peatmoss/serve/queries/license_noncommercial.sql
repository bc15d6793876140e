-- Which repositories use non-commercial or research-only models under a license without that limit?
-- tier C: the code only loads the model, so that it does not pass it on. stars: of the repository.
-- An automated reading of declared licenses, not legal advice.
SELECT r.used_by AS repository, r.used_by_license, repo.stars, r.model, r.license, r.place, r.tier, r.evidence, r.url, r.reason
FROM license_edge AS e JOIN license_reflection AS r ON r.license_edge_id = e.id
JOIN reuse_repository AS repo ON repo.id = e.reuse_repository_id
WHERE r.outcome = 'not reflected' AND (instr(' ' || r.lost_clauses || ' ', ' L1 ') OR instr(' ' || r.lost_clauses || ' ', ' L2 '))
ORDER BY repo.stars DESC, repository, model LIMIT 500
