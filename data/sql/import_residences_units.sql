-- Communities beside the homes in them, as they are after the import.
-- In:  temporary table brought (line, external_id, geom); residence has its rows already; {pct} and {day}
-- Out: code, line (of the first home of the file in it, else null), told and counted households, homes, geom; one row for each community with a
--      boundary, of the streets that the homes of the file lie in, where households don't agree within pct % or where there is no home
-- Why: a street is looked at as a whole, or a community without homes would never be seen.
WITH street AS (
    SELECT DISTINCT a.parent_code
    FROM area a JOIN brought i ON ST_Covers(a.geom, i.geom)
    WHERE a.level = 'community' AND a.valid_from <= {day} AND (a.valid_to IS NULL OR a.valid_to > {day})
), counted AS (
    SELECT a.code, a.households AS told, sum(r.households) AS counted, count(r.id) AS homes, min(i.line) AS line, a.geom
    FROM area a
    LEFT JOIN residence r ON ST_Covers(a.geom, r.geom)
    LEFT JOIN brought i ON i.external_id = r.external_id
    WHERE a.level = 'community' AND a.geom IS NOT NULL AND a.parent_code IN (SELECT parent_code FROM street)
      AND a.valid_from <= {day} AND (a.valid_to IS NULL OR a.valid_to > {day})
    GROUP BY a.id
)
SELECT code, line, told, counted, homes, ST_AsBinary(geom) AS geom FROM counted
WHERE homes = 0 OR abs(told - counted) > told * {pct} / 100.0
ORDER BY code
