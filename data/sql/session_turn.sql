-- Give an open session another token; the one before opens nothing any more.
-- In:  id, digest (of the new token), has_second_factor (true: he has shown it now)      Out: id; no row when it has ended
UPDATE account_session SET digest = %(digest)s, has_second_factor = has_second_factor OR %(has_second_factor)s
WHERE id = %(id)s AND ended_at IS NULL
RETURNING id
