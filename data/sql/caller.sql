-- Who an actor is.
-- In:  kind (worker, agency, desk, planner, station), key (its id as text, or its code)
-- Out: one row: name, and code, name, level of the unit that it works for
WITH told AS (
    SELECT CASE WHEN %(key)s ~ '^[0-9]{1,18}$' THEN %(key)s::bigint END AS id
), found AS (
    SELECT worker.name, community_code AS unit FROM worker, told WHERE %(kind)s = 'worker' AND worker.id = told.id
    UNION ALL
    SELECT agency.name, area_code FROM agency, told WHERE %(kind)s = 'agency' AND agency.id = told.id
    UNION ALL
    SELECT facility.name, min(community_code) FROM facility JOIN facility_serves ON facility_id = facility.id, told
    WHERE %(kind)s = 'station' AND facility.id = told.id GROUP BY facility.name
    UNION ALL
    SELECT NULL, code FROM unit WHERE %(kind)s IN ('desk', 'planner') AND code = %(key)s
)
SELECT coalesce(found.name, area.name) AS name, unit.code, area.name AS unit_name, unit.level
FROM found JOIN unit ON unit.code = found.unit LEFT JOIN area ON area.code = unit.code AND area.valid_to IS NULL
