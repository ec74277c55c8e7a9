-- Give an account another password; a trigger remembers the one before.
-- In:  account_id, password_hash, must_change (true: it was handed over)      Out: nothing
UPDATE account SET password_hash = %(password_hash)s, password_since = now(), must_change_password = %(must_change)s
WHERE id = %(account_id)s
