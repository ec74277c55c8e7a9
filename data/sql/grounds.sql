-- What may be the ground of an office today, by a part of a name or code; of workers the number and the community, nobody's name.
-- In:  kind (desk, planner, worker, agency, station), levels (of units), part (pattern), most
-- Out: ground (as a grant names it), code, name (null: a worker, or the duty desk), within (the area above, or in which it works)
(SELECT unit.code AS ground, unit.code, area.name, above.name AS within
 FROM unit
 LEFT JOIN area ON area.code = unit.code AND area.valid_to IS NULL
 LEFT JOIN area AS above ON above.code = area.parent_code AND above.valid_to IS NULL
 WHERE %(kind)s IN ('desk', 'planner') AND unit.level = ANY (%(levels)s)
   AND (area.id IS NOT NULL OR unit.code = '000000000000')
   AND (unit.code LIKE %(part)s OR area.name LIKE %(part)s OR area.name_en ILIKE %(part)s OR above.name LIKE %(part)s)
 ORDER BY unit.code LIMIT %(most)s)
UNION ALL
(SELECT worker.id::text, worker.code, NULL, area.name
 FROM worker LEFT JOIN area ON area.code = worker.community_code AND area.valid_to IS NULL
 WHERE %(kind)s = 'worker' AND is_active
   AND (worker.code ILIKE %(part)s OR worker.community_code LIKE %(part)s OR area.name LIKE %(part)s)
 ORDER BY worker.code LIMIT %(most)s)
UNION ALL
(SELECT agency.id::text, agency.code, agency.name, area.name
 FROM agency LEFT JOIN area ON area.code = agency.area_code AND area.valid_to IS NULL
 WHERE %(kind)s = 'agency' AND daterange(agency.valid_from, agency.valid_to) @> current_date
   AND (agency.code ILIKE %(part)s OR agency.name LIKE %(part)s OR agency.name_en ILIKE %(part)s OR area.name LIKE %(part)s)
 ORDER BY agency.code LIMIT %(most)s)
UNION ALL
(SELECT facility.id::text, facility.code, facility.name, served.name
 FROM facility LEFT JOIN LATERAL (
     SELECT area.name FROM facility_serves JOIN area ON area.code = community_code AND area.valid_to IS NULL
     WHERE facility_id = facility.id ORDER BY area.code LIMIT 1
 ) AS served ON true
 WHERE %(kind)s = 'station' AND daterange(facility.valid_from, facility.valid_to) @> current_date
   AND (facility.code ILIKE %(part)s OR facility.name LIKE %(part)s OR served.name LIKE %(part)s)
 ORDER BY facility.code LIMIT %(most)s)
