-- The cells of a day around a point, twice as far as the tolerance reaches.
-- In:  day, lon, lat (EPSG:4490), tolerance_m      Out: id, code, name, parent_code (the community), geom (WKB, EPSG:4490)
SELECT id, code, name, community_code AS parent_code, ST_AsBinary(geom) AS geom FROM cell
WHERE geom && ST_Expand(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4490),
                        %(tolerance_m)s / 55000.0 / cos(radians(%(lat)s)), %(tolerance_m)s / 55000.0)
  AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
