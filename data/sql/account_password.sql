-- Give an account another password; the one before is remembered.
-- In:  account_id, password_hash, must_change (true: it was handed over)      Out: nothing
WITH before AS (
    INSERT INTO account_password (account_id, password_hash)
    SELECT id, password_hash FROM account WHERE id = %(account_id)s AND password_hash IS NOT NULL
)
UPDATE account SET password_hash = %(password_hash)s, password_since = now(), must_change_password = %(must_change)s
WHERE id = %(account_id)s
