-- Keep that a worker walked streets on a day.
-- In:  worker_id, day, edges (ids)
INSERT INTO street_walked (worker_id, day, edge_id) SELECT %(worker_id)s, %(day)s::date, unnest(%(edges)s::bigint[])
ON CONFLICT DO NOTHING
