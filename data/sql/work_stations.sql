-- Centres and stations around some cells, and those that serve the worker's community.
-- In:  around (ids of cells), community (code), today, margin_m
-- Out: code, name, level, address, geometry (GeoJSON text); by code
WITH ground AS MATERIALIZED (
    SELECT ST_SetSRID(ST_Expand(ST_Extent(geom)::geometry, %(margin_m)s / 55000.0), 4490) AS box
    FROM cell WHERE id = ANY (%(around)s::bigint[])
)
SELECT facility.code, facility.name, facility.level, facility.address, ST_AsGeoJSON(facility.geom, 6, 0) AS geometry
FROM facility, ground
WHERE facility.valid_from <= %(today)s AND (facility.valid_to IS NULL OR facility.valid_to > %(today)s)
  AND (facility.geom && ground.box
       OR EXISTS (SELECT FROM facility_serves WHERE facility_id = facility.id AND community_code = %(community)s))
ORDER BY facility.code
