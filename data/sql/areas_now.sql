-- The areas of one level valid on a day, with their shapes.
-- In:  day, level      Out: id, code, name, parent_code, area_class (null when unknown), geom (WKB, EPSG:4490, null when unknown)
SELECT id, code, name, parent_code, area_class, ST_AsBinary(geom) AS geom FROM area
WHERE level = %(level)s AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
