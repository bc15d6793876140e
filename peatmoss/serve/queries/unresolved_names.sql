-- Which base models are named but not here?
-- Beyond the listing, renamed, gone, a local path, or a typing error. Most frequent first.
SELECT base_model_name, model_count, example FROM base_model_unresolved ORDER BY model_count DESC, base_model_name LIMIT 500
