-- The cells of a worker today, the head's first, and the cells around them.
-- In:  worker_id, cells (codes to which he is restricted; empty: all that are his), today, tolerance_m, metric_srid
-- Out: id, code, name, role (head, worker or substitute; null: a neighbour), geometry (GeoJSON text)
-- Why: neighbours are those within the tolerance, which a report near the border may be meant for.
WITH own AS MATERIALIZED (
    SELECT DISTINCT ON (cell.code) cell.id, cell.code, cell.name, assignment.role, cell.geom
    FROM assignment JOIN cell ON cell.code = assignment.cell_code
    WHERE assignment.worker_id = %(worker_id)s AND assignment.during @> now()
      AND (%(cells)s::text[] = '{}' OR cell.code = ANY (%(cells)s::text[]))
      AND cell.valid_from <= %(today)s AND (cell.valid_to IS NULL OR cell.valid_to > %(today)s)
    ORDER BY cell.code, array_position(ARRAY['head', 'worker', 'substitute'], assignment.role::text)
), around AS (
    SELECT DISTINCT cell.id, cell.code, cell.name, cell.geom
    FROM own JOIN cell ON cell.geom && ST_Expand(own.geom, %(tolerance_m)s / 55000.0)
    WHERE cell.valid_from <= %(today)s AND (cell.valid_to IS NULL OR cell.valid_to > %(today)s)
      AND cell.id NOT IN (SELECT id FROM own)
      AND ST_DWithin(ST_Transform(own.geom, %(metric_srid)s::int), ST_Transform(cell.geom, %(metric_srid)s::int), %(tolerance_m)s)
), shown AS (
    SELECT id, code, name, role, geom FROM own UNION ALL SELECT id, code, name, NULL, geom FROM around
)
SELECT id, code, name, role, ST_AsGeoJSON(geom, 6, 0) AS geometry FROM shown
ORDER BY array_position(ARRAY['head', 'worker', 'substitute'], role::text), code
