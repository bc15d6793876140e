-- Does a model's name say what the model is?
-- The pieces of the name, what its tensors say it is, then each claim beside its evidence. Objections are welcome: see the last column.
SELECT what, claim, evidence, verdict, reason, finding FROM (
  SELECT 1 AS part, CAST(piece.key AS INTEGER) AS place, 'piece ' || json_extract(piece.value, '$[2]') AS what,
    substr(model.context_id, json_extract(piece.value, '$[0]') + 1, json_extract(piece.value, '$[1]') - json_extract(piece.value, '$[0]')) AS claim,
    NULL AS evidence, NULL AS verdict, json_extract(piece.value, '$[3]') AS reason, NULL AS finding
  FROM model JOIN model_name ON model_name.model_id = model.id, json_each(model_name.spans) AS piece WHERE model.context_id = TRIM(:model)
  UNION ALL
  SELECT 2, 0, 'convention', model_name.convention, NULL, NULL, naming_convention.meaning, NULL
  FROM model JOIN model_name ON model_name.model_id = model.id JOIN naming_convention ON naming_convention.convention = model_name.convention
  WHERE model.context_id = TRIM(:model)
  UNION ALL
  SELECT 3, snapshot.id, 'architecture', COALESCE(declared_architecture, declared_model_type), COALESCE(predicted_architecture, predicted_model_type, 'unknown'),
    verdict, architecture_prediction.reason || '; ' || architecture_prediction.evidence, NULL
  FROM model JOIN snapshot ON snapshot.model_id = model.id JOIN architecture_prediction ON architecture_prediction.snapshot_id = snapshot.id
  WHERE model.context_id = TRIM(:model)
  UNION ALL
  SELECT 4, name_finding.id, kind, claim, evidence, severity, COALESCE(correction || ' (accepted objection)', reason), name_finding.id
  FROM model JOIN name_finding ON name_finding.model_id = model.id WHERE model.context_id = TRIM(:model)
  UNION ALL
  SELECT 5, lineage_finding.id, 'lineage', relation || ' of ' || base_model_name, NULL, verdict, reason, NULL
  FROM model JOIN lineage_finding ON lineage_finding.model_id = model.id WHERE model.context_id = TRIM(:model)
) ORDER BY part, place
