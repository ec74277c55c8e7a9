-- Correct where an incident is. What was told stays: lon, lat and datum.
-- In:  id, lon, lat (EPSG:4490)
UPDATE incident SET geom = ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4490) WHERE id = %(id)s
