-- In:  event, actor, reason, results (JSON)      Out: one row: id
INSERT INTO bulk_move (event, actor, reason, moved_at, results)
VALUES (%(event)s, %(actor)s, %(reason)s, clock_timestamp(), %(results)s::jsonb) RETURNING id
