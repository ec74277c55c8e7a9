-- Begin what was asked for. Needs the hold.
-- In:  id      Out: the upload; no row when there is nothing to do any more
UPDATE upload SET attempts = attempts + 1, progress = NULL
WHERE id = %(id)s AND state IN ('reading', 'checking', 'importing')
RETURNING *
