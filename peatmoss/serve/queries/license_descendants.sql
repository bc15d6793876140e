-- Which descendants of a model lost a clause of its license?
-- clause: a code such as L1, or empty for all. first_loss is the edge where it was lost first; later edges look fine by themselves.
-- An automated reading of declared licenses, not legal advice.
SELECT model, own_license, license_id, depth, state, lost_clauses, first_loss, downloads
FROM license_chain WHERE (:model = '' OR origin = TRIM(:model)) AND first_loss IS NOT NULL
  AND (:clause = '' OR instr(' ' || lost_clauses || ' ', ' ' || TRIM(:clause) || ' '))
ORDER BY downloads DESC, model LIMIT 500
