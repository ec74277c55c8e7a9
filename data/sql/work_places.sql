-- The places that must be visited in some cells.
-- In:  cells (codes), id (null: all)      Out: id, cell_code, kind, name, every_days, listed_on, last_at, lon, lat
SELECT id, cell_code, kind, name, every_days, listed_on, last_at, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM visit_place
WHERE cell_code = ANY (%(cells)s::text[]) AND ended_on IS NULL AND (%(id)s::bigint IS NULL OR id = %(id)s)
