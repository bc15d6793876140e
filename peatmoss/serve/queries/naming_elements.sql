-- What are names made of, and what do engineers wish for?
-- The survey of the naming study asked 108 engineers what they want in a name; the study counted 14,178 names of 2023; the last bar is this release.
SELECT code, element, survey_percent, study_percent, percent, count, denominator FROM naming_element
ORDER BY COALESCE(survey_percent, -1) DESC, COALESCE(study_percent, -1) DESC, code
