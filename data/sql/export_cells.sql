-- Cells as they hold on a day, to take away.
-- In:  on; bbox, prefix, kind (null: all)
-- Out: the fields that `wangge import cells` reads, and the polygon as geometry
SELECT code, name, community_code, kind, households, residents, source, ST_AsBinary(geom) AS geometry
FROM cell
WHERE valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
  AND (%(prefix)s::text IS NULL OR starts_with(code, %(prefix)s))
  AND (%(kind)s::text IS NULL OR kind = %(kind)s)
  AND (%(bbox)s::geometry IS NULL OR ST_Intersects(geom, %(bbox)s::geometry))
ORDER BY code
