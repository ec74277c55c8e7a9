-- Incidents with an open case in a tile.
-- In:  z, x, y (tile)      Out: one row, one column: the tile, layer "incidents" with id, state, category
-- Why: the envelope is transformed once; the column keeps its index. Closed cases are history, asked for as a list.
SELECT ST_AsMVT(shown, 'incidents', 4096, 'geom' ORDER BY shown.id)
FROM (
    SELECT incident.id, case_file.state, coalesce(case_file.category_code, incident.category_code) AS category,
           ST_AsMVTGeom(ST_Transform(incident.geom, 3857), frame.box, 4096, 64, true) AS geom
    FROM (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box) AS frame
    JOIN incident
      ON incident.geom && ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 64.0 / 4096), 4490)
    JOIN case_file ON case_file.id = incident.id AND case_file.state NOT IN ('closed', 'evaluated')
) AS shown
WHERE geom IS NOT NULL
