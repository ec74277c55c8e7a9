-- Approve or refuse, once, by another account than that which asked.
-- In:  id, account, is_approved, note, hours (for which an approved one can be taken)      Out: one row: id; none when it is decided
UPDATE personal_export
SET decided_by = %(account)s, decided_at = now(), is_approved = %(is_approved)s, note = %(note)s,
    expires_at = CASE WHEN %(is_approved)s THEN now() + make_interval(secs => %(hours)s * 3600) END
WHERE id = %(id)s AND decided_at IS NULL AND asked_by <> %(account)s
RETURNING id
