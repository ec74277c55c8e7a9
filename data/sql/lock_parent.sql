-- The case that others are to be linked to; it is not closed before they are.
-- In:  id      Out: one row: state; none when there is no such case
SELECT state FROM case_file WHERE id = %(id)s FOR SHARE
