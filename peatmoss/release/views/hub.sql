CREATE VIEW model_overview AS
-- One row per model, with names instead of numbers.
--   model_id: Key of the model.
--   name: The model's name on its hub.
--   hub: The hub.
--   author: Account that publishes it.
--   task: Task, as the hub names it.
--   licenses: Licenses as declared, joined by commas; NULL: none declared.
--   library: Library that the hub itself names for it.
--   base_model_count: Base models that it names.
--   downloads: Downloads in the 30 days before as_of, as the hub counts them.
--   likes: Likes.
--   gated: no, auto or manual; NULL: not said.
--   is_gone: 1 if it is known to be gone.
--   as_of: As of when this row is.
SELECT model.id AS model_id, model.context_id AS name, model_hub.name AS hub,
  (SELECT group_concat(name, ', ') FROM (SELECT author.name FROM model_to_author AS link JOIN author ON author.id = link.author_id WHERE link.model_id = model.id ORDER BY author.name)) AS author,
  (SELECT group_concat(name, ', ') FROM (SELECT model_task.name FROM model_to_model_task AS link JOIN model_task ON model_task.id = link.model_task_id WHERE link.model_id = model.id ORDER BY model_task.name)) AS task,
  (SELECT group_concat(name, ', ') FROM (SELECT license.name FROM model_to_license AS link JOIN license ON license.id = link.license_id WHERE link.model_id = model.id ORDER BY license.name)) AS licenses,
  (SELECT group_concat(name, ', ') FROM (SELECT library.name FROM model_to_library AS link JOIN library ON library.id = link.library_id WHERE link.model_id = model.id AND link.source = 'library_name' ORDER BY library.name)) AS library,
  (SELECT COUNT(DISTINCT base_model_name) FROM model_to_base_model AS edge WHERE edge.model_id = model.id) AS base_model_count,
  model.downloads, model.likes, model.gated, model.gone_at IS NOT NULL AS is_gone, shard.as_of
FROM model
JOIN model_hub ON model_hub.id = model.model_hub_id
JOIN shard ON shard.id = model.shard_id;

CREATE VIEW supply_chain_edge AS
-- Every edge of the supply chain, one form for all: dataset -> model -> model -> repository.
--   from_kind: dataset or model.
--   from_name: What is used: a dataset, a base model, a model.
--   relation: trains; how a model was derived (finetune, adapter, merge, quantized, unknown); used_by or mentioned_by.
--   to_kind: model or repository.
--   to_name: What uses it: a model, or a repository as host/owner/name.
--   is_resolved: 1 if from_name is a row of this release, 0 if it is a name only.
SELECT 'dataset' AS from_kind, dataset.name AS from_name, 'trains' AS relation, 'model' AS to_kind, model.context_id AS to_name, 1 AS is_resolved
FROM model_to_dataset AS edge JOIN dataset ON dataset.id = edge.dataset_id JOIN model ON model.id = edge.model_id
UNION ALL
SELECT 'model', COALESCE(base.context_id, edge.base_model_name), edge.relation, 'model', model.context_id, base.id IS NOT NULL
FROM model_to_base_model AS edge JOIN model ON model.id = edge.model_id LEFT JOIN model AS base ON base.id = edge.base_model_id
UNION ALL
SELECT 'model', model.context_id, CASE WHEN edge.usage_count > 0 THEN 'used_by' ELSE 'mentioned_by' END, 'repository', repo.host || '/' || repo.owner || '/' || repo.name, 1
FROM model_to_reuse_repository AS edge JOIN model ON model.id = edge.model_id JOIN reuse_repository AS repo ON repo.id = edge.reuse_repository_id;

CREATE VIEW base_model_unresolved AS
-- Base models that are named but are not in this release: models beyond the listing, renamed, gone, local paths, typing errors.
--   base_model_name: The base model as it was named.
--   model_count: Models that name it.
--   example: One of them.
SELECT edge.base_model_name, COUNT(DISTINCT edge.model_id) AS model_count, MIN(model.context_id) AS example
FROM model_to_base_model AS edge JOIN model ON model.id = edge.model_id
WHERE edge.base_model_id IS NULL
GROUP BY edge.base_model_name;
