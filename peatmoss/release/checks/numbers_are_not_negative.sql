-- Downloads, likes, sizes and parameter counts are not negative.
-- severity: fail
SELECT context_id, downloads, downloads_all_time, likes, parameter_count, storage_bytes FROM model
WHERE downloads < 0 OR downloads_all_time < 0 OR likes < 0 OR parameter_count < 0 OR storage_bytes < 0
