-- Streets that people walk on, around some cells.
-- In:  around (ids of cells), own (those of them that are the worker's), margin_m
-- Out: id, source_id, target_id, length_m, kind, name, is_outer (touches none of `own`), line (GeoJSON text); by id
WITH ground AS MATERIALIZED (
    SELECT ST_SetSRID(ST_Expand(ST_Extent(geom)::geometry, %(margin_m)s / 55000.0), 4490) AS box
    FROM cell WHERE id = ANY (%(around)s::bigint[])
)
SELECT edge.id, edge.source_id, edge.target_id, round(edge.length_m::numeric, 1)::float8 AS length_m, edge.kind, edge.name,
       NOT EXISTS (SELECT FROM cell WHERE cell.id = ANY (%(own)s::bigint[]) AND ST_Intersects(cell.geom, edge.geom)) AS is_outer,
       ST_AsGeoJSON(edge.geom, 6, 0) AS line
FROM ground JOIN street_edge AS edge ON edge.geom && ground.box
WHERE edge.is_walkable
ORDER BY edge.id
