-- Correct where an incident is. What was told stays: lon, lat and datum; a cell that was picked for the old place counts no more.
-- In:  id, lon, lat (EPSG:4490), metric_srid (the plane must reach the place, else this fails as measuring it later would)
UPDATE incident SET geom = told.point, picked_cell = NULL
FROM (SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4490) AS point) AS told
WHERE id = %(id)s AND ST_Transform(told.point, %(metric_srid)s::int) IS NOT NULL
