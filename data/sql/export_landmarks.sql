-- Water, railways and parks, to take away.
-- In:  bbox, ground (null: everywhere); kind (null: all)
-- Out: kind, name, and any geometry
SELECT kind, name, ST_AsBinary(geom) AS geometry
FROM landmark
WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)
  AND (%(bbox)s::geometry IS NULL OR ST_Intersects(geom, %(bbox)s::geometry))
  AND (%(ground)s::geometry IS NULL OR ST_Intersects(geom, %(ground)s::geometry))
ORDER BY id
