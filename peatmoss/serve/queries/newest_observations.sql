-- What was seen last?
-- Observations of the newest date at which anything changed, most downloaded first. model: a name, for its whole history.
SELECT model.context_id AS model, observation.as_of, observation.downloads, observation.likes, observation.license, observation.sha
FROM (
  SELECT * FROM model_observation WHERE model_id IN (SELECT id FROM model WHERE context_id = TRIM(:model))
  UNION ALL
  SELECT * FROM model_observation WHERE TRIM(:model) = '' AND as_of = (SELECT MAX(as_of) FROM model_observation)
) AS observation JOIN model ON model.id = observation.model_id
ORDER BY observation.as_of DESC, observation.downloads DESC, model.context_id LIMIT 500
