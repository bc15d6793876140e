-- Where do the rules and a language model read a card differently?
-- One row per fact on which both were asked and do not agree; empty as long as no language model was asked.
SELECT model, field, name, by_rules, by_llm, verdict, extractor FROM card_agreement WHERE verdict <> 'same' ORDER BY field, model LIMIT 500
