-- How cases stand, locked before: what geo.escalation decides by.
-- In:  ids, up_before, remind_before      Out: one row per case
SELECT c.id, c.seq, c.state, c.level, c.due_at, c.desk_code, desk.level AS desk_level,
       coalesce('worker:' || c.worker_id, 'desk:' || c.desk_code, 'agency:' || c.agency_id) AS holder,
       extract(epoch FROM now() - coalesce(c.held_since, c.filed_at))::float / 60 AS held_minutes, now() AS now,
       c.returns > c.returns_before AND coalesce(cardinality(c.refused_by), 0) > 0 AS is_refused,
       c.returns - c.returns_before AS returns_since,
       coalesce(c.overdue_at >= c.due_at, false) AS is_late, c.escalated_at IS NULL AS is_first,
       coalesce(c.escalated_at <= %(up_before)s, false) AS is_held, coalesce(c.escalated_at <= %(remind_before)s, false) AS is_nearly_held,
       community.code AS community, coalesce(street.code, above.code) AS street, district.code AS district
FROM case_file AS c
LEFT JOIN unit AS desk ON desk.code = c.desk_code
LEFT JOIN area AS community ON community.id = c.community_id
LEFT JOIN area AS street ON street.id = c.street_id
LEFT JOIN unit AS above ON above.code = left(community.code, 9) || '000' AND above.level = 'street'
LEFT JOIN unit AS district ON district.code = left(coalesce(street.code, community.code), 6) || '000000' AND district.level = 'district'
WHERE c.id = ANY(%(ids)s::bigint[])
ORDER BY c.id
