-- Two models of one hub should not differ in upper and lower case only.
-- severity: warn
SELECT model_hub_id, LOWER(context_id) AS name, COUNT(*) AS models FROM model
GROUP BY model_hub_id, LOWER(context_id) HAVING COUNT(*) > 1
