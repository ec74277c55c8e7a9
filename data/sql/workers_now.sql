-- Who is on duty in each community at a moment, whichever cells he looks after.
-- In:  moment      Out: community_code, worker_id, name
SELECT community_code, id AS worker_id, name FROM worker
WHERE is_active AND NOT EXISTS (SELECT FROM leave WHERE leave.worker_id = worker.id AND leave.during @> %(moment)s::timestamptz)
