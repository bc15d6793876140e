-- Whose declared license changed?
-- Two observations of one model with different licenses: the change came at some time between the two dates.
SELECT model, license_before, license, before_as_of, as_of FROM license_change ORDER BY as_of DESC, model LIMIT 500
