-- Lock late cases that may go up: they have not since they are late, or the desk above has had them long enough or nearly so.
-- In:  up_before, remind_before, limit      Out: id
SELECT c.id
FROM case_file AS c
WHERE c.level <> 'district' AND c.state IN ('dispatched', 'handling') AND c.overdue_at >= c.due_at
  AND coalesce(c.escalated_at, '-infinity'::timestamptz) <= %(remind_before)s
  AND (coalesce(c.escalated_at, '-infinity'::timestamptz) <= %(up_before)s OR c.reminded_at IS NULL OR c.reminded_at < c.escalated_at)
ORDER BY coalesce(c.escalated_at, '-infinity'::timestamptz) LIMIT %(limit)s FOR UPDATE OF c SKIP LOCKED
