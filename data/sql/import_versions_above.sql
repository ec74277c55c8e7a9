-- The units above those on their way in.
-- In:  {above}: the column that names them; {day}; temporary table incoming
-- Out: line (null), code, name, above (null), households, point, geom of versions that hold on the day
SELECT NULL::int AS line, a.code, a.name, NULL::text AS above, a.households, ST_AsBinary(a.point) AS point, ST_AsBinary(a.geom) AS geom
FROM area a
WHERE a.code IN (SELECT {above} FROM incoming) AND a.valid_from <= {day} AND (a.valid_to IS NULL OR a.valid_to > {day})
ORDER BY a.code
