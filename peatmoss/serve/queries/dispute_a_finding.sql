-- How do I object to a finding about a name?
-- The line to add to peatmoss/reference/corrections.csv, with your reason and where it can be read. Accepted, the finding counts as info from the next analysis on, and says why.
SELECT '"' || REPLACE(model.context_id, '"', '""') || '",' || kind || ',"(your reason)","(a public page that says so)"' AS line_for_corrections_csv,
  model.context_id AS model, kind, severity, claim, evidence, reason, correction AS accepted_objection
FROM name_finding JOIN model ON model.id = name_finding.model_id WHERE name_finding.id = CAST(:finding AS INTEGER)
