-- Areas, cells and facilities of a day whose code begins with what was typed, or whose name has it.
-- In:  prefix (LIKE pattern, escaped), part (LIKE pattern, escaped), on (date), most      Out: at most most rows,
--      kind, level, code, name, west, south, east, north, lon, lat (EPSG:4490; null without a geometry)
-- Why: larger units first, then names that begin with the text, then short ones: 柳荫街道 before 柳荫社区第三网格.
WITH named AS (
    SELECT 'area' AS kind, level, code, name, geom, coalesce(point, ST_PointOnSurface(geom)) AS point,
           array_position(ARRAY['city', 'district', 'street', 'community'], level::text) AS rank
    FROM area
    WHERE (code LIKE %(prefix)s OR name LIKE %(part)s OR name_en ILIKE %(part)s)
      AND valid_from <= CAST(%(on)s AS date) AND (valid_to IS NULL OR valid_to > CAST(%(on)s AS date))
    UNION ALL
    SELECT 'facility', level, code, name, geom, geom, 5
    FROM facility
    WHERE (code ILIKE %(prefix)s OR name LIKE %(part)s)
      AND valid_from <= CAST(%(on)s AS date) AND (valid_to IS NULL OR valid_to > CAST(%(on)s AS date))
    UNION ALL
    SELECT 'cell', NULL, code, name, geom, NULL, 6
    FROM cell
    WHERE (code LIKE %(prefix)s OR name LIKE %(part)s)
      AND valid_from <= CAST(%(on)s AS date) AND (valid_to IS NULL OR valid_to > CAST(%(on)s AS date))
), best AS (
    SELECT * FROM named
    ORDER BY rank, position(%(typed)s IN name) <> 1, length(name), code
    LIMIT %(most)s
)
SELECT kind, level, code, name, ST_XMin(geom) AS west, ST_YMin(geom) AS south, ST_XMax(geom) AS east, ST_YMax(geom) AS north,
       ST_X(at) AS lon, ST_Y(at) AS lat
FROM best CROSS JOIN LATERAL (SELECT coalesce(point, ST_PointOnSurface(geom)) AS at) AS placed
ORDER BY rank, position(%(typed)s IN name) <> 1, length(name), code
