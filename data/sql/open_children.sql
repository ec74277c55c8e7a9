-- The open doubles of a case, locked in one order so that two who close do not wait for each other.
-- In:  id      Out: id
SELECT id FROM case_file WHERE parent_id = %(id)s AND state NOT IN ('closed', 'evaluated') ORDER BY id FOR NO KEY UPDATE
