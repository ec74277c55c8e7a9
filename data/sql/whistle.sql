-- A call to the spot, with what the one who reports in has to do with it.
-- In:  id, agency_id, x, y (EPSG:4490; null: not told), metric_srid
-- Out: one row: case_id, is_called, reported_in_at, due_at, missed_at, distance_m (null: not told); none when there is no such call
SELECT whistle.case_id, call.agency_id IS NOT NULL AS is_called, call.reported_in_at, call.due_at, call.missed_at,
       ST_Distance(ST_Transform(whistle.geom, %(metric_srid)s::int),
                   ST_Transform(ST_SetSRID(ST_MakePoint(%(x)s::float8, %(y)s::float8), 4490), %(metric_srid)s::int)) AS distance_m
FROM whistle LEFT JOIN whistle_call AS call ON call.whistle_id = whistle.id AND call.agency_id = %(agency_id)s
WHERE whistle.id = %(id)s
