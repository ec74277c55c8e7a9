-- Where the units are that rows without coordinates name.
-- In:  %(codes)s: an array of texts      Out: code, lon, lat and what it is, one row per code that is known
-- Why: a point that stands for a unit lies on its ground: its own point, else one on its surface.
SELECT DISTINCT ON (code) code, ST_X(spot) AS lon, ST_Y(spot) AS lat, what
FROM (
    SELECT code, coalesce(point, ST_PointOnSurface(geom)) AS spot, level AS what, 1 AS rank
    FROM area
    WHERE code = ANY(%(codes)s) AND valid_to IS NULL
    UNION ALL
    SELECT code, ST_PointOnSurface(geom), 'cell', 2 FROM cell WHERE code = ANY(%(codes)s) AND valid_to IS NULL
    UNION ALL
    SELECT external_id, geom, 'residence', 3 FROM residence WHERE external_id = ANY(%(codes)s)
) AS found
WHERE spot IS NOT NULL
ORDER BY code, rank
