-- A grid worker's own open cases and those where he was asked for help, and the place in the stream of events up to which they tell.
-- In:  worker_id, actor, now, today, limit
-- Out: cursor and the columns of case_rows with handler, is_helper, photos, contact (masked), by due time; without cases one row whose
--      id is null
-- Why: one statement sees one state of things, so that nothing that happens is left out or told twice.
WITH mine AS (
    SELECT c.id, c.due_at FROM case_file AS c WHERE c.worker_id = %(worker_id)s AND c.state NOT IN ('closed', 'evaluated')
    UNION
    SELECT c.id, c.due_at FROM case_helper AS h JOIN case_file AS c ON c.id = h.case_id
    WHERE h.helper = %(actor)s AND h.reported_at IS NULL AND c.state NOT IN ('closed', 'evaluated')
), first AS (
    SELECT array_agg(id ORDER BY due_at NULLS LAST, id) AS ids
    FROM (SELECT id, due_at FROM mine ORDER BY due_at NULLS LAST, id LIMIT %(limit)s) AS most
)
SELECT pg_current_snapshot()::text AS cursor, c.handler, told.*,
       EXISTS (SELECT FROM case_helper AS h WHERE h.case_id = c.id AND h.helper = %(actor)s AND h.reported_at IS NULL) AS is_helper,
       (SELECT coalesce(json_agg(json_build_object('id', p.id, 'width', p.width, 'height', p.height) ORDER BY p.id), '[]')
        FROM case_photo AS p WHERE p.case_id = c.id) AS photos,
       (SELECT json_build_object('name', r.name, 'phone', r.phone, 'home', r.home)
        FROM reporter_contact AS r WHERE r.case_id = c.id) AS contact
FROM first
LEFT JOIN LATERAL case_rows(first.ids, %(now)s::timestamptz, %(today)s::date) AS told ON true
LEFT JOIN case_file AS c ON c.id = told.id
