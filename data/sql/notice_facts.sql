-- What a message says of its notices.
-- In:  ids      Out: one row per notice, by id
SELECT notice.id, notice.case_id, notice.kind, event.at, event.reason, event.detail, c.due_at, c.outcome,
       category.name AS category, category.name_en AS category_en, coalesce(cell.name, cell.code) AS cell,
       community.name AS community, community.name_en AS community_en, street.name AS street, street.name_en AS street_en
FROM notice
JOIN case_event AS event ON event.id = notice.event_id
JOIN case_file AS c ON c.id = notice.case_id
JOIN incident ON incident.id = c.id
JOIN category ON category.code = coalesce(c.category_code, incident.category_code)
LEFT JOIN cell ON cell.id = c.cell_id
LEFT JOIN area AS community ON community.id = c.community_id
LEFT JOIN area AS street ON street.id = c.street_id
WHERE notice.id = ANY(%(ids)s::bigint[])
ORDER BY notice.id
