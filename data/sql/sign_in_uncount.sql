-- A try to sign in was right: for its address only this one try is forgotten.
-- In:  key (SHA-256)      Out: nothing
UPDATE sign_in_count SET failures = greatest(failures - 1, 0) WHERE key = %(key)s
