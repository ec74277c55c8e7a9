-- In:  id
SELECT pg_advisory_unlock(hashtextextended('wangge upload ' || %(id)s, 0))
