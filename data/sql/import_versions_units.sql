-- Units on their way in, as they will be stored.
-- In:  temporary table incoming as compared; {above}: the column of the unit above; {point}: their point, if they have one
-- Out: line, code, name, above, households, point, geom (WKB, EPSG:4490)
SELECT v.line, v.code, v.name, v.{above} AS above, v.households, ST_AsBinary({point}) AS point, ST_AsBinary(v.geom) AS geom
FROM incoming v
ORDER BY v.line
