-- A model that is gone says why, and one that is not gone does not.
-- severity: fail
SELECT context_id, gone_at, gone_reason FROM model WHERE (gone_at IS NULL) <> (gone_reason IS NULL)
