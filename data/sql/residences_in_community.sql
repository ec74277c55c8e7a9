-- Homes inside a community as it is today.
-- In:  community_code      Out: households, geom (WKB, EPSG:4490), by id so that the same ground gives the same cells.
SELECT r.households, ST_AsBinary(r.geom) AS geom
FROM area a
JOIN residence r ON ST_Covers(a.geom, r.geom)
WHERE a.code = %(community_code)s
  AND a.valid_from <= current_date AND (a.valid_to IS NULL OR a.valid_to > current_date)
ORDER BY r.id
