-- The areas of one level on a day that are named, or that cover a point.
-- In:  day, level, codes, lon, lat (EPSG:4490)      Out: as areas_now.sql
SELECT id, code, name, parent_code, area_class, ST_AsBinary(geom) AS geom FROM area
WHERE level = %(level)s AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
  AND (code = ANY(%(codes)s) OR ST_Covers(geom, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4490)))
