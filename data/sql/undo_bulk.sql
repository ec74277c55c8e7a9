-- Take a bulk move for undoing, once.
-- In:  id      Out: one row; none when it was undone before
UPDATE bulk_move SET undone_at = clock_timestamp() WHERE id = %(id)s AND undone_at IS NULL RETURNING id
