-- The nodes of the street network, for `wangge import network --nodes`.
-- In:  bbox, ground (null: everywhere)
-- Out: node_id, and the point as geometry
SELECT id AS node_id, ST_AsBinary(geom) AS geometry
FROM street_node
WHERE (%(bbox)s::geometry IS NULL OR ST_Intersects(geom, %(bbox)s::geometry))
  AND (%(ground)s::geometry IS NULL OR ST_Intersects(geom, %(ground)s::geometry))
ORDER BY id
