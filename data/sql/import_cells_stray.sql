-- Cells on their way in that the schema would refuse, because they do not lie inside their community.
-- In:  temporary table incoming (line, code, community_code, geom)
-- Out: line, code, outside_pct (of the cell's area), by line
-- Why: the trigger cell_inside_community refuses the whole statement and names one cell; a person wants to know all of them.
--      The hundredth is the trigger's; a test holds the two together.
SELECT i.line, i.code, round((100 * outside.part)::numeric, 1) AS outside_pct
FROM incoming i
JOIN area a ON a.code = i.community_code AND a.valid_to IS NULL AND a.geom IS NOT NULL
CROSS JOIN LATERAL (SELECT ST_Area(ST_Difference(i.geom, a.geom)) / ST_Area(i.geom) AS part) AS outside
WHERE NOT ST_CoveredBy(i.geom, a.geom) AND outside.part > 0.01
ORDER BY i.line
