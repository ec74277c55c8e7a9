-- Take a code that was found right, once: of two who show it at the same time one is too late.
-- In:  account_id, step (the 30 seconds of the code, counted from 1970)      Out: id; no row when it, or a later one, was taken
UPDATE account SET totp_step = %(step)s, totp_since = coalesce(totp_since, now())
WHERE id = %(account_id)s AND totp_sealed IS NOT NULL AND (totp_step IS NULL OR totp_step < %(step)s)
RETURNING id
