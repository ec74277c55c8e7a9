-- Cells valid on a day in a tile.
-- In:  z, x, y (tile), on (date)      Out: one row, one column: the tile, layer "cells" with code, name, kind, community_code
-- Why: the envelope is transformed once; the column keeps its index. 64 units of margin hide the seams between tiles.
SELECT ST_AsMVT(shown, 'cells', 4096, 'geom' ORDER BY shown.code)
FROM (
    SELECT cell.code, cell.name, cell.kind, cell.community_code,
           ST_AsMVTGeom(ST_Transform(cell.geom, 3857), frame.box, 4096, 64, true) AS geom
    FROM (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box) AS frame
    JOIN cell
      ON cell.geom && ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 64.0 / 4096), 4490)
    WHERE cell.valid_from <= CAST(%(on)s AS date) AND (cell.valid_to IS NULL OR cell.valid_to > CAST(%(on)s AS date))
) AS shown
WHERE geom IS NOT NULL
