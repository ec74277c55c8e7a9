-- Compare cells on their way in with what is known: complete them, and say of each whether it is new, changed or the same.
-- In:  temporary table incoming (line, code, community_code, name, kind, households, residents, source, file_name, geom)
-- Out: incoming.old_id (the open version) and incoming.change (stored, updated, unchanged); units of the communities exist
-- Why: an empty field never erases what is known.
INSERT INTO unit (code, level)
SELECT code, level FROM (
    SELECT community_code AS code, 'community' AS level FROM incoming
    UNION SELECT left(code, 9) || '000', 'street' FROM incoming
    UNION SELECT left(code, 6) || '000000', 'district' FROM incoming
) AS named
ORDER BY code
ON CONFLICT DO NOTHING;

INSERT INTO cell_code (code, community_code) SELECT code, community_code FROM incoming ORDER BY code ON CONFLICT DO NOTHING;

UPDATE incoming i SET
    old_id = c.id,
    name = coalesce(i.name, c.name),
    kind = coalesce(i.kind, c.kind),
    households = coalesce(i.households, c.households),
    residents = coalesce(i.residents, c.residents),
    source = coalesce(i.source, c.source),
    geom = coalesce(i.geom, c.geom)
FROM cell c
WHERE c.code = i.code AND c.valid_to IS NULL;

UPDATE incoming SET name = coalesce(name, code), kind = coalesce(kind, 'ordinary'), source = coalesce(source, file_name)
WHERE old_id IS NULL;

UPDATE incoming SET change = 'stored';

UPDATE incoming i SET change = CASE
    WHEN (i.name, i.kind, i.households, i.residents, i.source, i.geom)
         IS DISTINCT FROM (c.name, c.kind, c.households, c.residents, c.source, c.geom)
    THEN 'updated' ELSE 'unchanged' END
FROM cell c
WHERE c.id = i.old_id;
