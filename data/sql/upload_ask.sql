-- Ask for another look or for a check, unless it is at work or in already. What was found before is forgotten.
-- In:  id, to (reading or checking), kind, options (jsonb)      Out: the new turn; no row when it was not to be had
WITH asked AS (
    UPDATE upload SET state = %(to)s, turn = turn + 1, attempts = 0, changed_at = now(), kind = %(kind)s, options = %(options)s,
        progress = NULL, problem = NULL, report = NULL, digest = NULL, ground = NULL
    WHERE id = %(id)s AND state IN ('draft', 'checked')
    RETURNING turn
)
SELECT turn, pg_notify('uploads', '') FROM asked
