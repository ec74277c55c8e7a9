-- Note that a session was used. Who finds it being noted by another request leaves it to that one.
-- In:  id      Out: nothing
UPDATE account_session SET seen_at = now()
WHERE id = (SELECT id FROM account_session WHERE id = %(id)s AND seen_at < now() - interval '1 minute' FOR UPDATE SKIP LOCKED)
