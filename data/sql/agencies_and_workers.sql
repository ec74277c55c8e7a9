-- Agencies and workers of today by a part of a name or code, agencies first.
-- In:  part (pattern), digests (of the typed text as a name), most      Out: actor, kind, code, name, level (of the unit that it works for)
(SELECT 'agency:' || agency.id AS actor, 'agency' AS kind, agency.code, agency.name, unit.level
 FROM agency JOIN unit ON unit.code = area_code
 WHERE daterange(valid_from, valid_to) @> current_date
   AND (agency.code LIKE %(part)s OR agency.name LIKE %(part)s OR agency.name_en ILIKE %(part)s)
 ORDER BY agency.code LIMIT %(most)s)
UNION ALL
(SELECT 'worker:' || worker.id, 'worker', worker.code, worker.name, unit.level
 FROM worker JOIN unit ON unit.code = community_code
 WHERE is_active AND (worker.code LIKE %(part)s OR worker.name LIKE %(part)s OR name_digests && %(digests)s::bytea[] OR community_code LIKE %(part)s)
 ORDER BY worker.code LIMIT %(most)s)
