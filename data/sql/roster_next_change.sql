-- The next moment at which an assignment or a leave begins or ends.
-- In:  moment      Out: one row, one column; null when nothing is known to change
SELECT min(change) FROM (
    SELECT unnest(ARRAY[lower(during), upper(during)]) FROM assignment WHERE upper(during) > %(moment)s OR upper_inf(during)
    UNION ALL
    SELECT unnest(ARRAY[lower(during), upper(during)]) FROM leave WHERE upper(during) > %(moment)s OR upper_inf(during)
) AS changes (change)
WHERE change > %(moment)s
