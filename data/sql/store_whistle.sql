-- Call departments to the spot.
-- In:  id (of the case), called_by, meet_at, place, request, x, y (EPSG:4490; null: where the case is), agencies (ids), minutes
-- Out: one row: id
WITH called AS (
    INSERT INTO whistle (case_id, called_by, called_at, meet_at, place, request, geom)
    SELECT incident.id, %(called_by)s, clock_timestamp(), %(meet_at)s, %(place)s, %(request)s,
           coalesce(ST_SetSRID(ST_MakePoint(%(x)s::float8, %(y)s::float8), 4490), incident.geom)
    FROM incident WHERE incident.id = %(id)s
    RETURNING id, meet_at
), each AS (
    INSERT INTO whistle_call (whistle_id, agency_id, due_at)
    SELECT id, agency_id, meet_at + make_interval(secs => %(minutes)s::float8 * 60)
    FROM called, unnest(%(agencies)s::bigint[]) AS agency_id
)
SELECT id FROM called
