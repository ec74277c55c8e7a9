-- Lock cases that are late, or to be reminded of, by the thresholds of their limits; those due first come first.
-- In:  limits, stages_late, remind_before, late_before, is_last (arrays, one entry per watch), limit
-- Out: id, sign, at (index of the watch)
-- Why: rows that somebody else moves or sweeps are left to the next round, so nobody waits and nothing happens twice.
SELECT c.id, CASE WHEN c.due_at > w.late_before THEN 'nearly_due' WHEN w.is_last THEN 'overdue' ELSE 'stage_over' END AS sign,
       (w.place - 1)::int AS at
FROM unnest(%(limits)s::text[], %(stages_late)s::int[], %(remind_before)s::timestamptz[], %(late_before)s::timestamptz[], %(is_last)s::boolean[])
     WITH ORDINALITY AS w (time_limit, stages_late, remind_before, late_before, is_last, place)
JOIN case_file AS c ON coalesce(c.time_limit, '') = w.time_limit AND c.stages_late = w.stages_late AND c.due_at <= w.remind_before
WHERE c.state IN ('dispatched', 'handling', 'fed_back', 'verifying') AND c.due_at IS NOT NULL AND (c.overdue_at IS NULL OR c.overdue_at < c.due_at)
  AND (c.due_at <= w.late_before OR c.reminded_at IS NULL)
ORDER BY c.due_at LIMIT %(limit)s FOR UPDATE OF c SKIP LOCKED
