-- Use a recovery code, once.
-- In:  account_id, digest      Out: left (codes that remain); no row when there is no such code, or it was used
WITH used AS (
    UPDATE account_recovery SET used_at = now() WHERE account_id = %(account_id)s AND digest = %(digest)s AND used_at IS NULL
    RETURNING account_id
)
SELECT count(*) - 1 AS left FROM account_recovery JOIN used USING (account_id) WHERE used_at IS NULL HAVING count(*) > 0
