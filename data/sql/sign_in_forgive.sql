-- A try to sign in was right: what was counted for its name is forgotten, for its address only this one try.
-- In:  by_name, by_address (both SHA-256)      Out: nothing
WITH forgotten AS (DELETE FROM sign_in_count WHERE key = %(by_name)s)
UPDATE sign_in_count SET failures = greatest(failures - 1, 0) WHERE key = %(by_address)s
