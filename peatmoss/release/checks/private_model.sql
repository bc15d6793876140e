-- A model that is visible to its owner only should not be in a release.
-- severity: warn
SELECT context_id FROM model WHERE is_private
