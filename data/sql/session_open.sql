-- Open a session.
-- In:  digest (SHA-256 of its token), account_id, has_second_factor, hours (until it ends at the latest), address, browser
-- Out: id, expires_at
INSERT INTO account_session (digest, account_id, has_second_factor, expires_at, address, browser)
VALUES (%(digest)s, %(account_id)s, %(has_second_factor)s, now() + make_interval(hours => %(hours)s), %(address)s, %(browser)s)
RETURNING id, expires_at
