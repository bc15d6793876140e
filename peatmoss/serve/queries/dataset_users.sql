-- Which models say that they were trained on a dataset?
-- dataset: a part of its name. Only what models state by tag.
SELECT dataset.name AS dataset, model.context_id AS model, model.downloads, model.repo_url AS url
FROM dataset JOIN model_to_dataset AS link ON link.dataset_id = dataset.id JOIN model ON model.id = link.model_id
WHERE dataset.name LIKE '%' || :dataset || '%'
ORDER BY model.downloads DESC, model.context_id LIMIT 500
