-- The desks of today, larger units first: the duty desk, the district, streets, communities.
-- In:  part (pattern of a name or code), within (patterns of codes, of which one must fit), most      Out: actor, kind, code, name, level
SELECT 'desk:' || unit.code AS actor, 'desk' AS kind, unit.code, area.name, unit.level
FROM unit LEFT JOIN area ON area.code = unit.code AND area.valid_to IS NULL
WHERE (area.id IS NOT NULL OR unit.code = '000000000000')
  AND unit.code LIKE ANY (%(within)s)
  AND (unit.code LIKE %(part)s OR coalesce(area.name, '') LIKE %(part)s OR area.name_en ILIKE %(part)s)
ORDER BY array_position(ARRAY['city', 'district', 'street', 'community'], unit.level::text), unit.code
LIMIT %(most)s
