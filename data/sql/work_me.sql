-- A worker and his community.
-- In:  worker_id      Out: one row: id, actor, code, name (masked), community, community_name
SELECT worker.id, 'worker:' || worker.id AS actor, worker.code, worker.name, worker.community_code AS community,
       area.name AS community_name
FROM worker LEFT JOIN area ON area.code = worker.community_code AND area.valid_to IS NULL
WHERE worker.id = %(worker_id)s
