-- The passwords that an account had lately, as hashes, the newest first.
-- In:  account_id, most      Out: password_hash
SELECT password_hash FROM account_password WHERE account_id = %(account_id)s ORDER BY id DESC LIMIT %(most)s
