-- Make the list of places to visit in some cells what a file says.
-- In:  name, kind, every_days, lon, lat (EPSG:4490): arrays of one length
-- Out: one row: how many were listed, changed, unchanged, ended, and lie in no cell
-- Why: one statement, so that the list is never half of one file and half of another. Of several cells on a border the lowest code wins.
WITH given AS (
    SELECT DISTINCT ON (told.name, cell.code) told.name, kind, every_days, ST_SetSRID(ST_MakePoint(lon, lat), 4490) AS geom, cell.code AS cell_code
    FROM unnest(%(name)s::text[], %(kind)s::text[], %(every_days)s::int[], %(lon)s::float8[], %(lat)s::float8[])
         AS told (name, kind, every_days, lon, lat)
    LEFT JOIN LATERAL (
        SELECT code FROM cell WHERE ST_Covers(cell.geom, ST_SetSRID(ST_MakePoint(lon, lat), 4490))
          AND daterange(valid_from, valid_to) @> current_date
        ORDER BY code LIMIT 1
    ) AS cell ON true
), standing AS (
    SELECT place.id, given.*, (place.kind, place.every_days, ST_AsBinary(place.geom)) = (given.kind, given.every_days, ST_AsBinary(given.geom)) AS is_same
    FROM visit_place AS place JOIN given ON given.cell_code = place.cell_code AND given.name = place.name
    WHERE place.ended_on IS NULL
), changed AS (
    UPDATE visit_place SET kind = standing.kind, every_days = standing.every_days, geom = standing.geom
    FROM standing WHERE visit_place.id = standing.id AND NOT is_same RETURNING visit_place.id
), ended AS (
    UPDATE visit_place SET ended_on = current_date
    WHERE ended_on IS NULL AND cell_code IN (SELECT cell_code FROM given) AND id NOT IN (SELECT id FROM standing) RETURNING id
), listed AS (
    INSERT INTO visit_place (cell_code, kind, name, every_days, geom)
    SELECT cell_code, kind, name, every_days, geom FROM given
    WHERE cell_code IS NOT NULL AND (name, cell_code) NOT IN (SELECT name, cell_code FROM standing) RETURNING id
)
SELECT (SELECT count(*) FROM listed), (SELECT count(*) FROM changed), (SELECT count(*) FROM standing WHERE is_same),
       (SELECT count(*) FROM ended), (SELECT count(*) FROM given WHERE cell_code IS NULL)
