-- Which models are meant for software engineering?
-- By name, tags, datasets and card; each with the words that say so.
SELECT a.activity, model.context_id AS model, a.source, a.evidence, a.confidence, model.downloads FROM model_to_se_activity AS a
JOIN model ON model.id = a.model_id WHERE TRIM(:activity) = '' OR a.activity = TRIM(:activity) ORDER BY a.activity, a.confidence DESC, model.downloads DESC, model.context_id LIMIT 500
