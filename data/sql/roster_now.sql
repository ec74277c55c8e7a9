-- Who looks after each cell at a moment, and whether he is there.
-- In:  moment      Out: cell_code, worker_id, name, role, is_on_duty
SELECT assignment.cell_code, assignment.worker_id, worker.name, assignment.role,
       worker.is_active AND NOT EXISTS (
           SELECT FROM leave WHERE leave.worker_id = worker.id AND leave.during @> %(moment)s::timestamptz
       ) AS is_on_duty
FROM assignment JOIN worker ON worker.id = assignment.worker_id
WHERE assignment.during @> %(moment)s::timestamptz
