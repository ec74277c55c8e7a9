-- Note that somebody else reported what is known already.
-- In:  id (of the case), key, source, note      Out: id, followed_at; no row when the key is taken
INSERT INTO case_follower (case_id, idempotency_key, source, note) VALUES (%(id)s, %(key)s, %(source)s, %(note)s)
ON CONFLICT (idempotency_key) DO NOTHING
RETURNING id, followed_at
