-- How are model families synchronized?
-- One row per family, whole history. profile: paper (as the study did), exact (full times) or strict (without bots and merges);
-- empty: paper. Buckets are periods of 14 days. insufficient: a side without commits. An overlap that is not above chance proves
-- nothing. The page of a family shows its timeline.
SELECT family, pattern, code, lag, status, variants, hub_buckets, overlap_buckets, is_overlap_above_chance,
  ROUND(phase_agreement, 2) AS phase_agreement, is_short_window
FROM family_pattern
WHERE part = 'all' AND profile = COALESCE(NULLIF(TRIM(:profile), ''), 'paper')
ORDER BY status <> 'ok', family LIMIT 500
