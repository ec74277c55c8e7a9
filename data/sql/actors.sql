-- Who the actors are.
-- In:  worker_ids, agency_ids (bigint[]), desk_codes (text[])      Out: actor, kind, code, name, name_en
SELECT 'worker:' || id AS actor, 'worker' AS kind, code, name, NULL AS name_en FROM worker WHERE id = ANY(%(worker_ids)s::bigint[])
UNION ALL
SELECT 'agency:' || id, 'agency', code, name, name_en FROM agency WHERE id = ANY(%(agency_ids)s::bigint[])
UNION ALL
SELECT 'desk:' || unit.code, 'desk', unit.code, area.name, area.name_en
FROM unit LEFT JOIN area ON area.code = unit.code AND area.valid_to IS NULL WHERE unit.code = ANY(%(desk_codes)s::text[])
