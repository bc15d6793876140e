-- Every value of a card names its place: a path in the front matter, or characters of the card.
-- severity: fail
SELECT snapshot_id, extractor, position, field FROM card_value WHERE path IS NULL AND (char_start IS NULL OR char_end IS NULL OR char_end < char_start)
