-- Which models are gone and still built upon?
-- Models that a complete listing or the hub's answer showed to be gone, with what this release knows to depend on them.
SELECT model.context_id AS model, model.gone_at, model.gone_reason,
  (SELECT COUNT(DISTINCT edge.model_id) FROM model_to_base_model AS edge WHERE edge.base_model_id = model.id) AS derived_models,
  (SELECT COUNT(*) FROM model_to_reuse_repository AS link WHERE link.model_id = model.id) AS repositories
FROM model WHERE model.gone_at IS NOT NULL
ORDER BY derived_models + repositories DESC, model.context_id LIMIT 500
