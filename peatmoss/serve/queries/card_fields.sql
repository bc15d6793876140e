-- Which facts do cards state, and how often?
-- Beside the shares that PeaTMOSS published in 2024, each with its denominator: other cards, another method.
SELECT field, card_count, denominator, share, peatmoss_share, peatmoss_denominator FROM card_presence ORDER BY share DESC, field
