-- Units of the same level that stay beside those on their way in.
-- In:  {table}; {of_level}; {above}; {day}; {gone}: ids of versions that end with the edition; temporary table incoming
-- Out: line (null), code, name, above, households, point, geom of versions that hold on the day: below the same units, or near
SELECT NULL::int AS line, v.code, v.name, v.{above} AS above, v.households, ST_AsBinary({point}) AS point, ST_AsBinary(v.geom) AS geom
FROM {table} v
WHERE {of_level} AND v.valid_from <= {day} AND (v.valid_to IS NULL OR v.valid_to > {day}) AND v.id <> ALL({gone}::bigint[])
  AND NOT EXISTS (SELECT FROM incoming i WHERE i.code = v.code)
  AND (v.{above} IN (SELECT {above} FROM incoming)
       OR v.geom && (SELECT ST_SetSRID(ST_Extent(geom)::geometry, 4490) FROM incoming))
ORDER BY v.code
