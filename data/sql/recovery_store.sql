-- Recovery codes in place of those before.
-- In:  account_id, digests (SHA-256 of each)      Out: nothing
WITH gone AS (DELETE FROM account_recovery WHERE account_id = %(account_id)s)
INSERT INTO account_recovery (account_id, digest) SELECT %(account_id)s, unnest(%(digests)s::bytea[])
