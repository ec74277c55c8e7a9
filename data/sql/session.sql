-- Whose sessions some tokens open, with what their owners may be today. By index from end to end: it goes before every other statement.
-- In:  digests (SHA-256 of each token), idle_minutes, code (of the desk that the owner of the one session wants to be, or null)
-- Out: no row: no such session, or it has ended, rested too long, or its account is locked. Else one row per grant, session by
--      session, the oldest grant first, without grants one row with null in their columns; `is_stale`: seen_at is a minute old
SELECT opened.id, opened.digest, opened.has_second_factor, opened.seen_at < now() - interval '1 minute' AS is_stale,
       account.id AS account_id, account.name, account.must_change_password, account.password_since,
       account.totp_since IS NOT NULL AS is_enrolled, account.is_demo,
       (SELECT level FROM unit WHERE code = %(code)s) AS wanted_level,
       held.office, held.actor, held.cells, unit.code, unit.level
FROM account_session AS opened
JOIN account ON account.id = opened.account_id AND account.locked_at IS NULL
LEFT JOIN account_grant AS held ON held.account_id = account.id AND daterange(held.valid_from, held.valid_to) @> current_date
LEFT JOIN worker ON worker.id = held.worker_id
LEFT JOIN agency ON agency.id = held.agency_id
LEFT JOIN LATERAL (
    SELECT min(community_code) AS community_code FROM facility_serves WHERE facility_id = held.facility_id
) AS station ON held.facility_id IS NOT NULL
LEFT JOIN unit ON unit.code = coalesce(held.unit_code, worker.community_code, agency.area_code, station.community_code)
WHERE opened.digest = ANY (%(digests)s) AND opened.ended_at IS NULL AND opened.expires_at > now()
  AND opened.seen_at > now() - make_interval(mins => %(idle_minutes)s)
  AND worker.is_active IS NOT FALSE
ORDER BY opened.id, held.id
