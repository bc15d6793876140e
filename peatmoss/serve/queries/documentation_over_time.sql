-- How well are models documented, over the years?
-- By a rubric of 16 points (reference/card_rubric.csv), of each model's newest card.
SELECT year, model_count, score, written_count, generated_count, template_count, front_matter_only_count, empty_count FROM documentation_by_year ORDER BY year
