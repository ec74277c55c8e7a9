-- Streets in a tile; from afar only the larger ones, by the kinds of OpenStreetMap.
-- In:  z, x, y (tile)      Out: one row, one column: the tile, layer "streets" with id, kind, name
-- Why: the envelope is transformed once; the column keeps its index. 64 units of margin hide the seams between tiles. In the
--      order of the ids, so that the same streets are the same bytes.
SELECT ST_AsMVT(shown, 'streets', 4096, 'geom' ORDER BY shown.id)
FROM (
    SELECT edge.id, edge.kind, edge.name, ST_AsMVTGeom(ST_Transform(edge.geom, 3857), frame.box, 4096, 64, true) AS geom
    FROM (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box) AS frame
    JOIN street_edge AS edge
      ON edge.geom && ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 64.0 / 4096), 4490)
    WHERE %(z)s >= 14
       OR edge.kind ~ '^(motorway|trunk|primary)'
       OR (%(z)s >= 12 AND edge.kind ~ '^(secondary|tertiary)')
) AS shown
WHERE geom IS NOT NULL
