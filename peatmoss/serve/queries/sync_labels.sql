-- Where do the rules and a language model differ on what a commit changes?
-- One row per commit; empty as long as no language model was asked. How far they agree in all: the view change_type_agreement.
SELECT platform, owner, sha, title, change_type_by_rule, change_type AS change_type_by_language_model, method_version AS language_model, confidence, reason
FROM commit_label WHERE method = 'llm' AND change_type <> change_type_by_rule ORDER BY owner, committed_at DESC LIMIT 500
