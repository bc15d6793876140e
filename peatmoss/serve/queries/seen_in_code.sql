-- Is a model used in the code that was scanned?
-- Both counts: own use, and all else; for a model without any, the sentence that says what was searched.
SELECT model.context_id AS model, COALESCE(reuse.repository_count, 0) AS repositories, COALESCE(reuse.fork_count, 0) AS forks,
  COALESCE(reuse.mention_count, 0) AS only_mentioned_in,
  CASE WHEN COALESCE(reuse.repository_count, 0) + COALESCE(reuse.fork_count, 0) > 0 THEN 'seen in ' || (reuse.repository_count + reuse.fork_count)
    || ' of the ' || coverage.scanned_count || ' repositories scanned' ELSE coverage.statement END AS statement
FROM model LEFT JOIN model_reuse AS reuse ON reuse.model = model.context_id CROSS JOIN usage_coverage AS coverage
WHERE model.context_id = TRIM(:model)
