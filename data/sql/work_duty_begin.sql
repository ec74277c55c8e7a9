-- Put a worker on duty, not before the end of his last one.
-- In:  worker_id, at      Out: one row: id; none when he is on duty already
INSERT INTO duty (worker_id, began_at)
SELECT %(worker_id)s, greatest(%(at)s::timestamptz, (SELECT max(ended_at) FROM duty WHERE worker_id = %(worker_id)s))
ON CONFLICT (worker_id) WHERE ended_at IS NULL DO NOTHING
RETURNING id
