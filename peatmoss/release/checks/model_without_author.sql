-- A model named owner/name should have its owner as author.
-- severity: warn
SELECT context_id FROM model
WHERE context_id LIKE '%/%' AND NOT EXISTS (SELECT 1 FROM model_to_author WHERE model_to_author.model_id = model.id)
