-- What do the ancestors of a model ask, and where was it lost?
-- Every ancestor with its license and what it adds; a clause that was lost at some edge is named there. At most 20 steps.
-- An automated reading of declared licenses, not legal advice.
WITH RECURSIVE start(id) AS (
  SELECT id FROM model WHERE context_id = TRIM(:model)
  UNION SELECT model.id FROM model_rename JOIN model ON model.context_id = model_rename.new_name WHERE model_rename.old_name = TRIM(:model)
), up(step, id, child) AS (
  SELECT 0, id, NULL FROM start
  UNION SELECT up.step + 1, e.base_model_id, e.model_id FROM up JOIN model_to_base_model AS e ON e.model_id = up.id
  WHERE e.base_model_id IS NOT NULL AND e.base_model_id <> e.model_id AND up.step < 20 LIMIT 1000
)
SELECT up.step AS steps_up, model.context_id AS model, c.expression AS license, c.is_disputed,
  (SELECT group_concat(code.name, ', ') FROM license_clause AS k JOIN license_clause_code AS code ON code.code = k.code
   WHERE k.license_id = c.expression AND code.weight IN ('hard', 'soft')) AS asks,
  child.context_id AS into_model, e.kind AS how, r.outcome, r.lost_clauses AS lost_into_it, r.reason,
  (SELECT group_concat(ch.license_id || ' from ' || ch.origin || ': ' || ch.state, '; ') FROM license_chain AS ch WHERE ch.model = model.context_id) AS reaches_it
FROM up JOIN model ON model.id = up.id
LEFT JOIN license_conclusion AS c ON c.model_id = up.id AND c.component = 'weights'
LEFT JOIN model AS child ON child.id = up.child
LEFT JOIN license_edge AS e ON e.upstream_model_id = up.id AND e.downstream_model_id = up.child
LEFT JOIN license_reflection AS r ON r.license_edge_id = e.id
ORDER BY up.step, model
