-- Use a recovery code, once. At the door alone.
-- In:  account_id, digest      Out: id; no row when there is no such code, or it was used
SELECT id FROM use_recovery_code(%(account_id)s, %(digest)s) AS id
