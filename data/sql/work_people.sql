-- The workers of a community, each with the first of his roles in its cells today; names masked.
-- In:  community      Out: id, actor, code, name, role (null: no cell); by code
SELECT worker.id, 'worker:' || worker.id AS actor, worker.code, worker.name, (
           SELECT assignment.role FROM assignment
           WHERE assignment.worker_id = worker.id AND assignment.during @> now()
           ORDER BY array_position(ARRAY['head', 'worker', 'substitute'], assignment.role::text) LIMIT 1
       ) AS role
FROM worker WHERE worker.community_code = %(community)s AND worker.is_active
ORDER BY worker.code
