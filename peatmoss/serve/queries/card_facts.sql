-- What does a card say of its model, and where?
-- Every fact with the words that state it. Empty: all models.
SELECT model, field, name, value, unit, role, dataset, raw, place, method, confidence FROM card_fact
WHERE TRIM(:model) = '' OR model = TRIM(:model) ORDER BY model, field, place LIMIT 1000
