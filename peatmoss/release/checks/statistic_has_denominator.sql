-- No statistic counts more than its denominator.
-- severity: fail
SELECT subject, name, count, denominator FROM statistic WHERE count > denominator OR count < 0
