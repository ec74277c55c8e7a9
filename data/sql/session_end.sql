-- End open sessions of an account.
-- In:  account_id, id (of one, or null: all), but (one that stays open, or null), by      Out: id of each that ended
UPDATE account_session SET ended_at = now(), ended_by = %(by)s
WHERE account_id = %(account_id)s AND ended_at IS NULL
  AND (%(id)s::bigint IS NULL OR id = %(id)s) AND id IS DISTINCT FROM %(but)s::bigint
RETURNING id
