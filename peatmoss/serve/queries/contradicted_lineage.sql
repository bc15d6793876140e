-- Which declared base models cannot be right?
-- Derivations that dates, families, sizes or tensors contradict, and circles.
SELECT model.context_id AS model, base_model_name AS declared_base, relation, reason, model.downloads
FROM lineage_finding JOIN model ON model.id = lineage_finding.model_id WHERE verdict = 'contradicted'
ORDER BY model.downloads DESC, model, declared_base LIMIT 1000
