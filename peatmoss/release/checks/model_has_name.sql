-- Every model has a name without blanks at its ends.
-- severity: fail
SELECT id, context_id FROM model WHERE context_id = '' OR context_id <> TRIM(context_id)
