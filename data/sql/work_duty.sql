-- The duty that a worker is on. One that has gone on too long counts as ended.
-- In:  worker_id, hours_max      Out: one row: id, began_at; none when he is off duty
SELECT id, began_at FROM duty
WHERE worker_id = %(worker_id)s AND ended_at IS NULL AND began_at > now() - make_interval(secs => 3600 * %(hours_max)s)
