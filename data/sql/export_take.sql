-- Note that an approved table is taken, once, in time, by who asked for it.
-- In:  id, account      Out: one row: taken_at; none when it can't be
UPDATE personal_export SET taken_at = now()
WHERE id = %(id)s AND asked_by = %(account)s AND is_approved AND taken_at IS NULL AND expires_at > now()
RETURNING taken_at
