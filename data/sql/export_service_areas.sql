-- What the latest build along the streets found to be within walking time of each station.
-- In:  bbox, ground (null: everywhere); kind (network or radius, null: network)
-- Out: one row per facility, and its area as geometry
WITH build AS (
    SELECT * FROM service_build WHERE method = coalesce(%(kind)s, 'network') AND level = 'station'
    ORDER BY built_at DESC, id DESC LIMIT 1
)
SELECT f.code AS facility_code, f.name AS facility_name, build.method, build.minutes, build.built_at,
       s.households, s.residents, s.area_m2, ST_AsBinary(s.geom) AS geometry
FROM build
JOIN service_area s ON s.build_id = build.id
JOIN facility f ON f.id = s.facility_id
WHERE (%(bbox)s::geometry IS NULL OR ST_Intersects(s.geom, %(bbox)s::geometry))
  AND (%(ground)s::geometry IS NULL OR ST_Intersects(s.geom, %(ground)s::geometry))
ORDER BY f.code
