-- The ground of units, to see whether rows lie in it.
-- In:  %(codes)s: an array of texts; null for every street      Out: code and geom (EWKB, EPSG:4490) of those with a boundary
SELECT code, ST_AsEWKB(geom) AS geom FROM area
WHERE valid_to IS NULL AND geom IS NOT NULL AND (code = ANY(%(codes)s) OR (%(codes)s::text[] IS NULL AND level = 'street'))
UNION ALL
SELECT code, ST_AsEWKB(geom) FROM cell WHERE valid_to IS NULL AND code = ANY(%(codes)s)
