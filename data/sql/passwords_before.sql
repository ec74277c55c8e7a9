-- The passwords that an account had lately, as hashes, the newest first. At the door alone.
-- In:  account_id, most      Out: password_hash
SELECT password_hash FROM passwords_before(%(account_id)s, %(most)s) AS password_hash
