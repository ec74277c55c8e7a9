-- Counts that lock nobody any more.
-- In:  minutes      Out: nothing
DELETE FROM sign_in_count WHERE since < now() - make_interval(mins => %(minutes)s)
