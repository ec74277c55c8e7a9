-- Correct where an incident is. What was told stays: lon, lat and datum; a cell that was picked for the old place counts no more.
-- In:  id, lon, lat (EPSG:4490)
UPDATE incident SET geom = ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4490), picked_cell = NULL WHERE id = %(id)s
