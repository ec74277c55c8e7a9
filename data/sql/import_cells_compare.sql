-- Compare cells on their way in with what is known: complete them, and say of each whether it is new, changed or the same.
-- In:  {day}; temporary table incoming (line, code, community_code, name, kind, households, residents, source, file_name, geom)
-- Out: incoming.old_id (the version that holds on that day) and incoming.change (stored, updated, unchanged)
-- Why: an empty field never erases what is known. Which way round a ring is drawn is no difference: a shapefile turns them.
UPDATE incoming i SET
    old_id = c.id,
    name = coalesce(i.name, c.name),
    kind = coalesce(i.kind, c.kind),
    households = coalesce(i.households, c.households),
    residents = coalesce(i.residents, c.residents),
    source = coalesce(i.source, c.source),
    geom = coalesce(i.geom, c.geom)
FROM cell c
WHERE c.code = i.code AND c.valid_from <= {day} AND (c.valid_to IS NULL OR c.valid_to > {day});

UPDATE incoming SET name = coalesce(name, code), kind = coalesce(kind, 'ordinary'), source = coalesce(source, file_name)
WHERE old_id IS NULL;

UPDATE incoming SET change = 'stored';

UPDATE incoming i SET change = CASE
    WHEN (i.name, i.kind, i.households, i.residents, i.source, ST_ForcePolygonCCW(i.geom))
         IS DISTINCT FROM (c.name, c.kind, c.households, c.residents, c.source, ST_ForcePolygonCCW(c.geom))
    THEN 'updated' ELSE 'unchanged' END
FROM cell c
WHERE c.id = i.old_id;
