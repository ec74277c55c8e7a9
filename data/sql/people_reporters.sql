-- Who reported the cases of a ground, sealed.
-- In:  digits (with which codes of the ground begin), since, until (days of the city, both included; null: open), most
-- Out: case, filed_at, category, community, name, phone, home (sealed), the newest first
SELECT contact.case_id AS case, case_file.filed_at, category.name AS category, community.name AS community,
       contact.name_sealed AS name, contact.phone_sealed AS phone, contact.home_sealed AS home
FROM reporter_contact AS contact
JOIN case_file ON case_file.id = contact.case_id
JOIN incident ON incident.id = case_file.id
JOIN category ON category.code = coalesce(case_file.category_code, incident.category_code)
LEFT JOIN area AS community ON community.id = case_file.community_id
LEFT JOIN area AS street ON street.id = case_file.street_id
WHERE coalesce(community.code, street.code, '') LIKE %(digits)s::text || '%%'
  AND case_file.filed_at >= coalesce(%(since)s::date, '-infinity') AND case_file.filed_at < coalesce(%(until)s::date + 1, 'infinity')
ORDER BY contact.case_id DESC LIMIT %(most)s
