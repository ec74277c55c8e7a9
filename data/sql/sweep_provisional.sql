-- Lock open cases that are due by a year whose calendar was not loaded, behind an id.
-- In:  after, limit      Out: id, seq, time_limit, due_at, remaining_minutes, by id
SELECT id, seq, time_limit, due_at, remaining_minutes FROM case_file
WHERE is_provisional AND state NOT IN ('closed', 'evaluated') AND time_limit IS NOT NULL AND id > %(after)s
ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
