-- Let in what was checked: this content with these options, on the ground of the check.
-- In:  id, digest, confirmed_by      Out: the new turn; no row when any of it is not so any more
WITH asked AS (
    UPDATE upload SET state = 'importing', turn = turn + 1, attempts = 0, changed_at = now(), confirmed_by = %(confirmed_by)s,
        progress = NULL, problem = NULL
    WHERE id = %(id)s AND state = 'checked' AND digest = %(digest)s AND ground = (SELECT revision FROM ground_revision)
    RETURNING turn
)
SELECT turn, pg_notify('uploads', '') FROM asked
