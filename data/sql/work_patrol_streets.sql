-- The streets that people walk on in a box.
-- In:  west, south, east, north (EPSG:4490)
-- Out: id, source_id, target_id, length_m, shape (WKB), by id
SELECT id, source_id, target_id, length_m, ST_AsBinary(geom) AS shape FROM street_edge
WHERE is_walkable AND geom && ST_MakeEnvelope(%(west)s::float8, %(south)s::float8, %(east)s::float8, %(north)s::float8, 4490)
ORDER BY id
