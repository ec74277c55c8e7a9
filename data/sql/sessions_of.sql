-- The sessions of an account that are open now, the last used first.
-- In:  account_id, idle_minutes      Out: id, opened_at, seen_at, expires_at, address, browser, has_second_factor
SELECT id, opened_at, seen_at, expires_at, address, browser, has_second_factor
FROM account_session
WHERE account_id = %(account_id)s AND ended_at IS NULL AND expires_at > now()
  AND seen_at > now() - make_interval(mins => %(idle_minutes)s)
ORDER BY seen_at DESC, id DESC
