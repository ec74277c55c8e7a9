-- Begin to enrol a second factor; it counts once a code of it was shown.
-- In:  account_id, sealed (the secret)      Out: id; no row when the account has one
UPDATE account SET totp_sealed = %(sealed)s, totp_step = NULL
WHERE id = %(account_id)s AND totp_since IS NULL
RETURNING id
