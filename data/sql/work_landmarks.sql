-- What is drawn under the map of some cells, cut off at its edge.
-- In:  around (ids of cells), margin_m      Out: id, kind, name, geometry (GeoJSON text); by id
-- Why: clipping to a box takes shapes as they are; an intersection would refuse those that touch themselves.
WITH ground AS MATERIALIZED (
    SELECT ST_SetSRID(ST_Expand(ST_Extent(geom)::geometry, %(margin_m)s / 55000.0), 4490) AS box
    FROM cell WHERE id = ANY (%(around)s::bigint[])
), cut AS (
    SELECT landmark.id, landmark.kind, landmark.name,
           ST_CollectionExtract(ST_ClipByBox2D(landmark.geom, ground.box::box2d), ST_Dimension(landmark.geom) + 1) AS geom
    FROM ground JOIN landmark ON landmark.geom && ground.box
)
SELECT id, kind, name, ST_AsGeoJSON(geom, 6, 0) AS geometry FROM cut WHERE NOT ST_IsEmpty(geom) ORDER BY id
