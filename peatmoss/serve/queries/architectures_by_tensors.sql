-- What do tensor headers say that models are?
-- Prediction beside declaration; contradictions first. Where several classes have the same tensors, all are named.
SELECT model.context_id AS model, verdict, COALESCE(declared_architecture, declared_model_type) AS declared,
  COALESCE(predicted_architecture, predicted_model_type) AS predicted, predicted_task, certainty, equals, nearest, reason
FROM architecture_prediction JOIN snapshot ON snapshot.id = architecture_prediction.snapshot_id JOIN model ON model.id = snapshot.model_id
ORDER BY CASE verdict WHEN 'contradicted' THEN 0 WHEN 'unknown' THEN 1 WHEN 'equivalent' THEN 2 ELSE 3 END, model LIMIT 1000
