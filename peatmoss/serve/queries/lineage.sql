-- What is a model built on, and what is built on it?
-- Base models have negative steps, derived models positive ones; a name without a link is no model of this release.
-- Old names of renamed models work too. At most 10 steps and 1,000 models in each direction.
WITH RECURSIVE
start(id) AS (
  SELECT id FROM model WHERE context_id = TRIM(:model)
  UNION
  SELECT model.id FROM model_rename JOIN model ON model.context_id = model_rename.new_name WHERE model_rename.old_name = TRIM(:model)
),
up(step, id, name, relation, other_id) AS (
  SELECT -1, edge.base_model_id, edge.base_model_name, edge.relation, edge.model_id
  FROM start JOIN model_to_base_model AS edge ON edge.model_id = start.id
  UNION
  SELECT up.step - 1, edge.base_model_id, edge.base_model_name, edge.relation, edge.model_id
  FROM up JOIN model_to_base_model AS edge ON edge.model_id = up.id WHERE up.step > -10
  LIMIT 1000
),
down(step, id, relation, other_id) AS (
  SELECT 1, edge.model_id, edge.relation, edge.base_model_id
  FROM start JOIN model_to_base_model AS edge ON edge.base_model_id = start.id
  UNION
  SELECT down.step + 1, edge.model_id, edge.relation, edge.base_model_id
  FROM down JOIN model_to_base_model AS edge ON edge.base_model_id = down.id WHERE down.step < 10
  LIMIT 1000
),
tree(step, id, name, relation, other_id) AS (
  SELECT step, id, name, relation, other_id FROM up
  UNION ALL SELECT 0, id, NULL, NULL, NULL FROM start
  UNION ALL SELECT step, id, NULL, relation, other_id FROM down
)
SELECT tree.step, COALESCE(model.context_id, tree.name) AS model, tree.relation,
  CASE WHEN tree.step < 0 THEN 'base of ' || other.context_id WHEN tree.step > 0 THEN 'derived from ' || other.context_id ELSE 'this model' END AS place,
  (SELECT group_concat(license.name, ', ') FROM model_to_license AS link JOIN license ON license.id = link.license_id WHERE link.model_id = model.id) AS declared_license,
  model.repo_url AS url
FROM tree LEFT JOIN model ON model.id = tree.id LEFT JOIN model AS other ON other.id = tree.other_id
ORDER BY tree.step, model
