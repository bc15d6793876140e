CREATE VIEW naming_element AS
-- What names are made of: what engineers want (the survey of the naming study), what names had in 2023, and what they have here.
-- A name counts once for each element that it has. The study's counts are of its paper and artifact (EMSE 30:155).
--   code: The study's letter.
--   element: What it stands for.
--   survey_count: Engineers, of 108, who want it in a name; NULL: the survey did not ask.
--   survey_percent: The same as a percentage.
--   study_count: Names, of 14,178 of 2023, that have it; NULL: the study did not label it.
--   study_percent: The same as a percentage.
--   count: Names of this release that have it.
--   denominator: Names of this release.
--   percent: The same as a percentage.
SELECT code, element, survey_count, ROUND(survey_count * 100.0 / 108, 1) AS survey_percent,
  study_count, ROUND(study_count * 100.0 / 14178, 1) AS study_percent, count, denominator,
  ROUND(count * 100.0 / NULLIF(denominator, 0), 1) AS percent
FROM (
  SELECT study.*, (SELECT COUNT(*) FROM model_name WHERE instr(codes, study.code) > 0) AS count,
    (SELECT COUNT(*) FROM model_name) AS denominator
  FROM (
    SELECT 'A' AS code, 'architecture' AS element, 69 AS survey_count, 11811 AS study_count
    UNION ALL SELECT 'S', 'size', 62, 6269 UNION ALL SELECT 'T', 'task or application', 57, 4691
    UNION ALL SELECT 'V', 'version', 52, 1801 UNION ALL SELECT 'P', 'parameters', 46, 1939
    UNION ALL SELECT 'L', 'language', 39, 2486 UNION ALL SELECT 'D', 'dataset', 30, 3664
    UNION ALL SELECT 'F', 'adaptation', 16, 1268 UNION ALL SELECT 'R', 'training', 8, 134
    UNION ALL SELECT 'C', 'dataset characteristic', 7, 1380 UNION ALL SELECT 'O', 'other', 3, 5170
    UNION ALL SELECT 'N', 'layers', 2, 309 UNION ALL SELECT 'H', 'heads or hidden size', NULL, 88
    UNION ALL SELECT 'W', 'format or framework', NULL, NULL UNION ALL SELECT 'M', 'organisation', NULL, NULL
  ) AS study
);

CREATE VIEW naming_convention AS
-- The four conventions: what engineers prefer, what names followed in 2023, and what they follow here.
--   convention: I, IAT, AT or O.
--   meaning: In words.
--   survey_count: Selections, of 176 (two for each engineer), in the survey of the naming study.
--   survey_percent: The same as a percentage.
--   study_count: Names, of 13,208 of 2023 that the study labelled.
--   study_percent: The same as a percentage.
--   count: Names of this release.
--   denominator: All names of this release.
--   percent: The same as a percentage.
SELECT study.convention, meaning, survey_count, ROUND(survey_count * 100.0 / 176, 1) AS survey_percent,
  study_count, ROUND(study_count * 100.0 / 13208, 1) AS study_percent, COUNT(model_name.model_id) AS count,
  (SELECT COUNT(*) FROM model_name) AS denominator,
  ROUND(COUNT(model_name.model_id) * 100.0 / NULLIF((SELECT COUNT(*) FROM model_name), 0), 1) AS percent
FROM (
  SELECT 'IAT' AS convention, 'implementation and application or task' AS meaning, 106 AS survey_count, 3488 AS study_count
  UNION ALL SELECT 'I', 'implementation', 26, 7793 UNION ALL SELECT 'AT', 'application or task', 41, 525
  UNION ALL SELECT 'O', 'neither', 3, 1402
) AS study LEFT JOIN model_name ON model_name.convention = study.convention
GROUP BY study.convention, meaning, survey_count, study_count;

CREATE VIEW name_inconsistency AS
-- Names that do not say what the content is, claim beside evidence; without what a rule or an accepted objection acquits.
--   finding_id: Key of the finding, to object to it (query dispute_a_finding).
--   model: The model.
--   kind: I1 to I17, see name_finding.
--   severity: hard or soft.
--   claim: What the name says.
--   evidence: What was found instead.
--   reason: In words.
--   downloads: Downloads of the model.
SELECT name_finding.id AS finding_id, model.context_id AS model, kind, severity, claim, evidence, reason, model.downloads
FROM name_finding JOIN model ON model.id = name_finding.model_id WHERE severity <> 'info';
