-- Accounts by name, with what they hold today.
-- In:  part (pattern of a name), after (the name before, or an empty text), most
-- Out: id, name, is_demo, locked_at, must_change_password, password_since, has_second_factor, created_at, created_by, last_seen_at,
--      sessions (open now), grants (array of {id, office, actor})
SELECT account.id, account.name, account.is_demo, account.locked_at, account.must_change_password, account.password_since,
       account.totp_since IS NOT NULL AS has_second_factor, account.created_at, account.created_by,
       used.last_seen_at, used.sessions, held.grants
FROM account
CROSS JOIN LATERAL (
    SELECT max(seen_at) AS last_seen_at,
           count(*) FILTER (WHERE ended_at IS NULL AND expires_at > now()
                            AND seen_at > now() - make_interval(mins => %(idle_minutes)s)) AS sessions
    FROM account_session WHERE account_id = account.id
) AS used
CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'office', office, 'actor', actor) ORDER BY id), '[]') AS grants
    FROM account_grant WHERE account_id = account.id AND daterange(valid_from, valid_to) @> current_date
) AS held
WHERE account.name LIKE %(part)s AND account.name > %(after)s
ORDER BY account.name LIMIT %(most)s
