-- Communities in which cells on their way in may lie.
-- In:  {day}; temporary table incoming
-- Out: line (null), code, name, above, households, point, geom of those with a boundary near the cells that hold on the day
SELECT NULL::int AS line, a.code, a.name, a.parent_code AS above, a.households, ST_AsBinary(a.point) AS point, ST_AsBinary(a.geom) AS geom
FROM area a
WHERE a.level = 'community' AND a.valid_from <= {day} AND (a.valid_to IS NULL OR a.valid_to > {day})
  AND a.geom && (SELECT ST_SetSRID(ST_Extent(geom)::geometry, 4490) FROM incoming)
ORDER BY a.code
