-- The duties of a worker that touch a stretch of time.
-- In:  worker_id, first, last, hours_max      Out: id, began_at, ended_at (of one that runs: when it will have gone on too long)
SELECT id, began_at, until AS ended_at
FROM duty, LATERAL (SELECT least(ended_at, began_at + make_interval(secs => 3600 * %(hours_max)s)) AS until) AS told
WHERE worker_id = %(worker_id)s AND began_at <= %(last)s AND until >= %(first)s
ORDER BY began_at
