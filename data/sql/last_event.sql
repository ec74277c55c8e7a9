-- The newest event of a case.
-- In:  id      Out: one row: event, actor, at
SELECT event, actor, at FROM case_event WHERE case_id = %(id)s ORDER BY seq DESC LIMIT 1
