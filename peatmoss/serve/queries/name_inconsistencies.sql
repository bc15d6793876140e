-- Which names do not say what the content is?
-- Hard and soft findings, the most downloaded models first. A kind is one of I1 to I17 (empty: all); see the description of name_finding.
SELECT model, kind, severity, claim, evidence, reason, downloads, finding_id
FROM name_inconsistency WHERE TRIM(:kind) = '' OR kind = UPPER(TRIM(:kind))
ORDER BY CASE severity WHEN 'hard' THEN 0 ELSE 1 END, downloads DESC, model, kind LIMIT 1000
