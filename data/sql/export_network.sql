-- The street network to take away.
-- In:  bbox, ground (null: everywhere), kind (OpenStreetMap's highway, null: all)
-- Out: the fields that `wangge import network` reads, and the line as geometry
SELECT external_id, source_id, target_id, kind, name, length_m, is_oneway, ST_AsBinary(geom) AS geometry
FROM street_edge
WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)
  AND (%(bbox)s::geometry IS NULL OR ST_Intersects(geom, %(bbox)s::geometry))
  AND (%(ground)s::geometry IS NULL OR ST_Intersects(geom, %(ground)s::geometry))
ORDER BY id
