-- Streets or communities as they hold on a day, to take away.
-- In:  level; on; bbox (EWKB or null: everywhere); prefix (digits with which codes begin, null: all)
-- Out: the fields that `wangge import` reads; geometry: the boundary, else the point; point_wkt: the point beside a boundary
SELECT code, name, name_en, parent_code, area_class, households, residents, is_derived, source,
       ST_AsBinary(CASE WHEN geom IS NOT NULL THEN point END) AS point_wkt, attributes::text AS attributes,
       ST_AsBinary(coalesce(geom, point)) AS geometry
FROM area
WHERE level = %(level)s AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
  AND (%(prefix)s::text IS NULL OR starts_with(code, %(prefix)s))
  AND (%(bbox)s::geometry IS NULL OR ST_Intersects(coalesce(geom, point), %(bbox)s::geometry))
ORDER BY code
