-- A try to sign in was right: what was counted for its name is forgotten.
-- In:  key (SHA-256)      Out: nothing
DELETE FROM sign_in_count WHERE key = %(key)s
