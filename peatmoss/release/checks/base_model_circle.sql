-- Two models should not be each other's base.
-- severity: warn
SELECT one.model_id, one.base_model_id
FROM model_to_base_model AS one JOIN model_to_base_model AS other ON other.model_id = one.base_model_id AND other.base_model_id = one.model_id
WHERE one.model_id < one.base_model_id
