-- Facilities on their way in, as they will be stored, and those that stay near them.
-- In:  {day}; {gone}: ids of versions that end with the edition; {degrees}: how far near is; temporary table incoming
-- Out: line (null: stored), code, name, level, floor_area_m2, geom (WKB, EPSG:4490)
SELECT i.line, i.code, i.name, i.level, i.floor_area_m2, ST_AsBinary(i.geom) AS geom FROM incoming i
UNION ALL
SELECT NULL, f.code, f.name, f.level, f.floor_area_m2, ST_AsBinary(f.geom)
FROM facility f
WHERE f.valid_from <= {day} AND (f.valid_to IS NULL OR f.valid_to > {day}) AND f.id <> ALL({gone}::bigint[])
  AND NOT EXISTS (SELECT FROM incoming i WHERE i.code = f.code)
  AND f.geom && (SELECT ST_Expand(ST_SetSRID(ST_Extent(geom)::geometry, 4490), {degrees}) FROM incoming)
ORDER BY line, code
