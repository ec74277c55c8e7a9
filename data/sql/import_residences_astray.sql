-- Homes on their way in that lie in no community, as far as communities have boundaries.
-- In:  temporary table incoming (line, external_id, geom); {day}
-- Out: line, code (external_id), geom; no row where no community has a boundary
SELECT i.line, i.external_id AS code, ST_AsBinary(i.geom) AS geom
FROM incoming i
WHERE EXISTS (
    SELECT FROM area a WHERE a.level = 'community' AND a.geom IS NOT NULL
      AND a.valid_from <= {day} AND (a.valid_to IS NULL OR a.valid_to > {day})
) AND NOT EXISTS (
    SELECT FROM area a WHERE a.level = 'community' AND ST_Covers(a.geom, i.geom)
      AND a.valid_from <= {day} AND (a.valid_to IS NULL OR a.valid_to > {day})
)
ORDER BY i.line
