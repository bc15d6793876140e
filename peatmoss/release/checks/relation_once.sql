-- An edge with a stated relation is not counted again without one.
-- severity: fail
SELECT bare.model_id, bare.base_model_name
FROM model_to_base_model AS bare
WHERE bare.relation = 'unknown' AND EXISTS (
  SELECT 1 FROM model_to_base_model AS stated
  WHERE stated.model_id = bare.model_id AND stated.base_model_name = bare.base_model_name AND stated.relation <> 'unknown')
