-- What is stored below the areas on their way in.
-- In:  {day}; temporary table incoming
-- Out: line (null), code, name, above, households, point, geom of the communities and cells that hold on the day
SELECT NULL::int AS line, a.code, a.name, a.parent_code AS above, a.households, ST_AsBinary(a.point) AS point, ST_AsBinary(a.geom) AS geom
FROM area a
WHERE a.parent_code IN (SELECT code FROM incoming) AND a.valid_from <= {day} AND (a.valid_to IS NULL OR a.valid_to > {day})
UNION ALL
SELECT NULL, c.code, c.name, c.community_code, c.households, NULL, ST_AsBinary(c.geom)
FROM cell c
WHERE c.community_code IN (SELECT code FROM incoming) AND c.valid_from <= {day} AND (c.valid_to IS NULL OR c.valid_to > {day})
ORDER BY code
