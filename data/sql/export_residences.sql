-- Homes to take away.
-- In:  bbox, ground (null: everywhere)
-- Out: the fields that `wangge import residences` reads, and the point as geometry
SELECT external_id, address, households, residents, source, ST_AsBinary(geom) AS geometry
FROM residence
WHERE (%(bbox)s::geometry IS NULL OR ST_Intersects(geom, %(bbox)s::geometry))
  AND (%(ground)s::geometry IS NULL OR ST_Intersects(geom, %(ground)s::geometry))
ORDER BY id
