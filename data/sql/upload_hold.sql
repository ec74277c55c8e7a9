-- Whoever holds an upload works on it alone, until he lets go or his session ends.
-- In:  id      Out: whether it was free
SELECT pg_try_advisory_lock(hashtextextended('wangge upload ' || %(id)s, 0)) AS is_held
