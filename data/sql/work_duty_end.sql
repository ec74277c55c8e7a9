-- End the duty of a worker, at the latest when it has gone on too long.
-- In:  worker_id, at, hours_max, is_lapsed (only one that has)      Out: one row: id; none when he was off duty
UPDATE duty SET ended_at = greatest(began_at, least(%(at)s::timestamptz, began_at + make_interval(secs => 3600 * %(hours_max)s)))
WHERE worker_id = %(worker_id)s AND ended_at IS NULL
  AND (NOT %(is_lapsed)s OR began_at <= %(at)s::timestamptz - make_interval(secs => 3600 * %(hours_max)s))
RETURNING id
