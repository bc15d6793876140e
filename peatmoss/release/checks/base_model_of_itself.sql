-- A model should not be its own base.
-- severity: warn
SELECT model_id, base_model_name FROM model_to_base_model WHERE base_model_id = model_id
