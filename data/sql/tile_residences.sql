-- Homes in a tile.
-- In:  z, x, y (tile)      Out: one row, one column: the tile, layer "residences" with id, households, residents
-- Why: the envelope is transformed once; the column keeps its index.
SELECT ST_AsMVT(shown, 'residences', 4096, 'geom' ORDER BY shown.id)
FROM (
    SELECT home.id, home.households, home.residents, ST_AsMVTGeom(ST_Transform(home.geom, 3857), frame.box, 4096, 64, true) AS geom
    FROM (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box) AS frame
    JOIN residence AS home
      ON home.geom && ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 64.0 / 4096), 4490)
) AS shown
WHERE geom IS NOT NULL
