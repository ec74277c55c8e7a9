-- The limits and stages of the cases whose clock runs, and the moment.
-- In:  nothing      Out: time_limit ('' for none), stages_late, now
-- Why: each value is looked up behind the one before it, so that the cost grows with the limits, not with the cases.
WITH RECURSIVE found AS (
    (
        SELECT coalesce(time_limit, '') AS time_limit, stages_late FROM case_file
        WHERE state IN ('dispatched', 'handling', 'fed_back', 'verifying') AND due_at IS NOT NULL AND (overdue_at IS NULL OR overdue_at < due_at)
        ORDER BY 1, 2 LIMIT 1
    )
    UNION ALL
    SELECT later.time_limit, later.stages_late
    FROM found CROSS JOIN LATERAL (
        SELECT coalesce(c.time_limit, '') AS time_limit, c.stages_late FROM case_file AS c
        WHERE c.state IN ('dispatched', 'handling', 'fed_back', 'verifying') AND c.due_at IS NOT NULL AND (c.overdue_at IS NULL OR c.overdue_at < c.due_at)
          AND (coalesce(c.time_limit, ''), c.stages_late) > (found.time_limit, found.stages_late)
        ORDER BY 1, 2 LIMIT 1
    ) AS later
)
SELECT time_limit, stages_late, now() AS now FROM found
