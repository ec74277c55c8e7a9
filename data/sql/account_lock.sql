-- Lock an account, or unlock it.
-- In:  account_id, is_locked, by      Out: id; no row when it is so already
UPDATE account SET locked_at = CASE WHEN %(is_locked)s THEN now() END, locked_by = CASE WHEN %(is_locked)s THEN %(by)s END
WHERE id = %(account_id)s AND (locked_at IS NOT NULL) <> %(is_locked)s
RETURNING id
