-- Where does a card claim something else than is known?
-- Licenses, base models, sizes and results that two sources give differently. A difference is a reason to look, no verdict.
SELECT model, subject, name, claimed, place, actual, actual_source FROM claimed_and_actual WHERE verdict = 'differs' ORDER BY subject, model LIMIT 500
