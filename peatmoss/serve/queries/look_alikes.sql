-- Which owners could be taken for another one?
-- Names that look like a far more used one, and owners whose models were all gone before new ones came. Looking alike says nothing about intent.
SELECT subject, name, looks_like, how, reason FROM look_alike ORDER BY how, name LIMIT 1000
