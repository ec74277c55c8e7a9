-- The workers of a ground, sealed.
-- In:  digits (with which codes of the ground begin), since, until (not used), most
-- Out: code, name, phone (sealed), kind, community, is_active ('yes', 'no'), by code
SELECT worker.code, name_sealed AS name, phone_sealed AS phone, kind, area.name AS community,
       CASE WHEN is_active THEN 'yes' ELSE 'no' END AS is_active
FROM worker LEFT JOIN area ON area.code = community_code AND area.valid_to IS NULL
WHERE community_code LIKE %(digits)s::text || '%%'
ORDER BY worker.code LIMIT %(most)s
