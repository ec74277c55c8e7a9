-- Take away a second factor with its recovery codes.
-- In:  account_id      Out: id; no row when there was none
WITH codes AS (DELETE FROM account_recovery WHERE account_id = %(account_id)s)
UPDATE account SET totp_sealed = NULL, totp_since = NULL, totp_step = NULL
WHERE id = %(account_id)s AND totp_since IS NOT NULL
RETURNING id
