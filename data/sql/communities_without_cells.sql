-- Communities valid today that have a boundary but no cell valid today.
-- Out: code, name, geom (WKB, EPSG:4490), by code.
SELECT a.code, a.name, ST_AsBinary(a.geom) AS geom
FROM area a
WHERE a.level = 'community'
  AND a.geom IS NOT NULL
  AND a.valid_from <= current_date AND (a.valid_to IS NULL OR a.valid_to > current_date)
  AND NOT EXISTS (
      SELECT FROM cell c
      WHERE c.community_code = a.code
        AND c.valid_from <= current_date AND (c.valid_to IS NULL OR c.valid_to > current_date)
  )
ORDER BY a.code
