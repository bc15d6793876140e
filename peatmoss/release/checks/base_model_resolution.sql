-- A base model is resolved by a rule, and a rule resolves to a model.
-- severity: fail
SELECT model_id, base_model_name, resolution FROM model_to_base_model WHERE (base_model_id IS NULL) <> (resolution IS NULL)
