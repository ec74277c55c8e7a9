-- A whistle with the departments called.
-- In:  id      Out: rows by agency: id, case_id, called_by, called_at, meet_at, place, request, lon, lat (EPSG:4490), and of the
--      department agency, name, due_at, reported_in_at, means, distance_m, signature, missed_at
SELECT whistle.id, case_id, called_by, called_at, meet_at, place, request, ST_X(geom) AS lon, ST_Y(geom) AS lat,
       'agency:' || agency.id AS agency, agency.name, due_at, reported_in_at, means, distance_m, signature, missed_at
FROM whistle JOIN whistle_call ON whistle_id = whistle.id JOIN agency ON agency.id = agency_id
WHERE whistle.id = %(id)s ORDER BY agency.id
