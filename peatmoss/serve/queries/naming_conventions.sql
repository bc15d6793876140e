-- Which naming conventions are wished for, and which are followed?
-- I implementation, AT application or task, IAT both, O neither: survey, practice of 2023, and this release.
SELECT convention AS code, meaning AS element, survey_percent, study_percent, percent, count, denominator FROM naming_convention
ORDER BY survey_percent DESC
