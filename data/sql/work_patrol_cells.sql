-- The cells that a worker looks after now.
-- In:  worker_id, cells (codes to which he is restricted; none: all of his), today
-- Out: code, name, shape (WKB, EPSG:4490), by code
SELECT cell.code, cell.name, ST_AsBinary(cell.geom) AS shape
FROM cell JOIN (
    SELECT DISTINCT cell_code AS code FROM assignment WHERE worker_id = %(worker_id)s AND during @> now()
) AS assigned USING (code)
WHERE cell.valid_from <= %(today)s AND (cell.valid_to IS NULL OR cell.valid_to > %(today)s)
  AND (%(cells)s::text[] = '{}' OR cell.code = ANY (%(cells)s::text[]))
ORDER BY cell.code
